"""The allow-list is read from the data, so that a new finding needs no code."""

from __future__ import annotations

import pytest

from tests.intake.support import ROOT, SHAPES, small_vocabulary
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.vocabulary import vocabulary
from vhkg.namespaces import BASE, Prov, Rdfs, Xsd

PREFIXES = (
    f"@prefix : <{BASE}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    " :Root :assertedThrough :hasFinding ; :bearer 'lesion' . "
)


def read(text: str) -> dict[str, str]:
    graph = Graph.parse({"a.ttl": (PREFIXES + text).encode(), "shapes/patient.ttl": SHAPES})
    return {name: term.bearer for name, term in vocabulary(graph).findings.items()}


def test_findings_roles_and_bearers() -> None:
    found = small_vocabulary().findings
    assert {name: (term.role, term.bearer) for name, term in found.items()} == {
        "Bandaging": ("hadIntervention", "lesion"),
        "BrightRedness": ("hasFinding", "lesion"),
        "Redness": ("hasFinding", "lesion"),
        "Swelling": ("hasFinding", "lesion"),
        "Travelling": ("hasFinding", "patient"),
        "TravellingFar": ("hasFinding", "patient"),
    }
    assert found["Redness"].iri == BASE + "Redness"


def test_the_shapes_give_predicates_classes_and_datatypes() -> None:
    found = small_vocabulary()
    names = ("hasPresentation", "hasAssessment", "ofFinding", "status", "assessedOn", "sourceCode", "bodySite")
    assert found.predicates == {*(BASE + name for name in names), Rdfs.label, Prov.wasDerivedFrom}
    assert found.classes == {BASE + name for name in ("Patient", "Presentation", "Assessment")}
    assert found.datatypes == {Xsd.date}
    assert found.statuses == {BASE + name: name.lower() for name in ("Present", "Absent", "Unknown")}


def test_shapes_about_the_knowledge_allow_nothing() -> None:
    sh = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x:> ."
    other = f"{sh} :S a sh:NodeShape ; sh:targetClass :C ; sh:property :P . :P sh:path :q ; sh:datatype :d ."
    graph = Graph.parse({"shapes/knowledge.ttl": other.encode(), "shapes/patient.ttl": SHAPES})
    assert "urn:x:q" not in vocabulary(graph).predicates
    assert vocabulary(graph).datatypes == {Xsd.date}


def test_the_nearest_bearer_counts() -> None:
    upper = ":A rdfs:subClassOf :Root ; :bearer 'patient' . :B rdfs:subClassOf :A ."
    assert read(upper + " :C rdfs:subClassOf :B ; :bearer 'lesion' .") == {
        "A": "patient",
        "B": "patient",
        "C": "lesion",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":A rdfs:subClassOf :Root ; :bearer 'nobody' .", "the bearer of A is nobody"),
        (
            ":A rdfs:subClassOf :Root ; :bearer 'patient' . :B rdfs:subClassOf :Root ; :bearer 'lesion' ."
            " :C rdfs:subClassOf :A , :B .",
            "the bearer of C is lesion and patient",
        ),
        (":Other :assertedThrough :hadIntervention . :A rdfs:subClassOf :Other .", "A has no bearer"),
        (
            ":Other :assertedThrough :hadIntervention ; :bearer 'lesion' . :A rdfs:subClassOf :Root , :Other .",
            "A is named twice, or stands under two roots",
        ),
    ],
)
def test_faults_of_the_ontology(text: str, expected: str) -> None:
    with pytest.raises(KnowledgeError, match=expected):
        read(text)


def test_the_shipped_ontology_has_a_vocabulary() -> None:
    ontology = ROOT / "ontology"
    files = {str(path.relative_to(ontology)): path.read_bytes() for path in sorted(ontology.rglob("*.ttl"))}
    found = vocabulary(Graph.parse(files))
    assert {term.bearer for term in found.findings.values()} == {"lesion", "patient"}
    assert {term.role for term in found.findings.values()} == {"hasFinding", "hadIntervention"}
    assert sorted(found.statuses.values()) == ["absent", "present", "unknown"]
    assert found.predicates == small_vocabulary().predicates
