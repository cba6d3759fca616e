"""The readings that a status rests on, against brute force over every combination of alternatives."""

from __future__ import annotations

import random
from itertools import product
from typing import TypeAlias

import pytest

from tests.evidence import record
from tests.states import random_states, situation
from tests.support import answer, shipped
from vhkg.explanation.readings import dependence
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status

_Change: TypeAlias = tuple[frozenset[tuple[str, str]], Status]
KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
READINGS = {name: [a.name for a in reading.alternatives] for name, reading in KNOWLEDGE.content.readings.items()}
COMBINATIONS = [dict(zip(READINGS, choice, strict=True)) for choice in product(*READINGS.values())]
SEEDS = range(8)
STATES_OF_A_SEED = 40
_COMMAND = "pytest tests/explanation/test_readings.py"


def _statuses(now: Situation) -> dict[str, Status]:
    return {name: assessed.status for name, assessed in now.assessed.items()}


def _smallest(now: Situation, everywhere: list[tuple[dict[str, str], dict[str, Status]]], rule: str) -> set[_Change]:
    """By definition: of all combinations that give another status, those whose changes contain no other's."""
    status = now.assessed[rule].status
    changing = {
        frozenset(combination.items() - now.readings.items()): found[rule]
        for combination, found in everywhere
        if found[rule] is not status
    }
    return {(change, after) for change, after in changing.items() if not any(other < change for other in changing)}


def _differences(now: Situation) -> list[str]:
    everywhere = [(combination, _statuses(now.read(combination))) for combination in COMBINATIONS]
    found = []
    for rule in DECIDER.rules:
        shown = dependence(now, rule)
        expected = _smallest(now, everywhere, rule.name)
        alone = {(next(iter(change)), after) for change, after in expected if len(change) == 1}
        mattering = {name for change, _ in expected for name, _ in change}
        same = (
            {(frozenset(change.readings.items()), change.status) for change in shown.changes} == expected
            and len(shown.changes) == len(expected)
            and shown.everywhere is not bool(expected)
            and {((r.id, option), after) for r in shown.readings for option, after in r.changes.items()} == alone
            and {reading.id for reading in shown.readings if reading.matters} == mattering
        )
        if not same:
            found.append(f"{rule.name} at {now.literals} read as {now.readings}")
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_smallest_changes_are_those_of_brute_force(seed: int) -> None:
    """Every combination of all readings, from random choices of readings as well as from the defaults."""
    generator = random.Random(seed)
    wrong, together = [], 0
    for literals in random_states(DECIDER, KNOWLEDGE.compiled.table, STATES_OF_A_SEED, seed=seed):
        chosen = {} if generator.random() < 0.5 else {n: generator.choice(options) for n, options in READINGS.items()}
        now = situation(DECIDER, literals, **chosen)
        wrong += _differences(now)
        together += sum(len(c.readings) > 1 for rule in DECIDER.rules for c in dependence(now, rule).changes)
    cases = STATES_OF_A_SEED * len(DECIDER.rules)
    record("readings", f"seed-{seed}", cases=cases, disagreements=wrong, command=_COMMAND, seed=seed)
    assert wrong == []
    assert together > 0


def test_a_change_of_two_readings_together() -> None:
    """A pathological fracture alone: it must count, and the branches by extent must be open without a deficit."""
    found = answer({"VertebralHemangioma": "present", "PathologicalFracture": "present"})
    screws = {r.id: r for r in found.recommendations}["DecompressionWithScrewStabilization"]
    assert screws.status is Status.UNDETERMINED
    (change,) = screws.reading_changes
    assert change.readings == {
        "ExtentReading": "ExtentWithoutDeficitToo",
        "FractureReading": "PathologicalFractureCounts",
    }
    assert change.status is Status.APPLIES
    assert not any(reading.changes for reading in screws.readings)
    again = answer({"VertebralHemangioma": "present", "PathologicalFracture": "present"}, readings=change.readings)
    assert {r.id: r for r in again.recommendations}["DecompressionWithScrewStabilization"].status is Status.APPLIES


SWITCHES: list[tuple[dict[str, str], dict[str, str], str, str, str]] = [
    ({"BackPain": "present", "NeurologicalDeficit": "absent", "VertebroplastyCandidacy": "absent"},
     {"CandidacyReading": "CandidacyGuidesRadiationOnly"}, "PercutaneousVertebroplastyFirstLine",
     "does-not-apply", "applies"),
    ({"BackPain": "present", "NeurologicalDeficit": "absent", "ExtraosseousExtension": "present"},
     {"IntraosseousReading": "IntraosseousDescribesEvidence"}, "TransarterialEmbolizationAlone",
     "does-not-apply", "applies"),
    ({"NeurologicalDeficit": "absent", "ExtraosseousExtension": "present"},
     {"ExtentReading": "ExtentWithoutDeficitToo"}, "VertebrectomyWithEmbolizationAndReconstruction",
     "does-not-apply", "applies"),
    ({"RadicularPain": "present", "BackPain": "absent", "NeurologicalDeficit": "absent"},
     {"RadicularPainReading": "RadicularDoesNotCount"}, "PercutaneousVertebroplastyFirstLine",
     "provisional", "does-not-apply"),
    ({"NeurologicalDeficit": "present", "PathologicalFracture": "present"},
     {"FractureReading": "PathologicalFractureCounts"}, "DecompressionWithScrewStabilization",
     "undetermined", "applies"),
    ({"NeurologicalDeficit": "absent", "BackPain": "present"},
     {"SurgeryReading": "SurgeryWheneverSymptomatic"}, "AvoidEnBlocResection",
     "does-not-apply", "advised-against"),
    ({"NeurologicalDeficit": "present"},
     {"EmbolizationReading": "EmbolizationOnlyIfRecorded"}, "AngiographyBeforeEmbolization",
     "applies", "undetermined"),
    ({"NeurologicalDeficit": "present", "Laminectomy": "present"},
     {"LaminectomyReading": "LaminectomyDoesNotCount"}, "DecompressionWithPreoperativeEmbolization",
     "provisional", "applies"),
    ({"NeurologicalDeficit": "present", "Pregnancy": "present"},
     {"FactorReading": "FactorOnlyFlags"}, "DecompressionWithPreoperativeEmbolization",
     "provisional", "applies"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "reading", "recommendation", "default", "other"), SWITCHES, ids=[next(iter(case[1])) for case in SWITCHES]
)
def test_each_switch_changes_a_status(
    facts: dict[str, str], reading: dict[str, str], recommendation: str, default: str, other: str
) -> None:
    facts = {"VertebralHemangioma": "present", **facts}
    before = {r.id: r for r in answer(facts).recommendations}[recommendation]
    after = {r.id: r for r in answer(facts, readings=reading).recommendations}[recommendation]
    assert (before.status, after.status) == (default, other)
    ((name, alternative),) = reading.items()
    shown = {r.id: r for r in before.readings}[name]
    assert shown.matters
    assert shown.changes[alternative] == other
    assert not before.holds_under_every_reading


def test_every_reading_has_such_a_case() -> None:
    assert {name for _, reading, *_ in SWITCHES for name in reading} == set(KNOWLEDGE.content.readings)


def test_a_factor_that_only_flags_is_still_named() -> None:
    found = answer(
        {"VertebralHemangioma": "present", "NeurologicalDeficit": "present", "Pregnancy": "present"},
        readings={"FactorReading": "FactorOnlyFlags"},
    )
    decompression = {r.id: r for r in found.recommendations}["DecompressionWithPreoperativeEmbolization"]
    assert decompression.not_addressed == ("Pregnancy",)
    assert "reading:FactorReading=FactorOnlyFlags" in found.flags
