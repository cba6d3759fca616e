"""What is compared of answers: everything but names of nodes and files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from tests.patients.many_formats.patient import Fact
from tests.patients.many_formats.plain import facts_csv, turtle
from vhkg.intake import Document, document
from vhkg.model.answer import Answer

Essence: TypeAlias = list[str]


def essence(answers: Iterable[Answer], *, lesions: bool = True) -> Essence:
    """All that is said, but for the names of file, patient and nodes, origins, and the order of equal facts."""
    found = []
    for answer in answers:
        said: dict[str, Any] = json.loads(json.dumps(answer.to_dict()))
        for name in ("file", "patient", "presentation", *(() if lesions else ("label",))):
            said.pop(name)
        for conflict in said["conflicts"]:
            conflict.pop("origins")
        for state in said["findings"].values():
            state.pop("from")
        for result in said["violations"]:
            result.pop("focusNode")
        said["violations"] = sorted(json.dumps(result, sort_keys=True) for result in said["violations"])
        found.append(json.dumps(said, sort_keys=True))
    return sorted(found)


def plain(name: str, facts: Sequence[Fact]) -> Document:
    """The facts as they are; a patient of whom nothing is left has no row in a CSV."""
    return document("p.csv", facts_csv(name, facts)) if facts else document("p.ttl", turtle(name, (), 0))
