from __future__ import annotations

import msgspec
import pytest

from tests.rendering.four import FOUR, deficit_with_extension, pain_deficit_not_recorded, pain_without_deficit
from tests.rendering.samples import content
from vhkg.rendering.layout import columns
from vhkg.rendering.whatif import render_what_if


def flat(text: str) -> str:
    return " ".join(text.split())


def test_nothing_changes() -> None:
    made = pain_without_deficit()
    assert "No status changes." in render_what_if(made, [("same", made)], content())


def test_one_branch_tells_statuses_and_questions() -> None:
    text = render_what_if(pain_deficit_not_recorded(), [("deficit present", deficit_with_extension())], content(), 110)
    assert "ADVISED AGAINST? ASK" in text
    assert "If deficit present: new questions: spinal instability" in flat(text)
    assert "If deficit present: no longer asked: neurological deficit" in flat(text)


@pytest.mark.parametrize("width", [60, 80, 110])
def test_branches_side_by_side_fit_the_width(width: int) -> None:
    branches = [("present", deficit_with_extension()), ("absent", pain_without_deficit())]
    text = render_what_if(pain_deficit_not_recorded(), branches, content(), width)
    assert max(columns(line) for line in text.splitlines()) <= width
    assert "IF present: First line" in text
    assert content().article.disclaimer in flat(text)


def test_labels_are_made_harmless() -> None:
    made = msgspec.structs.replace(FOUR["a"](), patient="p\x1b")
    text = render_what_if(made, [("x\u202e", FOUR["b"]())], content())
    assert all(line.isprintable() for line in text.split("\n"))
