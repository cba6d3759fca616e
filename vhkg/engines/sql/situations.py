"""From recorded facts to situations: one row per lesion with its facts as bits, its day, and a mark if it needs care.

As `vhkg.decision.facts` does for one patient whose facts can all hold together.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from vhkg.engines.chosen import ChosenTable
from vhkg.engines.sql.placement import FACTS, Placement
from vhkg.engines.sql.words import (
    ABSENT,
    DOUBTFUL,
    PRESENT,
    Words,
    ascending,
    case,
    cast,
    col,
    day,
    every,
    negated,
    number,
    text,
)
from vhkg.engines.sql.words import some as any_of
from vhkg.engines.weighing import CONTRADICTED
from vhkg.errors import InputError

CONTRADICTORY, UNRECOGNISED = "contradictory", "unrecognised"

_STATUS_OF = {PRESENT: "present", ABSENT: "absent", DOUBTFUL: "doubtful"}


class Situations:
    """Queries for one table. `as_of` None means the latest day in each patient's record."""

    def __init__(
        self,
        table: ChosenTable,
        words: Words,
        *,
        as_of: datetime.date | None = None,
        listed: bool = False,
        facts: str = FACTS,
    ) -> None:
        """`listed`: lesions are also named in a table `presentations`, so that one without any fact is answered.

        `facts` is the name of the table of facts.
        """
        self._table, self._words, self._as_of = table, words, as_of
        self._placement = Placement(table, words, listed=listed, facts=facts)
        self._explaining = table.explaining()

    def columns(self) -> tuple[str, ...]:
        days = (f"day_{each}" for each in self._explaining)
        return ("patient", "presentation", "asOf", "mark", CONTRADICTED, *self._words.columns(), *days)

    def of_facts(self) -> dict[str, exp.Query]:
        """The steps from the tables of the warehouse to ``situation``, by name; each uses those before it."""
        return {
            **self._placement.steps(),
            **self._grouped("placed"),
        }

    def of_weighed(self, source: str) -> dict[str, exp.Query]:
        """The same for lesions whose facts were weighed one by one.

        `source` has the columns of `facts` and ``asOf``; its statuses are present, absent, doubtful and contradicted.
        """
        joined = (
            exp.select(
                col("patient", "w"),
                col("presentation", "w"),
                col("finding", "w"),
                col("number", "n"),
                *(col(f"b{word}", "n") for word in range(self._words.count)),
                col("status", "w"),
                col("date", "w"),
                col("asOf", "w"),
                exp.alias_(exp.true(), "recognised", quoted=True),
            )
            .from_(exp.alias_(exp.table_(source), "w"))
            .join(exp.alias_(exp.table_("finding"), "n"), on=col("finding", "w").eq(col("name", "n")), join_type="left")
        )
        return {"finding": self._placement.findings(), "placed": joined, **self._grouped("placed")}

    def to_weigh(self, *, ordered: bool = True) -> exp.Select:
        """All facts of the lesions that are marked, one a row; after the steps of `of_facts`."""
        found = (
            exp.select(
                col("patient", "s"),
                col("presentation", "s"),
                col("asOf", "s"),
                col("mark", "s"),
                *(col(name, "f") for name in ("finding", "status", "date")),
            )
            .from_(exp.alias_(exp.table_("situation"), "s"))
            .join(
                exp.alias_(exp.table_("placed"), "f"),
                on=exp.and_(
                    *(col(name, "s").eq(col(name, "f")) for name in ("patient", "presentation")),
                    exp.not_(exp.Is(this=col("status", "f"), expression=exp.Null())),
                ),
            )
            .where(exp.not_(exp.Is(this=col("mark", "s"), expression=exp.Null())))
        )
        return found.order_by(*ascending(_FACT_ORDER)) if ordered else found

    def unrecognised(self) -> exp.Select:
        """The rows of `facts` that say nothing in the terms of this knowledge, after the steps of `of_facts`."""
        return (
            exp.select(*(col(name) for name in ("patient", "presentation", "finding", "status", "date")))
            .from_("recorded")
            .where(negated(col("recognised")))
        )

    # --- the steps

    def _grouped(self, source: str) -> dict[str, exp.Query]:
        words = range(self._words.count)
        zero = cast(number(0), "bigint")
        sides = [
            exp.alias_(
                exp.BitwiseOrAgg(this=case((self._counts(_STATUS_OF[side]), col(f"b{word}")), default=zero.copy())),
                f"{side}{word}",
                quoted=True,
            )
            for side in (PRESENT, ABSENT, DOUBTFUL)
            for word in words
        ]
        days = [
            exp.alias_(
                exp.Max(
                    this=case((every((col("number").eq(number(each)), self._counts("present", "absent"))), col("date")))
                ),
                f"day_{each}",
                quoted=True,
            )
            for each in self._explaining
        ]  # fmt: skip
        grouped = (
            exp.select(
                col("patient"),
                col("presentation"),
                *sides,
                *days,
                exp.alias_(exp.Max(this=col("date")), "latest", quoted=True),
                exp.alias_(exp.Max(this=col("asOf")), "given", quoted=True),
                exp.alias_(_ever(negated(col("recognised"))), UNRECOGNISED, quoted=True),
                exp.alias_(_ever(col("status").eq(text(CONTRADICTED))), CONTRADICTED, quoted=True),
            )
            .from_(source)
            .group_by(col("patient"), col("presentation"))
        )
        of_patient = exp.Window(this=exp.Max(this=col("latest")), partition_by=[col("patient")])
        latest = of_patient if self._as_of is None else day(self._as_of.isoformat())
        both = [f"{PRESENT}{word}" for word in words], [f"{ABSENT}{word}" for word in words]
        clashes: list[exp.Expr] = [
            exp.NEQ(this=exp.paren(exp.BitwiseAnd(this=col(p), expression=col(a))), expression=number(0))
            for p, a in zip(*both, strict=True)
        ]
        clashes += [self._words.holds(conflict) for conflict in self._table.conflicts]
        mark = case(
            (col(UNRECOGNISED).eq(number(1)), text(UNRECOGNISED)), (any_of(clashes), text(CONTRADICTORY))
        )  # fmt: skip
        situation = exp.select(
            col("patient"),
            col("presentation"),
            exp.alias_(exp.Coalesce(this=col("given"), expressions=[latest]), "asOf", quoted=True),
            exp.alias_(mark, "mark", quoted=True),
            exp.alias_(col(CONTRADICTED).eq(number(1)), CONTRADICTED, quoted=True),
            *(col(name) for name in self._words.columns()),
            *(col(f"day_{each}") for each in self._explaining),
        ).from_("grouped")
        return {"grouped": grouped, "situation": situation}

    def _counts(self, *statuses: str) -> exp.Expr:
        """Whether a row asserts one of these, up to the day."""
        asserted = (
            col("status").isin(*map(text, statuses)) if len(statuses) > 1 else col("status").eq(text(statuses[0]))
        )
        if self._as_of is None:
            return asserted
        undated = exp.Is(this=col("date"), expression=exp.Null())
        by_then = exp.LTE(this=col("date"), expression=day(self._as_of.isoformat()))
        return every((asserted, any_of((undated, by_then))))


_FACT_ORDER = ("patient", "presentation", "finding", "date", "status")


def unrecognised_fact(row: Sequence[Any], file: str) -> InputError:
    """The error for a row of `Situations.unrecognised`, without the patient, who may not stand in a message."""
    fault = f"a fact is not understood: finding {row[2]!r}, status {row[3]!r}"
    return InputError(fault, file=file, mend="write findings as `vhkg terms` has them, present, absent or unknown")


def _ever(condition: exp.Expr) -> exp.Expr:
    return exp.Max(this=case((condition, number(1)), default=number(0)))
