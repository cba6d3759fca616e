"""Facts that contradict each other: newer ones overrule older ones, and what conflicts within a day is set aside.

Where newer facts on the same finding settle it, that is seen in columns. At the other lesions the facts that take part
in a conflict are weighed by `vhkg.decision.facts.effective`, once for all that differ in nothing but the distance
between their days, and take their place in the columns again as far as they are accepted. Facts that take part in none
are accepted wherever they stand, and change nothing for others.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.answering.states import doubtful_literals
from vhkg.cohort.batch import ABSENT, PRESENT, UNDATED, UNKNOWN, Facts, day_of
from vhkg.cohort.placing import Placed, Recorded, columns_of, newest, recorded, taken, undated_cells
from vhkg.cohort.texts import conflict_text
from vhkg.decision.facts import effective
from vhkg.engines.columns import ColumnsEngine, Masks
from vhkg.explanation.decider import Decider
from vhkg.model.record import Assertion, AssertionStatus
from vhkg.model.table import DecisionTable

Bools = npt.NDArray[np.bool_]
_STATUS = {ABSENT: AssertionStatus.ABSENT, PRESENT: AssertionStatus.PRESENT, UNKNOWN: AssertionStatus.UNKNOWN}


class Weighed(NamedTuple):
    """`recorded` is what counts, and can hold together at each lesion; `masks` are of it.

    `superseded` and `conflicting` say at which lesions facts were overruled, or set aside; `conflicts` are (lesion,
    text). `doubted` has the literals recorded present and set aside of lesions at which these could raise a scope
    limit: such have to be decided by themselves (see `Situation`).
    """

    recorded: Recorded
    masks: Masks
    superseded: Bools
    conflicting: Bools
    conflicts: Sequence[tuple[int, str]]
    doubted: dict[int, frozenset[int]]


_Fact = tuple[int, int, int]
"""Finding, status, and the day's place among those of the lesion; 0 for an undated fact."""


_NONE = ""
"""No finding of the knowledge."""


class _Outcome(NamedTuple):
    """What becomes of facts that take part in conflicts."""

    accepted: tuple[bool, ...]
    superseded: bool
    conflicts: tuple[tuple[_Fact, ...], ...]
    doubtful: frozenset[int]


class Scales:
    """Prepared once for a knowledge. They remember what they have weighed, and may serve one thread."""

    def __init__(self, decider: Decider, engine: ColumnsEngine, table: DecisionTable) -> None:
        self._decider, self._engine = decider, engine
        self._names = tuple(decider.content.findings)
        self._places = {name: at for at, name in enumerate(self._names)}
        self._limiting = _limiting(decider, table)
        self._outcomes: dict[tuple[tuple[_Fact, ...], bool], _Outcome] = {}
        named = {n: self._places[atom.name] for n, atom in enumerate(table.atoms, 1) if atom.name in self._places}
        conflicts = [each for each in table.conflicts if all(abs(literal) in named for literal in each)]
        self._conflicts = engine.terms(conflicts)
        self._taking_part = np.zeros((len(conflicts), len(self._names)), np.bool_)
        for row, conflict in enumerate(conflicts):
            self._taking_part[row, [named[abs(literal)] for literal in conflict]] = True

    def weigh(self, placed: Placed, lesions: int) -> Weighed:
        """What counts of the facts of each lesion on its day."""
        width = len(self._names)
        found = recorded(placed.facts, lesions, width)
        masks = self._masks(found.stated)
        superseded, conflicting = np.zeros(lesions, np.bool_), np.zeros(lesions, np.bool_)
        clash = np.flatnonzero(self._engine.clashing(masks))
        if not len(clash):
            return Weighed(found, masks, superseded, conflicting, (), {})
        settled = newest(found, clash, undated_cells(placed.facts, clash, width))
        left = clash[settled.open | self._engine.clashing(self._masks(settled.stated))]
        facts, starts, latest = self._in_conflict(found, placed.facts, left)
        superseded[clash] = settled.superseded
        found.stated[clash] = settled.stated
        conflicts: list[tuple[int, str]] = []
        doubted: dict[int, frozenset[int]] = {}
        accepted: list[bool] = []
        columns = [column.tolist() for column in (facts.finding, facts.status, facts.day)]
        for lesion, start, end, last in zip(left.tolist(), starts, [*starts[1:], len(facts.day)], latest, strict=True):
            finding, status, day = (column[start:end] for column in columns)
            days = sorted({int(UNDATED), *day})
            key = tuple(zip(finding, status, map(days.index, day), strict=True))
            outcome = self._outcome(key, last > days[-1])
            accepted += outcome.accepted
            superseded[lesion], conflicting[lesion] = outcome.superseded, bool(outcome.conflicts)
            for conflict in outcome.conflicts:
                text = conflict_text(
                    self._assertion(finding, status, day_of(days[at])) for finding, status, at in conflict
                )
                conflicts.append((lesion, text))
            if outcome.doubtful:
                doubted[lesion] = outcome.doubtful
        self._put(found, facts, np.array(accepted, np.bool_))
        masks.present[clash], masks.absent[clash] = self._masks(found.stated[clash])
        return Weighed(found, masks, superseded, conflicting, conflicts, doubted)

    def _masks(self, stated: Bools) -> Masks:
        width = len(self._names)
        return self._engine.masks(stated[:, :width], stated[:, width:])

    def _in_conflict(
        self, found: Recorded, facts: Facts, left: npt.NDArray[np.intp]
    ) -> tuple[Facts, list[int], list[int]]:
        """Of some lesions the facts that take part in a conflict, by lesion; where those of each begin, and the latest
        day of any fact of each."""
        present, absent = found.present[left], found.absent[left]
        hits = self._engine.hits(self._conflicts, self._engine.masks(present, absent))
        parts = (present & absent) | (hits.astype(np.float32) @ self._taking_part.astype(np.float32) > 0)
        row = np.full(len(found.present), -1, np.int32)
        row[left] = np.arange(len(left), dtype=np.int32)
        chosen = np.flatnonzero((row[facts.lesion] >= 0) & (facts.status != UNKNOWN))
        latest = np.full(len(left), UNDATED, np.int32)
        np.maximum.at(latest, row[facts.lesion[chosen]], facts.day[chosen])
        chosen = chosen[parts[row[facts.lesion[chosen]], facts.finding[chosen]]]
        own = taken(facts, chosen)
        own = taken(own, np.lexsort((own.status, own.finding, own.day, own.lesion)))
        return own, np.searchsorted(own.lesion, left.astype(np.int32)).tolist(), latest.tolist()

    def _outcome(self, key: tuple[_Fact, ...], later: bool) -> _Outcome:
        found = self._outcomes.get((key, later))
        if found is None:
            found = self._outcomes[key, later] = self._weighed(key, later)
        return found

    def _weighed(self, key: tuple[_Fact, ...], later: bool) -> _Outcome:
        """Undated facts are weighed on the latest day first, and `later` there is one on which all else is agreed."""
        given = [self._assertion(each, status, _day(at)) for each, status, at in key]
        agreed = [Assertion(finding=_NONE, status=AssertionStatus.PRESENT, date=_day(len(key) + 1))] if later else []
        facts = effective([*given, *agreed], self._decider.evaluator)
        accepted = {self._fact(each) for each in facts.accepted if each.finding != _NONE}
        doubtful = doubtful_literals(facts, self._decider)
        return _Outcome(
            accepted=tuple(each in accepted for each in key),
            superseded=bool(facts.superseded),
            conflicts=tuple(tuple(map(self._fact, conflict.assertions)) for conflict in facts.conflicts),
            doubtful=doubtful if doubtful & self._limiting else frozenset(),
        )

    def _assertion(self, finding: int, status: int, day: datetime.date | None) -> Assertion:
        return Assertion(finding=self._names[finding], status=_STATUS[status], date=day)

    def _fact(self, given: Assertion) -> _Fact:
        status = PRESENT if given.status is AssertionStatus.PRESENT else ABSENT
        return self._places[given.finding], status, given.date.toordinal() - 1 if given.date else 0

    def _put(self, found: Recorded, facts: Facts, accepted: Bools) -> None:
        """Write what was accepted of the facts in conflict over what was recorded of their findings."""
        width = len(self._names)
        for first in (0, width):
            every = facts.lesion, facts.finding.astype(np.intp) + first
            found.stated[every], found.clear[every], found.days[every] = False, False, UNDATED
        mine = taken(facts, accepted)
        lesion, column = mine.lesion, columns_of(mine, width)
        found.stated[lesion, column] = True
        np.maximum.at(found.days, (lesion, column), mine.day)
        found.clear[lesion[~mine.ambiguous], column[~mine.ambiguous]] = True


def _day(at: int) -> datetime.date | None:
    """Some day after every undated fact, which `effective` has on the first of all days."""
    return datetime.date.fromordinal(at + 1) if at else None


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
