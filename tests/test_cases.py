"""Whole cases as data: a patient file and what the answer must be. The published ones are seven patients of the
literature, with the status of every treatment as read from the article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import shipped, statuses
from vhkg.model.answer import Answer

CASES = sorted((Path(__file__).parent / "cases").iterdir())
PUBLISHED = {"v01", "v03", "v11", "v15", "v19", "v34", "v36"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    answers = {answer.presentation: answer for answer in shipped().recommend(case / "patient.csv")}
    assert set(answers) == set(expected["presentations"])
    for name, wanted in expected["presentations"].items():
        _compare(answers[name], wanted)


def _compare(answer: Answer, wanted: dict[str, Any]) -> None:
    found = statuses(answer)
    assert {name: found[name] for name in wanted["statuses"]} == wanted["statuses"]
    assert answer.verdict == wanted["verdict"]
    if "ask" in wanted:
        assert [question.finding for question in answer.ask][: len(wanted["ask"]) or None] == wanted["ask"]
    assert set(wanted.get("silent", ())) <= {silence.id for silence in answer.silent}
    assert set(wanted.get("flags", ())) <= set(answer.flags)
    assert [[fact.finding for fact in c.facts] for c in answer.conflicts] == wanted.get("conflicts", [])
    assert [entry.fact.finding for entry in answer.superseded] == wanted.get("superseded", [])
    assert list(answer.which_lesion) == wanted.get("which_lesion", [])


def test_every_published_case_is_here() -> None:
    assert {case.name.removeprefix("published-") for case in CASES if case.name.startswith("published-")} == PUBLISHED
