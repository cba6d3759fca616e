"""Remembered explanations are those that would be made anew, whatever was explained before."""

from __future__ import annotations

import pytest

from tests.states import random_states, situation
from tests.support import shipped
from vhkg.explanation import explanations
from vhkg.explanation.explanations import Explanations

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
STATES = random_states(DECIDER, KNOWLEDGE.compiled.table, 400, seed=5)
FLIPPED = {"FactorReading": "FactorOnlyFlags", "ExtentReading": "ExtentWithoutDeficitToo"}


def test_remembering_changes_nothing() -> None:
    remembering = Explanations(DECIDER, KNOWLEDGE.compiled)
    for literals in STATES:
        for readings in ({}, FLIPPED):
            now = situation(DECIDER, literals, **readings)
            for rule in DECIDER.rules:
                fresh = Explanations(DECIDER, KNOWLEDGE.compiled).of(rule, now) if literals in STATES[::20] else None
                again = remembering.of(rule, now)
                assert again == remembering._explain(rule, now)
                assert fresh is None or again == fresh


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanations, "MOST_REMEMBERED", 10)
    remembering = Explanations(DECIDER, KNOWLEDGE.compiled)
    for literals in STATES[:20]:
        for rule in DECIDER.rules:
            remembering.of(rule, situation(DECIDER, literals))
            assert len(remembering._remembered) <= 10
