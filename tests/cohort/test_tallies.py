"""What is counted while deciding is what the shipped questions count in the rows that were written."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import Rows, random_readings, random_record, subject_finding
from tests.support import shipped
from vhkg.cohort.deciding import VERDICTS, Answers, Decision, Said
from vhkg.cohort.explained import NO_REASON
from vhkg.cohort.frames import Framer
from vhkg.cohort.questions import opened
from vhkg.cohort.records import batch_of
from vhkg.cohort.recurring import names
from vhkg.cohort.tallies import Tallier, Tallies, added
from vhkg.cohort.texts import Texts
from vhkg.engines.columns import STATUSES
from vhkg.model.answer import Status, Verdict
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


def test_more_findings_than_a_word_has_bits_are_counted(tmp_path: Path) -> None:
    content = shipped().content
    finding, recommendation = next(iter(content.findings.values())), content.recommendations[0]
    assert (recommendation.kind, recommendation.direction) == ("treatment", "for")
    many = msgspec.structs.replace(
        content, findings={f"F{n}": finding for n in range(130)}, recommendations=(recommendation,)
    )
    texts = Texts()
    words = {
        "confirm": "F66=present | F129=present & F1=present",
        "refute": "F2=absent & F3=present | F128=absent",
        "questions": "F1 F2 F3 F66 F128 F129",
    }
    codes = {name: np.array([texts.code(name, text)], np.uint32) for name, text in words.items()}
    row = np.zeros((1, 1), np.uint32)
    open_ = np.full((1, 1), STATUSES.index(Status.UNDETERMINED), np.int8)
    answers = Answers(
        status=open_,
        base=open_,
        said=np.zeros((1, 1), np.int32),
        words=Said(because=row[0], readings=row[0], everywhere=np.ones(1, np.bool_), **codes),
        not_addressed=row,
        since=np.full((1, 1), NO_REASON),
        ambiguous=np.zeros((1, 1), np.bool_),
        verdict=np.array([VERDICTS.index(Verdict.UNDECIDED)], np.int8),
        as_of=np.zeros(1, np.int32),
        flags=row[0],
        conflicts=(),
    )
    tables = {
        "patients": pl.DataFrame({"patient": names(["p"]), "outcome": names(["undetermined"])}),
        "validation": pl.DataFrame(schema=dict.fromkeys(("severity", "message", "patient"), pl.String)),
    }
    assert Tallier(many, texts).tally(answers, tables) == Tallies(
        statuses=((recommendation.name, "for", recommendation.order, "undetermined", 1, 0),),
        lacking=(
            ("F1", 1, 0, 0, 0), ("F2", 1, 0, 0, 0), ("F3", 1, 0, 0, 0), ("F66", 1, 1, 1, 1),
            ("F128", 1, 1, 0, 1), ("F129", 1, 0, 0, 0),
        ),
        reached=(("undetermined", 1, 1),),
    )  # fmt: skip


COUNTS = st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 9), st.integers(0, 9))
PARTS = st.lists(st.lists(COUNTS, max_size=3, unique_by=lambda row: row[0]).map(lambda rows: tuple(sorted(rows))))


@given(PARTS, st.randoms(use_true_random=False))
def test_in_whatever_order_parts_are_added_the_sum_is_the_same(
    parts: list[tuple[tuple[str, int, int], ...]], source: random.Random
) -> None:
    tallies = [Tallies(reached=part) for part in parts]
    shuffled = source.sample(tallies, len(tallies))
    found = added(tallies)
    assert added(shuffled) == found == added([added(tallies[:2]), added(tallies[2:])])
    assert sum(row[1] for row in found.reached) == sum(row[1] for part in parts for row in part)
    assert len({row[0] for row in found.reached}) == len(found.reached)
