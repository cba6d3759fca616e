"""What is remembered is found again, and what depends on days is not remembered."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.patients.records import concept, condition, hospital, observation
from vhkg.cohort.fhir.memory import Memory
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.types import READ


def understood(memory: Memory, value: Any) -> list[tuple[str, Fate, int, tuple[str, ...]]]:
    found = memory.understood(msgspec.convert(value, READ[value["resourceType"]]), f"{value['resourceType']}/x")
    fate = memory.interpretation.fate
    return [(part, fate(outcome), len(outcome.facts), days[:3]) for part, outcome, days in found]


CASES: dict[str, tuple[Any, list[tuple[str, Fate, int, tuple[str, ...]]]]] = {
    "a code of no table": (observation("NONE", valueInteger=3), [("", Fate.UNMAPPED, 0, ("", "", ""))]),
    "a finding": (
        observation(valueBoolean=True, effectiveDateTime="2026-01-01"), [("", Fate.READ, 1, ("2026-01-01", "", ""))]
    ),
    "a condition": (
        condition(recordedDate="2026-01-01", onsetDateTime="2025"), [("", Fate.READ, 1, ("2026-01-01", "2025", ""))]
    ),
    "resolved after it began": (
        condition(clinical="resolved", onsetDateTime="2025-01-01", abatementDateTime="2026-01-01"),
        [("", Fate.READ, 2, ("", "2025-01-01", "2026-01-01"))],
    ),
    "resolved before it began": (
        condition(clinical="resolved", onsetDateTime="2026-01-01", abatementDateTime="2025-01-01"),
        [("", Fate.READ, 1, ("", "2026-01-01", "2025-01-01"))],
    ),
    "a panel of nothing": (
        observation("PANEL", component=[{"code": concept("X")}, {"code": concept("Y")}]),
        [("#component1", Fate.UNMAPPED, 0, ("", "", "")), ("#component2", Fate.UNMAPPED, 0, ("", "", ""))],
    ),
    "a modifier": (observation(modifierExtension=[{}], valueBoolean=True), [("", Fate.UNKNOWN, 1, ("", "", ""))]),
}  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), CASES.values(), ids=CASES)
def test_the_second_time_is_like_the_first(value: Any, expected: Any) -> None:
    memory = Memory(hospital(), "a")
    assert understood(memory, value) == expected
    assert understood(memory, value) == expected


def test_all_cases_with_one_memory() -> None:
    memory = Memory(hospital(), "a")
    for value, expected in [*CASES.values(), *CASES.values()]:
        assert understood(memory, value) == expected


def test_what_is_forgotten_is_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vhkg.cohort.fhir.memory._MOST", 0)
    memory = Memory(hospital(), "a")
    for value, expected in CASES.values():
        assert understood(memory, value) == expected
        memory.forget()
        assert len(memory.interpretation.lexicon.fates) == 0
        assert understood(memory, value) == expected
