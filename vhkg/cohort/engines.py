"""A batch put to an engine for other systems too, which has to find of every row what the columns find.

The engine gets facts and lesions as tables, as it would in a warehouse, and weighs, places and decides by itself. What
it does not say (what to ask, what rests on readings, flags) is a function of the same bits, so rows that agree in what
it says are the rows that are written, whichever engine decides.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import ABSENT, NO_LESION, PRESENT, UNDATED, UNKNOWN, Batch
from vhkg.engines.chosen import chosen_table
from vhkg.errors import EngineError, VhkgError

if TYPE_CHECKING:
    from vhkg.engines.spark import SparkEngine

COLUMNS, DUCKDB, SPARK = "columns", "duckdb", "spark"
_TEXTS = ("baseStatus", "status", "because", "notAddressed", "verdict", "direction")
_COMPARED = (*_TEXTS, "decisiveSince", "asOf", "order")
_TYPES = [pl.col(_TEXTS).cast(pl.String), pl.col("order").cast(pl.Int64)]
_STATUSES = {ABSENT: "absent", PRESENT: "present", UNKNOWN: "unknown"}
_OUTSIDE = [datetime.date.min, datetime.date.max]
"""Days by which the statements say that there is none."""


class _Writing(Protocol):
    def write(self, facts: Path, output: Path, presentations: Path) -> object:
        """The answers over two Parquet files, as one or several in their place."""
        ...


class OtherEngine:
    """For one knowledge, one choice of readings and one day."""

    def __init__(
        self,
        name: str,
        knowledge: Knowledge,
        readings: Mapping[str, str],
        as_of: datetime.date | None,
        *,
        master: str,
        threads: int,
    ) -> None:
        """`name` is `DUCKDB` or `SPARK`, `master` that of Spark, `threads` those of DuckDB. Raises EngineError."""
        self._name = name
        self._findings = list(knowledge.content.findings)
        self._rules = [rule.name for rule in knowledge.decider.rules]
        table = chosen_table(knowledge.compiled.table, knowledge.content, knowledge.decider.guards.chosen(readings))
        self._engine: _Writing
        if name == SPARK:
            from vhkg.engines.spark import SparkEngine, session

            self._engine = _Spark(SparkEngine(session(master), table, knowledge.compiled.table, as_of=as_of))
        else:
            from vhkg.engines.sql.duck import DuckDbEngine

            self._engine = DuckDbEngine(table, knowledge.decider.evaluator, as_of=as_of, threads=threads)

    def confirm(self, batch: Batch, answers: pl.DataFrame, folder: Path) -> None:
        """Put a batch to the engine; `folder` is where it finds its tables, and is removed.

        `answers` are those of the batch, of all lesions first. Raises EngineError if the engine fails, or if it says
        anything else: then no answer may be used.
        """
        if not len(batch.lesions.patient):
            return
        folder.mkdir(parents=True, exist_ok=True)
        try:
            facts, lesions, output = folder / "facts.parquet", folder / "lesions.parquet", folder / "answers.parquet"
            self._facts(batch).write_parquet(facts)
            self._lesions(batch).write_parquet(lesions)
            self._engine.write(facts, output, lesions)
            found = self._found(pl.read_parquet(output / "*.parquet" if output.is_dir() else output))
        except OSError as error:
            fault = f"it cannot be written: {(error.strerror or str(error)).lower()}"
            raise EngineError(fault, place=str(folder), mend="make room, and run the same command again") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._compare(found, self._expected(batch, answers), batch.file)

    def _facts(self, batch: Batch) -> pl.DataFrame:
        """Lesions are named by their place, which is unique; a fact about a patient without one concerns no row."""
        facts = batch.facts
        borne = np.isin(facts.patient, batch.lesions.patient)
        columns = {name: values[borne] for name, values in facts._asdict().items()}
        frame = pl.DataFrame({name: columns[name] for name in ("patient", "lesion", "finding", "status", "day")})
        lesion = pl.col("lesion")
        return frame.select(
            pl.col("patient").cast(pl.String),
            pl.when(lesion == int(NO_LESION)).then(None).otherwise(lesion.cast(pl.String)).alias("presentation"),
            pl.Series("finding", self._findings, dtype=pl.String).gather(frame["finding"].cast(pl.UInt32)),
            pl.col("status").replace_strict(_STATUSES, return_dtype=pl.String),
            pl.when(pl.col("day") == int(UNDATED)).then(None).otherwise(pl.col("day")).cast(pl.Date).alias("date"),
        )

    @staticmethod
    def _lesions(batch: Batch) -> pl.DataFrame:
        of = pl.Series("patient", batch.lesions.patient).cast(pl.String)
        return pl.DataFrame({"patient": of, "presentation": pl.Series(np.arange(len(of))).cast(pl.String)})

    def _found(self, rows: pl.DataFrame) -> pl.DataFrame:
        rule = pl.col("recommendation").replace_strict(self._rules, range(len(self._rules)), return_dtype=pl.UInt32)
        return (
            rows.with_columns(rule.alias("rule"), pl.col("presentation").cast(pl.UInt32).alias("lesion"))
            .sort("lesion", "rule")
            .select("lesion", "rule", *_COMPARED)
            .with_columns(_TYPES)
        )

    def _expected(self, batch: Batch, answers: pl.DataFrame) -> pl.DataFrame:
        """What the columns say, lesion by lesion; a day that the statements cannot name is none for them."""
        width = len(self._rules)
        count = len(batch.lesions.patient)
        place = pl.DataFrame(
            {
                "lesion": pl.Series(np.repeat(np.arange(count), width), dtype=pl.UInt32),
                "rule": pl.Series(np.tile(np.arange(width), count), dtype=pl.UInt32),
            }
        )
        since = pl.col("decisiveSince")
        told = answers.head(count * width).select(_COMPARED).with_columns(_TYPES)
        return pl.concat([place, told], how="horizontal").with_columns(
            pl.when(since.is_in(_OUTSIDE)).then(None).otherwise(since).alias("decisiveSince")
        )

    def _compare(self, found: pl.DataFrame, expected: pl.DataFrame, file: str) -> None:
        mend = "report this with the version of the knowledge; do not use the answers"
        if found.height != expected.height:
            fault = f"{self._name} has {found.height} answers where there are {expected.height}"
            raise EngineError(fault, place=file, mend=mend)
        for name in ("lesion", "rule", *_COMPARED):
            differing = found[name].ne_missing(expected[name]).arg_true()
            if len(differing):
                at = differing[0]
                theirs, ours = found[name][at], expected[name][at]
                fault = f"{self._name} finds {name} of {self._rules[expected['rule'][at]]} {theirs}, the columns {ours}"
                raise EngineError(fault, place=file, mend=mend)


class _Spark:
    def __init__(self, engine: SparkEngine) -> None:
        self._engine = engine

    def write(self, facts: Path, output: Path, presentations: Path) -> None:
        try:
            # Absolute, since a worker has another folder than this process.
            found = self._engine.answers(os.path.abspath(facts), os.path.abspath(presentations))
            found.write.parquet(os.path.abspath(output))
        except VhkgError:
            raise
        except Exception as error:  # a Java exception, of whatever kind, in a Python one
            sentence = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
            mend = "the output folder has to be one that all workers can read and write; see docs/engines.md"
            raise EngineError(f"Spark did not finish: {sentence}", mend=mend) from error
