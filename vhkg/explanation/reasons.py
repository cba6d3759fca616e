"""Why a status holds, and which least facts would confirm or refute a recommendation."""

from __future__ import annotations

from collections.abc import Mapping

from vhkg.explanation.situation import Situation
from vhkg.model.answer import FactShown, Status

_HOLDING = (Status.APPLIES, Status.ADVISED_AGAINST)


def reasons(situation: Situation, name: str, recorded: Mapping[int, FactShown]) -> tuple[tuple[FactShown, ...], ...]:
    """Minimal sets of recorded facts that suffice for the base status, with their dates.

    For a provisional status they suffice for the condition. `recorded` maps each recorded literal to
    what is shown of it. Readings are left out here: they are shown with the reading.
    """
    base = situation.assessed[name].base
    evaluator = situation.decider.evaluator
    if base is Status.UNDETERMINED:
        return ()
    if base is Status.PROVISIONAL:
        rows = evaluator.matching(situation.decider.recommendation[name].condition, True, situation.facts)
    else:
        rows = evaluator.matching(name, base in _HOLDING, situation.facts)
    shown = dict.fromkeys(shown_literals(situation, row, recorded) for row in rows)
    if len(shown) == 1:
        return tuple(shown)
    order = situation.decider.place
    return tuple(sorted(shown, key=lambda facts: (len(facts), [(order[f.finding], f.status) for f in facts])))


def completions(situation: Situation, name: str, value: bool) -> tuple[tuple[int, ...], ...]:
    """The least sets of further literals that would make a recommendation hold, or fail."""
    if situation.assessed[name].base not in (Status.UNDETERMINED, Status.PROVISIONAL):
        return ()
    return situation.decider.evaluator.completions(name, value, situation.closed)


def shown_literals(
    situation: Situation, literals: tuple[int, ...], recorded: Mapping[int, FactShown] | None = None
) -> tuple[FactShown, ...]:
    """Literals of findings as facts, in display order; without a date where they are not `recorded`."""
    decider = situation.decider
    places = decider.place_of_atom
    known = recorded or {}
    return tuple(
        known.get(literal) or decider.undated[literal]
        for literal in sorted((x for x in literals if abs(x) in places), key=lambda x: places[abs(x)])
    )
