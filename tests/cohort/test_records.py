"""A batch says what the records say, no more and no less."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.cohort.batches import shown
from tests.patients.many_formats.codes import local, write_codes
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import NO_LESION, UNDATED
from vhkg.cohort.keys import keys_of
from vhkg.cohort.records import batch_of
from vhkg.intake import document

CSV = """patient,presentation,finding,status,date
b,T9,BackPain,present,2026-11-02
b,T9,Pregnancy,unknown,
b,,Pregnancy,absent,1969-12-31
b,L1,VertebralHemangioma,absent,2026-11-02
a,,VertebralHemangioma,present,1970-01-01
"""


def test_facts_are_places_of_names() -> None:
    knowledge = shipped()
    found = batch_of("x.csv", knowledge.read(document("x.csv", CSV.encode())), knowledge)
    findings = list(knowledge.content.findings)
    assert found.patients == ["a", "b"]
    assert found.lesions.patient.tolist() == [0, 1, 1]
    assert list(found.lesions.name) == list(found.lesions.label) == ["", "L1", "T9"]
    rows = zip(*(column.tolist() for column in found.facts), strict=True)
    day = datetime.date(2026, 11, 2).toordinal() - datetime.date(1970, 1, 1).toordinal()
    assert sorted(rows) == sorted(
        [
            (0, int(NO_LESION), findings.index("VertebralHemangioma"), 1, 0, False),
            (1, int(NO_LESION), findings.index("Pregnancy"), 0, -1, False),
            (1, 1, findings.index("VertebralHemangioma"), 0, day, False),
            (1, 2, findings.index("BackPain"), 1, day, False),
            (1, 2, findings.index("Pregnancy"), 2, int(UNDATED), False),
        ]
    )
    assert [(each.patient, each.result.severity) for each in found.checked] == [("b", "Info")]


def test_patients_that_do_not_conform_are_apart() -> None:
    knowledge = shipped()
    text = """@prefix vhkg: <https://w3id.org/vhkg/ontology#> .
<urn:x:bad> a vhkg:Patient ; vhkg:hasPresentation <urn:x:l2> , <urn:x:l1> .
<urn:x:l1> a vhkg:Presentation ; vhkg:hasAssessment <urn:x:a> . <urn:x:l2> a vhkg:Presentation .
<urn:x:a> a vhkg:Assessment ; vhkg:ofFinding vhkg:BackPain .
<urn:x:good> a vhkg:Patient ; vhkg:hasPresentation <urn:x:l3> . <urn:x:l3> a vhkg:Presentation .
"""
    found = batch_of("x.ttl", knowledge.read(document("x.ttl", text.encode())), knowledge)
    assert list(found.patients) == ["urn:x:good"]
    assert found.invalid == {"urn:x:bad": ("urn:x:l1", "urn:x:l2")}
    assert found.facts.patient.size == 0
    assert {each.patient for each in found.checked if each.result.severity == "Violation"} == {"urn:x:bad"}
    assert set(found.keys.tolist()) == set(keys_of(["urn:x:good", "urn:x:bad"]).tolist())


@pytest.mark.parametrize(
    ("code", "ambiguous"),
    [
        ("ICD10CM:D18.09", True),  # at a vertebra only
        ("MAXO:0000014", True),  # two terms
        ("vhkg:RadiationTherapy", False),
        ("BackPain", False),
    ],
)
def test_codes_that_mean_several_things_are_marked(code: str, *, ambiguous: bool) -> None:
    knowledge = shipped()
    rows = [{"patient": "p", "presentation": "T9", "finding": code, "status": "present"}]
    found = batch_of("x", knowledge.read(rows), knowledge)
    assert found.facts.ambiguous.tolist() == [ambiguous] * len(found.facts.ambiguous)
    assert found.facts.ambiguous.size


def test_codes_of_users_are_marked_too(tmp_path: Path) -> None:
    knowledge = Knowledge.load(codes=write_codes(tmp_path))
    codes = {local("BackPain").curie: False, f"HX:narrower-{local('BackPain').code}": True}
    for code, ambiguous in codes.items():
        patients = knowledge.read([{"patient": "p", "finding": code, "status": "present"}])
        assert batch_of("x", patients, knowledge).facts.ambiguous.tolist() == [ambiguous]


def test_a_report_is_counted_and_its_refusals_kept() -> None:
    knowledge = shipped()
    source = document(
        "x.ndjson",
        b'{"resourceType": "Patient", "id": "p"}\n{\n'
        b'{"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"},'
        b' "code": {"coding": [{"system": "http://x.example", "code": "1"}]}}\n',
    )
    read = knowledge.read_source(source)
    found = batch_of("x.ndjson", read.patients, knowledge, report=read.report)
    assert found.fates == {fate.value: read.report.total(fate) for fate in read.report.counts}
    assert found.fates["refused"] == 1
    assert sum(found.unmapped.values()) == found.fates["unmapped"] == 1
    assert [each.message for each in found.refused] == list(read.report.refusals)


def test_shown_facts_are_those_of_the_records() -> None:
    knowledge = shipped()
    patients = knowledge.read(document("x.csv", CSV.encode()))
    batch = batch_of("x.csv", patients, knowledge)
    assert shown(batch, knowledge).facts["b"] == sorted(
        (lesion, each.finding, each.status.value, each.date.isoformat() if each.date else "", False)
        for patient in patients
        if patient.record.patient == "b"
        for lesion, found in [
            ("", patient.record.assertions),
            *((each.name, each.assertions) for each in patient.record.presentations),
        ]
        for each in found
    )
