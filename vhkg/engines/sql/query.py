"""The whole of it as statements in one dialect, for people and for engines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from vhkg.engines.chosen import ChosenTable
from vhkg.engines.sql.answers import OUTPUT, Answers
from vhkg.engines.sql.placement import FACTS
from vhkg.engines.sql.situations import Situations
from vhkg.engines.sql.words import MOST_BITS, Words, ascending, col
from vhkg.errors import UsageError


class Statements:
    """The statements for one table, each complete in itself. `bits` is the size of a word, for tests."""

    def __init__(
        self,
        table: ChosenTable,
        *,
        as_of: datetime.date | None = None,
        listed: bool = False,
        facts: str = FACTS,
        bits: int = MOST_BITS,
    ) -> None:
        self.words = Words(len(table.findings), bits)
        self.situations = Situations(table, self.words, as_of=as_of, listed=listed, facts=facts)
        self.decisions = Answers(table, self.words)
        self.columns = (*OUTPUT, *self.words.columns())

    def answers(self) -> exp.Query:
        """Facts to answers, in order; a marked lesion has one row without a recommendation."""
        steps = {**self.situations.of_facts(), **self.decisions.steps()}
        found = exp.select(*map(col, self.columns)).from_("answer")
        return with_steps(found.order_by(*ascending(("patient", "presentation", "order"))), steps)

    def to_weigh(self) -> exp.Query:
        """All facts of the lesions that are marked."""
        return with_steps(self.situations.to_weigh(), self.situations.of_facts())

    def unrecognised(self) -> exp.Query:
        """The rows of the table of facts that are not understood."""
        steps = self.situations.of_facts()
        return with_steps(self.situations.unrecognised(), {name: steps[name] for name in ("finding", "recorded")})


def with_steps(query: exp.Query, steps: Mapping[str, exp.Query]) -> exp.Query:
    """The query after named steps (common table expressions)."""
    for name, step in steps.items():
        query = query.with_(name, as_=step, copy=False)
    return query


def dialects() -> tuple[str, ...]:
    """Those that SQL can be written in."""
    return tuple(sorted(name for name in sqlglot.Dialect.classes if name))


def render(query: exp.Query, dialect: str, *, pretty: bool = False) -> str:
    """The query in a dialect. Raises UsageError if the dialect cannot say it."""
    try:
        return query.sql(dialect=dialect, pretty=pretty, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except (sqlglot.UnsupportedError, ValueError) as error:
        fault = f"the query cannot be written in {dialect}: {error}".replace("\n", " ")
        raise UsageError(fault, place="--dialect", mend="choose duckdb or spark") from error
