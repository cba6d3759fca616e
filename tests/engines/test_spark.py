"""Spark on a standalone cluster answers as one by one, contradictory patients among them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars
import pytest

from tests.engines.one_by_one import COLUMNS, Fact, chosen, consistent, contradictory, expected, unlike, write
from tests.records import random_readings
from tests.support import shipped
from vhkg.cohort.running import run
from vhkg.engines.spark import SparkEngine
from vhkg.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KNOWLEDGE = shipped()


def engine(spark: SparkSession, seed: int, as_of: datetime.date | None = None) -> SparkEngine:
    table = chosen(KNOWLEDGE, random_readings(seed, KNOWLEDGE))
    return SparkEngine(spark, table, KNOWLEDGE.compiled.table, as_of=as_of)


def test_two_workers_answer_as_one_by_one_and_as_the_columns(spark: SparkSession, tmp_path: Path) -> None:
    """A cohort decided by Spark: the run compares its rows with those of the columns, which are one by one."""
    facts = [*contradictory(range(80), KNOWLEDGE), *consistent(80, 5, KNOWLEDGE)]
    master, day = spark.sparkContext.master or "", datetime.date(2026, 11, 5)
    assert master.startswith("spark://")
    path, readings = write(facts, tmp_path / "facts.parquet"), random_readings(1, KNOWLEDGE)
    tables = {}
    for name in ("spark", "columns"):
        out, chosen_readings = tmp_path / name, KNOWLEDGE.decider.guards.chosen(readings)
        run([str(path)], out, KNOWLEDGE, readings=chosen_readings, as_of=day, engine=name, master=master)
        tables[name] = {str(each.relative_to(out)): each.read_bytes() for each in sorted(out.rglob("*.parquet"))}
    assert tables["spark"] == tables["columns"]
    found = polars.read_parquet(tmp_path / "spark" / "answers" / "*.parquet").select(COLUMNS)
    wanted = expected(facts, KNOWLEDGE, readings=readings, as_of=day)
    assert len(found) == len(wanted)
    assert not unlike(found.rows(), wanted)


def test_a_fact_that_is_not_understood_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    facts = [*consistent(2, 5, KNOWLEDGE), Fact("canary", None, "Nothing", "present", None)]
    with pytest.raises(InputError, match="'Nothing'") as raised:
        engine(spark, 0).answers(write(facts, tmp_path / "facts.parquet"))
    assert "canary" not in str(raised.value)


def test_a_file_that_cannot_be_used_is_named(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.parquet"):
        engine(spark, 0).answers(tmp_path / "none.parquet")
    polars.DataFrame({"patient": ["p"]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="with the columns patient, presentation"):
        engine(spark, 0).answers(tmp_path / "other.parquet")
