"""Where sentences that pull against each other meet: the smallest recorded facts under which they are all in force.

Facts entail a goal if and only if they contain one of its prime implicants; so the smallest facts that entail several
goals are a smallest consistent union of one row of each. Readings stand at their defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec
import pyoxigraph as ox

from vhkg.answering.knowledge import Knowledge
from vhkg.decision.evaluation import Evaluator
from vhkg.model.content import Content, Recommendation
from vhkg.model.table import Atom, AtomKind, DecisionTable
from vhkg.namespaces import Vhkg

MOST_SHOWN = 3
"""So many states are told; a condition that can be met in more ways says how many."""


class Meeting(msgspec.Struct, frozen=True):
    """Recommendations in force together, and the smallest states in which they are; no state where none exists."""

    recommendations: tuple[str, ...]
    states: tuple[tuple[int, ...], ...]


class TensionMeetings(msgspec.Struct, frozen=True):
    """The meetings of one reading or modelling decision; none if no recommendation hangs on its sentences."""

    tension: str
    meetings: tuple[Meeting, ...]


def tension_meetings(knowledge: Knowledge) -> tuple[TensionMeetings, ...]:
    """For each tension: all its recommendations together where that can be, else each pair of them."""
    content = knowledge.content
    decider = knowledge.decider
    base = decider.guards.literals(decider.guards.chosen({}))
    found = []
    for name, concerns in [
        *((reading.name, reading.concerns) for reading in content.readings.values()),
        *((decision.name, decision.concerns) for decision in content.decisions.values()),
    ]:
        names = hanging_on(content, concerns)
        found.append(TensionMeetings(name, tuple(_meetings(knowledge, base, names))))
    return tuple(found)


def hanging_on(content: Content, concerns: Sequence[str]) -> tuple[str, ...]:
    """The recommendations that use one of these statements, the passage it is part of, or a part of it."""
    statements = content.statements
    near = {*concerns, *(whole for name in concerns if name in statements for whole in statements[name].part_of)}
    near |= {s.name for s in statements.values() if not set(concerns).isdisjoint(s.part_of)}
    return tuple(
        r.name for r in content.recommendations if r.name in concerns or not near.isdisjoint(_used(content, r))
    )


def _used(content: Content, recommendation: Recommendation) -> set[str]:
    """The statements of a recommendation, those of its outcomes included."""
    of_outcomes = {name for outcome in recommendation.outcomes for name in content.outcomes[outcome].statements}
    return {use.statement for use in recommendation.uses} | of_outcomes


def _meetings(knowledge: Knowledge, base: tuple[int, ...], names: Sequence[str]) -> Iterator[Meeting]:
    if not names:
        return
    table, evaluator = knowledge.compiled.table, knowledge.decider.evaluator
    together = smallest_states(table, evaluator, base, names)
    if together or len(names) == 1:
        yield Meeting(tuple(names), together)
        return
    for pair in combinations(names, 2):
        yield Meeting(pair, smallest_states(table, evaluator, base, pair))


def smallest_states(
    table: DecisionTable, evaluator: Evaluator, base: tuple[int, ...], goals: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """The smallest consistent sets of literals that, with `base`, entail every goal; sorted.

    None if the goals exclude each other; of two sets that differ by axioms only, the more general one.
    """
    given = set(base)
    choices = []
    for goal in goals:
        rows = {frozenset(row.literals) - given for row in table.goals[goal].yes}
        rows = {row for row in rows if _consistent(evaluator, base, row)}
        choices.append(sorted((row for row in rows if not any(other < row for other in rows)), key=_order))
    choices.sort(key=len)
    best: list[frozenset[int]] = []

    def search(place: int, so_far: frozenset[int]) -> None:
        if best and len(so_far) > len(best[0]):
            return
        if place == len(choices):
            if best and len(so_far) < len(best[0]):
                best.clear()
            if so_far not in best:
                best.append(so_far)
            return
        for row in choices[place]:
            union = so_far | row
            if (not best or len(union) <= len(best[0])) and _consistent(evaluator, base, union):
                search(place + 1, union)

    search(0, frozenset())
    closed = {state: _closed(evaluator, state) for state in best}
    general = [state for state in best if not any(other != state and other <= closed[state] for other in best)]
    return tuple(sorted(tuple(sorted(state, key=abs)) for state in general))


def _closed(evaluator: Evaluator, state: frozenset[int]) -> set[int]:
    return set(evaluator.literals(evaluator.close(evaluator.facts(state))))


def _order(row: frozenset[int]) -> tuple[int, list[int]]:
    return len(row), sorted(row, key=abs)


def _consistent(evaluator: Evaluator, base: tuple[int, ...], row: frozenset[int]) -> bool:
    return evaluator.consistent(evaluator.facts((*base, *row)))


def meetings_turtle(knowledge: Knowledge) -> bytes:
    """One line for each tension and what bears on it, for query stores; no blank nodes."""
    iris, lines = knowledge.content.iris, []
    for found in tension_meetings(knowledge):
        subject = ox.NamedNode(iris[found.tension])
        text = ox.Literal(meeting_words(found, knowledge.compiled.table.atoms), language="en")
        lines.append(ox.Triple(subject, ox.NamedNode(Vhkg.meetsIn), text))
        names = dict.fromkeys(name for meeting in found.meetings for name in meeting.recommendations)
        lines += [ox.Triple(subject, ox.NamedNode(Vhkg.bearsOn), ox.NamedNode(iris[name])) for name in names]
    return "".join(f"{line} .\n" for line in lines).encode()


def meeting_words(found: TensionMeetings, atoms: Sequence[Atom]) -> str:
    """What the column `condition` says: where they meet, that they never do, or that none hangs on them."""
    if not found.meetings:
        return "no recommendation hangs on these sentences"
    met = [meeting for meeting in found.meetings if meeting.states]
    if not met:
        return "no presentation has two of these recommendations in force"
    if len(found.meetings) == 1:
        return _words(met[0], atoms)
    shown = "; ".join(_words(meeting, atoms) for meeting in met[:MOST_SHOWN])
    left = len(met) - MOST_SHOWN
    return f"never all together; {shown}" + (f"; and {left} more pairs" if left > 0 else "")


def _words(meeting: Meeting, atoms: Sequence[Atom]) -> str:
    states = " or ".join(described(state, atoms) for state in meeting.states[:MOST_SHOWN])
    left = len(meeting.states) - MOST_SHOWN
    more = f" or {left} more states" if left > 0 else ""
    return f"{' with '.join(meeting.recommendations)}: {states}{more}"


def described(literals: Sequence[int], atoms: Sequence[Atom]) -> str:
    """A row in words: findings present or absent in the table's order, then the readings it needs."""
    findings, readings = [], []
    for literal in literals:
        atom = atoms[abs(literal) - 1]
        if atom.kind is AtomKind.ALTERNATIVE:
            readings.append(f"read as {atom.name}" if literal > 0 else f"not read as {atom.name}")
        else:
            findings.append(f"{atom.name} {'present' if literal > 0 else 'absent'}")
    return ", ".join((*findings, *readings)) or "any presentation"
