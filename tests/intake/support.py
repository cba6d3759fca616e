"""The invented vocabulary, the real shapes and the example files, for the tests of patient data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from vhkg.intake import Document, document
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.vocabulary import vocabulary
from vhkg.model.checks import NodeCheck
from vhkg.model.coded import CodeTables
from vhkg.model.vocabulary import Vocabulary
from vhkg.patients import PatientData, read_patients
from vhkg.validation import compile_checks

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "patients"
VALID = sorted(path for path in (DATA / "valid").iterdir() if path.suffix != ".json")
INVALID = sorted((DATA / "invalid").glob("*.ttl"))
CONTEXT = (ROOT / "ontology" / "context.jsonld").read_bytes()
SHAPES = (ROOT / "ontology" / "shapes" / "patient.ttl").read_bytes()
PREFIXES = """@prefix vhkg: <https://w3id.org/vhkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@cache
def small_graph() -> Graph:
    return Graph.parse({"ontology.ttl": (DATA / "ontology.ttl").read_bytes(), "shapes/patient.ttl": SHAPES})


@cache
def small_vocabulary() -> Vocabulary:
    return vocabulary(small_graph())


@cache
def patient_checks() -> tuple[NodeCheck, ...]:
    return compile_checks(small_graph())


def turtle(text: str, name: str = "a.ttl") -> Document:
    return document(name, (PREFIXES + text).encode())


def read(source: Document) -> tuple[PatientData, ...]:
    """The patients of a document in our own terms: no code means anything."""
    return read_patients(source, small_vocabulary(), CodeTables(), context=CONTEXT).patients
