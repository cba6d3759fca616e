"""Explanations of recommendations, each remembered by the facts that it depends on.

Of all that is recorded of a presentation, one recommendation looks at a few findings only, and what it says of them
recurs from patient to patient. An explanation is a pure function of the literals of those findings and of the
readings, so remembering it changes no answer.
"""

from __future__ import annotations

from typing import NamedTuple

from vhkg.decision.prime import term
from vhkg.decision.statuses import StatusRule
from vhkg.explanation.decider import Decider
from vhkg.explanation.readings import Dependence, dependence
from vhkg.explanation.reasons import completions, reasons
from vhkg.explanation.situation import Situation
from vhkg.model.answer import FactShown
from vhkg.model.compiled import CompiledKnowledge

MOST_REMEMBERED = 50_000


class Explanation(NamedTuple):
    """`because` are literals, since their dates are the patient's own."""

    because: tuple[tuple[int, ...], ...]
    confirm: tuple[tuple[FactShown, ...], ...]
    refute: tuple[tuple[FactShown, ...], ...]
    rests: Dependence


class Explanations:
    """One for a knowledge. It may serve many threads: what two of them remember at once is the same."""

    def __init__(self, decider: Decider, compiled: CompiledKnowledge) -> None:
        self._decider = decider
        self._scopes = {rule.name: _scope(rule, compiled) for rule in decider.rules}
        self._remembered: dict[tuple[str, int], Explanation] = {}

    def of(self, rule: StatusRule, situation: Situation) -> Explanation:
        """The explanation of a recommendation's status in a situation of this knowledge."""
        if situation.doubtful:
            return self._explain(rule, situation)
        key = (rule.name, situation.facts.term & self._scopes[rule.name])
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = self._explain(rule, situation)
        return found

    def _explain(self, rule: StatusRule, situation: Situation) -> Explanation:
        undated = self._decider.undated
        confirm, refute = (
            tuple(tuple(undated[x] for x in row) for row in completions(situation, rule.name, value))
            for value in (True, False)
        )
        return Explanation(reasons(situation, rule.name), confirm, refute, dependence(situation, rule))


def _scope(rule: StatusRule, compiled: CompiledKnowledge) -> int:
    """The literals that can bear on a rule: those of its rows, of all readings, and what conflicts tie to them.

    Of a scope limit only the literals that its rows name: whether one is in force is a matter of matching them.
    """
    table, readings = compiled.table, compiled.content.readings
    own = (table.goals[rule.name], table.goals[rule.condition])
    atoms = {abs(literal) for goal in own for row in (*goal.yes, *goal.no) for literal in row.literals}
    atoms |= {number for number, atom in enumerate(table.atoms, start=1) if atom.reading in readings}
    before = 0
    while len(atoms) > before:
        before = len(atoms)
        for conflict in table.conflicts:
            touched = {abs(literal) for literal in conflict}
            if touched & atoms:
                atoms |= touched
    limiting = {x for limit in rule.limits for row in table.goals[limit.caps_within].yes for x in row.literals}
    return term(sign * atom for atom in atoms for sign in (1, -1)) | term(limiting)
