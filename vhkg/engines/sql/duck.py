"""The statements run by DuckDB, in this process, over Parquet files of facts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from vhkg.decision.evaluation import Evaluator
from vhkg.engines.chosen import ChosenTable
from vhkg.engines.sql.placement import FACTS, PRESENTATIONS
from vhkg.engines.sql.query import Statements, render, with_steps
from vhkg.engines.sql.situations import CONTRADICTORY, unrecognised_fact
from vhkg.engines.sql.words import MOST_BITS, ascending, col, text
from vhkg.engines.weighing import PlacedFact, WeighedFact, weigh
from vhkg.errors import EngineError, InputError

if TYPE_CHECKING:
    import duckdb

_DIALECT = "duckdb"
_MARKED, _WEIGHED = "facts_marked", "facts_weighed"
_PORTION = 4096


class DuckDbEngine:
    """For one table. Each call has a database of its own in memory, which spills to the disk where it must."""

    def __init__(
        self,
        table: ChosenTable,
        evaluator: Evaluator,
        *,
        as_of: datetime.date | None = None,
        threads: int | None = None,
        bits: int = MOST_BITS,
    ) -> None:
        self._table, self._evaluator, self._as_of, self._threads, self._bits = table, evaluator, as_of, threads, bits
        self.columns = Statements(table, bits=bits).columns

    def rows(self, facts: str | Path, presentations: str | Path | None = None) -> Iterator[tuple[Any, ...]]:
        """The answers over a Parquet file (or a pattern of such), in order, as tuples of `columns`.

        Raises InputError for a file that cannot be read, or a fact that says nothing in the terms of the knowledge.
        """
        with self._decided(facts, presentations) as connection:
            cursor = connection.execute(render(self._answers(), _DIALECT))
            while portion := cursor.fetchmany(_PORTION):
                yield from portion

    def write(self, facts: str | Path, output: Path, presentations: str | Path | None = None) -> int:
        """The answers as one Parquet file, zstd-compressed; returns the number of rows."""
        import duckdb

        with self._decided(facts, presentations) as connection:
            target = text(str(output)).sql(_DIALECT)
            query = render(self._answers(ordered=False), _DIALECT)
            try:
                (count,) = connection.execute(
                    f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION zstd)"
                ).fetchall()[0]
            except duckdb.IOException as error:
                raise EngineError(_sentence(error), place=str(output), mend="name another file") from error
        return int(count)

    def _decided(self, facts: str | Path, presentations: str | Path | None) -> duckdb.DuckDBPyConnection:
        """A database with `situation` and `decided`, whatever contradicts itself weighed."""
        import duckdb

        connection = duckdb.connect(config={"threads": self._threads} if self._threads else {})
        statements = self._statements(listed=presentations is not None)
        try:
            self._view(connection, FACTS, facts)
            if presentations is not None:
                self._view(connection, PRESENTATIONS, presentations)
            steps = statements.situations.of_facts()
            situation = steps.pop("situation")
            self._keep(connection, "situation", with_steps(situation, steps))
        except (
            duckdb.IOException,
            duckdb.InvalidInputException,
            duckdb.BinderException,
            duckdb.ConversionException,
        ) as error:
            connection.close()
            mend = "give Parquet with the columns patient, presentation, finding, status and date"
            raise InputError(_sentence(error), file=str(facts), mend=mend) from error
        try:
            self._weigh(connection, str(facts), listed=presentations is not None)
            steps = statements.decisions.steps()
            for name in ("recommendation", "key"):
                self._keep(connection, name, steps[name])
            self._keep(connection, "decided", with_steps(steps["decided"], {"considered": steps["considered"]}))
        except BaseException:
            connection.close()
            raise
        return connection

    def _answers(self, *, ordered: bool = True) -> exp.Query:
        steps = self._statements().decisions.steps()
        found = exp.select(*map(col, self.columns)).from_("answer")
        if ordered:
            found = found.order_by(*ascending(("patient", "presentation", "order")))
        return with_steps(found, {name: steps[name] for name in ("known", "judged", "answer")})

    def _statements(self, *, facts: str = FACTS, listed: bool = False) -> Statements:
        return Statements(self._table, as_of=self._as_of, listed=listed, facts=facts, bits=self._bits)

    def _weigh(self, connection: duckdb.DuckDBPyConnection, file: str, *, listed: bool) -> None:
        """Replace the situations that are marked contradictory."""
        marked = exp.select(col("patient")).distinct().from_("situation").where(col("mark").is_(exp.null()).not_())
        self._keep(connection, "marked", marked)
        if connection.execute("SELECT NOT EXISTS (SELECT 1 FROM marked)").fetchall()[0][0]:
            return
        every_fact = exp.select(exp.Star()).from_(FACTS)
        patient = exp.Coalesce(this=col("patient"), expressions=[text("")])
        self._keep(
            connection, _MARKED, every_fact.where(patient.isin(query=exp.select(col("patient")).from_("marked")))
        )
        statements = self._statements(facts=_MARKED, listed=listed)
        unrecognised = connection.execute(render(statements.unrecognised(), _DIALECT)).fetchone()
        if unrecognised:
            raise unrecognised_fact(unrecognised, file)
        facts = connection.execute(render(statements.to_weigh(), _DIALECT)).fetchall()
        weighed = list(weigh((_placed(row) for row in facts), self._evaluator))
        self._insert(connection, weighed)
        connection.execute(f"DELETE FROM situation WHERE mark = '{CONTRADICTORY}'")
        steps = statements.situations.of_weighed(_WEIGHED)
        situation = with_steps(steps.pop("situation"), steps)
        connection.execute(f"INSERT INTO situation BY NAME {render(situation, _DIALECT)}")

    @staticmethod
    def _insert(connection: duckdb.DuckDBPyConnection, weighed: Sequence[WeighedFact]) -> None:
        """Through arrays, since DuckDB takes those as they are; days as texts, which it reads."""
        import numpy as np

        columns = ("patient", "presentation", "asOf", "finding", "status", "date")
        arrays = {
            name: np.array([None if value is None else str(value) for value in values], dtype=object)
            for name, values in zip(columns, zip(*weighed, strict=True), strict=True)
        }
        connection.register("arrays", arrays)
        days = ("asOf", "date")
        kept = [exp.alias_(exp.cast(col(n), "date"), n, quoted=True) if n in days else col(n) for n in columns]
        DuckDbEngine._keep(connection, _WEIGHED, exp.select(*kept).from_("arrays"))
        connection.unregister("arrays")

    @staticmethod
    def _view(connection: duckdb.DuckDBPyConnection, name: str, file: str | Path) -> None:
        read = exp.select(exp.Star()).from_(exp.func("READ_PARQUET", text(str(file))))
        connection.execute(f"CREATE TEMP VIEW {name} AS {render(read, _DIALECT)}")

    @staticmethod
    def _keep(connection: duckdb.DuckDBPyConnection, name: str, query: exp.Query) -> None:
        connection.execute(f"CREATE TEMP TABLE {name} AS {render(query, _DIALECT)}")


def _placed(row: Sequence[Any]) -> PlacedFact:
    patient, presentation, as_of, _, finding, status, date = row
    return PlacedFact(patient, presentation, as_of, finding, status, date)


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
