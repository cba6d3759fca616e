"""Facts that contradict each other: newer ones overrule older ones, and what conflicts within a day is set aside.

Where newer facts on the same finding settle it, that is seen in columns. The other lesions are weighed one by one by
`vhkg.decision.facts.effective`, and take their place in the columns again with what it accepts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.answering.states import doubtful_literals
from vhkg.cohort.batch import ABSENT, PRESENT, UNDATED, UNKNOWN, Facts, day_number, day_of
from vhkg.cohort.placing import Placed, Recorded, newest, recorded, taken, undated_cells
from vhkg.cohort.texts import conflict_text
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.engines.columns import ColumnsEngine
from vhkg.explanation.decider import Decider
from vhkg.model.record import Assertion, AssertionStatus
from vhkg.model.table import DecisionTable

Bools = npt.NDArray[np.bool_]
_STATUS = {ABSENT: AssertionStatus.ABSENT, PRESENT: AssertionStatus.PRESENT, UNKNOWN: AssertionStatus.UNKNOWN}


class Weighed(NamedTuple):
    """`recorded` is what counts, and can hold together at each lesion.

    `superseded` and `conflicting` say at which lesions facts were overruled, or set aside; `conflicts` are (lesion,
    text). `doubted` has the facts of lesions at which what was set aside could raise a scope limit: these have to be
    decided by themselves (see `Situation`).
    """

    recorded: Recorded
    superseded: Bools
    conflicting: Bools
    conflicts: Sequence[tuple[int, str]]
    doubted: dict[int, EffectiveFacts]


class Scales:
    """Prepared once for a knowledge; immutable."""

    def __init__(self, decider: Decider, engine: ColumnsEngine, table: DecisionTable) -> None:
        self._decider, self._engine = decider, engine
        self._names = tuple(decider.content.findings)
        self._places = {name: at for at, name in enumerate(self._names)}
        self._limiting = _limiting(decider, table)

    def weigh(self, placed: Placed, lesions: int) -> Weighed:
        """What counts of the facts of each lesion on its day."""
        width = len(self._names)
        found = recorded(placed.facts, lesions, width)
        superseded, conflicting = np.zeros(lesions, np.bool_), np.zeros(lesions, np.bool_)
        clash = self._clashing(found)
        if not clash.any():
            return Weighed(found, superseded, conflicting, (), {})
        settled = newest(found, undated_cells(placed.facts, lesions, width))
        left = np.flatnonzero(clash & (settled.open | self._clashing(settled.recorded)))
        superseded = clash & settled.superseded
        conflicts: list[tuple[int, str]] = []
        doubted: dict[int, EffectiveFacts] = {}
        order = np.argsort(placed.facts.lesion, kind="stable") if len(left) else left
        ordered, wanted = placed.facts.lesion[order], left.astype(np.int32)
        starts, ends = (np.searchsorted(ordered, wanted, side).tolist() for side in ("left", "right"))
        for lesion, start, end in zip(left.tolist(), starts, ends, strict=True):
            mine = taken(placed.facts, order[start:end])
            day = int(placed.as_of[lesion])
            facts = effective(self._assertions(mine), self._decider.evaluator, day_of(day))
            self._put(settled.recorded, lesion, facts, mine)
            superseded[lesion], conflicting[lesion] = bool(facts.superseded), bool(facts.conflicts)
            conflicts += [(lesion, conflict_text(conflict.assertions)) for conflict in facts.conflicts]
            if doubtful_literals(facts, self._decider) & self._limiting:
                doubted[lesion] = facts
        return Weighed(settled.recorded, superseded, conflicting, conflicts, doubted)

    def _clashing(self, found: Recorded) -> Bools:
        return self._engine.clashing(self._engine.masks(found.present, found.absent))

    def _assertions(self, own: Facts) -> list[Assertion]:
        columns = zip(own.finding.tolist(), own.status.tolist(), own.day.tolist(), strict=True)
        return [
            Assertion(finding=self._names[finding], status=_STATUS[status], date=day_of(day))
            for finding, status, day in columns
        ]

    def _put(self, found: Recorded, lesion: int, facts: EffectiveFacts, own: Facts) -> None:
        """Write what was accepted over what was recorded at a lesion."""
        for column in (found.present, found.absent, found.present_clear, found.absent_clear):
            column[lesion] = False
        found.present_on[lesion] = found.absent_on[lesion] = UNDATED
        accepted = set()
        for each in facts.accepted:
            at, day = self._places[each.finding], UNDATED if each.date is None else day_number(each.date)
            present = each.status is AssertionStatus.PRESENT
            accepted.add((at, PRESENT if present else ABSENT, int(day)))
            has, on = (found.present, found.present_on) if present else (found.absent, found.absent_on)
            has[lesion, at] = True
            on[lesion, at] = max(on[lesion, at], day)
        columns = zip(own.finding.tolist(), own.status.tolist(), own.day.tolist(), own.ambiguous.tolist(), strict=True)
        for at, status, day, ambiguous in columns:
            if not ambiguous and (at, status, day) in accepted:
                (found.present_clear if status == PRESENT else found.absent_clear)[lesion, at] = True


def _limiting(decider: Decider, table: DecisionTable) -> frozenset[int]:
    """The literals that, set aside, could have raised a scope limit: with what they entail, or with others."""
    evaluator = decider.evaluator
    of_limits = {x for goal in decider.limit_goals for row in table.goals[goal].yes for x in row.literals}
    found = set()
    for number in range(1, len(table.atoms) + 1):
        for literal in (number, -number):
            facts = evaluator.facts([literal])
            entailed = set(evaluator.literals(evaluator.close(facts))) if evaluator.consistent(facts) else {literal}
            with_others = any(literal in c and {-x for x in c} & of_limits for c in table.conflicts if len(c) > 2)
            if entailed & of_limits or with_others:
                found.add(literal)
    return frozenset(found)
