"""Which recommendations something that was done belongs to: in whole, in part, or perhaps.

An intervention counts for those above it in the ontology. A record of a wider class does not show a narrower one. A
plan is done in whole if each of its required steps is, an alternative
standing for the step it can replace; what order the steps had is shown by their days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from vhkg.model.content import Content, Recommendation


class Belongs(NamedTuple):
    """`missing` are interventions of required steps not done; `broader` are those that the record may mean."""

    recommendation: Recommendation
    missing: tuple[str, ...]
    broader: tuple[str, ...]
    covered: tuple[str, ...]


class Matcher:
    """Prepared once for a knowledge; recommendations whose interventions are not audited are left out."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._above = {name: content.above(name) for name in content.findings}
        self._steps = {
            recommendation.name: steps
            for recommendation in content.recommendations
            if (steps := self._required(recommendation)) and self._audited(steps)
        }

    def treatments(self) -> frozenset[str]:
        """The interventions that are audited."""
        return frozenset(name for name, finding in self._content.findings.items() if finding.audited)

    def most_specific(self, names: Iterable[str]) -> tuple[str, ...]:
        """Without those that another one implies; in display order."""
        given = set(names)
        implied = {above for name in given for above in self._above.get(name, ())}
        return tuple(name for name in self._content.findings if name in given - implied)

    def belongs(self, today: Collection[str], before: Collection[str]) -> list[Belongs]:
        """The recommendations to which something done today belongs, in the article's order."""
        found = []
        for recommendation in self._content.recommendations:
            steps = self._steps.get(recommendation.name, ())
            covered = [self._doing(step, today) for step in steps]
            if not any(covered):
                maybe = [name for step in steps for name in self._wider(step, today)]
                if maybe:
                    found.append(Belongs(recommendation, (), tuple(dict.fromkeys(maybe)), ()))
                continue
            missing = [
                step[0] for step, done in zip(steps, covered, strict=True) if not done and not self._doing(step, before)
            ]
            doing = [name for names in covered for name in names]
            found.append(Belongs(recommendation, tuple(missing), (), tuple(dict.fromkeys(doing))))
        return found

    def continues(self, today: Collection[str], before: Collection[str]) -> bool:
        """Whether what is done today goes on with a plan of which earlier steps, and none of the same, were done."""
        for name, steps in self._steps.items():
            plan = self._content.plans.get(self._target(name))
            if plan is None:
                continue
            order = {step.intervention: step.order for step in plan.steps}
            now = [order[s[0]] for s in steps if self._doing(s, today)]
            then = [order[s[0]] for s in steps if self._doing(s, before)]
            optional = [
                step.order for step in plan.steps if step.optional and self._doing((step.intervention,), before)
            ]
            if now and (then or optional) and max([*then, *optional]) < min(now):
                return True
        return False

    def _doing(self, step: tuple[str, ...], given: Collection[str]) -> list[str]:
        """What of the given does this step, or an alternative of it."""
        return [name for name in given if any(each == name or each in self._above.get(name, ()) for each in step)]

    def _wider(self, step: tuple[str, ...], given: Collection[str]) -> list[str]:
        """What of the given may mean this step: a class above it that is audited and has narrower ones."""
        return [name for name in given if any(name in self._above.get(each, ()) for each in step)]

    def _target(self, recommendation: str) -> str:
        return next(r.target for r in self._content.recommendations if r.name == recommendation)

    def _required(self, recommendation: Recommendation) -> tuple[tuple[str, ...], ...]:
        """Each required step as the interventions that can do it."""
        plan = self._content.plans.get(recommendation.target)
        if plan is None:
            return ((recommendation.target,),)
        by_name = {step.name: step for step in plan.steps}
        groups: dict[str, list[str]] = {}
        for step in plan.steps:
            first = step.alternative_to if step.alternative_to in by_name else step.name
            if not by_name[first].optional:
                groups.setdefault(first, []).append(step.intervention)
        return tuple(tuple(names) for names in groups.values())

    def _audited(self, steps: tuple[tuple[str, ...], ...]) -> bool:
        findings = self._content.findings
        return all(name in findings and findings[name].audited for step in steps for name in step)
