"""What deciding needs of a knowledge, prepared once and never changed."""

from __future__ import annotations

from collections import defaultdict

from vhkg.decision.evaluation import Evaluator
from vhkg.decision.statuses import StatusRule, status_rules
from vhkg.explanation.guards import Guards
from vhkg.model.answer import FactShown
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content, Recommendation


class Decider:
    """The evaluator of the table, with the indexes that explanations use. Immutable: it may serve many threads.

    `rules_on` maps a goal to the rules whose base status depends on it, `limit_goals` are those of scope limits.
    `askable` maps the findings that have a question to their atoms. `place` is the display order of findings.
    """

    def __init__(self, compiled: CompiledKnowledge) -> None:
        self.content: Content = compiled.content
        self.evaluator = Evaluator(compiled.table)
        self.rules: tuple[StatusRule, ...] = status_rules(self.content.recommendations, self.content.limits)
        self.recommendation: dict[str, Recommendation] = {r.name: r for r in self.content.recommendations}
        self.goals: dict[str, tuple[str, ...]] = {rule.name: rule.goals() for rule in self.rules}
        self.limit_goals = frozenset(
            goal for limit in self.content.limits for goal in (limit.raised_by, limit.caps_within)
        )
        self.class_goals = tuple(sorted(goal for goal in compiled.table.goals if goal in self.content.classes))
        self.rules_on = self._rules_on()
        self.place: dict[str, int] = {name: place for place, name in enumerate(self.content.findings)}
        numbered = [(n, a.name) for n, a in enumerate(compiled.table.atoms, start=1) if a.name in self.place]
        self.place_of_atom: dict[int, int] = {number: self.place[name] for number, name in numbered}
        self.undated: dict[int, FactShown] = {
            sign * number: FactShown(finding=name, status="present" if sign > 0 else "absent")
            for number, name in numbered
            for sign in (1, -1)
        }
        findings = self.content.findings
        self.askable: dict[str, int] = {
            name: number
            for number, name in sorted(numbered, key=lambda item: self.place[item[1]])
            if findings[name].question
        }
        self.askable_atoms = frozenset(self.askable.values())
        atoms = {name: number for number, name in numbered}
        self.factor_atoms = frozenset(atoms[each.factor] for each in self.content.limits if each.factor in atoms)
        self.prospects = self.evaluator.prospects(self.limit_goals | set(self.rules_on), self.askable_atoms)
        self._closed = {n: self.evaluator.close(self.evaluator.facts([n])) for n in self.askable.values()}
        self.guards = Guards(
            compiled.table,
            self.evaluator,
            self.content.readings,
            goals=dict.fromkeys(goal for mine in self.goals.values() for goal in mine),
            whole=self.rules_on,
        )

    def _rules_on(self) -> dict[str, tuple[StatusRule, ...]]:
        found: defaultdict[str, list[StatusRule]] = defaultdict(list)
        for rule in self.rules:
            for goal in dict.fromkeys((rule.name, rule.condition)):
                found[goal].append(rule)
        return {goal: tuple(rules) for goal, rules in found.items()}

    def implied(self, premise: int, conclusion: int) -> bool:
        """Whether the axioms entail one askable finding's presence from another's."""
        return bool(self._closed[premise].present >> (conclusion - 1) & 1)
