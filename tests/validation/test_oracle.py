"""The compiled checks give what pyshacl gives: on every example, and on random damage done to them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.intake.support import CONTEXT, INVALID, SHAPES, VALID, patient_checks, small_vocabulary
from vhkg.intake import Blank, Iri, Literal, PatientGraph, Term, Triple, read_bytes, read_graph
from vhkg.knowledge.graph import Graph
from vhkg.namespaces import BASE, Rdf, Xsd
from vhkg.validation import check, compile_checks
from vhkg.validation.oracle import validate

EXTRA = b"""@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix s: <urn:s:> .
s:N a sh:NodeShape ; sh:targetClass :Patient ; sh:targetSubjectsOf :status ;
    sh:targetObjectsOf :status , :hasAssessment ;
    sh:nodeKind sh:BlankNodeOrIRI ; sh:class :Assessment ; sh:severity sh:Warning ; sh:message "node"@en ;
    sh:property s:P , s:Q , s:R .
s:P a sh:PropertyShape ; sh:path :sourceCode ; sh:pattern "^x[0-9]{1,2}$" ; sh:flags "i" ; sh:maxLength 2 ;
    sh:severity sh:Info ; sh:message "code"@en .
s:Q a sh:PropertyShape ; sh:path :assessedOn ; sh:datatype xsd:string ; sh:severity sh:Warning ; sh:message "text"@en .
s:R a sh:PropertyShape ; sh:path [ sh:inversePath :status ] ; sh:nodeKind sh:BlankNode ; sh:maxCount 1 ;
    sh:severity sh:Violation ; sh:message "blank"@en .
"""


def example(path: Path) -> PatientGraph:
    return read_graph(read_bytes(str(path)), small_vocabulary(), context=CONTEXT)


@pytest.mark.parametrize("path", [p for p in (*VALID, *INVALID) if p.suffix != ".csv"], ids=lambda path: path.name)
def test_examples(path: Path) -> None:
    graph = example(path)
    assert check(graph, patient_checks()) == validate(graph, SHAPES, patient_checks())


def test_an_empty_graph() -> None:
    graph = PatientGraph(())
    assert check(graph, patient_checks()) == validate(graph, SHAPES, patient_checks())


VALUES: tuple[Term, ...] = (
    Iri("urn:example:ann"),
    Iri("urn:example:spot"),
    Iri(BASE + "Present"),
    Iri(BASE + "Redness"),
    Blank("new"),
    Literal("2026-02-28", Xsd.date.value),
    Literal("2026-02-30", Xsd.date.value),
    Literal("not a date", Xsd.date.value),
    Literal("x12"),
    Literal("X1"),
    Literal("label", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en"),
)


def damaged(graph: PatientGraph, generator: random.Random) -> PatientGraph:
    """A valid graph after one to five random edits: drop, add, move, retype."""
    triples: list[Triple] = list(graph.triples)
    predicates = sorted({predicate for _, predicate, _ in triples} | {BASE + "bodySite", BASE + "sourceCode"})
    for _ in range(generator.randint(1, 5)):
        if not triples:
            break
        place = generator.randrange(len(triples))
        subject, predicate, value = triples[place]
        match generator.randrange(5):
            case 0:
                del triples[place]
            case 1:
                triples.append((subject, predicate, generator.choice(VALUES)))
            case 2:
                triples.append((generator.choice(triples)[0], generator.choice(predicates), value))
            case 3:
                triples[place] = (subject, generator.choice(predicates), generator.choice(VALUES))
            case _:
                kind = generator.choice(("Patient", "Presentation", "Assessment"))
                triples.append((subject, Rdf.type.value, Iri(BASE + kind)))
    return PatientGraph.of(triples)


@pytest.mark.parametrize("seed", range(8))
def test_random_graphs(seed: int) -> None:
    generator = random.Random(seed)
    sources = [example(path) for path in VALID if path.suffix == ".ttl"]
    for _ in range(30):
        graph = damaged(generator.choice(sources), generator)
        assert check(graph, patient_checks()) == validate(graph, SHAPES, patient_checks())


def test_random_graphs_with_the_constructs_that_our_shapes_do_not_use() -> None:
    checks = compile_checks(Graph.parse({"patient.ttl": EXTRA}))
    generator = random.Random(99)
    sources = [example(path) for path in VALID if path.suffix == ".ttl"]
    for _ in range(80):
        graph = damaged(generator.choice(sources), generator)
        assert check(graph, checks) == validate(graph, EXTRA, checks)
