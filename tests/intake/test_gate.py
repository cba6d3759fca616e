"""Knowledge injection and other graphs that a patient graph may not be."""

from __future__ import annotations

import pytest

from tests.intake.support import small_vocabulary, turtle
from tests.support import ends
from vhkg.errors import InputError, RefusedInput
from vhkg.intake import read_graph
from vhkg.namespaces import RESERVED

PATIENT = """
<urn:example:ann> a vhkg:Patient ; vhkg:hasPresentation <urn:example:spot> .
<urn:example:spot> a vhkg:Presentation ; vhkg:hasAssessment <urn:example:one> .
<urn:example:one> a vhkg:Assessment ; vhkg:ofFinding vhkg:Redness ; vhkg:status vhkg:Present .
"""

INJECTIONS = {
    "subclass": "vhkg:Redness rdfs:subClassOf vhkg:Swelling .",
    "subclass of a shape's class": "<urn:example:Mine> rdfs:subClassOf vhkg:Assessment .",
    "subproperty": "vhkg:status rdfs:subPropertyOf vhkg:ofFinding .",
    "domain": "vhkg:status rdfs:domain vhkg:Patient .",
    "range": "vhkg:status rdfs:range vhkg:Patient .",
    "new class": "<urn:example:Mine> a owl:Class .",
    "new class in our namespace": "vhkg:Mine a owl:Class ; rdfs:subClassOf vhkg:Finding .",
    "equivalent class": "vhkg:Redness owl:equivalentClass vhkg:Swelling .",
    "disjoint class": "vhkg:Redness owl:disjointWith vhkg:Swelling .",
    "complement": "vhkg:Redness owl:complementOf vhkg:Swelling .",
    "same individual": "<urn:example:spot> owl:sameAs <urn:example:other> .",
    "same intervention": "vhkg:Bandaging owl:sameAs vhkg:Redness .",
    "different individuals": "<urn:example:spot> owl:differentFrom <urn:example:ann> .",
    "import": "<urn:example:ann> owl:imports <http://127.0.0.1:9/> .",
    "ontology": "<urn:example:ontology> a owl:Ontology .",
    "forged recommendation": "<urn:example:r> a vhkg:Recommendation ; vhkg:recommends vhkg:Bandaging .",
    "recommendation by predicate": "<urn:example:spot> vhkg:recommends vhkg:Bandaging .",
    "changed recommendation": "vhkg:SomeRecommendation vhkg:appliesTo vhkg:Presentation .",
    "default reading": "vhkg:SomeReading vhkg:defaultAlternative vhkg:Other .",
    "classified presentation": "<urn:example:spot> a vhkg:SomePresentationClass .",
    "finding asserted past the assessment": "<urn:example:spot> vhkg:hasFinding [ a vhkg:Redness ] .",
    "intervention past the assessment": "<urn:example:spot> vhkg:hadIntervention [ a vhkg:Bandaging ] .",
    "shape": "<urn:example:s> a sh:NodeShape ; sh:targetClass vhkg:Patient ; sh:deactivated true .",
    "shape turned off": "<https://w3id.org/vhkg/shapes#Patient> sh:deactivated true .",
    "target": "vhkg:Patient sh:targetClass vhkg:Patient .",
    "rule": "<urn:example:s> sh:rule [ a sh:SPARQLRule ; sh:construct 'CONSTRUCT {} WHERE {}' ] .",
    "shapes graph": "<urn:example:ann> sh:shapesGraph <http://127.0.0.1:9/> .",
    "new status": "<urn:example:Maybe> a vhkg:AssessmentStatus .",
    "relabelled finding": "vhkg:Redness rdfs:label 'harmless' .",
    "typed finding": "vhkg:Redness a vhkg:Assessment .",
    "status as an assessment": "vhkg:Present a vhkg:Assessment ; vhkg:status vhkg:Absent .",
    "negative assertion": "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual <urn:example:spot> .",
    "key": "vhkg:Patient owl:hasKey ( vhkg:status ) .",
    "type of types": "vhkg:Patient a vhkg:Patient .",
    "forged statement": "<urn:example:t> a vhkg:Statement ; vhkg:modelledBy vhkg:Bandaging .",
    "unknown finding": "<urn:example:one> vhkg:ofFinding <urn:example:Redness> .",
    "root as a finding": "<urn:example:one> vhkg:ofFinding vhkg:Finding .",
    "nothing as a finding": "<urn:example:one> vhkg:ofFinding owl:Nothing .",
    "finding as a status": "<urn:example:one> vhkg:status vhkg:Redness .",
    "presentation of ours": "<urn:example:ann> vhkg:hasPresentation vhkg:Presentation .",
    "source of ours": "<urn:example:one> prov:wasDerivedFrom vhkg:C01 .",
    "script": "<urn:example:one> prov:wasDerivedFrom <javascript:alert(1)> .",
    "file": "<urn:example:one> prov:wasDerivedFrom <file:///etc/passwd> .",
    "boolean by another name": "<urn:example:one> vhkg:sourceCode 'yes'^^xsd:boolean .",
    "decimal bomb": "<urn:example:one> vhkg:assessedOn '1E999999999'^^xsd:decimal .",
    "unknown datatype": "<urn:example:one> vhkg:assessedOn '2026'^^xsd:gYear .",
    "list": "<urn:example:spot> vhkg:bodySite ( 'a' ) .",
}


@pytest.mark.parametrize("name", INJECTIONS)
def test_an_injection_is_refused(name: str) -> None:
    with ends(), pytest.raises(InputError) as caught:
        read_graph(turtle(PATIENT + INJECTIONS[name]), small_vocabulary())
    assert str(caught.value).startswith("a.ttl")


def test_the_patient_alone_is_let_through() -> None:
    assert len(read_graph(turtle(PATIENT), small_vocabulary()).triples) == 7


def test_many_same_as_cost_nothing() -> None:
    """Sixty owl:sameAs cost 8.8 s where they are reasoned with."""
    text = "".join(f"<urn:example:{i}> owl:sameAs <urn:example:{i + 1}> .\n" for i in range(5000))
    with ends(), pytest.raises(RefusedInput):
        read_graph(turtle(PATIENT + text), small_vocabulary())


@pytest.mark.parametrize("namespace", RESERVED)
def test_no_node_is_named_in_a_vocabulary(namespace: str) -> None:
    with pytest.raises(RefusedInput, match="belongs to a vocabulary"):
        read_graph(turtle(f"<{namespace}x> a vhkg:Patient ."), small_vocabulary())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "there is no patient in it; type one node as vhkg:Patient."),
        ("<urn:a> a vhkg:Presentation .", "there is no patient in it"),
        ("[] a vhkg:Patient .", "a patient has no IRI"),
        ("<urn:a> rdfs:label 'a' .", "line 8, node 'urn:a': it has no type"),
        ("<urn:a> a vhkg:Patient , vhkg:Assessment .", "it is typed vhkg:Assessment and vhkg:Patient"),
        (
            "<urn:a> a vhkg:Patien .",
            "line 8, node 'urn:a': the class 'vhkg:Patien' is not allowed; did you mean Patient",
        ),
        ("<urn:a> a 'Patient' .", "the class 'Patient' is not allowed"),
        ("<urn:a> a vhkg:Patient ; vhkg:hasPresentatoin [] .", "did you mean hasPresentation"),
        (
            PATIENT.replace("Redness", "Rednes"),
            "line 11, node 'urn:example:one': unknown finding 'vhkg:Rednes'; did you mean Redness",
        ),
        (
            PATIENT.replace("vhkg:Present .", "vhkg:Presnt ."),
            "the status 'vhkg:Presnt' is not allowed; did you mean Present",
        ),
        ("<data:text/plain,a> a vhkg:Patient .", "has a scheme that is not allowed"),
        ("<urn:a> a vhkg:Patient ; rdfs:label 'a\\u001B[2J' .", "an unprintable character U+001B"),
        ("<urn:a\\u202E> a vhkg:Patient .", "an unprintable character U+202E"),
        ("<urn:a> a vhkg:Patient ; rdfs:label 'a'@x-abcdefghijk .", ""),
        ("<urn:a> a vhkg:Patient ; rdfs:label '" + "a" * 2001 + "' .", "a text is longer than 2000 characters"),
        (
            "<urn:a> a vhkg:Patient ; vhkg:hasAssessment _:b . _:b a vhkg:Assessment ; vhkg:hasAssessment _:b .",
            "lead back to themselves",
        ),
        (
            "<urn:a> a vhkg:Patient . _:a a vhkg:Presentation ; vhkg:hasAssessment _:c ."
            " _:b a vhkg:Presentation ; vhkg:hasAssessment _:c ."
            " _:c a vhkg:Assessment .",
            "a blank node is the value of two blank nodes",
        ),
    ],
)
def test_faults_are_named(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read_graph(turtle(text), small_vocabulary())
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    "date",
    ["2026-02-30", "2026-1-1", "2026-01-01Z", "2026-01-01+01:00", "-0001-01-01", "12026-01-01", "0000-01-01", ""],
)
def test_a_date_must_be_a_day(date: str) -> None:
    with pytest.raises(InputError, match="is not a valid xsd:date; write the date as YYYY-MM-DD"):
        read_graph(turtle(PATIENT + f"<urn:example:one> vhkg:assessedOn '{date}'^^xsd:date ."), small_vocabulary())
