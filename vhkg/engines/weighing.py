"""Lesions whose facts cannot all hold together: weighed one by one, by the code that answers for one patient.

What an engine finds contradictory it hands over with all its facts; what comes back are facts again, which it then
decides on like all others.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from vhkg.decision.evaluation import Evaluator
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.model.record import Assertion, AssertionStatus

DOUBTFUL, CONTRADICTED, CONSISTENT = "doubtful", "contradicted", "consistent"


class PlacedFact(NamedTuple):
    """A fact at a lesion. `as_of` is the day that its patient's answer is about."""

    patient: str
    presentation: str
    as_of: datetime.date | None
    finding: str
    status: str
    date: datetime.date | None


class WeighedFact(NamedTuple):
    """A fact that counts: of status present or absent; or doubtful, if it asserts nothing but still raises limits.

    One row for each lesion has no finding: its status says whether facts were set aside because they conflict.
    """

    patient: str
    presentation: str
    as_of: datetime.date | None
    finding: str | None
    status: str
    date: datetime.date | None


def weigh(facts: Iterable[PlacedFact], evaluator: Evaluator) -> Iterator[WeighedFact]:
    """The facts of one lesion have to stand together."""
    for (patient, presentation), group in groupby(facts, key=lambda fact: fact[:2]):
        mine = list(group)
        as_of = mine[0].as_of
        assertions = [
            Assertion(finding=fact.finding, status=AssertionStatus(fact.status), date=fact.date) for fact in mine
        ]
        found = effective(assertions, evaluator, as_of)
        verdict = CONTRADICTED if found.conflicts else CONSISTENT
        yield WeighedFact(patient, presentation, as_of, None, verdict, None)
        for assertion in found.accepted:
            yield WeighedFact(patient, presentation, as_of, assertion.finding, assertion.status.value, assertion.date)
        for finding in sorted(_doubtful(found, evaluator)):
            yield WeighedFact(patient, presentation, as_of, finding, DOUBTFUL, None)


def _doubtful(found: EffectiveFacts, evaluator: Evaluator) -> set[str]:
    """What was recorded present and set aside, unless what counts settles it (see `vhkg.explanation.situation`)."""
    aside = {a.finding for conflict in found.conflicts for a in conflict.assertions if a.status == "present"}
    if not aside:
        return aside
    closed = evaluator.close(evaluator.facts(found.literals))
    settled = closed.present | closed.absent
    return {
        name for name in aside if evaluator.has_atom(name) and not settled >> (evaluator.literal(name, True) - 1) & 1
    }
