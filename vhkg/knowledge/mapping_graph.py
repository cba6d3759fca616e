"""Mappings as RDF: one node a row, named by a hash of what it says, so that loading it twice adds nothing.

Verified matches are also stated directly, as ``our term skos:exactMatch theirs``. Rejected ones and leads are not:
nothing that follows skos:exactMatch may ever reach them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from vhkg.knowledge.mappings import MappingSet, TermMapping, read_mappings
from vhkg.namespaces import MAPPINGS, Dcterms, Owl, Rdf, Rdfs, Skos, Sssom, Vhkg, Xsd

_Value = ox.NamedNode | ox.Literal


def mappings_turtle(files: Mapping[str, bytes], terms: Mapping[str, str]) -> bytes:
    """The mapping files among `files` as N-Triples, which are Turtle; sorted.

    Raises KnowledgeError as `read_mappings` does.
    """
    rows = read_mappings(files, terms)
    triples = {triple for row in rows for triple in _row(row)}
    triples |= {triple for each in {row.set for row in rows} for triple in _set(each)}
    return "".join(f"{triple} .\n" for triple in sorted(map(str, triples))).encode()


def mapping_iri(row: TermMapping) -> str:
    content = "\x1f".join(
        str(part) for part in (row.set.iri, *(getattr(row, name) for name in row.__struct_fields__[1:]))
    )
    return MAPPINGS + hashlib.sha256(content.encode()).hexdigest()[:16]


def _row(row: TermMapping) -> Iterator[ox.Triple]:
    node = mapping_iri(row)
    subject, predicate, target = map(ox.NamedNode, (row.subject, row.predicate, row.object))
    yield _triple(node, Rdf.type, ox.NamedNode(Owl.NamedIndividual))
    yield _triple(node, Rdf.type, ox.NamedNode(Sssom.Mapping))
    yield _triple(node, Sssom.subject_id, subject)
    yield _triple(node, Sssom.predicate_id, predicate)
    yield _triple(node, Sssom.object_id, target)
    yield _triple(node, Sssom.mapping_justification, ox.NamedNode(row.justification))
    yield _triple(node, Sssom.confidence, ox.Literal(str(row.confidence), datatype=ox.NamedNode(Xsd.decimal)))
    yield _triple(node, Sssom.mapping_set_id, ox.NamedNode(row.set.iri))
    yield _triple(node, Vhkg.mappingKind, ox.Literal("verified" if row.verified else "lead"))
    yield _triple(node, Skos.notation, ox.Literal(row.curie))
    if row.found:
        yield _triple(node, Vhkg.mappingTarget, ox.Literal(row.curie.partition(":")[0]))
    if row.negated:
        yield _triple(node, Sssom.predicate_modifier, ox.Literal("Not"))
    if row.source:
        yield _triple(node, Sssom.object_source, ox.NamedNode(row.source))
    for name, text in (
        (Sssom.object_label, row.label),
        (Sssom.object_source_version, row.version),
        (Rdfs.comment, row.comment),
    ):
        if text:
            yield _triple(node, name, ox.Literal(text))
    if row.verified and row.found and not row.negated:
        yield ox.Triple(subject, predicate, target)


def _set(each: MappingSet) -> Iterator[ox.Triple]:
    yield _triple(each.iri, Rdf.type, ox.NamedNode(Owl.NamedIndividual))
    yield _triple(each.iri, Rdf.type, ox.NamedNode(Sssom.MappingSet))
    yield _triple(each.iri, Sssom.mapping_set_version, ox.Literal(each.version))
    yield _triple(each.iri, Dcterms.title_, ox.Literal(each.title))
    yield _triple(each.iri, Dcterms.license, ox.NamedNode(each.licence))
    yield _triple(each.iri, Rdfs.comment, ox.Literal(each.comment))


def _triple(subject: str, predicate: str, value: _Value) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
