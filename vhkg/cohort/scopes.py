"""What the words of a recommendation are functions of, as columns of bits: of presentations with the same bits, one
stands for all.

Most of a presentation is of no concern to a recommendation. So presentations that are alike in all that could matter
are found first, in few operations on their masks (`Scopes.kinds`), and of each kind one is looked at more closely.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.cohort.alike import Kinds, bits_as_words, kinds
from vhkg.cohort.placing import Recorded
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import STATUSES, ColumnsEngine, Masks, some
from vhkg.explanation.decider import Decider
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status
from vhkg.model.table import DecisionTable, Row

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
OPEN = [STATUSES.index(Status.UNDETERMINED), STATUSES.index(Status.PROVISIONAL)]
"""The base statuses that are not settled."""


_Guards = tuple[tuple[str, frozenset[str]], ...]


class Scene(NamedTuple):
    """Presentations whose facts can hold together, and what follows from these.

    `present` and `absent` are by finding; `known` (with what follows), `days` and `clear` by finding present, then by
    finding absent; `hits` by the terms of `Scopes`. `masks` are of what is recorded, `closed` of what is known.
    `situations` are those that were looked at, by place, `kinds` those that were told, by what they depend on.
    """

    masks: Masks
    closed: Masks
    present: Bools
    absent: Bools
    known: Bools
    days: npt.NDArray[np.int32]
    clear: Bools
    hits: Bools
    situations: dict[int, Situation]
    kinds: dict[_Matter, Kinds]


class Bits(NamedTuple):
    """What words are a function of, for those at `rows` among some presentations; of all others nothing is said."""

    rows: Places
    matrix: Bools


class _Group(NamedTuple):
    """Rows of a goal that hang on the same readings, of which it does not matter which one has all its findings.

    `side` is of the goal, or of its complement. `guards` are the alternatives that each reading leaves: one that is
    taken, and others that are not, come to the same.
    """

    side: str
    goal: str
    guards: _Guards
    terms: Places

    def wider(self, other: _Group) -> bool:
        """Whether it holds wherever another of the same goal does, and elsewhere."""
        mine, others = dict(self.guards), dict(other.guards)
        return mine != others and all(name in others and others[name] <= mine[name] for name in mine)


class _Lacking(NamedTuple):
    """A row through which the matter could be settled: the columns in `Scene.known` of its literals, and of theirs.

    `holding`: it would hold then, and not fall away.
    """

    holding: bool
    literals: Places
    complements: Places
    tied: Places
    """Of the literals, those of findings that the axioms tie to two others: while one is open, what is known of all of
    these matters."""


class _Plain(NamedTuple):
    """The same for one presentation."""

    holding: bool
    literals: list[int]
    complements: list[int]
    tied: list[int]


class _Matter(NamedTuple):
    """All that words are functions of: what is recorded of some findings, and known of these and others, as masks of
    words, and whether any of some rows matches, of whose findings nothing else matters."""

    recorded: tuple[int, ...]
    known: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


class _Scope(NamedTuple):
    """What the words of a rule are functions of.

    `sides` are, by base status, the rows that may match; `tied` are columns in `Scene.known` (`_Lacking.tied`).
    """

    matter: _Matter

    sides: tuple[tuple[Status, Places], ...]
    groups: tuple[_Group, ...]
    open_rows: tuple[_Lacking, ...]
    plain_rows: tuple[_Plain, ...]
    tied: Places


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
        self._width = len(decider.content.findings)
        self._column: dict[tuple[int, ...], int] = {}
        self._alternatives = {
            name: frozenset(option.name for option in reading.alternatives)
            for name, reading in decider.content.readings.items()
        }
        self._of_rule = {rule.name: self._scope(rule, table) for rule in decider.rules}
        self._terms = engine.terms(self._column)

    def scene(self, masks: Masks, recorded: Recorded) -> Scene:
        """The presentations of some masks, with what was recorded of them."""
        closed = self._engine.closed(masks)
        return Scene(
            masks=masks,
            closed=closed,
            present=recorded.present,
            absent=recorded.absent,
            known=self._engine.columns(closed, self._width),
            days=np.concatenate((recorded.present_on, recorded.absent_on), axis=1),
            clear=np.concatenate((recorded.present_clear, recorded.absent_clear), axis=1),
            hits=self._engine.hits(self._terms, masks),
            situations={},
            kinds={},
        )

    def kinds(self, rule: StatusRule, scene: Scene) -> Kinds:
        """Presentations that are alike in all that a recommendation's base status, and its words, could hang on."""
        matter = self._of_rule[rule.name].matter
        if matter not in scene.kinds:
            columns = [
                side[:, word] & np.uint64(mask)
                for masks, wanted in ((scene.masks, matter.recorded), (scene.closed, matter.known))
                for side in masks
                for word, mask in enumerate(wanted)
                if mask
            ]
            columns += bits_as_words([some(scene.hits[:, terms]) for terms in matter.rows])
            scene.kinds[matter] = kinds(columns, len(scene.hits))
        return scene.kinds[matter]

    def reasons(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8], among: Places) -> Bits:
        """Which rows match of those that the base status rests on. `base` is that of the presentations `among` all."""
        rows = np.flatnonzero(base != STATUSES.index(Status.UNDETERMINED))
        found = []
        for status, terms in self._of_rule[rule.name].sides:
            mine = (base[rows] == STATUSES.index(status))[:, None]
            found += [mine, scene.hits[np.ix_(among[rows], terms)] & mine]
        return Bits(rows, np.concatenate(found, axis=1))

    def readings(self, rule: StatusRule, scene: Scene, among: Places) -> Bits:
        """Which guarded rows could count under some reading; as long as none could, nothing else matters.

        A goal that a row without a guard settles does not hang on readings (`Guards.live`).
        """
        groups = self._of_rule[rule.name].groups
        near = scene.hits[among]
        hits = np.stack([some(near[:, group.terms]) for group in groups], axis=1)
        live = hits.copy()
        for goal in dict.fromkeys(group.goal for group in groups):
            own = [at for at, group in enumerate(groups) if group.goal == goal]
            free = [at for at in own if not groups[at].guards]
            live[:, own] &= ~some(hits[:, free])[:, None]
            live[:, free] = False
        touched, narrowed = self._touched(groups, live), live.copy()
        for at, group in enumerate(groups):
            # Where a wider one holds this says nothing more; that one may itself give way to one that is wider still.
            wider = [at for at, other in enumerate(groups) if other[:2] == group[:2] and other.wider(group)]
            narrowed[:, at] &= ~some(live[:, wider])
        live = narrowed
        rows = np.flatnonzero(some(live))
        free = [at for at, group in enumerate(groups) if not group.guards]
        found = (live[rows], touched[rows], hits[np.ix_(rows, np.array(free, np.intp))])
        return Bits(rows, np.concatenate(found, axis=1))

    def _touched(self, groups: Sequence[_Group], live: Bools) -> Bools:
        """The readings that the rows hang on, one column each."""
        named = sorted({name for group in groups for name, _ in group.guards})
        columns = [some(live[:, [at for at, g in enumerate(groups) if name in dict(g.guards)]]) for name in named]
        return np.stack(columns, axis=1) if columns else np.zeros((len(live), 0), np.bool_)

    def completions(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8], among: Places) -> Bits:
        """Where the matter is open: which rows are not refuted, and what is known of their literals."""
        scope, rows = self._of_rule[rule.name], np.flatnonzero(np.isin(base, OPEN))
        known = scene.known[among[rows]]
        found, tying = [], np.zeros((len(rows), 1), np.bool_)
        for row in scope.open_rows:
            possible = ~some(known[:, row.complements])[:, None]
            found += [possible, known[:, row.literals] & possible]
            tying |= possible & some(~known[:, row.tied])[:, None]
        return Bits(rows, np.concatenate((*found, known[:, scope.tied] & tying), axis=1))

    def least(self, rule: StatusRule, scene: Scene, at: int) -> frozenset[tuple[bool, int]] | None:
        """The least sets of columns that are lacking at a place, as bits, to hold and to fall away.

        What would settle an open matter is a function of them, but where axioms tie what is lacking to two other
        findings: then None. A set within another leaves that one out, and of two that are impossible as well.
        """
        known = scene.known[at].tolist()
        sets: set[tuple[bool, int]] = set()
        for row in self._of_rule[rule.name].plain_rows:
            if any(known[column] for column in row.complements):
                continue
            if not all(known[column] for column in row.tied):
                return None
            sets.add((row.holding, sum(1 << column for column in row.literals if not known[column])))
        return frozenset(
            each
            for each in sets
            if not any(other[0] is each[0] and other[1] != each[1] and not other[1] & ~each[1] for other in sets)
        )

    def _scope(self, rule: StatusRule, table: DecisionTable) -> _Scope:
        own, condition = table.goals[rule.name], table.goals[rule.condition]
        holding = Status.ADVISED_AGAINST if rule.against else Status.APPLIES
        sides = ((holding, own.yes), (Status.DOES_NOT_APPLY, own.no), (Status.PROVISIONAL, condition.yes))
        # What hangs on an alternative that is not chosen is refuted: of each reading all literals are among the chosen.
        general = [
            (value, row)
            for value, rows in ((True, own.yes), (False, own.no))
            for row in rows
            if row.general and self._of_readings(row) <= self._chosen
        ]
        atoms = {abs(x) for _, row in general for x in row.literals}
        # A conflict of two acts through what follows from its one literal, which is known then.
        long = [conflict for conflict in table.conflicts if len(conflict) > 2]
        tied = {abs(x) for conflict in long if atoms & {abs(x) for x in conflict} for x in conflict}
        open_rows = tuple(
            _Lacking(
                value,
                self._known(found),
                self._known([-x for x in found]),
                self._known([x for x in found if abs(x) in tied]),
            )
            for value, found in sorted({(value, tuple(sorted(self._of_findings(row)))) for value, row in general})
        )
        groups = self._groups(rule, table)
        return _Scope(
            matter=self._matter(rule, table, groups, tied),
            sides=tuple(
                (
                    status,
                    self._columns(self._of_findings(row) for row in rows if self._of_readings(row) <= self._chosen),
                )
                for status, rows in sides
            ),
            groups=groups,
            open_rows=open_rows,
            plain_rows=tuple(_Plain(row[0], *(places.tolist() for places in row[1:])) for row in open_rows),
            tied=self._known([sign * x for x in sorted(tied & self._places.keys()) for sign in (1, -1)]),
        )

    def _matter(self, rule: StatusRule, table: DecisionTable, groups: Iterable[_Group], tied: Iterable[int]) -> _Matter:
        goals = [table.goals[name] for name in (rule.name, rule.condition)]
        own = {abs(x) for goal in goals for row in (*goal.yes, *goal.no) for x in self._of_findings(row)}
        terms = list(self._column)
        return _Matter(
            recorded=self._mask(own),
            known=self._mask({*own, *tied} & self._places.keys()),
            rows=tuple(
                tuple(group.terms.tolist())
                for group in groups
                if any(abs(x) not in own for at in group.terms.tolist() for x in terms[at])
            ),
        )

    def _mask(self, atoms: Iterable[int]) -> tuple[int, ...]:
        found = np.zeros((1, self._width), np.bool_)
        found[0, [self._places[atom] for atom in atoms]] = True
        return tuple(self._engine.masks(found, found).present[0].tolist())

    def _groups(self, rule: StatusRule, table: DecisionTable) -> tuple[_Group, ...]:
        groups: defaultdict[tuple[str, str, _Guards], set[frozenset[int]]] = defaultdict(set)
        for name in dict.fromkeys((rule.name, rule.condition)):
            for side, rows in (("yes", table.goals[name].yes), ("no", table.goals[name].no)):
                for row in rows:
                    groups[name, side, self._guards(row, table)].add(self._of_findings(row))
        for limit in rule.limits:
            capping = table.goals[limit.caps_within].yes
            alike = len({self._guards(row, table) for row in capping}) == 1
            for row in capping:
                guards = self._guards(row, table)
                groups["" if alike else limit.caps_within, "yes", guards].add(self._of_findings(row))
        order = sorted(groups, key=lambda key: (key[0], key[1], [(name, sorted(left)) for name, left in key[2]]))
        return tuple(
            _Group(side, goal, guards, self._columns(groups[goal, side, guards])) for goal, side, guards in order
        )

    def _guards(self, row: Row, table: DecisionTable) -> _Guards:
        """The alternatives of readings that a row's literals leave, by reading."""
        left: dict[str, frozenset[str]] = {}
        for literal in self._of_readings(row):
            atom = table.atoms[abs(literal) - 1]
            one = frozenset((atom.name,))
            among = left.get(atom.reading, self._alternatives[atom.reading])
            left[atom.reading] = among & one if literal > 0 else among - one
        return tuple(sorted(left.items()))

    def _columns(self, rows: Iterable[frozenset[int]]) -> Places:
        """Where `Scene.hits` has the rows."""
        terms = sorted(tuple(sorted(row)) for row in set(rows))
        return np.array([self._column.setdefault(term, len(self._column)) for term in terms], np.intp)

    def _known(self, literals: Iterable[int]) -> Places:
        """Where `Scene.known`, and the days, have the literals of findings."""
        return np.array(self.places(literals), np.intp)

    def places(self, literals: Iterable[int]) -> list[int]:
        """The columns of literals of findings in what is by finding present, then by finding absent."""
        return [self._places[abs(literal)] + (self._width if literal < 0 else 0) for literal in literals]

    def _of_findings(self, row: Row) -> frozenset[int]:
        return frozenset(x for x in row.literals if abs(x) in self._places)

    def _of_readings(self, row: Row) -> frozenset[int]:
        return frozenset(row.literals) - self._of_findings(row)
