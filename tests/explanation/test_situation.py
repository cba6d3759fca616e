"""Situations: the law of forgetting, caps that only weaken, and assumptions that overrule the record."""

from __future__ import annotations

import pytest

from tests.states import factors, random_states, situation
from tests.support import answer, shipped, statuses
from vhkg.errors import UnknownName, UsageError
from vhkg.model.answer import Status

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
STATES = random_states(DECIDER, KNOWLEDGE.compiled.table, 150, seed=3)
# After forgetting, a base status may be itself or one of these.
WEAKER = {
    Status.UNDETERMINED: set(),
    Status.PROVISIONAL: {Status.UNDETERMINED},
    Status.APPLIES: {Status.UNDETERMINED, Status.PROVISIONAL},
    Status.ADVISED_AGAINST: {Status.UNDETERMINED, Status.PROVISIONAL},
    Status.DOES_NOT_APPLY: {Status.UNDETERMINED, Status.PROVISIONAL},
}


@pytest.mark.parametrize("literals", STATES, ids=str)
def test_forgetting_never_strengthens(literals: tuple[int, ...]) -> None:
    now = situation(DECIDER, literals)
    for forgotten in literals:
        then = situation(DECIDER, tuple(literal for literal in literals if literal != forgotten))
        for name, assessed in now.assessed.items():
            assert then.assessed[name].base in {assessed.base, *WEAKER[assessed.base]}


@pytest.mark.parametrize("literals", STATES, ids=str)
def test_caps_only_weaken_and_spare_cautions(literals: tuple[int, ...]) -> None:
    without = situation(DECIDER, tuple(literal for literal in literals if abs(literal) not in factors(DECIDER)))
    for factor in factors(DECIDER):
        capped = without.assume([factor])
        for name, assessed in capped.assessed.items():
            if assessed.status is not assessed.base:
                assert (assessed.base, assessed.status) == (Status.APPLIES, Status.PROVISIONAL)
                assert assessed.not_addressed
                assert DECIDER.recommendation[name].direction == "for"


def test_an_assumption_overrules_what_contradicts_it() -> None:
    facts = {"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"}
    found = statuses(answer(facts, assume={"NeurologicalDeficit": True}))
    assert found["DecompressionWithPreoperativeEmbolization"] == "applies"
    assert found["PercutaneousVertebroplastyFirstLine"] == "does-not-apply"
    painless = statuses(answer(facts, assume={"Pain": False}))
    assert painless["PercutaneousVertebroplastyFirstLine"] == "does-not-apply"


def test_contradictory_assumptions_are_refused() -> None:
    with pytest.raises(UsageError, match="contradict each other"):
        answer({"VertebralHemangioma": "present"}, assume={"Pain": False, "BackPain": True})


@pytest.mark.parametrize(
    ("readings", "message"),
    [
        ({"CandidacyRead": "CandidacyExcludes"}, "did you mean CandidacyReading"),
        ({"CandidacyReading": "Excludes"}, "no alternative of CandidacyReading"),
    ],
)
def test_unknown_readings(readings: dict[str, str], message: str) -> None:
    with pytest.raises((UnknownName, UsageError), match=message):
        answer({"VertebralHemangioma": "present"}, readings=readings)
