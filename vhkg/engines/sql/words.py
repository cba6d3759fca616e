"""Findings as bits of machine words, and the SQL that looks at them.

A word has at most 62 bits, so that no dialect's signed 64-bit integer is ever negative; there are as many words as the
findings need. Word i of what is present is the column ``p<i>``, of what is absent ``a<i>``, and of what is recorded
present in a record that contradicts itself about it ``d<i>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

MOST_BITS = 62
PRESENT, ABSENT, DOUBTFUL = "p", "a", "d"
SIDES = (PRESENT, ABSENT, DOUBTFUL)


def col(name: str, table: str = "") -> exp.Column:
    """Always quoted, since some of our names are words of SQL and some have capitals."""
    return exp.column(name, table=table or None, quoted=True)


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def number(value: int) -> exp.Literal | exp.Neg:
    return exp.Literal.number(value)


def cast(value: exp.Expr, kind: str) -> exp.Cast:
    return exp.Cast(this=value, to=exp.DataType.build(kind))


def day(value: str) -> exp.Cast:
    """A date, given as YYYY-MM-DD."""
    return cast(text(value), "date")


def case(*branches: tuple[exp.Expr, exp.Expr], default: exp.Expr | None = None) -> exp.Expr:
    """The first branch whose condition holds; NULL if none does and there is no default."""
    if not branches:
        return default or exp.Null()
    found = exp.Case()
    for condition, value in branches:
        found = found.when(condition, value, copy=False)
    return found.else_(default, copy=False) if default is not None else found


def every(conditions: Iterable[exp.Expr]) -> exp.Expr:
    given = list(conditions)
    return exp.paren(exp.and_(*given, copy=False), copy=False) if len(given) > 1 else given[0] if given else exp.true()


def some(conditions: Iterable[exp.Expr]) -> exp.Expr:
    given = list(conditions)
    return exp.paren(exp.or_(*given, copy=False), copy=False) if len(given) > 1 else given[0] if given else exp.false()


def negated(condition: exp.Expr) -> exp.Expr:
    return exp.not_(exp.paren(condition, copy=False), copy=False)


def ascending(names: Iterable[str]) -> list[exp.Ordered]:
    return [exp.Ordered(this=col(name), nulls_first=True) for name in names]


def table_values(rows: Sequence[Sequence[object]], names: Sequence[str]) -> exp.Values:
    """Rows that stand in the query itself."""
    columns = [exp.to_identifier(name, quoted=True) for name in names]
    found = exp.values([tuple(row) for row in rows])
    found.set("alias", exp.TableAlias(this=exp.to_identifier("v"), columns=columns))
    return found


def masked(value: exp.Expr, mask: exp.Expr) -> exp.Expr:
    """``value & mask``, in parentheses: dialects differ in how tightly ``&`` binds."""
    return exp.paren(exp.BitwiseAnd(this=value, expression=mask), copy=False)


class Words:
    """Where each finding's bit is. Immutable."""

    def __init__(self, findings: int, bits: int = MOST_BITS) -> None:
        if not 0 < bits <= MOST_BITS:
            raise ValueError(f"a word has 1 to {MOST_BITS} bits, not {bits}")
        self._bits = bits
        self.count = max(1, -(-findings // bits))

    def columns(self, *sides: str) -> tuple[str, ...]:
        return tuple(f"{side}{word}" for side in sides or SIDES for word in range(self.count))

    def masks(self, numbers: Iterable[int]) -> list[int]:
        """The words in which the bits of these findings are set."""
        found = [0] * self.count
        for each in numbers:
            word, bit = divmod(each - 1, self._bits)
            found[word] |= 1 << bit
        return found

    def holds(self, literals: Sequence[int], table: str = "") -> exp.Expr:
        """Whether facts hold all these literals (signed numbers of findings)."""
        present = self.masks(x for x in literals if x > 0)
        absent = self.masks(-x for x in literals if x < 0)
        return every(
            exp.EQ(this=masked(col(f"{side}{word}", table), number(mask)), expression=number(mask))
            for side, masks in ((PRESENT, present), (ABSENT, absent))
            for word, mask in enumerate(masks)
            if mask
        )

    def holds_any(self, terms: Iterable[Sequence[int]], table: str = "") -> exp.Expr:
        return some(self.holds(term, table) for term in terms)

    def touches(self, side: str, finding: int, table: str = "") -> exp.Expr:
        """Whether the bit of one finding is set."""
        word, mask = next((word, mask) for word, mask in enumerate(self.masks([finding])) if mask)
        return exp.NEQ(this=masked(col(f"{side}{word}", table), number(mask)), expression=number(0))
