"""Why a status holds, and which least facts would confirm or refute a recommendation."""

from __future__ import annotations

from vhkg.decision.evaluation import AnyFacts, ClosedFacts
from vhkg.explanation.decider import Decider
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status

_HOLDING = (Status.APPLIES, Status.ADVISED_AGAINST)


def reasons(situation: Situation, name: str) -> tuple[tuple[int, ...], ...]:
    """Minimal sets of recorded literals that suffice for the base status, in display order, shortest first.

    For a provisional status they suffice for the condition. Readings are left out: they are shown with the reading.
    """
    side = side_of(situation.assessed[name].base, name, situation.decider.recommendation[name].condition)
    return sufficient(situation.decider, *side, situation.facts) if side else ()


def side_of(base: Status, name: str, condition: str) -> tuple[str, bool] | None:
    """The goal, and its value, whose entailment is what a base status says; none for undetermined."""
    if base is Status.UNDETERMINED:
        return None
    return (condition, True) if base is Status.PROVISIONAL else (name, base in _HOLDING)


def sufficient(decider: Decider, goal: str, value: bool, facts: AnyFacts) -> tuple[tuple[int, ...], ...]:
    """Minimal sets of literals of findings among the facts that entail a goal, or its complement, sorted as shown."""
    places = decider.place_of_atom
    rows = decider.evaluator.matching(goal, value, facts)
    found = dict.fromkeys(in_display_order(decider, row) for row in rows)
    return tuple(sorted(found, key=lambda row: (len(row), [(places[abs(x)], x > 0) for x in row])))


def completions(situation: Situation, name: str, value: bool) -> tuple[tuple[int, ...], ...]:
    """The least sets of further literals that would make a recommendation hold, or fail, in display order."""
    if situation.assessed[name].base not in (Status.UNDETERMINED, Status.PROVISIONAL):
        return ()
    return completing(situation.decider, name, value, situation.closed)


def completing(decider: Decider, name: str, value: bool, closed: ClosedFacts) -> tuple[tuple[int, ...], ...]:
    """The same for facts and readings with all that they entail, by which the matter is open."""
    return tuple(in_display_order(decider, row) for row in decider.evaluator.completions(name, value, closed))


def in_display_order(decider: Decider, literals: tuple[int, ...]) -> tuple[int, ...]:
    """The literals of findings among some literals."""
    places = decider.place_of_atom
    return tuple(sorted((x for x in literals if abs(x) in places), key=lambda x: places[abs(x)]))
