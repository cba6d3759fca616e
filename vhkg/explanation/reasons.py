"""Why a status holds, and which least facts would confirm or refute a recommendation."""

from __future__ import annotations

from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status

_HOLDING = (Status.APPLIES, Status.ADVISED_AGAINST)


def reasons(situation: Situation, name: str) -> tuple[tuple[int, ...], ...]:
    """Minimal sets of recorded literals that suffice for the base status, in display order, shortest first.

    For a provisional status they suffice for the condition. Readings are left out: they are shown with the reading.
    """
    base = situation.assessed[name].base
    evaluator = situation.decider.evaluator
    if base is Status.UNDETERMINED:
        return ()
    if base is Status.PROVISIONAL:
        rows = evaluator.matching(situation.decider.recommendation[name].condition, True, situation.facts)
    else:
        rows = evaluator.matching(name, base in _HOLDING, situation.facts)
    places = situation.decider.place_of_atom
    found = dict.fromkeys(in_display_order(situation, row) for row in rows)
    return tuple(sorted(found, key=lambda row: (len(row), [(places[abs(x)], x > 0) for x in row])))


def completions(situation: Situation, name: str, value: bool) -> tuple[tuple[int, ...], ...]:
    """The least sets of further literals that would make a recommendation hold, or fail, in display order."""
    if situation.assessed[name].base not in (Status.UNDETERMINED, Status.PROVISIONAL):
        return ()
    found = situation.decider.evaluator.completions(name, value, situation.closed)
    return tuple(in_display_order(situation, row) for row in found)


def in_display_order(situation: Situation, literals: tuple[int, ...]) -> tuple[int, ...]:
    """The literals of findings among some literals."""
    places = situation.decider.place_of_atom
    return tuple(sorted((x for x in literals if abs(x) in places), key=lambda x: places[abs(x)]))
