"""Mappings as RDF: verified matches are stated directly, rejected ones and leads never."""

from __future__ import annotations

import pyoxigraph as ox

from tests.support import shipped
from vhkg.knowledge.mapping_graph import mapping_iri, mappings_turtle
from vhkg.knowledge.mappings import read_mappings
from vhkg.namespaces import Rdf, Skos, Sssom, Vhkg

FILES, TERMS = shipped().files.ontology, shipped().content.iris
ROWS = read_mappings(FILES, TERMS)
TURTLE = mappings_turtle(FILES, TERMS)
TRIPLES = {(q.subject, q.predicate.value, q.object) for q in ox.parse(TURTLE, format=ox.RdfFormat.TURTLE)}
MATCHES = set(Skos) - {Skos.notation}


def test_it_is_the_same_each_time_and_has_no_blank_nodes() -> None:
    assert mappings_turtle(dict(reversed(FILES.items())), TERMS) == TURTLE
    assert not any(isinstance(term, ox.BlankNode) for triple in TRIPLES for term in triple)


def test_each_row_is_one_node() -> None:
    nodes = {s.value for s, p, o in TRIPLES if p == Rdf.type and o == ox.NamedNode(Sssom.Mapping)}
    assert nodes == {mapping_iri(row) for row in ROWS}
    assert len(nodes) == len(ROWS)


def test_direct_matches_are_the_verified_ones_and_no_others() -> None:
    direct = {(s.value, p, o.value) for s, p, o in TRIPLES if p in MATCHES}
    assert direct == {
        (row.subject, row.predicate, row.object) for row in ROWS if row.verified and row.found and not row.negated
    }
    rejected = {(row.subject, row.predicate, row.object) for row in ROWS if row.negated}
    leads = {(row.subject, row.predicate, row.object) for row in ROWS if not row.verified}
    assert len(rejected) == 7
    assert len(leads) == 25
    assert not direct & (rejected | leads)


def test_every_row_says_what_it_is() -> None:
    said = {(s.value, p): o.value for s, p, o in TRIPLES}
    for row in ROWS:
        node = mapping_iri(row)
        assert said[node, Sssom.subject_id] == row.subject
        assert said[node, Sssom.object_id] == row.object
        assert said[node, Sssom.predicate_id] == row.predicate
        assert said.get((node, Sssom.predicate_modifier), "") == ("Not" if row.negated else "")
        assert said.get((node, Sssom.object_label), "") == row.label
        assert said.get((node, Sssom.object_source_version), "") == row.version
        assert said[node, Sssom.confidence] == str(row.confidence)
        assert said[node, Sssom.mapping_justification] == row.justification
        assert said[node, Vhkg.mappingKind] == ("verified" if row.verified else "lead")


def test_no_axiom_is_made_of_a_mapping() -> None:
    """A broad match is no subclass axiom: nothing that a reasoner uses may follow from loading mappings."""
    terms = set(TERMS.values())
    assert {p for s, p, o in TRIPLES if isinstance(s, ox.NamedNode) and s.value in terms} <= MATCHES
