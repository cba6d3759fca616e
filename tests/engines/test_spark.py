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
from vhkg.engines.spark import SparkEngine
from vhkg.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KNOWLEDGE = shipped()


def engine(spark: SparkSession, seed: int, as_of: datetime.date | None = None) -> SparkEngine:
    table = chosen(KNOWLEDGE, random_readings(seed, KNOWLEDGE))
    return SparkEngine(spark, table, KNOWLEDGE.compiled.table, as_of=as_of)


def test_two_workers_answer_as_one_by_one(spark: SparkSession, tmp_path: Path) -> None:
    facts = [*contradictory(range(80), KNOWLEDGE), *consistent(80, 5, KNOWLEDGE)]
    assert (spark.sparkContext.master or "").startswith("spark://")
    found = engine(spark, 1, datetime.date(2026, 11, 5)).answers(write(facts, tmp_path / "facts.parquet"))
    assert tuple(found.columns[: len(COLUMNS)]) == COLUMNS
    rows = [tuple(row)[: len(COLUMNS)] for row in found.collect()]
    wanted = expected(facts, KNOWLEDGE, readings=random_readings(1, KNOWLEDGE), as_of=datetime.date(2026, 11, 5))
    assert len(rows) == len(wanted)
    assert not unlike(rows, wanted)


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
