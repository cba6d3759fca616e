"""What changes nothing, against answers to the record with the fact in it."""

from __future__ import annotations

import pytest

from tests.support import shipped
from vhkg.answering.influence import between, idle
from vhkg.model.answer import Answer
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord

RECORDS: dict[str, dict[str, str]] = {
    "nothing": {},
    "pain": {"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"},
    "deficit": {"VertebralHemangioma": "present", "NeurologicalDeficit": "present", "SpinalStenosis": "present"},
    "pregnant": {"VertebralHemangioma": "present", "NeurologicalDeficit": "present", "Pregnancy": "present"},
    "refuted": {"VertebralHemangioma": "absent"},
}


def record(facts: dict[str, str]) -> PatientRecord:
    made = tuple(Assertion(finding=name, status=AssertionStatus(status)) for name, status in facts.items())
    return PatientRecord(file="f", patient="p", presentations=(PresentationRecord(name="", assertions=made),))


def answered(facts: dict[str, str]) -> Answer:
    knowledge = shipped()
    return knowledge.answer(knowledge.admit(record(facts)), presentation="")[0]


def shown(found: Answer) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {each.id: (each.status, each.not_addressed) for each in found.recommendations}


@pytest.mark.parametrize("facts", RECORDS.values(), ids=RECORDS)
def test_what_is_idle_changes_no_status_and_all_else_changes_one(facts: dict[str, str]) -> None:
    knowledge = shipped()
    now = answered(facts)
    found = idle(knowledge.decider, record(facts), "", readings=now.readings, as_of=None)
    assert found
    assert found < set(knowledge.content.findings)
    for name in knowledge.content.findings:
        without = {each: status for each, status in facts.items() if each != name}
        others = [answered(without), *(answered(without | {name: status}) for status in ("present", "absent"))]
        others = [each for each in others if not each.conflicts]
        same = all(shown(each) == shown(now) for each in others)
        assert same or name not in found, name
        assert name in found or not same or len(others) < 3, name


def test_the_difference_of_two_answers_is_what_a_question_says_of_it() -> None:
    facts = RECORDS["pain"]
    now = answered(facts)
    assert now.ask
    for question in now.ask:
        for status, effect in (("present", question.if_present), ("absent", question.if_absent)):
            told = between(now, answered(facts | {question.finding: status}))
            assert (set(told.gained), set(told.lost)) == (set(effect.gained), set(effect.lost))
    assert between(now, now) == between(answered({}), answered({}))
