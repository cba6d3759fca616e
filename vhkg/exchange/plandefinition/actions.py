"""What is recommended, as actions, and what is to be done or avoided, as activities.

A plan is a group of actions. Steps of a later order come after those of an earlier one; steps of the same order are
done together, or their order is not stated, so none is given. What is advised against is never the definition of an
action as it stands: it is an activity with `doNotPerform`, which no reader of FHIR may overlook.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from vhkg.exchange.plandefinition.conditions import Conditions
from vhkg.exchange.plandefinition.elements import Json, canonical, fhir_id, filled
from vhkg.model.content import Content, Plan, PlanStep, Recommendation

AVOID = "AVOID: "


class Activities:
    """One activity for each intervention that a recommendation names, and one for each thing to be avoided.

    `frame` are the members that all definitions share; `rights` says whose the codes of an intervention are.
    """

    def __init__(
        self, content: Content, conditions: Conditions, frame: Json, base: str, rights: dict[str, str]
    ) -> None:
        self._content, self._conditions, self._frame = content, conditions, frame
        self._base, self._rights = base, rights

    def all(self) -> list[Json]:
        """In the order of the content, what is to be done before what is to be avoided."""
        named = {(r.target, r.direction == "against") for r in self._content.recommendations}
        for recommendation in self._content.recommendations:
            plan = self._content.plans.get(recommendation.target)
            if plan and recommendation.direction == "for":
                named |= {(step.intervention, False) for step in plan.steps}
                named.discard((recommendation.target, False))
        order = {name: place for place, name in enumerate((*self._content.findings, *self._content.plans))}
        return [self.activity(*each) for each in sorted(named, key=lambda each: (each[1], order[each[0]]))]

    def activity(self, name: str, avoided: bool) -> Json:
        finding = self._content.findings.get(name)
        label = finding.label if finding else self._content.plans[name].label
        identifier = fhir_id(f"{name}-avoid" if avoided else name)
        frame = dict(self._frame)
        rights = frame.pop("copyright", None)
        usage = frame.pop("usage", None)
        return filled(
            resourceType="ActivityDefinition",
            id=identifier,
            url=f"{self._base}ActivityDefinition/{identifier}",
            name=f"Avoid{name}" if avoided else name,
            title=f"{AVOID}{label}" if avoided else label,
            **frame,
            description=finding.definition if finding else "",
            usage=usage,
            copyright=" ".join(filter(None, (self._rights.get(name, ""), str(rights or "")))),
            kind="ServiceRequest",
            code=self._conditions.concept(name) if finding else {"text": label},
            intent="proposal",
            doNotPerform=True if avoided else None,
        )

    def of(self, recommendation: Recommendation) -> Json:
        """What carries out the recommendation: members of its action."""
        plan = self._content.plans.get(recommendation.target)
        if plan and recommendation.direction == "for":
            return self._group(plan)
        return {
            "definitionCanonical": canonical(self.activity(recommendation.target, recommendation.direction != "for"))
        }

    def _group(self, plan: Plan) -> Json:
        stages = [list(self._choices(list(steps))) for _, steps in groupby(_ordered(plan), key=lambda s: s.order)]
        for earlier, later in pairwise(stages):
            for action in earlier:
                action["relatedAction"] = [{"actionId": each["id"], "relationship": "before"} for each in later]
        open_ = any(step.optional or step.alternative_to for step in plan.steps)
        return filled(
            groupingBehavior="logical-group",
            selectionBehavior=None if open_ else "all-or-none",
            action=[action for stage in stages for action in stage],
        )

    def _choices(self, steps: list[PlanStep]) -> Iterator[Json]:
        """Steps of one order; a step and those that stand in place of it are one action, of which one is chosen."""
        for step in steps:
            others = [each for each in steps if each.alternative_to == step.name]
            if step.alternative_to in {each.name for each in steps}:
                continue
            if not others:
                yield self._step(step)
                continue
            options = [self._step(each) for each in (step, *others)]
            yield filled(
                id=fhir_id(f"{step.name}-choice"),
                title=" or ".join(str(option["title"]) for option in options),
                groupingBehavior="logical-group",
                selectionBehavior="exactly-one",
                action=options,
            )

    def _step(self, step: PlanStep) -> Json:
        """An optional step could be done; that another one must be is more than the article says."""
        return filled(
            id=fhir_id(step.name),
            title=self._content.findings[step.intervention].label,
            requiredBehavior="could" if step.optional else None,
            definitionCanonical=canonical(self.activity(step.intervention, False)),
        )


def _ordered(plan: Plan) -> list[PlanStep]:
    return sorted(plan.steps, key=lambda step: step.order)
