"""What makes a difference to an answer, and what none."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from vhkg.answering.placement import place
from vhkg.answering.states import doubtful_literals
from vhkg.decision.facts import effective
from vhkg.errors import UsageError
from vhkg.explanation.decider import Decider
from vhkg.explanation.questions import effect
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Answer, Effect, Status, StatusChange
from vhkg.model.record import PatientRecord


def between(before: Answer, after: Answer) -> Effect:
    """The statuses that differ between two answers for the same lesion."""
    then = {given.id: given.status for given in after.recommendations}
    return effect([
        StatusChange(recommendation=given.id, before=given.status, after=then[given.id])
        for given in before.recommendations
        if given.id in then and then[given.id] is not given.status
    ])  # fmt: skip


def idle(
    decider: Decider,
    record: PatientRecord,
    presentation: str,
    *,
    readings: Mapping[str, str],
    as_of: datetime.date | None,
) -> frozenset[str]:
    """The findings that change no status and no scope limit, whether present, absent or not recorded, all else as is.

    `presentation` is the name of a lesion of the record; a finding that only bears on others is among them.
    """
    placed = next(each for each in place(record, decider.content.findings) if each.presentation.name == presentation)
    facts = effective(placed.assertions, decider.evaluator, as_of)
    now = Situation(decider, facts.literals, readings, doubtful_literals(facts, decider))
    statuses = _statuses(now)
    return frozenset(name for name in decider.content.findings if not _matters(now, name, statuses))


def _matters(now: Situation, name: str, statuses: list[tuple[Status, tuple[str, ...]]]) -> bool:
    evaluator = now.decider.evaluator
    if not evaluator.has_atom(name):
        return False
    literal = evaluator.literal(name, True)
    for further in (literal, -literal):
        try:
            if further not in now.literals and _statuses(now.assume([further])) != statuses:
                return True
        except UsageError:  # an axiom alone refutes it, so that nobody can record it
            continue
    kept = [each for each in now.literals if abs(each) != literal]
    if len(kept) == len(now.literals):
        return False
    return _statuses(Situation(now.decider, kept, now.readings, now.doubtful)) != statuses


def _statuses(situation: Situation) -> list[tuple[Status, tuple[str, ...]]]:
    return [(each.status, each.not_addressed) for each in situation.assessed.values()]
