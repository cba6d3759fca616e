"""What is counted while deciding is what the shipped questions count in the rows that were written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.records import Rows, random_readings, random_record, subject_finding
from tests.support import shipped
from vhkg.cohort.deciding import Decision
from vhkg.cohort.frames import Framer
from vhkg.cohort.questions import opened
from vhkg.cohort.records import batch_of
from vhkg.cohort.tallies import Tallier, Tallies, added
from vhkg.model.cohort import TABLES
from vhkg.stores import Catalogue
from vhkg.stores import Rows as Found

QUESTIONS = (
    "missing-findings", "statuses-by-recommendation", "ages-of-decisive-facts", "attrition", "faults-by-message",
)  # fmt: skip


def patients(first: int, count: int) -> Rows:
    knowledge = shipped()
    subject = subject_finding(knowledge)
    return [
        row
        for seed in range(first, first + count)
        for row in random_record(seed, knowledge.compiled.vocabulary, subject, patient=f"p{seed}")
    ]


def decided(
    folder: Path, parts: Sequence[Rows], readings: dict[str, str], as_of: datetime.date | None = None
) -> Tallies:
    """What was counted of each part, together; the tables are in the folder."""
    knowledge = shipped()
    decision, framer = Decision(knowledge, readings, as_of), Framer(knowledge)
    tallier, found = Tallier(knowledge.content, decision.texts), []
    for name in TABLES:
        (folder / name).mkdir(parents=True)
    for number, rows in enumerate(parts):
        batch = batch_of("rows", knowledge.read(rows) if rows else (), knowledge)
        answers = decision.decide(batch)
        tables = framer.frames(batch, answers, decision.texts)
        found.append(tallier.tally(answers, tables))
        for name, frame in tables.items():
            frame.write_parquet(folder / name / f"part-{number:05}.parquet")
    return added(found)


def told(folder: Path, counted: Tallies | None) -> list[Found]:
    catalogue = Catalogue(shipped().files.cohort_queries)
    with opened(folder, shipped().content, counted) as cohort:
        return [cohort.ask(catalogue.get(name)) for name in QUESTIONS]


@pytest.mark.parametrize(
    ("seed", "as_of"), [(0, None), (1, None), (2, datetime.date(2026, 10, 20)), (3, datetime.date(2031, 1, 1))]
)
def test_questions_say_the_same_of_what_was_counted_and_of_the_rows(
    seed: int, as_of: datetime.date | None, tmp_path: Path
) -> None:
    parts = [patients(1000 * seed + 150 * part, 150) for part in range(3)]
    readings = random_readings(seed, shipped()) if seed else {}
    counted = decided(tmp_path, parts, readings, as_of)
    found = told(tmp_path, counted)
    assert found == told(tmp_path, None)
    lacking, statuses, ages, attrition, faults = (each.rows for each in found)
    assert any(int(row[3]) for row in lacking)
    assert {row[4] for row in statuses} >= {"applies", "provisional", "undetermined", "does-not-apply"}
    assert any(int(row[6]) for row in statuses)
    assert sum(int(row[2]) > 0 for row in ages) >= 2
    assert sum(int(row[2]) > 0 for row in attrition) > 2
    assert faults


def test_nobody_is_counted_as_nothing(tmp_path: Path) -> None:
    assert decided(tmp_path, [[]], {}) == Tallies()
    assert told(tmp_path, Tallies()) == told(tmp_path, None)
