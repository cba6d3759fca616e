"""On which readings a status rests: the smallest changes of reading that would change it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import NamedTuple

import msgspec

from vhkg.decision.statuses import StatusRule, assess, concerned
from vhkg.explanation.guards import GuardedRow, union
from vhkg.explanation.situation import Situation
from vhkg.model.answer import ReadingChange, ReadingShown, Status


class Dependence(NamedTuple):
    """`everywhere` is true if the status is the same under every combination of readings.

    `changes` are the smallest changes of readings that give another status: none contains another.
    """

    readings: tuple[ReadingShown, ...]
    everywhere: bool
    changes: tuple[ReadingChange, ...] = ()


def dependence(situation: Situation, rule: StatusRule) -> Dependence:
    """The readings that the recommendation names or that could change its status now.

    Exact: the facts entail a goal under a reading if and only if some prime implicant consists of recorded
    facts and of that reading's literals.
    """
    decider = situation.decider
    names = decider.recommendation[rule.name].readings
    live_rows = situation.live_rows()
    rows = [row for goal in decider.goals[rule.name] for row in live_rows.get(goal, ())] if live_rows else []
    if not rows:
        return Dependence(situation.readings_without_effect(names), True)
    guarded = union(row.guards for row in rows)
    live = [name for name, mask in decider.guards.masks.items() if guarded & mask]
    changes = tuple(_smallest_changes(situation, rule, rows, live))
    alone: dict[str, dict[str, Status]] = {}
    for change in changes:
        if len(change.readings) == 1:
            ((name, option),) = change.readings.items()
            alone.setdefault(name, {})[option] = change.status
    mattering = {name for change in changes for name in change.readings}
    shown = situation.readings_without_effect(tuple(dict.fromkeys((*names, *live))))
    return Dependence(
        tuple(
            msgspec.structs.replace(each, matters=True, changes=alone.get(each.id, {}))
            if each.id in mattering
            else each
            for each in shown
        ),
        not changes,
        changes,
    )


def _smallest_changes(
    situation: Situation, rule: StatusRule, rows: list[GuardedRow], live: list[str]
) -> Iterator[ReadingChange]:
    """Breadth first: what contains a change that was found is not looked at again."""
    now = situation.assessed[rule.name].status
    taken = {
        name: next(o for o in situation.decider.guards.alternatives[name] if o.name == situation.readings[name])
        for name in live
    }
    others = {name: [o for o in situation.decider.guards.alternatives[name] if o is not taken[name]] for name in live}
    found: list[set[tuple[str, str]]] = []
    for size in range(1, len(live) + 1):
        smaller = tuple(found)
        for names in combinations(live, size):
            kept = union(taken[name].mask for name in live if name not in names)
            for options in product(*(others[name] for name in names)):
                change = {name: option.name for name, option in zip(names, options, strict=True)}
                if any(each <= change.items() for each in smaller):
                    continue
                status = _status(situation, rule, rows, kept | union(option.mask for option in options))
                if status is not now:
                    found.append(set(change.items()))
                    yield ReadingChange(readings=change, status=status)


def _status(situation: Situation, rule: StatusRule, rows: list[GuardedRow], chosen: int) -> Status:
    """The status if the alternatives of `chosen` are taken and no other row of these goals holds."""
    values: dict[str, bool | None] = {row.goal: None for row in rows}
    for row in rows:
        if not row.guards & ~chosen:
            values[row.goal] = row.value

    holds = {**situation.verdicts, **values}.get
    limits = concerned(rule.limits, holds) if situation.decider.limit_goals & values.keys() else situation.limits
    return assess(rule, holds, limits).status
