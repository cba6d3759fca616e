"""Each form says the same, is the same each time, and loads where others load it."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import pyoxigraph as ox
import pytest

from tests.support import ROOT, shipped
from vhkg.answering.published import published
from vhkg.errors import KnowledgeError, UsageError
from vhkg.exchange import FORMS, everything, ontology_document, write
from vhkg.namespaces import BASE, Owl, Rdf

TRIPLES = ontology_document(shipped().files.ontology)


def _canonical(triples: list[ox.Triple]) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


EXPECTED = _canonical(TRIPLES)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_what_the_files_say(form: str) -> None:
    read = [quad.triple for quad in ox.parse(write(TRIPLES, form), format=FORMS[form])]
    assert _canonical(read) == EXPECTED


@pytest.mark.parametrize(("form", "name"), [("ttl", "turtle"), ("rdfxml", "xml"), ("jsonld", "json-ld"), ("nt", "nt")])
def test_rdflib_reads_it_alike(form: str, name: str) -> None:
    from rdflib import Graph

    graph = Graph().parse(data=write(TRIPLES, form), format=name)
    assert len(graph) == len(TRIPLES)
    again = ox.parse(graph.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    assert _canonical([quad.triple for quad in again]) == EXPECTED


def test_owlready2_has_the_same_classes() -> None:
    import owlready2

    world = owlready2.World()
    loaded = world.get_ontology("https://w3id.org/vhkg/ontology").load(fileobj=BytesIO(write(TRIPLES, "rdfxml")))
    ours = {
        t.subject.value
        for t in TRIPLES
        if t.predicate.value == Rdf.type
        and t.object == ox.NamedNode(Owl.Class)
        and isinstance(t.subject, ox.NamedNode)
        and t.subject.value.startswith(BASE)
    }
    assert {each.iri for each in loaded.classes() if each.iri.startswith(BASE)} == ours


def test_one_header_and_nothing_imported() -> None:
    headers = [t for t in TRIPLES if t.predicate.value == Rdf.type and t.object == ox.NamedNode(Owl.Ontology)]
    assert len(headers) == 1
    assert not [t for t in TRIPLES if t.predicate.value.endswith("#imports")]
    assert write(TRIPLES, "ttl").count(b"owl:Ontology") == 1


SCRIPT = "import hashlib,sys; from vhkg.exchange import *; from vhkg.resources import knowledge_files as k; \
print([hashlib.sha256(write(ontology_document(k().ontology), f)).hexdigest() for f in FORMS])"


def test_the_bytes_are_the_same_each_time() -> None:
    found = {
        subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for _ in range(3)
    }
    assert len(found) == 1


def test_everything_is_what_a_query_store_holds() -> None:
    found = everything(published(shipped()))
    assert set(map(str, TRIPLES)) - {str(t) for t in TRIPLES if "_:" in str(t)} <= set(map(str, found))
    assert any("PublishedKnowledge" in str(triple) for triple in found)


def test_what_is_no_turtle_and_what_is_no_form() -> None:
    with pytest.raises(KnowledgeError, match=r"a\.ttl: not Turtle"):
        ontology_document({"a.ttl": b"<a> <b>"})
    with pytest.raises(UsageError, match="'n3' is no form"):
        write(TRIPLES, "n3")
