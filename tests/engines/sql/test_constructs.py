"""Each construct of the generated SQL gives the same in DuckDB and in Spark."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from sqlglot import exp

from vhkg.engines.sql.answers import joined
from vhkg.engines.sql.query import dialects, render, with_steps
from vhkg.engines.sql.words import (
    Words,
    ascending,
    case,
    cast,
    col,
    day,
    every,
    masked,
    negated,
    number,
    some,
    table_values,
    text,
)
from vhkg.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HIGHEST = 1 << 61
WIDE = Words(130)
T, F, NULL = exp.true, exp.false, exp.Null


def on(row: dict[str, exp.Expr], value: exp.Expr) -> exp.Select:
    """A value over one row of named columns."""
    source = exp.select(*(exp.alias_(each, name, quoted=True) for name, each in row.items()))
    return exp.select(exp.alias_(value, "value", quoted=True)).from_(source.subquery("s"))


def over(rows: list[tuple[Any, ...]], names: tuple[str, ...], *values: exp.Expr) -> exp.Select:
    return exp.select(*(exp.alias_(each, f"v{n}", quoted=True) for n, each in enumerate(values))).from_(
        table_values(rows, names)
    )


def held(*masks: int) -> dict[str, exp.Expr]:
    names = WIDE.columns("p", "a")
    return {name: cast(number(mask), "bigint") for name, mask in zip(names, masks, strict=True)}


DATES: dict[str, exp.Expr] = {"early": day("2026-01-31"), "late": day("2026-02-01"), "none": cast(NULL(), "date")}
FACTS: list[tuple[Any, ...]] = [
    (text("p"), number(1), text("2026-01-01")),
    (text("p"), number(HIGHEST), text("2026-03-01")),
    (text("q"), NULL(), NULL()),
]
LEAST = exp.Least(this=day("9999-12-31"), expressions=[col("late"), col("early")], ignore_nulls=True)

CONSTRUCTS: dict[str, tuple[exp.Query, list[tuple[Any, ...]]]] = {
    "highest-bit": (on(held(0, HIGHEST, 0, 0, 0, 0), WIDE.holds((124,))), [(True,)]),
    "highest-bit-not-held": (on(held(HIGHEST, 0, HIGHEST, 0, 0, 0), WIDE.holds((124,))), [(False,)]),
    "several-words": (on(held(1, 0, 32, 0, 2, 0), WIDE.holds((1, 130, -64))), [(True,)]),
    "several-words-one-missing": (on(held(1, 0, 32, 0, 1, 0), WIDE.holds((1, 130, -64))), [(False,)]),
    "no-literals": (on(held(0, 0, 0, 0, 0, 0), WIDE.holds(())), [(True,)]),
    "no-terms": (on(held(0, 0, 0, 0, 0, 0), WIDE.holds_any(())), [(False,)]),
    "touches": (on(held(0, 4, 0, 0, 0, 0), WIDE.touches("p", 65)), [(True,)]),
    "mask-binds": (on({"x": cast(number(6), "bigint")}, exp.EQ(this=masked(col("x"), number(2)), expression=number(2))),
                   [(True,)]),
    "and-or-not": (on({"x": T()}, every((some((F(), col("x"))), negated(some((F(), F())))))), [(True,)]),
    "case-without-default": (on({"x": F()}, case((col("x"), text("a")))), [(None,)]),
    "case-first": (on({"x": T()}, case((col("x"), text("a")), (T(), text("b")), default=text("c"))), [("a",)]),
    "joined-in-order": (on({"x": T(), "y": F()},
                           joined([(col("x"), "b"), (col("y"), "c"), (col("x"), "a")], " | ")), [("b | a",)]),
    "joined-nothing": (on({"x": F()}, joined([(col("x"), "b")], " | ")), [("",)]),
    "joined-of-none": (on({"x": F()}, joined([], " | ")), [("",)]),
    "joined-empty-text": (on({"x": T()}, joined([(col("x"), ""), (col("x"), "a")], " | ")), [(" | a",)]),
    "text-escapes": (on({"x": T()}, joined([(col("x"), "it's a \\ and a \"")], " ")), [("it's a \\ and a \"",)]),
    "dates": (on(DATES, exp.LTE(this=col("early"), expression=col("late"))), [(True,)]),
    "date-undated": (on(DATES, some((exp.Is(this=col("none"), expression=NULL()), F()))), [(True,)]),
    "least-day": (on(DATES, LEAST), [(datetime.date(2026, 1, 31),)]),
    "no-day": (on(DATES, exp.Nullif(this=day("0001-01-01"), expression=day("0001-01-01"))), [(None,)]),
    "coalesced-day": (on(DATES, exp.Coalesce(this=col("none"), expressions=[day("0001-01-01")])),
                      [(datetime.date(1, 1, 1),)]),
    "null-is-not-in": (on({"x": cast(NULL(), "text")},
                          exp.Coalesce(this=col("x").isin(text("a")), expressions=[F()])), [(False,)]),
    "bits-or": (over(FACTS, ("k", "b", "d"), col("k"), exp.BitwiseOrAgg(this=case((T(), cast(col("b"), "bigint")))))
                .group_by(col("k")).order_by(*ascending(["k"])), [("p", HIGHEST + 1), ("q", None)]),
    "latest-over-patient": (over(FACTS, ("k", "b", "d"), col("k"), exp.Window(
        this=exp.Max(this=cast(col("d"), "date")), partition_by=[col("k")])).order_by(*ascending(["k"])),
        [("p", datetime.date(2026, 3, 1))] * 2 + [("q", None)]),
    "nulls-first": (over([(text("a"),), (cast(NULL(), "text"),)], ("k",), col("k")).order_by(*ascending(["k"])),
                    [(None,), ("a",)]),
    "reserved-names": (over([(number(1), text("x"))], ("order", "asOf"), col("order"), col("asOf")), [(1, "x")]),
    "steps": (with_steps(exp.select(col("v0")).from_("second"), {
        "first": over([(number(1),)], ("k",), col("k")), "second": exp.select(exp.Star()).from_("first")}), [(1,)]),
    "union-all": (exp.union(over([(number(1),)], ("k",), col("k")), over([(number(1),)], ("k",), col("k")),
                            distinct=False), [(1,), (1,)]),
}  # fmt: skip


@pytest.mark.parametrize(("query", "value"), CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_duckdb(query: exp.Query, value: list[tuple[Any, ...]]) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(render(query, "duckdb")).fetchall() == value


@pytest.mark.parametrize(("query", "value"), CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_spark(spark: SparkSession, query: exp.Query, value: list[tuple[Any, ...]]) -> None:
    assert [tuple(row) for row in spark.sql(render(query, "spark")).collect()] == value


def test_a_word_has_at_most_62_bits() -> None:
    assert max(WIDE.masks(range(1, 131))) == (1 << 62) - 1
    assert [bin(mask).count("1") for mask in WIDE.masks(range(1, 131))] == [62, 62, 6]
    with pytest.raises(ValueError, match="62"):
        Words(3, bits=63)


def test_a_dialect_that_cannot_say_it_is_refused() -> None:
    assert {"duckdb", "spark"} <= set(dialects())
    with pytest.raises(UsageError, match="cannot be written in sqlite"):
        render(exp.select(exp.BitwiseOrAgg(this=col("x"))), "sqlite")
