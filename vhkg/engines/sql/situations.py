"""From recorded facts to situations: one row per lesion with its facts as bits, its day, and a mark if it needs care.

As `vhkg.answering.placement` and `vhkg.decision.facts` do for one patient whose facts can all hold together.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from vhkg.engines.chosen import ChosenTable
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
    table_values,
    text,
)
from vhkg.engines.sql.words import some as any_of
from vhkg.engines.weighing import CONTRADICTED
from vhkg.errors import InputError

FACTS, PRESENTATIONS = "facts", "presentations"
CONTRADICTORY, UNRECOGNISED = "contradictory", "unrecognised"
RECORDED = ("present", "absent", "unknown")

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
        self._table, self._words, self._as_of, self._listed, self._facts = table, words, as_of, listed, facts
        self._explaining = table.explaining()

    def columns(self) -> tuple[str, ...]:
        days = (f"day_{each}" for each in self._explaining)
        return ("patient", "presentation", "asOf", "mark", CONTRADICTED, *self._words.columns(), *days)

    def of_facts(self) -> dict[str, exp.Query]:
        """The steps from the tables of the warehouse to ``situation``, by name; each uses those before it."""
        return {
            "finding": self._findings(),
            "recorded": self._recorded(),
            "lesion_named": self._named(),
            "lesion": self._lesions(),
            "placed": self._placed(),
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
        return {"finding": self._findings(), "placed": joined, **self._grouped("placed")}

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

    def _findings(self) -> exp.Query:
        rows = [
            (
                text(finding.name),
                exp.convert(finding.by_patient),
                number(place),
                *map(number, self._words.masks([place])),
            )
            for place, finding in enumerate(self._table.findings, 1)
        ]
        names = ["name", "by_patient", "number", *(f"b{word}" for word in range(self._words.count))]
        bits = [exp.alias_(cast(col(name), "bigint"), name, quoted=True) for name in names[3:]]
        return exp.select(*(col(name) for name in names[:3]), *bits).from_(table_values(rows, names))

    def _recorded(self) -> exp.Query:
        """Each fact with its finding's bit. A row that is not understood concerns every lesion of its patient."""
        status = col("status", "f")
        known = every(
            (
                exp.not_(exp.Is(this=col("name", "n"), expression=exp.Null())),
                exp.Coalesce(this=status.isin(*map(text, RECORDED)), expressions=[exp.false()]),
                exp.NEQ(this=_or_empty("patient", "f"), expression=text("")),
            )
        )
        return (
            exp.select(
                exp.alias_(_or_empty("patient", "f"), "patient", quoted=True),
                exp.alias_(_or_empty("presentation", "f"), "presentation", quoted=True),
                col("finding", "f"),
                col("number", "n"),
                *(col(f"b{word}", "n") for word in range(self._words.count)),
                exp.alias_(exp.Coalesce(this=status.copy(), expressions=[text("")]), "status", quoted=True),
                exp.alias_(cast(col("date", "f"), "date"), "date", quoted=True),
                exp.alias_(
                    any_of((exp.Coalesce(this=col("by_patient", "n"), expressions=[exp.false()]), negated(known))),
                    "by_patient",
                    quoted=True,
                ),
                exp.alias_(known.copy(), "recognised", quoted=True),
            )
            .from_(exp.alias_(exp.table_(self._facts), "f"))
            .join(exp.alias_(exp.table_("finding"), "n"), on=col("finding", "f").eq(col("name", "n")), join_type="left")
        )

    def _named(self) -> exp.Query:
        """Patients with their lesions; without a name where the record has none for a fact."""
        found = exp.select(col("patient"), col("presentation")).from_("recorded")
        if self._listed:
            named = exp.select(
                *(exp.alias_(_or_empty(name), name, quoted=True) for name in ("patient", "presentation"))
            ).from_(PRESENTATIONS)
            return exp.union(found, named, distinct=True)
        return found.distinct()

    def _lesions(self) -> exp.Query:
        """The named lesions of a patient; of one who has none, the unnamed one. `sole`: there is no other."""
        names = exp.Sum(this=case((col("presentation").neq(text("")), number(1)), default=number(0)))
        counted = exp.select(
            col("patient"),
            col("presentation"),
            exp.alias_(exp.Window(this=names, partition_by=[col("patient")]), "names", quoted=True),
        ).from_("lesion_named")
        return (
            exp.select(
                col("patient"),
                col("presentation"),
                exp.alias_(exp.LTE(this=col("names"), expression=number(1)), "sole", quoted=True),
            )
            .from_(counted.subquery("c"))
            .where(any_of((col("presentation").neq(text("")), col("names").eq(number(0)))))
        )

    def _placed(self) -> exp.Query:
        """Facts of a lesion stand at it; those of the patient at every lesion; what is present of a lesion that is not
        named at the only one. Each lesion has a row without a fact."""
        kept = ("finding", "number", *(f"b{word}" for word in range(self._words.count)), "status", "date")
        unnamed = col("presentation", "r").eq(text(""))
        own = (
            exp.select(
                col("patient", "r"), col("presentation", "r"), *(col(name, "r") for name in kept), _no_day(),
                col("recognised", "r"),
            )
            .from_(exp.alias_(exp.table_("recorded"), "r"))
            .where(exp.and_(exp.not_(unnamed), exp.not_(col("by_patient", "r"))))
        )  # fmt: skip
        shared = (
            exp.select(
                col("patient", "l"), col("presentation", "l"), *(col(name, "r") for name in kept), _no_day(),
                col("recognised", "r"),
            )
            .from_(exp.alias_(exp.table_("recorded"), "r"))
            .join(exp.alias_(exp.table_("lesion"), "l"), on=col("patient", "r").eq(col("patient", "l")))
            .where(
                any_of(
                    (
                        col("by_patient", "r"),
                        every((unnamed.copy(), any_of((col("status", "r").neq(text("present")), col("sole", "l"))))),
                    )
                )
            )
        )  # fmt: skip
        empty = exp.select(
            col("patient"),
            col("presentation"),
            *(exp.alias_(cast(exp.Null(), kind), name, quoted=True) for name, kind in _kinds(kept)),
            _no_day(),
            exp.alias_(exp.true(), "recognised", quoted=True),
        ).from_("lesion")
        return exp.union(exp.union(own, shared, distinct=False), empty, distinct=False)

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


def _kinds(names: tuple[str, ...]) -> list[tuple[str, str]]:
    kinds = {"finding": "text", "status": "text", "date": "date", "number": "int"}
    return [(name, kinds.get(name, "bigint")) for name in names]


def _no_day() -> exp.Expr:
    return exp.alias_(cast(exp.Null(), "date"), "asOf", quoted=True)


def _or_empty(name: str, table: str = "") -> exp.Expr:
    return exp.Coalesce(this=col(name, table), expressions=[text("")])


def _ever(condition: exp.Expr) -> exp.Expr:
    return exp.Max(this=case((condition, number(1)), default=number(0)))
