"""The readings that a status rests on, against brute force over every combination of alternatives."""

from __future__ import annotations

from itertools import product

import pytest

from tests.states import random_states, situation
from tests.support import answer, shipped
from vhkg.explanation.readings import dependence
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
STATES = random_states(DECIDER, KNOWLEDGE.compiled.table, 12, seed=7)
READINGS = {name: [a.name for a in reading.alternatives] for name, reading in KNOWLEDGE.content.readings.items()}
COMBINATIONS = [dict(zip(READINGS, choice, strict=True)) for choice in product(*READINGS.values())]


def _statuses(now: Situation) -> dict[str, Status]:
    return {name: assessed.status for name, assessed in now.assessed.items()}


@pytest.mark.parametrize("literals", STATES, ids=str)
def test_against_brute_force(literals: tuple[int, ...]) -> None:
    now = situation(DECIDER, literals)
    everywhere = [_statuses(now.read(combination)) for combination in COMBINATIONS]
    for rule in DECIDER.rules:
        found = dependence(now, rule)
        status = now.assessed[rule.name].status
        assert found.everywhere == all(each[rule.name] is status for each in everywhere)
        flips = {
            (name, option): _statuses(now.read({name: option}))[rule.name]
            for name, options in READINGS.items()
            for option in options
            if option != now.readings[name]
        }
        changing = {flip: after for flip, after in flips.items() if after is not status}
        assert {(r.id, option): after for r in found.readings for option, after in r.changes.items()} == changing


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
