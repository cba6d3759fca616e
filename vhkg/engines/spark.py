"""The statements run by Apache Spark, on this machine or on a cluster, over Parquet files of facts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from vhkg.decision.evaluation import Evaluator
from vhkg.engines.chosen import ChosenTable
from vhkg.engines.sql.placement import FACTS, PRESENTATIONS
from vhkg.engines.sql.query import Statements, render, with_steps
from vhkg.engines.sql.situations import CONTRADICTORY, UNRECOGNISED, unrecognised_fact
from vhkg.engines.sql.words import MOST_BITS, col
from vhkg.engines.weighing import PlacedFact, WeighedFact, weigh
from vhkg.errors import EngineError, InputError
from vhkg.model.table import DecisionTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL = "local[*]"
_DIALECT = "spark"
_WEIGHED = "facts_weighed"
_BY_OPERATOR = ("spark.sql.codegen.wholeStage", "false")
"""A stage as a whole is more than the JVM compiles as one method."""
_INTERPRETED = ("spark.sql.codegen.factoryMode", "NO_CODEGEN")
"""For the conditions of all recommendations, which are long and met by few rows."""
_WEIGHED_SCHEMA = "patient string, presentation string, asOf date, finding string, status string, date date"


def session(master: str = LOCAL, settings: dict[str, str] | None = None) -> SparkSession:
    """A session on a master (``local[*]``, ``spark://host:7077``, ``yarn``, ``k8s://…``), without a web page.

    `settings` are properties of Spark. The workers need Python with this package. Raises EngineError.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("PySpark is not installed", mend="install vhkg[spark]") from error
    builder = SparkSession.builder.master(master).appName("vhkg")
    own = {"spark.ui.enabled": "false", "spark.sql.adaptive.enabled": "true", "spark.ui.showConsoleProgress": "false"}
    for name, value in {**own, **(settings or {})}.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # a Java exception, of whatever kind, in a Python one
        raise EngineError(
            f"Spark does not start: {_sentence(error)}", place=master, mend="see docs/engines.md"
        ) from error


class SparkEngine:
    """For one table, in a session that the caller starts and stops."""

    def __init__(
        self,
        spark: SparkSession,
        table: ChosenTable,
        decided_by: DecisionTable,
        *,
        as_of: datetime.date | None = None,
        bits: int = MOST_BITS,
    ) -> None:
        """`decided_by` is the table that `table` was made from: workers weigh contradictory facts by it."""
        self._spark, self._table, self._whole = spark, table, decided_by
        self._as_of, self._bits = as_of, bits
        self.columns = Statements(table, bits=bits).columns

    def answers(self, facts: str | Path, presentations: str | Path | None = None) -> DataFrame:
        """The answers, as a data frame with `columns`, in any order.

        Raises InputError for a file that cannot be read, or a fact that says nothing in the terms of the knowledge.
        """
        # Views are of a session: its own, so that none of the caller's is replaced.
        spark = self._spark.newSession()
        spark.conf.set(*_BY_OPERATOR)
        statements = Statements(self._table, as_of=self._as_of, listed=presentations is not None, bits=self._bits)
        situation = self._situations(spark, statements, facts, presentations)
        marks = {row["mark"] for row in situation.select("mark").distinct().collect()}
        if UNRECOGNISED in marks:
            row = self._sql(spark, statements.unrecognised()).limit(1).collect()[0]
            raise unrecognised_fact(row, str(facts))
        if CONTRADICTORY in marks:
            weighed = _kept(self._weighed(spark, statements, situation))
            situation = situation.where("mark IS NULL").unionByName(weighed)
        situation.createOrReplaceTempView("situation")
        decisions = statements.decisions.steps()
        first = ("recommendation", "key", "considered")
        spark.conf.set(*_INTERPRETED)
        decided = self._sql(spark, with_steps(decisions["decided"], {name: decisions[name] for name in first}))
        _kept(decided).createOrReplaceTempView("decided")
        spark.conf.unset(_INTERPRETED[0])
        found = exp.select(*map(col, self.columns)).from_("answer")
        return self._sql(
            spark, with_steps(found, {n: decisions[n] for n in ("recommendation", "known", "judged", "answer")})
        )

    def _situations(
        self, spark: SparkSession, statements: Statements, facts: str | Path, presentations: str | Path | None
    ) -> DataFrame:
        from pyspark.errors import AnalysisException

        steps = statements.situations.of_facts()
        try:
            for name, file in ((FACTS, facts), (PRESENTATIONS, presentations)):
                if file is not None:
                    spark.read.parquet(str(file)).createOrReplaceTempView(name)
            return _kept(self._sql(spark, with_steps(steps["situation"], _without(steps, "situation"))))
        except AnalysisException as error:
            mend = (
                "give Parquet that the workers can read, with the columns patient, presentation, finding, status, date"
            )
            raise InputError(_sentence(error), file=str(facts), mend=mend) from error

    def _weighed(self, spark: SparkSession, statements: Statements, situation: DataFrame) -> DataFrame:
        """The situations of lesions whose facts contradict each other, from what their workers find to count."""
        situation.createOrReplaceTempView("situation_marked")
        steps = _without(statements.situations.of_facts(), "grouped", "situation")
        marked = exp.select(exp.Star()).from_("situation_marked")
        facts = self._sql(
            spark, with_steps(statements.situations.to_weigh(ordered=False), {**steps, "situation": marked})
        )
        lesions = facts.repartition("patient", "presentation").sortWithinPartitions("patient", "presentation")
        weighed = lesions.rdd.mapPartitions(_weighing(self._whole))
        spark.createDataFrame(weighed, _WEIGHED_SCHEMA).createOrReplaceTempView(_WEIGHED)
        again = statements.situations.of_weighed(_WEIGHED)
        return self._sql(spark, with_steps(again["situation"], _without(again, "situation")))

    @staticmethod
    def _sql(spark: SparkSession, query: exp.Query) -> DataFrame:
        return spark.sql(render(query, _DIALECT))


def _weighing(table: DecisionTable) -> Callable[[Iterable[Any]], Iterator[WeighedFact]]:
    """What a worker does with its part of the contradictory facts."""

    def weighed(rows: Iterable[Any]) -> Iterator[WeighedFact]:
        facts = (
            PlacedFact(r["patient"], r["presentation"], r["asOf"], r["finding"], r["status"], r["date"]) for r in rows
        )
        return weigh(facts, Evaluator(table))

    return weighed


def _kept(frame: DataFrame) -> DataFrame:
    """Worked out now, once, and kept by the workers without its plan. (A cache is not found again behind steps.)"""
    return frame.localCheckpoint(eager=True)


def _without(steps: dict[str, exp.Query], *names: str) -> dict[str, exp.Query]:
    return {name: step for name, step in steps.items() if name not in names}


def _sentence(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
