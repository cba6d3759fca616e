"""Each shape of the knowledge: the shipped knowledge conforms, and a mutation of it fails at that shape."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from vhkg.assurance.report import KNOWLEDGE_SHAPES
from vhkg.assurance.wellformed import check_declarations, check_readings, ontology_files, readings_of_classes
from vhkg.knowledge.graph import Graph, local_name
from vhkg.model.checks import ValidationReport
from vhkg.namespaces import BASE, Sh
from vhkg.resources import KnowledgeFiles
from vhkg.validation.oracle import validate_knowledge

_MUTATIONS = [
    line.split("\t")
    for line in Path(__file__).with_name("mutations.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def sound(shipped: KnowledgeFiles) -> ValidationReport:
    return validate_knowledge(ontology_files(shipped.ontology), shipped.ontology[KNOWLEDGE_SHAPES])


@pytest.fixture(scope="module")
def failing(shipped: KnowledgeFiles) -> set[tuple[str, str]]:
    """(shape, focus node) of all results after all mutations: they touch different properties, and one run is quick."""
    graph = rdflib.Graph()
    for data in ontology_files(shipped.ontology).values():
        graph.parse(data=data, format="turtle")
    namespaces = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in graph.namespaces())
    drops: list[str] = []
    adds: list[str] = []
    for _, _, edits in _MUTATIONS:
        for edit in edits.split(" | "):
            sign, _, triple = edit.partition(" ")
            (drops if sign == "-" else adds).append(triple)
    parsed = [rdflib.Graph().parse(data=f"{namespaces}{triple} 0 .", format="turtle") for triple in drops]
    for subject, predicate, _ in (next(iter(one)) for one in parsed):
        assert (subject, predicate, None) in graph, f"{subject} has no {predicate} to drop"
    for subject, predicate, _ in (next(iter(one)) for one in parsed):
        graph.remove((subject, predicate, None))
    for triple in adds:
        graph.parse(data=f"{namespaces}{triple} .", format="turtle")
    mutated = {"mutated.ttl": graph.serialize(format="nt").encode()}
    report = validate_knowledge(mutated, shipped.ontology[KNOWLEDGE_SHAPES])
    return {(local_name(result.shape), local_name(result.focus_node)) for result in report.results}


def test_the_shipped_knowledge_conforms(sound: ValidationReport) -> None:
    assert sound.results == ()
    assert sound.conforms


def test_a_mutation_fails_at_its_shape(failing: set[tuple[str, str]]) -> None:
    assert not {(shape, focus) for shape, focus, _ in _MUTATIONS} - failing


def test_every_shape_has_a_mutation(sound: ValidationReport) -> None:
    assert {local_name(shape) for shape in sound.hits} == {shape for shape, _, _ in _MUTATIONS}


def test_a_shape_that_selects_by_class_hits_a_node(shipped: KnowledgeFiles, sound: ValidationReport) -> None:
    graph = Graph.parse({KNOWLEDGE_SHAPES: shipped.ontology[KNOWLEDGE_SHAPES]})
    selecting = {subject.value for subject, _ in (*graph.pairs(Sh.targetClass), *graph.pairs(Sh.targetObjectsOf))}
    assert selecting
    assert not {shape for shape in selecting if not sound.hits[shape]}


def test_every_shape_has_severity_and_message(shipped: KnowledgeFiles, sound: ValidationReport) -> None:
    graph = Graph.parse({KNOWLEDGE_SHAPES: shipped.ontology[KNOWLEDGE_SHAPES]})
    for shape in sound.hits:
        assert graph.text(shape, Sh.severity) == Sh.Violation
        assert graph.text(shape, Sh.message).endswith(".")


# --- terms are declared once


def test_every_term_is_declared_once(shipped: KnowledgeFiles) -> None:
    assert check_declarations(shipped.ontology) == ()


@pytest.mark.parametrize(
    ("addition", "fault"),
    [
        (":Patient a owl:Class .", "declared 2 times, as Class"),
        (":Patient a owl:NamedIndividual .", "declared 2 times, as Class, NamedIndividual"),
        (":Patient :mispelt 1 .", "used and not declared"),
        (":Patient :concerns :Mispelt .", "used and not declared"),
        (":Patient owl:disjointWith [ a owl:Class ; owl:unionOf ( :Mispelt ) ] .", "used and not declared"),
        (":Patient <http://example.org/undeclared> 1 .", "used and not declared"),
        (":Patient a <http://example.org/Undeclared> .", "used and not declared"),
    ],
)
def test_a_term_that_is_not_declared_once_is_a_fault(shipped: KnowledgeFiles, addition: str, fault: str) -> None:
    extra = f"@prefix : <{BASE}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n{addition}"
    faults = check_declarations(shipped.ontology | {"zz.ttl": extra.encode()})
    assert [found.fault for found in faults] == [fault]


# --- readings are named exactly


def test_readings_are_named_exactly(shipped: KnowledgeFiles) -> None:
    assert check_readings(Graph.parse(ontology_files(shipped.ontology))) == ()


def test_readings_are_found_through_named_classes_and_complements(shipped: KnowledgeFiles) -> None:
    found = readings_of_classes(Graph.parse(ontology_files(shipped.ontology)))
    by_name = {local_name(iri): readings for iri, readings in found.items()}
    assert by_name["HasDeficit"] == frozenset()
    assert by_name["SymptomaticWithoutBranch"] == {"RadicularPainReading", "ExtentReading", "FractureReading"}
    assert "RadicularCounts" not in by_name


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "recommendations.ttl",
            ":restsOnReading :RadicularPainReading , :CandidacyReading , :FactorReading ;",
            ":restsOnReading :RadicularPainReading , :FactorReading ;",
            "rests on CandidacyReading and does not say so",
        ),
        (
            "recommendations.ttl",
            ":restsOnReading :RadicularPainReading , :CandidacyReading , :FactorReading ;",
            ":restsOnReading :RadicularPainReading , :CandidacyReading , :FactorReading , :ExtentReading ;",
            "names ExtentReading and does not rest on it",
        ),
        (
            "presentations.ttl",
            ":restsOnReading :CandidacyReading ;",
            "",
            "rests on CandidacyReading and does not say so",
        ),
    ],
)
def test_a_reading_not_named_exactly_is_a_fault(
    shipped: KnowledgeFiles, file: str, old: str, new: str, fault: str
) -> None:
    files = ontology_files(shipped.ontology)
    assert files[file].count(old.encode()) == 1
    graph = Graph.parse(files | {file: files[file].replace(old.encode(), new.encode())})
    assert [found.fault for found in check_readings(graph)] == [fault]
