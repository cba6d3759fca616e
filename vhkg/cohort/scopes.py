"""What the words of a recommendation are functions of, as columns of bits: of presentations with the same bits, one
stands for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.cohort.placing import Recorded
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import STATUSES, ColumnsEngine, Masks, Terms, some
from vhkg.explanation.decider import Decider
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status
from vhkg.model.table import DecisionTable, Row

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
OPEN = [STATUSES.index(Status.UNDETERMINED), STATUSES.index(Status.PROVISIONAL)]
"""The base statuses that are not settled."""


class Scene:
    """Presentations whose facts can hold together, and what follows from these.

    `present` and `absent` are by finding; `days` and `clear` by finding present, then by finding absent.
    """

    def __init__(
        self, masks: Masks, closed: Masks, recorded: Recorded, days: npt.NDArray[np.int32], clear: Bools
    ) -> None:
        self.masks, self.closed = masks, closed
        self.present, self.absent = recorded.present, recorded.absent
        self.days, self.clear = days, clear
        self.situations: dict[int, Situation] = {}


class _Group(NamedTuple):
    """Rows of a goal that hang on the same readings, of which it does not matter which one has all its findings."""

    goal: str
    guarded: bool
    terms: Terms


class _Lacking(NamedTuple):
    """A row through which the matter could be settled: its literals, and what refutes it, each as a column."""

    known: npt.NDArray[np.intp]
    refuting: npt.NDArray[np.intp]


class _Scope(NamedTuple):
    """What the words of a rule are functions of.

    `sides` are, by base status, the rows that may match. `open_rows` refer to the columns of `literals`, of which
    those of `tied` matter by themselves.
    """

    sides: tuple[tuple[Status, Terms], ...]
    groups: tuple[_Group, ...]
    literals: Terms
    open_rows: tuple[_Lacking, ...]
    tied: npt.NDArray[np.intp]


class Scopes:
    """For one table and one choice of readings. Immutable."""

    def __init__(
        self,
        decider: Decider,
        engine: ColumnsEngine,
        table: DecisionTable,
        chosen: Iterable[int],
        places: Mapping[int, int],
    ) -> None:
        """`chosen` are the literals of the readings, `places` those of the findings' atoms."""
        self._engine, self._places, self._chosen = engine, places, frozenset(chosen)
        self._of_rule = {rule.name: self._scope(rule, table) for rule in decider.rules}

    def reasons(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8]) -> list[Bools]:
        """Which rows match of those that the base status rests on."""
        found = []
        for status, terms in self._of_rule[rule.name].sides:
            mine = (base == STATUSES.index(status))[:, None]
            found += [mine, self._engine.hits(terms, scene.masks) & mine]
        return found

    def readings(self, rule: StatusRule, scene: Scene) -> list[Bools]:
        """Which guarded rows could count under some reading; as long as none could, nothing else matters.

        A goal that a row without a guard settles does not hang on readings (`Guards.live`).
        """
        scope = self._of_rule[rule.name]
        hits = [self._engine.any_hit(group.terms, scene.masks) for group in scope.groups]
        settled: dict[str, Bools] = {}
        for group, hit in zip(scope.groups, hits, strict=True):
            if not group.guarded:
                settled[group.goal] = settled[group.goal] | hit if group.goal in settled else hit
        live = np.zeros((len(scene.present), len(hits)), np.bool_)
        for at, (group, hit) in enumerate(zip(scope.groups, hits, strict=True)):
            if group.guarded:
                live[:, at] = hit & ~settled[group.goal] if group.goal in settled else hit
        free = [hit & ~group.guarded for group, hit in zip(scope.groups, hits, strict=True)]
        return [live, np.stack(free, axis=1) & some(live)[:, None]]

    def completions(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8]) -> list[Bools]:
        """Where the matter is open: which rows are not refuted, and what is known of their literals."""
        scope, open_ = self._of_rule[rule.name], np.isin(base, OPEN)
        known = self._engine.hits(scope.literals, scene.closed)
        found = [open_[:, None], known[:, scope.tied] & open_[:, None]]
        for row in scope.open_rows:
            possible = open_ & ~some(known[:, row.refuting])
            found += [possible[:, None], known[:, row.known] & possible[:, None]]
        return found

    def _scope(self, rule: StatusRule, table: DecisionTable) -> _Scope:
        own, condition = table.goals[rule.name], table.goals[rule.condition]
        holding = Status.ADVISED_AGAINST if rule.against else Status.APPLIES
        sides = ((holding, own.yes), (Status.DOES_NOT_APPLY, own.no), (Status.PROVISIONAL, condition.yes))
        open_rows = [row for row in (*own.yes, *own.no) if row.general]
        atoms = {abs(x) for row in open_rows for x in row.literals}
        # A conflict of two acts through what follows from its one literal, which is known then.
        long = [conflict for conflict in table.conflicts if len(conflict) > 2]
        tied = {abs(x) for conflict in long if atoms & {abs(x) for x in conflict} for x in conflict}
        ordered = [sign * atom for atom in sorted((atoms | tied) & self._places.keys()) for sign in (1, -1)]
        column = {literal: at for at, literal in enumerate(ordered)}
        return _Scope(
            sides=tuple(
                (status, self._terms(self._of_findings(row) for row in rows if self._of_readings(row) <= self._chosen))
                for status, rows in sides
            ),
            groups=self._groups(rule, table),
            literals=self._engine.terms([(literal,) for literal in ordered]),
            open_rows=tuple(
                _Lacking(_columns(column, found), _columns(column, [-x for x in found]))
                for found in sorted({tuple(sorted(self._of_findings(row))) for row in open_rows})
            ),
            tied=np.array([at for at, literal in enumerate(ordered) if abs(literal) in tied], np.intp),
        )

    def _groups(self, rule: StatusRule, table: DecisionTable) -> tuple[_Group, ...]:
        groups: defaultdict[tuple[str, str, tuple[int, ...]], set[frozenset[int]]] = defaultdict(set)
        for name in dict.fromkeys((rule.name, rule.condition)):
            for side, rows in (("yes", table.goals[name].yes), ("no", table.goals[name].no)):
                for row in rows:
                    groups[name, side, tuple(sorted(self._of_readings(row)))].add(self._of_findings(row))
        for limit in rule.limits:
            capping = table.goals[limit.caps_within].yes
            alike = len({self._of_readings(row) for row in capping}) == 1
            for row in capping:
                guards = tuple(sorted(self._of_readings(row)))
                groups["" if alike else limit.caps_within, "yes", guards].add(self._of_findings(row))
        return tuple(_Group(key[0], bool(key[2]), self._terms(groups[key])) for key in sorted(groups))

    def _terms(self, rows: Iterable[frozenset[int]]) -> Terms:
        return self._engine.terms(sorted(map(sorted, set(rows))))

    def _of_findings(self, row: Row) -> frozenset[int]:
        return frozenset(x for x in row.literals if abs(x) in self._places)

    def _of_readings(self, row: Row) -> frozenset[int]:
        return frozenset(row.literals) - self._of_findings(row)


def _columns(places: Mapping[int, int], literals: Iterable[int]) -> npt.NDArray[np.intp]:
    return np.array([places[literal] for literal in literals], np.intp)


def distinct(rows: Bytes) -> tuple[list[bytes], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The different rows in a fixed order, where each comes first, and which of them each row is."""
    count, width = rows.shape
    words = -(-width // 8) or 1
    padded = np.zeros((count, words * 8), np.uint8)
    padded[:, :width] = rows
    columns = padded.view(">u8").astype(np.uint64)
    if words == 1:
        _, first, inverse = np.unique(columns[:, 0], return_index=True, return_inverse=True)
    else:
        order = np.lexsort(columns.T[::-1])
        ordered = columns[order]
        new = np.ones(count, np.bool_)
        new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        first = order[new]
        inverse = np.empty(count, np.intp)
        inverse[order] = np.cumsum(new) - 1
    return [bytes(rows[at]) for at in first.tolist()], first, inverse
