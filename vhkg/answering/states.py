"""What is known of each finding: recorded, following from the axioms, set aside, or not recorded."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from vhkg.decision.facts import EffectiveFacts
from vhkg.explanation.decider import Decider
from vhkg.explanation.situation import Situation
from vhkg.model.answer import ConflictShown, FactShown, FindingState
from vhkg.model.record import Assertion, AssertionStatus


def by_literal(facts: EffectiveFacts, decider: Decider) -> dict[int, Assertion]:
    """Each recorded literal with the latest assertion that makes it."""
    found: dict[int, Assertion] = {}
    for assertion in facts.accepted:
        if not decider.evaluator.has_atom(assertion.finding):
            continue
        literal = decider.evaluator.literal(assertion.finding, assertion.status is AssertionStatus.PRESENT)
        earlier = found.get(literal)
        if earlier is None or (assertion.date or datetime.date.min) >= (earlier.date or datetime.date.min):
            found[literal] = assertion
    return found


def doubtful_literals(facts: EffectiveFacts, decider: Decider) -> frozenset[int]:
    """What was recorded present and set aside, because the record contradicts it."""
    return frozenset(
        decider.evaluator.literal(assertion.finding, True)
        for conflict in facts.conflicts
        for assertion in conflict.assertions
        if assertion.status is AssertionStatus.PRESENT and decider.evaluator.has_atom(assertion.finding)
    )


def fact_shown(assertion: Assertion) -> FactShown:
    """The assertion as a reason."""
    return FactShown(finding=assertion.finding, status=assertion.status.value, date=assertion.date)


def conflict_shown(assertions: Sequence[Assertion]) -> ConflictShown:
    """Assertions that were set aside together."""
    return ConflictShown(facts=tuple(map(fact_shown, assertions)), origins=tuple(a.origin for a in assertions))


def finding_states(
    facts: EffectiveFacts, situation: Situation, recorded: Mapping[int, Assertion]
) -> dict[str, FindingState]:
    """The state of every finding; of interventions only where something is recorded or follows."""
    decider = situation.decider
    evaluator = decider.evaluator
    aside = {a.finding: a for conflict in facts.conflicts for a in conflict.assertions}
    unknown = {a.finding: a for a in facts.unknown}
    accepted = {a.finding: a for a in facts.accepted}
    states = {}
    for name, finding in decider.content.findings.items():
        status, assertion, written = "unknown", None, ""
        if evaluator.has_atom(name):
            bit = 1 << (evaluator.literal(name, True) - 1)
            if situation.closed.present & bit:
                status = "present"
            elif situation.closed.absent & bit:
                status = "absent"
            if status != "unknown":
                assertion = recorded.get(evaluator.literal(name, status == "present"))
        elif name in accepted:
            assertion = accepted[name]
            status = assertion.status.value
        if assertion is not None:
            written = assertion.status.value
        elif status == "unknown" and name in aside:
            status, assertion, written = "conflict", aside[name], "conflict"
        elif status == "unknown" and name in unknown:
            assertion, written = unknown[name], "unknown"
        if finding.question or status != "unknown" or written:
            states[name] = FindingState(
                status=status,
                recorded=written,
                date=assertion.date if assertion else None,
                from_=assertion.origin if assertion else "",
            )
    return states
