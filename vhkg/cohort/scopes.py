"""What the words of a recommendation are functions of, as columns of bits: of presentations with the same bits, one
stands for all.

Most of a presentation is of no concern to a recommendation. So presentations that are alike in all that could matter
are found first, in few operations on their masks (`Scopes.kinds`), and of each kind one is looked at more closely.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.cohort.alike import Kinds, kinds, narrowed
from vhkg.cohort.placing import Recorded
from vhkg.cohort.relevance import Matter, Places, Relevance
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import STATUSES, ColumnsEngine, Masks, some
from vhkg.explanation.decider import Decider
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status
from vhkg.model.table import DecisionTable

Bools = npt.NDArray[np.bool_]
OPEN = [STATUSES.index(Status.UNDETERMINED), STATUSES.index(Status.PROVISIONAL)]
"""The base statuses that are not settled."""


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
    kinds: dict[Matter, Kinds]

    def any_hit(self, terms: Iterable[int], among: Places) -> Bools:
        """Which of some presentations have any of some terms."""
        found = np.zeros(len(among), np.bool_)
        for term in terms:
            found |= self.hits[:, term].take(among)
        return found


class Bits(NamedTuple):
    """What words are a function of, for those at `rows` among some presentations; of all others nothing is said."""

    rows: Places
    matrix: Bools


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
        self._engine, self._width = engine, len(decider.content.findings)
        relevance = Relevance(decider, table, chosen, places)
        self._of_rule = {rule.name: relevance.of(rule) for rule in decider.rules}
        self._terms = engine.terms(relevance.terms)
        self.places = relevance.places

    def scene(self, masks: Masks, recorded: Recorded) -> Scene:
        """The presentations of some masks, with what was recorded of them."""
        closed = self._engine.closed(masks)
        return Scene(
            masks=masks,
            closed=closed,
            present=recorded.present,
            absent=recorded.absent,
            known=self._engine.columns(closed, self._width),
            days=recorded.days,
            clear=recorded.clear,
            hits=self._engine.hits(self._terms, masks),
            situations={},
            kinds={},
        )

    def kinds(self, rule: StatusRule, scene: Scene) -> Kinds:
        """Presentations that are alike in all that a recommendation's base status, and its words, could hang on."""
        matter = self._of_rule[rule.name].matter
        if matter not in scene.kinds:
            columns = [
                (side[:, word], mask)
                for masks, wanted in ((scene.masks, matter.recorded), (scene.closed, matter.known))
                for side in masks
                for word, mask in enumerate(wanted)
            ]
            rows = (np.logical_or.reduce([scene.hits[:, term] for term in terms]) for terms in matter.rows)
            columns += [(row.astype(np.uint64), 1) for row in rows]
            scene.kinds[matter] = kinds(narrowed(columns), len(scene.hits))
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
        scope = self._of_rule[rule.name]
        groups, guarded = scope.groups, scope.guarded
        hits = np.zeros((len(among), len(groups)), np.bool_, order="F")
        for at in guarded:
            hits[:, at] = scene.any_hit(groups[at].terms.tolist(), among)
        rows = np.flatnonzero(some(hits))
        hits = hits[rows]
        for at in scope.free:
            hits[:, at] = scene.any_hit(groups[at].terms.tolist(), among[rows])
        live = hits.copy()
        live[:, scope.free] = False
        for at, settling in guarded.items():
            for other in settling:
                live[:, at] &= ~hits[:, other]
        alive = some(live)
        rows, hits, live = rows[alive], hits[alive], live[alive]
        least = live.copy()
        for at, wider in scope.wider.items():
            # Where a wider one holds this says nothing more; that one may itself give way to one that is wider still.
            least[:, at] &= ~some(live[:, wider])
        touched = [some(live[:, places]) for places in scope.of_readings]
        return Bits(rows, np.column_stack((least, *touched, hits[:, scope.free])))

    def completions(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8], among: Places) -> Bits:
        """Where the matter is open: which rows are not refuted, and what is known of their literals."""
        scope, rows = self._of_rule[rule.name], np.flatnonzero((base == OPEN[0]) | (base == OPEN[1]))
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
