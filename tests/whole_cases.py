"""The whole cases: folders with a patient file and what the answer must be, and how an answer differs from that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.model.answer import Answer

FOLDER = Path(__file__).parent / "cases"


class Case(msgspec.Struct, frozen=True):
    """`expected` is by presentation; `readings` are chosen in place of the defaults."""

    name: str
    patient: Path
    readings: dict[str, str]
    expected: dict[str, dict[str, Any]]


def read_cases(folder: Path = FOLDER) -> list[Case]:
    cases = []
    for path in sorted(folder.iterdir()):
        wanted = json.loads((path / "expected.json").read_text(encoding="utf-8"))
        cases.append(Case(path.name, path / "patient.csv", wanted.get("readings", {}), wanted["presentations"]))
    return cases


def differences(case: Case, knowledge: Knowledge) -> list[str]:
    """What an answer of this knowledge says otherwise than the case expects, one sentence each."""
    answers = {answer.presentation: answer for answer in knowledge.recommend(case.patient, readings=case.readings)}
    if set(answers) != set(case.expected):
        return [f"the lesions are {sorted(answers)}, not {sorted(case.expected)}"]
    return [
        f"{name or 'the lesion'}: {text}"
        for name, wanted in case.expected.items()
        for text in _differing(answers[name], wanted)
    ]


def _differing(answer: Answer, wanted: dict[str, Any]) -> Iterator[str]:
    found = {given.id: given.status.value for given in answer.recommendations}
    for name, status in wanted["statuses"].items():
        if found.get(name) != status:
            yield f"{name} is {found.get(name)}, not {status}"
    asked = [question.finding for question in answer.ask]
    exact = {
        "verdict": answer.verdict.value,
        "conflicts": [[fact.finding for fact in conflict.facts] for conflict in answer.conflicts],
        "superseded": [entry.fact.finding for entry in answer.superseded],
        "which_lesion": list(answer.which_lesion),
    }
    if "ask" in wanted:
        exact["ask"] = asked[: len(wanted["ask"]) or None]
    if "first_line" in wanted:
        exact["first_line"] = [given.id for given in answer.recommendations if given.first_line]
    for key, value in exact.items():
        if value != wanted.get(key, []):
            yield f"{key} is {value}, not {wanted.get(key)}"
    for key, values in (("silent", {silence.id for silence in answer.silent}), ("flags", set(answer.flags))):
        for missing in sorted(set(wanted.get(key, ())) - values):
            yield f"{missing} is not in {key}"
