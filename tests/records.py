"""Random patient records as rows of the facts CSV: several lesions, dates, unknowns, contradictions, factors."""

from __future__ import annotations

import random
from typing import TypeAlias

from vhkg.answering.knowledge import Knowledge
from vhkg.model.vocabulary import Vocabulary

Rows: TypeAlias = list[dict[str, str]]

DAYS = ("", "2026-10-01", "2026-10-15", "2026-11-02", "2026-11-02", "2026-11-20")
STATUSES = ("present", "present", "present", "absent", "absent", "unknown")


def random_record(seed: int, vocabulary: Vocabulary, subject: str, *, patient: str = "p") -> Rows:
    """One patient. `subject` is the finding that the article is about, present in most lesions."""
    source = random.Random(seed)
    names = sorted(vocabulary.findings)
    lesions = source.choice(([""], ["T9"], ["T9"], ["L1", "T9"], ["C2", "L1", "T9"]))
    rows: Rows = []
    for lesion in lesions:
        share = source.choice((0.05, 0.15, 0.4))
        if source.random() < 0.85:
            rows.append(_row(patient, lesion, subject, "present", source))
        for name in names:
            if source.random() < share:
                place = "" if source.random() < 0.1 else lesion
                rows.append(_row(patient, place, name, source.choice(STATUSES), source))
                if source.random() < 0.1:
                    rows.append(_row(patient, place, name, source.choice(STATUSES), source))
    rows = rows or [_row(patient, lesions[0], subject, "present", source)]
    source.shuffle(rows)
    return rows


def _row(patient: str, lesion: str, finding: str, status: str, source: random.Random) -> dict[str, str]:
    return {
        "patient": patient,
        "presentation": lesion,
        "finding": finding,
        "status": status,
        "date": source.choice(DAYS),
    }


def random_readings(seed: int, knowledge: Knowledge) -> dict[str, str]:
    """The defaults half of the time, else an alternative of each reading at random."""
    source = random.Random(seed)
    if source.random() < 0.5:
        return {}
    return {
        name: source.choice([option.name for option in reading.alternatives])
        for name, reading in knowledge.content.readings.items()
    }


def subject_finding(knowledge: Knowledge) -> str:
    """The finding that makes a presentation one of the article's subject."""
    goal = knowledge.compiled.table.goals[knowledge.content.article.subject]
    (literal,) = goal.yes[0].literals
    return knowledge.compiled.table.atoms[abs(literal) - 1].name
