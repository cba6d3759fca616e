"""Which of the recorded assertions count: later days overrule, and what conflicts within a day is set aside."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import msgspec

from vhkg.decision.evaluation import Evaluator
from vhkg.model.formula import absorbed
from vhkg.model.record import Assertion, AssertionStatus


class Superseded(msgspec.Struct, frozen=True):
    """An assertion that newer ones contradict by the axioms, or on whose finding newer ones contradict each other."""

    assertion: Assertion
    by: tuple[Assertion, ...]


class Conflict(msgspec.Struct, frozen=True):
    """A minimal set of assertions that cannot all be true.

    Those of the day in question and undated ones are set aside; newer ones, if any took part, stay accepted.
    """

    assertions: tuple[Assertion, ...]


class EffectiveFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`literals` are those of the accepted assertions whose finding is an atom of the table.

    `future` holds assertions dated after `as_of`, `unknown` those of status unknown: neither asserts anything.
    """

    accepted: tuple[Assertion, ...]
    literals: tuple[int, ...]
    superseded: tuple[Superseded, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    future: tuple[Assertion, ...] = ()
    unknown: tuple[Assertion, ...] = ()
    as_of: datetime.date | None = None


def effective(
    assertions: Sequence[Assertion], evaluator: Evaluator, as_of: datetime.date | None = None
) -> EffectiveFacts:
    """The facts as of a day, by default that of the latest assertion. The order of the assertions is immaterial.

    Undated assertions count on every day; so each day is weighed together with those that are still accepted.
    """
    ordered = sorted(assertions, key=_canonical)
    if as_of is None:
        as_of = max((a.date for a in ordered if a.date is not None), default=None)
    future = [a for a in ordered if a.date is not None and as_of is not None and a.date > as_of]
    unknown = [a for a in ordered if a.status is AssertionStatus.UNKNOWN and a not in future]
    counted = [a for a in ordered if a not in future and a.status is not AssertionStatus.UNKNOWN]

    weighing = _Weighing(evaluator, [a for a in counted if a.date is None])
    if weighing.compatible(counted):
        accepted = counted
    else:
        days = sorted({a.date for a in counted if a.date is not None}, reverse=True)
        for day in days:
            weighing.weigh([a for a in counted if a.date == day])
        if not days:
            weighing.weigh([])
        accepted = sorted((*weighing.newer, *weighing.undated), key=_canonical)
    return EffectiveFacts(
        accepted=tuple(accepted),
        literals=weighing.known(accepted),
        superseded=tuple(sorted(weighing.superseded, key=lambda entry: _canonical(entry.assertion))),
        conflicts=tuple(sorted(weighing.conflicts, key=lambda entry: [_canonical(a) for a in entry.assertions])),
        future=tuple(future),
        unknown=tuple(unknown),
        as_of=as_of,
    )


class _Weighing:
    """The state between days. Literals of findings without an atom are numbered after the table's."""

    def __init__(self, evaluator: Evaluator, undated: list[Assertion]) -> None:
        self._evaluator = evaluator
        self._strangers: dict[str, int] = {}
        self.newer: list[Assertion] = []
        self.undated = undated
        self.superseded: list[Superseded] = []
        self.contested: dict[int, tuple[Assertion, ...]] = {}
        self.conflicts: list[Conflict] = []

    def compatible(self, assertions: Sequence[Assertion]) -> bool:
        """Whether all can hold together; then no day overrules another, and nothing is set aside."""
        return not self._minimal_conflicts({self._literal(a) for a in assertions})

    def weigh(self, day: list[Assertion]) -> None:
        """One day, older than those before. What a newer day left contradictory is not settled by an older one."""
        for assertion in day:
            if newer := self.contested.get(abs(self._literal(assertion))):
                self.superseded.append(Superseded(assertion, newer))
        day = [assertion for assertion in day if abs(self._literal(assertion)) not in self.contested]
        given = {self._literal(a) for a in self.newer}
        open_ = [*day, *self.undated]
        conflicts = self._minimal_conflicts(given | {self._literal(a) for a in open_})
        relative = absorbed(conflict - given for conflict in conflicts)
        # What is accepted so far is consistent, so one literal against newer ones is carried by facts of this day only.
        overruled = {x for conflict in conflicts if conflict & given and len(conflict - given) == 1 for x in conflict}
        overruled -= given
        aside = {literal for rest in relative if not rest <= overruled for literal in rest}
        for assertion in day:
            literal = self._literal(assertion)
            if literal in overruled:
                reasons = frozenset().union(*(c - {literal} for c in conflicts if c - given == {literal}))
                self.superseded.append(Superseded(assertion, self._carrying(reasons, self.newer)))
        for conflict in conflicts:
            rest = conflict - given
            if rest in relative and not rest <= overruled:
                self.conflicts.append(
                    Conflict(self._carrying(rest, open_, self._carrying(conflict & given, self.newer)))
                )
        for assertion in open_:
            if self._literal(assertion) in aside:
                atom = abs(self._literal(assertion))
                self.contested[atom] = (*self.contested.get(atom, ()), assertion)
        self.newer += [a for a in day if self._literal(a) not in overruled | aside]
        self.undated = [a for a in self.undated if self._literal(a) not in aside]

    def known(self, accepted: Iterable[Assertion]) -> tuple[int, ...]:
        found = {self._literal(a) for a in accepted if self._evaluator.finding(a.finding)}
        return tuple(sorted(found, key=lambda literal: (abs(literal), literal < 0)))

    def _literal(self, assertion: Assertion) -> int:
        number = self._evaluator.finding(assertion.finding)
        if number is None:
            number = self._strangers.setdefault(assertion.finding, _FIRST_STRANGER + len(self._strangers))
        return number if assertion.status is AssertionStatus.PRESENT else -number

    def _minimal_conflicts(self, literals: set[int]) -> list[frozenset[int]]:
        evaluator = self._evaluator
        known = evaluator.facts(literal for literal in literals if abs(literal) < _FIRST_STRANGER)
        found = [frozenset(conflict) for conflict in evaluator.minimal_conflicts(known)]
        return found + [frozenset((x, -x)) for x in literals if x >= _FIRST_STRANGER and -x in literals]

    def _carrying(
        self, literals: Iterable[int], among: Iterable[Assertion], more: Iterable[Assertion] = ()
    ) -> tuple[Assertion, ...]:
        wanted = set(literals)
        return tuple(sorted((*(a for a in among if self._literal(a) in wanted), *more), key=_canonical))


_FIRST_STRANGER = 1 << 40


def _canonical(assertion: Assertion) -> tuple[datetime.date, str, str, str, tuple[str, ...]]:
    """Undated first, then by day."""
    return (
        assertion.date or datetime.date.min,
        assertion.finding,
        assertion.status,
        assertion.origin,
        assertion.codes,
    )
