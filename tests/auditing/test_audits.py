"""Audits: each label and reason, the seven published cases as read by hand, and that later facts never count."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.records import random_record, subject_finding
from tests.support import ROOT, shipped
from vhkg.auditing import audit, audit_document
from vhkg.intake import document
from vhkg.model.audit import AuditEntry, AuditLabel, AuditReason

FOLDER = ROOT / "tests" / "audits"
LABELS: dict[str, Any] = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["cases"]
PUBLISHED: list[dict[str, Any]] = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))["cases"]
KNOWLEDGE = shipped()


def _rows(rows: list[list[str]]) -> list[dict[str, str]]:
    return [
        {"patient": "p", "presentation": lesion, "finding": finding, "status": status, "date": date}
        for lesion, finding, status, date in rows
    ]


def _audit(rows: list[dict[str, str]], **readings: str) -> list[AuditEntry]:
    return [entry for patient in KNOWLEDGE.read(rows) for entry in audit(KNOWLEDGE, patient, readings).entries]


def _short(entry: AuditEntry) -> list[str]:
    date = entry.date.isoformat() if entry.date else ""
    return [date, entry.label.value, entry.reason.value, entry.recommendation]


@pytest.mark.parametrize("name", LABELS)
def test_label_and_reason(name: str) -> None:
    assert [_short(entry) for entry in _audit(_rows(LABELS[name]["rows"]))] == LABELS[name]["expected"]


def test_every_label_and_every_reason_has_a_case() -> None:
    expected = [entry for case in LABELS.values() for entry in case["expected"]]
    assert {entry[1] for entry in expected} == set(AuditLabel)
    assert {entry[2] for entry in expected} == set(AuditReason) - {AuditReason.INVALID}


@pytest.mark.source
@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["case"])
def test_published_case(case: dict[str, Any]) -> None:
    """The findings are those of the shared list of cases; what was given is encoded by hand from its words."""
    listed = (ROOT.parent / "shared" / "cases" / "published-cases.jsonl").read_text(encoding="utf-8").splitlines()
    (published,) = (found for line in listed if (found := json.loads(line))["id"] == case["case"])
    assert case["quoted"] == published["treatment_given"]
    facts = published["presentations"][0]["facts"]
    rows = [["", finding, status, "2026-01-01"] for finding, status in facts.items()]
    rows += [["", name, "present", day] for day, names in case["given"] for name in names]
    assert [_short(entry)[1:] for entry in _audit(_rows(rows))] == case["expected"]


def test_all_seven_are_there() -> None:
    assert len(PUBLISHED) == 7
    assert all(case["why"] for case in PUBLISHED)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_dated_after_a_treatment_never_counts(seed: int) -> None:
    """Dropping it, or turning it round, changes nothing but the list of what was not counted."""
    rows = random_record(seed, KNOWLEDGE.compiled.vocabulary, subject_finding(KNOWLEDGE))
    treatments = [name for name, finding in KNOWLEDGE.content.findings.items() if finding.audited]
    lesion = max(row["presentation"] for row in rows)
    day = "2026-10-20"
    rows = [row for row in rows if row["finding"] not in treatments]
    rows.append(
        {
            "patient": "p",
            "presentation": lesion,
            "finding": random.Random(seed).choice(treatments),
            "status": "present",
            "date": day,
        }
    )
    earlier = [row for row in rows if row["date"] <= day]
    turned = [
        {**row, "status": "absent" if row["status"] == "present" else "present"} if row["date"] > day else row
        for row in rows
    ]
    expected = [_said(entry) for entry in _audit(earlier) if entry.presentation == lesion]
    assert len(expected) == 1
    for changed in (rows, turned):
        assert [_said(entry) for entry in _audit(changed) if entry.presentation == lesion] == expected


def _said(entry: AuditEntry) -> dict[str, Any]:
    said = {name: getattr(entry, name) for name in entry.__struct_fields__}
    said.pop("later")
    return said


def test_what_was_not_counted_is_named() -> None:
    rows = LABELS["the deciding fact is recorded after the treatment"]["rows"]
    (entry,) = _audit(_rows(rows))
    assert [fact.finding for fact in entry.later] == ["NeurologicalDeficit"]
    assert "NeurologicalDeficit" in entry.ask


def test_undated_facts_count_and_are_named() -> None:
    rows = [[*row[:3], "" if row[1] == "BackPain" else row[3]] for row in LABELS["first line"]["rows"]]
    (entry,) = _audit(_rows(rows))
    assert entry.label is AuditLabel.FIRST_LINE
    assert [fact.finding for fact in entry.undated] == ["BackPain"]


def test_a_reading_can_change_the_label() -> None:
    rows = _rows(
        [
            ["T9", "VertebralHemangioma", "present", "2026-01-01"],
            ["T9", "BackPain", "present", "2026-01-01"],
            ["T9", "NeurologicalDeficit", "absent", "2026-01-01"],
            ["T9", "ExtraosseousExtension", "present", "2026-01-01"],
            ["T9", "TransarterialEmbolization", "present", "2026-01-10"],
        ]
    )
    assert _audit(rows)[0].label is AuditLabel.NOT_NAMED
    (entry,) = _audit(rows, IntraosseousReading="IntraosseousDescribesEvidence")
    assert entry.label is AuditLabel.OTHER_OPTION


def test_lesions_without_a_treatment_are_listed_and_labels_counted() -> None:
    patients = KNOWLEDGE.read(_rows(LABELS["two lesions"]["rows"]))
    made = audit_document(KNOWLEDGE, [audit(KNOWLEDGE, patient) for patient in patients])
    assert [lesion.lesion for lesion in made.without_treatment] == ["L1"]
    assert made.counts[AuditLabel.ADVISED_AGAINST] == 1
    assert sum(made.counts.values()) == 1


def test_treatments_that_the_article_does_not_mention_belong_to_no_recommendation() -> None:
    unmentioned = {n for n, f in KNOWLEDGE.content.findings.items() if f.audited and "does not mention" in f.scope_note}
    assert len(unmentioned) == 5
    used = {r.target for r in KNOWLEDGE.content.recommendations}
    used |= {step.intervention for plan in KNOWLEDGE.content.plans.values() for step in plan.steps}
    assert unmentioned.isdisjoint(used)


TWO_DATES = b"""
@prefix : <https://w3id.org/vhkg/ontology#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://e.org/p> a :Patient ; :hasPresentation <https://e.org/p/t9> .
<https://e.org/p/t9> a :Presentation ; :hasAssessment [ a :Assessment ; :ofFinding :Laminectomy ; :status :Present ;
    :assessedOn "2026-01-02"^^xsd:date ] , [ a :Assessment ; :ofFinding :BackPain ; :status :Present ;
    :assessedOn "2026-01-01"^^xsd:date , "2026-01-02"^^xsd:date ] .
"""


def test_a_record_that_does_not_conform_is_not_assessed() -> None:
    (patient,) = KNOWLEDGE.read(document("a.ttl", TWO_DATES))
    (entry,) = audit(KNOWLEDGE, patient).entries
    assert (entry.label, entry.reason) == (AuditLabel.NOT_ASSESSABLE, AuditReason.INVALID)
