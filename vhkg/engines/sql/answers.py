"""From situations to answers: one row per lesion and recommendation.

What a recommendation says depends on a few findings only. So it is worked out once for each combination of these that
occurs, and joined to the lesions, instead of for each lesion anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlglot import exp

from vhkg.decision.statuses import StatusRule
from vhkg.engines.chosen import ChosenTable, Literals, Reason, Reasons
from vhkg.engines.sql.goals import Goals, entails, refutes
from vhkg.engines.sql.words import (
    SIDES,
    Words,
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
from vhkg.model.answer import Status, Verdict

OUTPUT = (
    "patient", "presentation", "asOf", "verdict", "recommendation", "order", "direction", "status", "baseStatus",
    "because", "decisiveSince", "notAddressed", "mark",
)  # fmt: skip
"""The columns, before the words of the situation."""

_UNDATED, _NEVER = "0001-01-01", "9999-12-31"
_BETWEEN_REASONS, _BETWEEN_FACTS, _BETWEEN_FACTORS = " | ", " & ", " "


class Answers:
    """Queries for one table over a relation `situation` as `Situations` makes it."""

    def __init__(self, table: ChosenTable, words: Words) -> None:
        self._table, self._words = table, words
        self._goals = Goals(table, words)
        self._rules = {rule.name: rule for rule in table.rules}

    def steps(self) -> dict[str, exp.Query]:
        """The steps from ``situation`` to ``answer``, by name; each uses those before it."""
        return {
            "recommendation": self._recommendations(),
            "key": self._keys(),
            "considered": self._considered(),
            "decided": self._decided(),
            "known": self._known(),
            "judged": self._judged(),
            "answer": self._answers(),
        }

    def _scope_columns(self) -> list[str]:
        return [f"s_{name}" for name in self._words.columns()]

    def _recommendations(self) -> exp.Query:
        """`holding` is the status of a recommendation whose condition is met and whose exclusion is not."""
        rows = []
        for ranked in self._table.recommendations:
            rule = self._rules[ranked.name]
            scope = self._goals.scope(rule)
            rows.append(
                (
                    text(ranked.name),
                    number(ranked.order),
                    text(ranked.direction),
                    text(Status.ADVISED_AGAINST if rule.against else Status.APPLIES),
                    *(number(mask) for side in SIDES for mask in scope[side]),
                )
            )
        names = ["recommendation", "order", "direction", "holding"]
        scopes = [exp.alias_(cast(col(name), "bigint"), name, quoted=True) for name in self._scope_columns()]
        return exp.select(*map(col, names), *scopes).from_(table_values(rows, (*names, *self._scope_columns())))

    def _keys(self) -> exp.Query:
        looked_at = [
            exp.alias_(masked(col(name, "s"), col(f"s_{name}", "r")), name, quoted=True)
            for name in self._words.columns()
        ]
        return (
            exp.select(col("recommendation", "r"), col("holding", "r"), *looked_at)
            .distinct()
            .from_(exp.alias_(exp.table_("situation"), "s"))
            .join(exp.alias_(exp.table_("recommendation"), "r"), join_type="cross")
            .where(exp.Is(this=col("mark", "s"), expression=exp.Null()))
        )

    def _considered(self) -> exp.Query:
        """Of each key, whether the recommendation holds, fails, or has its condition met; and the scope limits."""
        goals = self._goals
        return exp.select(
            *map(col, ("recommendation", "holding", *self._words.columns())),
            exp.alias_(goals.of_each(lambda r: self._table.goals[r.name].yes, self._any), "holds", quoted=True),
            exp.alias_(goals.of_each(lambda r: self._table.goals[r.name].no, self._any), "fails", quoted=True),
            exp.alias_(goals.of_each(lambda r: self._table.goals[r.condition].yes, self._any), "meets", quoted=True),
            *goals.limit_columns(),
        ).from_("key")

    def _any(self, rows: tuple[Literals, ...]) -> exp.Expr:
        return self._words.holds_any(rows)

    def _decided(self) -> exp.Query:
        """Of each key: statuses, the reasons shown as text and as bits, the factors named."""
        goals, provisional = self._goals, text(Status.PROVISIONAL)
        base = case(
            (col("holds"), col("holding")),
            (col("fails"), text(Status.DOES_NOT_APPLY)),
            (col("meets"), provisional),
            default=text(Status.UNDETERMINED),
        )
        capped = goals.of_each(lambda rule: rule.limits, goals.capped)
        named = goals.of_each(lambda rule: rule.limits, lambda limits: joined(goals.named(limits), _BETWEEN_FACTORS))
        failing = every((col("fails"), negated(col("holds"))))
        reasons = self._table.reasons
        return exp.select(
            *map(col, ("recommendation", *self._words.columns())),
            exp.alias_(base, "baseStatus", quoted=True),
            exp.alias_(
                case((every((col("holds"), capped)), provisional.copy()), default=base.copy()), "status", quoted=True
            ),
            exp.alias_(goals.of_each(lambda rule: reasons[rule.name], self._because), "because", quoted=True),
            exp.alias_(case((failing, text("")), default=named), "notAddressed", quoted=True),
            *(
                exp.alias_(
                    goals.of_each(lambda rule: reasons[rule.name], partial(self._bits, word=word)),
                    f"shown{word}",
                    quoted=True,
                )
                for word in range(self._words.count)
            ),
        ).from_("considered")

    def _because(self, own: Reasons) -> exp.Expr:
        """None while the status is undetermined."""

        def told(reasons: Sequence[Reason]) -> exp.Expr:
            return joined(((self._goals.reason(each), self._wording(each)) for each in reasons), _BETWEEN_REASONS)

        return case(
            (col("holds"), told(own.holding)),
            (col("fails"), told(own.failing)),
            (col("meets"), told(own.meeting)),
            default=text(""),
        )

    def _wording(self, reason: Reason) -> str:
        names = self._table.findings
        return _BETWEEN_FACTS.join(f"{names[abs(x) - 1].name}={'present' if x > 0 else 'absent'}" for x in reason.shown)

    def _bits(self, own: Reasons, *, word: int) -> exp.Expr:
        """The findings of the reasons shown that have their bit in a word."""

        def united(reasons: Sequence[Reason]) -> exp.Expr:
            found: exp.Expr = cast(number(0), "bigint")
            for reason in reasons:
                if mask := self._words.masks(abs(x) for x in reason.shown)[word]:
                    bits = case((self._goals.reason(reason), number(mask)), default=number(0))
                    found = exp.BitwiseOr(this=found, expression=exp.paren(bits))
            return found

        return case(
            (col("holds"), united(own.holding)),
            (col("fails"), united(own.failing)),
            (col("meets"), united(own.meeting)),
            default=cast(number(0), "bigint"),
        )

    def _treating(self, *, first: bool) -> list[StatusRule]:
        return [self._rules[r.name] for r in self._table.recommendations if r.treats and (r.first_line or not first)]

    def _known(self) -> exp.Query:
        """The situations with what verdicts depend on."""
        table = self._table
        treating = self._treating(first=False)
        entailed = [goal for rule in treating for goal in (rule.name, rule.condition)]
        limiting = [goal for limit in table.limits for goal in (limit.raised_by, limit.caps_within)]
        refuted = [table.subject, table.scope, table.branch, *(rule.name for rule in treating)]
        found = self._goals.columns((*entailed, *limiting), refuted)
        return exp.select(exp.Star(), *found).from_("situation")

    def _judged(self) -> exp.Query:
        """The situations with their verdicts, as `vhkg.answering.verdicts` gives them."""
        table = self._table
        branches: list[tuple[exp.Expr, exp.Expr]] = [
            (exp.not_(exp.Is(this=col("mark"), expression=exp.Null())), exp.Null()),
            (refutes(table.subject), text(Verdict.NOT_APPLICABLE)),
            (some((self._goals.outside(), refutes(table.scope))), text(Verdict.OUTSIDE)),
            (every((refutes(table.branch), col("contradicted"))), text(Verdict.CONTRADICTION)),
            (refutes(table.branch), text(Verdict.GAP)),
        ]
        for first in (True, False):
            among = self._treating(first=first)
            branches += [
                (some(self._applies(rule) for rule in among), text(Verdict.FIRST_LINE)),
                (some(_stands(rule) for rule in among), text(Verdict.PROVISIONAL)),
            ]
        branches.append((col("contradicted"), text(Verdict.CONTRADICTION)))
        days = [f"day_{each}" for each in table.explaining()]
        return exp.select(
            *map(col, ("patient", "presentation", "asOf", "mark", *self._words.columns(), *days)),
            exp.alias_(case(*branches, default=text(Verdict.UNDECIDED)), "verdict", quoted=True),
        ).from_("known")

    def _applies(self, rule: StatusRule) -> exp.Expr:
        return every((entails(rule.name), negated(self._goals.capped(rule.limits))))

    def _answers(self) -> exp.Query:
        """Every key is decided. The join is an outer one all the same: an inner one may be reordered so that keys are
        compared with every lesion.
        """
        words = self._words.columns()
        held = [col(name, "s") for name in ("patient", "presentation", "asOf", "verdict")]
        from_decided = [col(name, "d") for name in ("status", "baseStatus", "because")]
        decided = (
            exp.select(
                *held,
                *(col(name, "r") for name in ("recommendation", "order", "direction")),
                *from_decided,
                exp.alias_(self._since(), "decisiveSince", quoted=True),
                col("notAddressed", "d"),
                col("mark", "s"),
                *(col(name, "s") for name in words),
            )
            .from_(exp.alias_(exp.table_("judged"), "s"))
            .join(exp.alias_(exp.table_("recommendation"), "r"), join_type="cross")
            .join(
                exp.alias_(exp.table_("decided"), "d"),
                on=exp.and_(
                    col("recommendation", "d").eq(col("recommendation", "r")),
                    *(col(name, "d").eq(masked(col(name, "s"), col(f"s_{name}", "r"))) for name in words),
                ),
                join_type="left",
            )
            .where(exp.Is(this=col("mark", "s"), expression=exp.Null()))
        )
        kinds = {"order": "int", "decisiveSince": "date"}
        marked = (
            exp.select(
                *(col(name) for name in ("patient", "presentation", "asOf", "verdict")),
                *(exp.alias_(cast(exp.Null(), kinds.get(name, "text")), name, quoted=True) for name in OUTPUT[4:-1]),
                col("mark"),
                *(col(name) for name in words),
            )
            .from_("judged")
            .where(exp.not_(exp.Is(this=col("mark"), expression=exp.Null())))
        )
        return exp.union(decided, marked, distinct=False)

    def _since(self) -> exp.Expr:
        """The oldest day of a finding in the reasons; none if one of them is undated, or there is none."""

        def oldest(named: tuple[int, ...]) -> exp.Expr:
            days: list[exp.Expr] = [day(_NEVER)]
            for finding in named:
                dated = exp.Coalesce(this=col(f"day_{finding}", "s"), expressions=[day(_UNDATED)])
                days.append(case((self._words.touches("shown", finding, "d"), dated), default=day(_NEVER)))
            least = exp.Least(this=days[0], expressions=days[1:], ignore_nulls=True) if named else days[0]
            return exp.Nullif(this=exp.Nullif(this=least, expression=day(_NEVER)), expression=day(_UNDATED))

        return self._goals.of_each(lambda rule: self._table.reasons[rule.name].findings(), oldest, "r")


def _stands(rule: StatusRule) -> exp.Expr:
    """Whether it applies, or is provisional."""
    return some((entails(rule.name), every((entails(rule.condition), negated(refutes(rule.name))))))


def joined(parts: Iterable[tuple[exp.Expr, str]], separator: str) -> exp.Expr:
    """The texts whose conditions hold, in the order given. Each brings its separator, and the first one is cut off."""
    found: exp.Expr | None = None
    for condition, words in parts:
        part = exp.paren(case((condition, text(separator + words)), default=text("")), copy=False)
        found = part if found is None else exp.DPipe(this=found, expression=part, safe=True)
    if found is None:
        return text("")
    return exp.Substring(this=exp.paren(found, copy=False), start=number(len(separator) + 1))
