"""docs/cohorts.md names every table, column and outcome, and its SQL runs."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.cohort.written import random_answers, tables_of, write
from tests.support import ROOT, shipped
from vhkg.model.answer import Status, Verdict
from vhkg.model.cohort import OUTCOMES, TABLES
from vhkg.stores import Catalogue

TEXT = (ROOT / "docs" / "cohorts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained(table: str) -> None:
    start = TEXT.index(f"\n**{table}**")
    following = TEXT.find("\n**", start + 1)
    section = TEXT[start : following if following > 0 else len(TEXT)] + TEXT[TEXT.index("## The tables") : start]
    assert not [column for column in TABLES[table] if f"`{column}`" not in section]


def test_every_outcome_status_and_verdict_is_named() -> None:
    assert not [name for name in (*OUTCOMES, *Status, *Verdict) if not re.search(rf"\b{name}\b", TEXT)]


def test_every_question_named_exists() -> None:
    known = Catalogue(shipped().files.cohort_queries).names()
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", TEXT)) | set(re.findall(r"vhkg query ([a-z-]+) --cohort", TEXT))
    assert named
    assert named <= set(known)


def test_its_sql_runs(tmp_path: Path) -> None:
    answers = random_answers(60)
    folder = write(tmp_path / "out", tables_of(answers))
    blocks = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for block in blocks:
        rows = duckdb.connect().execute(block.replace("build/cohort-example", str(folder))).fetchall()
        applies = [each for a in answers for each in a.recommendations if each.status is Status.APPLIES]
        assert sum(count for _, count, _ in rows) == len(applies)
        assert sum(uncited for _, _, uncited in rows) == sum(1 for each in applies if not each.sources)
