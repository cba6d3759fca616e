"""The bridge: what it says, what it leaves out, what it refuses; and the law that it only goes upwards."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import msgspec
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.support import INVENTED, LINKED, bridge, edge, hierarchy, ontology, rows
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.errors import InputError, KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.mapping import Bridge, Hierarchy, build, read_hierarchy
from vhkg.mapping.hierarchy import Collector
from vhkg.namespaces import BASE, OBO, Owl, Rdf, Rdfs, Skos, Vhkg

EX = "https://example.org/"
HEMANGIOMA = OBO + "MONDO_0006500"
OURS = set(shipped().content.iris.values())


def edges(made: Bridge) -> set[tuple[str, str]]:
    return {
        (t.subject.value, t.object.value)
        for t in made.triples
        if t.predicate.value == Rdfs.subClassOf
        and isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
    }


def linked(folder: Path, *triples: tuple[str, str, str | ox.Literal], version: str = "") -> Bridge:
    path = folder / "theirs.nt"
    path.write_bytes(ontology(*triples, version=version))
    return build(shipped(), [read_hierarchy(str(path))])


def test_our_terms_go_under_theirs_and_theirs_under_what_the_file_says() -> None:
    made = build(shipped(), [read_hierarchy(str(INVENTED))])
    assert (BASE + "VertebralHemangioma", HEMANGIOMA) in edges(made)
    assert (HEMANGIOMA, EX + "hierarchy#Growth") in edges(made)
    assert {Vhkg.Bridge, Owl.Ontology, Owl.NamedIndividual, Owl.Class} == {
        t.object.value for t in made.triples if t.predicate.value == Rdf.type and isinstance(t.object, ox.NamedNode)
    }
    assert not {triple for triple in edges(made) if "MAXO_0001045" in triple[0]}, "nobody asked for what is below"


@pytest.mark.parametrize("name", LINKED)
def test_every_promoted_row_is_there_and_no_other(name: str) -> None:
    found = {(below, above) for below, above in edges(bridge(name)) if below in OURS}
    assert found == {
        (row.subject, row.object)
        for row in rows()
        if row.object in hierarchy(name).terms
        and row.verified
        and not row.negated
        and row.predicate in (Skos.exactMatch, Skos.broadMatch)
        and row.confidence >= msgspec.convert("0.9", type(row.confidence))
    }
    assert found
    assert bridge(name).rows == len(found)


def test_no_equivalence_and_nothing_of_theirs_below_ours() -> None:
    made = bridge()
    assert {t.predicate.value for t in made.triples} == {
        Rdf.type, Rdfs.subClassOf, Rdfs.label, Rdfs.isDefinedBy, Skos.notation,
        Vhkg.knowledgeVersion, Vhkg.knowledgeDigest, Vhkg.reviewStatus, Vhkg.disclaimer,
    }  # fmt: skip
    assert not {above for _, above in edges(made)} & OURS


def test_a_file_cannot_say_anything_of_our_terms_or_of_owl(tmp_path: Path) -> None:
    made = linked(
        tmp_path,
        edge(HEMANGIOMA, BASE + "BackPain"),
        edge(HEMANGIOMA, Owl.Nothing),
        edge(HEMANGIOMA, Owl.Thing),
        edge(HEMANGIOMA, EX + "a"),
        edge(EX + "a", BASE + "Presentation"),
        edge(BASE + "Laminectomy", BASE + "Vertebrectomy"),
        edge(BASE + "Laminectomy", EX + "a"),
        edge(EX + "b", BASE + "Finding"),
        (BASE + "BackPain", Rdfs.label, ox.Literal("something else")),
    )
    assert edges(made) == {(BASE + "VertebralHemangioma", HEMANGIOMA), (HEMANGIOMA, EX + "a")}


def test_what_the_report_counts() -> None:
    made = bridge("hp")
    assert (made.terms, made.rows, made.mapped, made.missing) == (10, 10, 9, ())
    assert {each.reason: each.rows for each in made.unpromoted} == {
        "confidence below 0.9": 3, "narrowMatch": 5, "rejected": 1, "relatedMatch": 1,
    }  # fmt: skip
    assert bridge("ncit").missing == ("NCIT:C177444", "NCIT:C27170")
    assert made.ancestors == len({above for _, above in edges(made)}) - made.mapped


def test_a_label_that_differs_is_said_and_is_no_error(tmp_path: Path) -> None:
    made = linked(tmp_path, edge(HEMANGIOMA, EX + "a"), (HEMANGIOMA, Rdfs.label, ox.Literal("angioma", language="en")))
    (difference,) = made.differences
    assert (difference.curie, difference.ours, difference.theirs) == ("MONDO:0006500", "hemangioma", "angioma")


TRUE = ox.Literal("true")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ([(HEMANGIOMA, OBO + "IAO_0100001", OBO + "MONDO_1")], "replaced by MONDO:1"),
        ([(HEMANGIOMA, OBO + "IAO_0100001", ox.Literal("MONDO:2"))], "replaced by MONDO:2"),
        ([], "without successor"),
    ],
)
def test_an_obsolete_term_is_refused_by_its_row(
    tmp_path: Path, by: list[tuple[str, str, str | ox.Literal]], said: str
) -> None:
    with pytest.raises(KnowledgeError, match=said) as caught:
        linked(tmp_path, (HEMANGIOMA, Owl.deprecated, TRUE), edge(OBO + "MONDO_0024499", EX + "a"), *by)
    assert caught.value.file == "mappings/mondo.sssom.tsv"
    number = int(re.sub(r"\D", "", caught.value.place or ""))
    line = shipped().files.ontology["mappings/mondo.sssom.tsv"].decode().split("\n")[number - 1]
    assert "MONDO:0006500" in line
    assert "mondo/releases/2026-08-04" in (caught.value.mend or "")


def test_an_id_that_another_term_absorbed_is_obsolete_too(tmp_path: Path) -> None:
    absorbed = (OBO + "MONDO_9", "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId")
    with pytest.raises(KnowledgeError, match=r"MONDO:0006500 is obsolete in .*, replaced by MONDO:9"):
        linked(tmp_path, edge(OBO + "MONDO_0024499", EX + "a"), (*absorbed, ox.Literal("MONDO:0006500")))


def test_a_rejected_match_may_be_obsolete(tmp_path: Path) -> None:
    assert linked(tmp_path, (OBO + "MONDO_0043606", Owl.deprecated, TRUE), edge(HEMANGIOMA, EX + "a")).rows == 1


@pytest.mark.parametrize("name", ["eco", "uberon"])
def test_a_file_that_holds_nothing_to_link_is_refused_with_the_prefixes(name: str) -> None:
    said = r"no site of a lesion; give .* ids of .*HP .*MAXO or .*MONDO or NCIT or .*SNOMEDCT or UBERON"
    with pytest.raises(InputError, match=said):
        build(shipped(), [hierarchy(name)])
    with pytest.raises(InputError, match="holds no class"):
        build(shipped(), [hierarchy("hp"), hierarchy(name)])


def test_a_bridge_is_read_as_what_it_was_made_from(tmp_path: Path) -> None:
    path = tmp_path / "bridge.nt"
    path.write_bytes(bridge().ntriples)
    again = build(shipped(), [read_hierarchy(str(path))])
    assert again.ntriples == bridge().ntriples


def test_the_order_of_files_and_of_their_triples_changes_nothing(tmp_path: Path) -> None:
    assert build(shipped(), [hierarchy(name) for name in reversed(LINKED)]).ntriples == bridge().ntriples
    lines = bridge("mondo").ntriples.splitlines(keepends=True)
    random.Random(0).shuffle(lines)
    path = tmp_path / "shuffled.nt"
    path.write_bytes(b"".join(lines))
    assert build(shipped(), [read_hierarchy(str(path))]).ntriples == bridge("mondo").ntriples


def test_the_bridge_names_the_knowledge_and_the_version_of_each_class() -> None:
    made = bridge("hp", "maxo")
    said = {(t.subject.value, t.predicate.value): t.object for t in made.triples if isinstance(t.subject, ox.NamedNode)}
    assert said[made.iri, Vhkg.knowledgeDigest] == ox.Literal(shipped().compiled.digest)
    assert said[OBO + "HP_0012531", Rdfs.isDefinedBy] == ox.NamedNode(hierarchy("hp").version)
    assert said[OBO + "MAXO_0000004", Rdfs.isDefinedBy] == ox.NamedNode(hierarchy("maxo").version)
    assert said[OBO + "MAXO_0000004", Skos.notation] == ox.Literal("MAXO:0000004")


def test_another_knowledge_that_maps_nothing_says_so() -> None:
    other = Knowledge.load(str(ROOT / "docs" / "examples" / "kettle"))
    with pytest.raises(InputError, match="add mappings first"):
        build(other, [hierarchy("hp")])


# --- the law: whatever the hierarchy, the bridge only goes upwards, and loads


THEIRS = sorted({row.object for row in rows() if row.found})
NAMES = st.sampled_from([*THEIRS, *(f"{EX}{letter}" for letter in "abcdef")])
ANYTHING = st.one_of(
    NAMES, st.sampled_from([*sorted(OURS)[:40], Owl.Thing.value, Owl.Nothing.value, "part_of", "a b", "urn:x>"])
)


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    collector = Collector()
    for below, above in draw(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=40)):
        collector.parents[below].add(above)
    collector.classes |= set(draw(st.lists(NAMES, max_size=5))) | {HEMANGIOMA}
    return collector.hierarchy("random", draw(st.sampled_from(["", EX + "v"])))


@pytest.fixture(scope="module")
def read_once() -> Iterator[None]:
    """Our own side, which is the same for all hierarchies, is not read anew for each."""
    files = shipped().files.ontology
    graph = Graph.parse({name: text for name, text in files.items() if name.endswith(".ttl")})
    with (
        mock.patch("vhkg.mapping.bridge.Graph.parse", return_value=graph),
        mock.patch("vhkg.mapping.bridge.read_mappings", return_value=rows()),
    ):
        yield


@given(theirs=hierarchies())
def test_upwards_only(read_once: None, theirs: Hierarchy) -> None:
    made = build(shipped(), [theirs])
    list(ox.parse(made.ntriples, format=ox.RdfFormat.N_TRIPLES))
    classes = {t.subject for t in made.triples if t.object == ox.NamedNode(Owl.Class)}
    for below, above in edges(made):
        assert above not in OURS
        assert not above.startswith((BASE, str(Owl.Thing)[:30]))
        assert ox.NamedNode(above) in classes
        if below not in OURS:
            assert ox.NamedNode(below) in classes
            assert above in theirs.terms[below].parents
    promoted = {above for below, above in edges(made) if below in OURS}
    assert {t.value for t in classes if isinstance(t, ox.NamedNode)} <= theirs.above(promoted)
