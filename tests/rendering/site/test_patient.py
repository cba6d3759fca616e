"""The Patient page as values: colours that only repeat words, marks that say where a fact came from."""

from __future__ import annotations

import datetime
import itertools

import pytest

from tests.support import shipped
from vhkg.model.answer import Answer, Status
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.rendering.screen import Screen
from vhkg.rendering.site.patient import screen_of, sentence_report, shown
from vhkg.rendering.site.patient_answer import answer_view, card
from vhkg.rendering.site.patient_facts import Entered, groups
from vhkg.rendering.site.patient_readings import mattering, shown_readings

CONTENT = shipped().content
DEFAULTS = {name: each.default for name, each in CONTENT.readings.items()}
DAY = datetime.date(2026, 1, 2)
DECIDING = ("VertebralHemangioma", "NeurologicalDeficit", "BackPain", "Pregnancy")
STATES = [
    {name: status for name, status in zip(DECIDING, chosen, strict=True) if status}
    for chosen in itertools.product(("present", "absent", ""), repeat=len(DECIDING))
]


def answered(facts: dict[str, str], **readings: str) -> Answer:
    made = tuple(Assertion(finding=name, status=AssertionStatus(status), date=DAY) for name, status in facts.items())
    record = PatientRecord(file="f", patient="p", presentations=(PresentationRecord(name="", assertions=made),))
    return shipped().answer(shipped().admit(record), readings=readings)[0]


def screen(facts: dict[str, str], **readings: str) -> Screen:
    return screen_of(shipped().document([answered(facts, **readings)]), CONTENT)


@pytest.mark.parametrize("facts", STATES, ids=lambda facts: "-".join(f"{k[:4]}{v[:1]}" for k, v in facts.items()))
def test_every_line_stands_once_and_its_colour_says_no_more_than_its_words(facts: dict[str, str]) -> None:
    found = screen(facts)
    view = answer_view(found)
    blocks = (view.treatments, view.left, view.companions, view.companions_open, view.cautions, view.refused_cards)
    names = [each.name for block in blocks for each in block]
    assert len(names) == len(set(names))
    expected = {each.id for each in found.answer.recommendations if each.direction == "for"}
    refused = {each.id for each in found.answer.recommendations if each.status is Status.DOES_NOT_APPLY}
    if facts.get("VertebralHemangioma") != "absent":
        assert expected - refused <= set(names)
    for given in found.answer.recommendations:
        shown_card = card(found, given)
        assert (shown_card.tone == "good") == shown_card.status.startswith("APPLIES")
        assert (shown_card.tone == "warn") == shown_card.status.startswith("NOT CONFIRMED")
        assert shown_card.tone == "bad" or not shown_card.status.startswith("ADVISED AGAINST")
        assert (given.direction == "against") == (given.id in {each.id for each in found.cautions()}) or (
            given.status is Status.DOES_NOT_APPLY
        )


def test_a_flipped_reading_can_be_flipped_back_wherever_it_no_longer_matters() -> None:
    name, other = "FactorReading", "FactorOnlyFlags"
    found = answered({"VertebralHemangioma": "absent"}, **{name: other})
    assert name not in mattering(found)
    assert shown_readings(found, DEFAULTS) == [name]


def test_marks_name_the_codes_of_a_file_harmlessly() -> None:
    hostile = Assertion(
        finding="BackPain", status=AssertionStatus.PRESENT, date=DAY, origin="Condition/\u202e1", codes=("HP:1",)
    )
    rows = {
        row.name: row
        for group in groups(CONTENT, None, {"BackPain": Entered(status="present", file=(hostile,))}, {"Pain"})
        for row in group.rows
    }
    assert rows["BackPain"].marks == ("from the file: Condition/\\u202e1 · HP:1 · present, 2 Jan 2026",)
    assert rows["Pain"].idle
    assert not rows["BackPain"].idle
    assert set(rows) == set(CONTENT.findings)


def test_an_intervention_is_done_or_not_done() -> None:
    kinds = {group.done: {row.choices for row in group.rows} for group in groups(CONTENT, None, {}, ())}
    assert kinds[True] == {(("present", "done"), ("absent", "not done"), ("", "not recorded"))}
    assert kinds[False] == {(("present", "present"), ("absent", "absent"), ("", "not recorded"))}


def test_words_for_patients_are_grouped_and_complete() -> None:
    facts = {"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"}
    found = screen(facts)
    plain = shown(found, "patient").plain
    assert shown(found, "clinician").plain == ()
    assert [each.kind for each in plain[:3]] == ["title", "preface", "notice"]
    lists = [each.items for each in plain if each.kind == "list"]
    assert all(lists)
    assert any(under for items in lists for _, under in items)


@pytest.mark.parametrize("name", sorted(CONTENT.statements))
def test_a_report_can_be_made_on_every_sentence(name: str) -> None:
    report = sentence_report(shipped().document(()), CONTENT, name)
    assert report is not None
    assert CONTENT.statements[name].quote in report.text
    assert shipped().compiled.digest in report.text
