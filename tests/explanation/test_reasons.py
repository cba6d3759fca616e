"""Why: minimal sufficient reasons among the recorded facts; and the least facts that would decide."""

from __future__ import annotations

import datetime

import pytest

from tests.states import random_states, situation
from tests.support import answer, shipped
from vhkg.explanation.reasons import completions
from vhkg.model.answer import FactShown, RecommendationAnswer, Status

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
STATES = random_states(DECIDER, KNOWLEDGE.compiled.table, 40, seed=11)
PAINFUL = {"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"}


def _one(facts: dict[str, str], name: str) -> RecommendationAnswer:
    return {r.id: r for r in answer(facts).recommendations}[name]


def _words(facts: tuple[FactShown, ...]) -> set[str]:
    return {f"{fact.finding}={fact.status}" for fact in facts}


def test_reasons_are_the_recorded_facts_that_suffice() -> None:
    facts = {**PAINFUL, "ExtraosseousExtension": "absent"}
    found = _one({**facts, "HighVascularity": "present"}, "TransarterialEmbolizationAlone")
    assert [_words(reason) for reason in found.because] == [{f"{name}={status}" for name, status in facts.items()}]


def test_each_of_several_reasons_is_given() -> None:
    facts = {"VertebralHemangioma": "absent", "NeurologicalDeficit": "absent"}
    found = _one(facts, "DecompressionWithPreoperativeEmbolization")
    assert [_words(reason) for reason in found.because] == [{f"{name}={status}"} for name, status in facts.items()]


def test_reasons_carry_dates() -> None:
    rows = [{"patient": "p", "finding": f, "status": s, "date": "2026-11-02"} for f, s in PAINFUL.items()]
    (found,) = KNOWLEDGE.recommend(rows)
    (reason,) = found.recommendations[0].because
    assert {fact.date for fact in reason} == {datetime.date(2026, 11, 2)}


def test_what_would_confirm_and_what_would_refute() -> None:
    found = _one(PAINFUL, "PercutaneousVertebroplastyFirstLine")
    assert found.status is Status.PROVISIONAL
    assert [_words(facts) for facts in found.confirm] == [{"VertebroplastyCandidacy=present"}]
    assert [_words(facts) for facts in found.refute] == [{"VertebroplastyCandidacy=absent"}]


@pytest.mark.parametrize("literals", STATES, ids=str)
def test_completions_complete_and_are_minimal(literals: tuple[int, ...]) -> None:
    now = situation(DECIDER, literals)
    for rule in DECIDER.rules:
        for value in (True, False):
            for further in completions(now, rule.name, value):
                assert now.assume(further).holds(rule.name) is value
                for dropped in further:
                    rest = tuple(literal for literal in further if literal != dropped)
                    assert now.assume(rest).holds(rule.name) is not value


@pytest.mark.parametrize("literals", STATES, ids=str)
def test_each_reason_alone_suffices(literals: tuple[int, ...]) -> None:
    facts = {DECIDER.evaluator.atom(x).name: "present" if x > 0 else "absent" for x in literals}
    for found in answer(facts).recommendations:
        for reason in found.because:
            alone = answer({fact.finding: fact.status for fact in reason} or {"Pregnancy": "unknown"})
            assert {r.id: r.base_status for r in alone.recommendations}[found.id] is found.base_status
