"""Each tension of the article that was found in reading is carried by something that answers can show."""

from __future__ import annotations

import pytest

from tests.support import ROOT, shipped
from vhkg.model.content import ModellingDecision, Reading

LINES = (ROOT / "tests" / "data" / "tensions.tsv").read_text(encoding="utf-8").splitlines()
TENSIONS = dict(line.split("\t") for line in LINES if not line.startswith("#"))
CONTENT = shipped().content


def test_all_of_them_are_listed() -> None:
    assert list(TENSIONS) == [f"T{number}" for number in range(1, 32)]


@pytest.mark.parametrize("tension", TENSIONS)
def test_a_tension_is_carried(tension: str) -> None:
    shown: dict[str, Reading | ModellingDecision] = {**CONTENT.readings, **CONTENT.decisions}
    named = {silence.name for silence in CONTENT.silences} | {limit.name for limit in CONTENT.limits}
    carriers = TENSIONS[tension].split()
    assert carriers
    for name in carriers:
        assert name in shown or name in named
        if name in shown:
            assert shown[name].tension
            assert set(shown[name].concerns) <= set(CONTENT.statements)


def test_every_decision_carries_a_tension_of_the_list_or_says_how_something_was_modelled() -> None:
    """A decision that no list asked for came from modelling; it must concern sentences of the article all the same."""
    for decision in CONTENT.decisions.values():
        assert decision.decision
        assert decision.concerns
