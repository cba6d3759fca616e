"""On which readings a status rests: which alternatives would change it, and whether any combination would."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from vhkg.decision.statuses import StatusRule, assess, concerned
from vhkg.explanation.situation import Situation, union
from vhkg.model.answer import ReadingShown, Status


class Dependence(NamedTuple):
    """`everywhere` is true if the status is the same under every combination of readings."""

    readings: tuple[ReadingShown, ...]
    everywhere: bool


class _LiveRow(NamedTuple):
    """A row whose findings are all recorded; `mask` holds its literals of alternatives (see `Decider.mask`)."""

    goal: str
    value: bool
    mask: int


def dependence(situation: Situation, rule: StatusRule) -> Dependence:
    """The readings that the recommendation names or that could change its status now.

    Exact: the facts entail a goal under a reading if and only if some prime implicant consists of recorded
    facts and of that reading's literals, so only rows whose findings are recorded need looking at, and of
    those only rows of goals that no row without a guard decides.
    """
    decider = situation.decider
    names = decider.recommendation[rule.name].readings
    rows = _live_rows(situation, rule)
    if not rows:
        return Dependence(tuple(_shown(situation, name, {}) for name in names), True)
    guarded = union(row.mask for row in rows)
    live = [name for name, mask in decider.reading_masks.items() if guarded & mask]
    now = situation.assessed[rule.name].status
    changes = {name: _flips(situation, rule, rows, live, name, now) for name in live}
    everywhere = not any(changes.values()) and all(
        _status(situation, rule, rows, union(option.mask for option in combination)) is now
        for combination in product(*(decider.alternatives[name] for name in live))
    )
    return Dependence(
        tuple(_shown(situation, name, changes.get(name, {})) for name in dict.fromkeys((*names, *live))), everywhere
    )


def _shown(situation: Situation, name: str, changes: dict[str, Status]) -> ReadingShown:
    return ReadingShown(id=name, chosen=situation.readings[name], matters=bool(changes), changes=changes)


def _flips(
    situation: Situation, rule: StatusRule, rows: list[_LiveRow], live: list[str], name: str, now: Status
) -> dict[str, Status]:
    """The alternatives of one reading that alone would change the status, with the status they would give."""
    chosen = situation.readings
    alternatives = situation.decider.alternatives
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


def _live_rows(situation: Situation, rule: StatusRule) -> list[_LiveRow]:
    """Rows whose findings are all recorded, of goals whose value hangs on a reading."""
    recorded = situation.recorded
    rows = [
        _LiveRow(row.goal, row.value, row.mask)
        for row in situation.decider.guarded_rows[rule.name]
        if row.findings <= recorded
    ]
    fixed = {row.goal for row in rows if not row.mask}
    return [row for row in rows if row.goal not in fixed]


def _status(situation: Situation, rule: StatusRule, rows: list[_LiveRow], chosen: int) -> Status:
    """The status if the alternatives of `chosen` are taken and no other row of these goals holds."""
    values: dict[str, bool | None] = {row.goal: None for row in rows}
    for row in rows:
        if not row.mask & ~chosen:
            values[row.goal] = row.value

    def holds(goal: str) -> bool | None:
        return values[goal] if goal in values else situation.holds(goal)

    limits = concerned(rule.limits, holds) if situation.decider.limit_goals & values.keys() else situation.limits
    return assess(rule, holds, limits).status
