"""OWL 2 DL by the OWL API and satisfiable classes by HermiT: the shipped ontology passes, broken ones do not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.evidence import record
from tests.mutants import Ontology
from tests.support import ROOT, shipped
from vhkg.assurance.profile import profile_checks
from vhkg.exchange import ontology_document, write
from vhkg.reasoner.hermit import HermitReference
from vhkg.resources import KnowledgeFiles

DATA = json.loads((ROOT / "tests" / "data" / "ontologies" / "broken.json").read_text(encoding="utf-8"))
COMMAND = "pytest tests/assurance/test_profile.py"
EMPTY = """
:EmptyForTheTest a owl:Class ; rdfs:subClassOf :Red , :Blue . :Red a owl:Class ; owl:disjointWith :Blue .
:Blue a owl:Class .
"""


@pytest.fixture(scope="module")
def hermit() -> Iterator[HermitReference]:
    with HermitReference({"sound.ttl": DATA["sound"].encode()}, bridge="jpype") as reference:
        yield reference


def _violations(hermit: HermitReference, more: str = "") -> list[str]:
    return hermit.dl_violations(write(ontology_document({"o.ttl": f"{DATA['sound']}\n{more}".encode()}), "rdfxml"))


@pytest.mark.hermit
def test_the_shipped_ontology_is_owl_2_dl_and_every_class_satisfiable() -> None:
    profile, satisfiable = profile_checks(shipped())
    faults = [*profile.faults, *satisfiable.faults]
    axioms = len(ontology_document(shipped().files.ontology))
    record("owl2-dl-profile", "shipped", cases=axioms, disagreements=faults, command=COMMAND)
    assert faults == []
    assert "OWL 2 DL" in profile.summary


@pytest.mark.hermit
def test_a_sound_ontology_has_no_violation(hermit: HermitReference) -> None:
    assert _violations(hermit) == []


@pytest.mark.hermit
@pytest.mark.parametrize("name", DATA["broken"])
def test_a_broken_one_is_reported(hermit: HermitReference, name: str) -> None:
    added, kind = DATA["broken"][name]
    assert any(violation.partition(":")[0].startswith(kind) for violation in _violations(hermit, added))


@pytest.mark.hermit
def test_an_unsatisfiable_class_is_named(hermit: HermitReference) -> None:
    hermit.load({"empty.ttl": f"{DATA['sound']}\n{EMPTY}".encode()})
    base = "https://w3id.org/vhkg/ontology#"
    assert hermit.satisfiable_classes([f"{base}EmptyForTheTest", f"{base}Red"]) == [False, True]


@pytest.mark.hermit
def test_the_shipped_ontology_with_an_undeclared_term_fails() -> None:
    """The check of the whole, on a broken copy."""
    ontology = Ontology(shipped().files)
    files = ontology.changed([], [])
    broken = files.ontology["merged.ttl"] + (
        b"<https://w3id.org/vhkg/ontology#Laminectomy> <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
        b"<https://w3id.org/vhkg/ontology#Mistyped> .\n"
    )
    wrong = KnowledgeFiles({**files.ontology, "merged.ttl": broken}, files.queries, "broken")
    profile, _ = profile_checks(type(shipped())(wrong, shipped().compiled))
    assert any("Mistyped" in fault.fault for fault in profile.faults)
