"""On which readings a status rests: which alternatives would change it, and whether any combination would."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from vhkg.decision.statuses import StatusRule, assess, concerned
from vhkg.explanation.guards import GuardedRow, union
from vhkg.explanation.situation import Situation
from vhkg.model.answer import ReadingShown, Status


class Dependence(NamedTuple):
    """`everywhere` is true if the status is the same under every combination of readings."""

    readings: tuple[ReadingShown, ...]
    everywhere: bool


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
    now = situation.assessed[rule.name].status
    changes = {name: _flips(situation, rule, rows, live, name) for name in live}
    everywhere = not any(changes.values()) and all(
        _status(situation, rule, rows, union(option.mask for option in combination)) is now
        for combination in product(*(decider.guards.alternatives[name] for name in live))
    )
    shown = situation.readings_without_effect(tuple(dict.fromkeys((*names, *live))))
    return Dependence(
        tuple(
            ReadingShown(id=each.id, chosen=each.chosen, matters=True, changes=changes[each.id])
            if changes.get(each.id)
            else each
            for each in shown
        ),
        everywhere,
    )


def _flips(
    situation: Situation, rule: StatusRule, rows: list[GuardedRow], live: list[str], name: str
) -> dict[str, Status]:
    """The alternatives of one reading that alone would change the status, with the status they would give."""
    now = situation.assessed[rule.name].status
    chosen = situation.readings
    alternatives = situation.decider.guards.alternatives
    others = union(
        option.mask for other in live if other != name for option in alternatives[other] if option.name == chosen[other]
    )
    found = {}
    for option in alternatives[name]:
        if option.name != chosen[name]:
            status = _status(situation, rule, rows, others | option.mask)
            if status is not now:
                found[option.name] = status
    return found


def _status(situation: Situation, rule: StatusRule, rows: list[GuardedRow], chosen: int) -> Status:
    """The status if the alternatives of `chosen` are taken and no other row of these goals holds."""
    values: dict[str, bool | None] = {row.goal: None for row in rows}
    for row in rows:
        if not row.guards & ~chosen:
            values[row.goal] = row.value

    holds = {**situation.verdicts, **values}.get
    limits = concerned(rule.limits, holds) if situation.decider.limit_goals & values.keys() else situation.limits
    return assess(rule, holds, limits).status
