"""On which readings a status rests: which alternatives would change it, and whether any combination would."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from vhkg.decision.statuses import StatusRule, assess, concerned
from vhkg.explanation.situation import Situation
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
    rows = _live_rows(situation, rule)
    live = [n for n in decider.content.readings if any(r.mask & decider.reading_masks[n] for r in rows)]
    now = situation.assessed[rule.name].status
    changes: dict[str, dict[str, Status]] = {name: {} for name in live}
    everywhere = True
    for combination in product(*(decider.alternatives[name] for name in live)) if live else ():
        status = _status(situation, rule, rows, sum(alternative.mask for alternative in combination))
        if status is now:
            continue
        everywhere = False
        flipped = [
            (name, alternative.name)
            for name, alternative in zip(live, combination, strict=True)
            if alternative.name != situation.readings[name]
        ]
        if len(flipped) == 1:
            name, alternative_name = flipped[0]
            changes[name][alternative_name] = status
    named = dict.fromkeys((*decider.recommendation[rule.name].readings, *live))
    return Dependence(
        readings=tuple(
            ReadingShown(
                id=name,
                chosen=situation.readings[name],
                matters=bool(changes.get(name)),
                changes=changes.get(name, {}),
            )
            for name in named
        ),
        everywhere=everywhere,
    )


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

    return assess(rule, holds, concerned(rule.limits, holds)).status
