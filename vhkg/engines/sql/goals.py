"""What a situation entails, as SQL conditions: on its words, and on columns that hold what was found of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlglot import exp

from vhkg.decision.statuses import StatusRule
from vhkg.engines.chosen import ChosenTable, Literals, Occasion, Reason
from vhkg.engines.sql.words import ABSENT, DOUBTFUL, PRESENT, Words, case, col, every, negated, some, text
from vhkg.model.content import ScopeLimit

_Same = TypeVar("_Same")


class Goals:
    """Conditions for one table; each call builds a new expression, since an expression has one place in a query."""

    def __init__(self, table: ChosenTable, words: Words) -> None:
        self._table, self._words = table, words
        self._feared = table.limit_goals()

    def entailed(self, goal: str) -> exp.Expr:
        """A goal of a scope limit also where one finding that is recorded in contradiction would entail it."""
        rows = self._table.goals[goal].yes
        conditions = [self._words.holds(row) for row in rows]
        for row in rows if goal in self._feared else ():
            for literal in row:
                if literal > 0:
                    rest = tuple(x for x in row if x != literal)
                    conditions.append(every((self._words.touches(DOUBTFUL, literal), self._words.holds(rest))))
        return some(conditions)

    def refuted(self, goal: str) -> exp.Expr:
        refuting = self._words.holds_any(self._table.goals[goal].no)
        return every((refuting, negated(self.entailed(goal)))) if goal in self._feared else refuting

    def columns(self, entailed: Iterable[str], refuted: Iterable[str] = ()) -> list[exp.Expr]:
        """What `entails` and `refutes` refer to."""
        found: list[exp.Expr] = []
        found += [exp.alias_(self.entailed(goal), f"is_{goal}", quoted=True) for goal in dict.fromkeys(entailed)]
        found += [exp.alias_(self.refuted(goal), f"not_{goal}", quoted=True) for goal in dict.fromkeys(refuted)]
        return found

    def limit_columns(self) -> list[exp.Expr]:
        goals = [goal for limit in self._table.limits for goal in (limit.raised_by, limit.caps_within)]
        return self.columns(goals)

    def of_each(
        self, part: Callable[[StatusRule], _Same], made: Callable[[_Same], exp.Expr], table: str = ""
    ) -> exp.Expr:
        """What is made of a part of each recommendation; written once for all that have the same part."""
        shared: list[tuple[_Same, list[str]]] = []
        for rule in self._table.rules:
            mine = part(rule)
            names = next((names for other, names in shared if other == mine), None)
            if names is None:
                shared.append((mine, [rule.name]))
            else:
                names.append(rule.name)
        return case(*((col("recommendation", table).isin(*map(text, names)), made(mine)) for mine, names in shared))

    # --- scope limits, by the columns of `limit_columns`

    def capped(self, limits: Iterable[ScopeLimit]) -> exp.Expr:
        """Whether a scope limit in force keeps a recommendation from applying."""
        return some(entails(goal) for goal in dict.fromkeys(limit.caps_within for limit in limits))

    def named(self, limits: tuple[ScopeLimit, ...]) -> list[tuple[exp.Expr, str]]:
        """The factors to be named, each with the condition that its limit is raised and no narrower one is."""
        return [
            (
                every(
                    (
                        entails(limit.raised_by),
                        *(negated(entails(o.raised_by)) for o in limits if limit.factor in o.broader),
                    )
                ),
                limit.factor,
            )
            for limit in limits
        ]

    def outside(self) -> exp.Expr:
        """Whether a limit of every recommendation is raised and in force."""
        limits = [limit for limit in self._table.limits if not limit.limits]
        return some(every((entails(x.raised_by), entails(x.caps_within))) for x in limits)

    # --- reasons

    def reason(self, reason: Reason) -> exp.Expr:
        return some(self._occasion(each) for each in reason.occasions)

    def _occasion(self, occasion: Occasion) -> exp.Expr:
        suppressors = [
            negated(every((self._words.holds(each.needs), *(negated(self._words.holds(x)) for x in each.unless))))
            for each in occasion.unless
        ]
        return every((self._words.holds(occasion.needs), *suppressors))

    def scope(self, rule: StatusRule) -> dict[str, list[int]]:
        """By side: the bits that status, reasons and factors of a recommendation depend on."""
        limiting = [goal for limit in rule.limits for goal in (limit.raised_by, limit.caps_within)]
        goals = [rule.name, rule.condition, *limiting]
        own = self._table.reasons[rule.name]
        terms: list[Literals] = []
        for goal in goals:
            terms += (*self._table.goals[goal].yes, *self._table.goals[goal].no)
        for reason in (*own.holding, *own.failing, *own.meeting):
            for occasion in reason.occasions:
                terms.append(occasion.needs)
                for each in occasion.unless:
                    terms += [each.needs, *each.unless]
        literals = {x for term in terms for x in term}
        feared = {
            x for goal in goals if goal in self._feared for row in self._table.goals[goal].yes for x in row if x > 0
        }
        return {
            PRESENT: self._words.masks(x for x in literals if x > 0),
            ABSENT: self._words.masks(-x for x in literals if x < 0),
            DOUBTFUL: self._words.masks(feared),
        }


def entails(goal: str) -> exp.Expr:
    """What was found of a goal (see `Goals.columns`)."""
    return col(f"is_{goal}")


def refutes(goal: str) -> exp.Expr:
    return col(f"not_{goal}")
