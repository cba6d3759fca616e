"""The decision table against many presentations at once: each row is a few operations on arrays of bit masks.

A finding is a place, and a literal a bit at that place in the mask of what is present or of what is absent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from vhkg.decision.statuses import StatusRule
from vhkg.model.answer import Status
from vhkg.model.content import ScopeLimit
from vhkg.model.table import DecisionTable, Row

Bools: TypeAlias = npt.NDArray[np.bool_]
Words: TypeAlias = npt.NDArray[np.uint64]
Term: TypeAlias = "tuple[tuple[bool, int, np.uint64], ...]"
"""A set of literals as (present, word, mask) for the words that it needs."""
Terms: TypeAlias = tuple[Term, ...]
_WORD = 64
_BLOCK = 1 << 14
"""Presentations matched together, so that their masks stay in the processor's cache."""

STATUSES: tuple[Status, ...] = tuple(Status)
"""A status is its place here."""
_APPLIES, _PROVISIONAL = (np.int8(STATUSES.index(status)) for status in (Status.APPLIES, Status.PROVISIONAL))


class Masks(NamedTuple):
    """Bits by presentation and word; facts that can all hold together."""

    present: Words
    absent: Words


class Decided(NamedTuple):
    """`status` and `base` are places in `STATUSES`, by presentation and rule; `raised` and `capping` say of each scope
    limit whether it is raised and in force; `entailed` and `refuted` say it of the goals asked for, by name."""

    status: npt.NDArray[np.int8]
    base: npt.NDArray[np.int8]
    raised: Bools
    capping: Bools
    entailed: Mapping[str, Bools]
    refuted: Mapping[str, Bools]


class ColumnsEngine:
    """For one restricted table (`vhkg.decision.restriction`). Immutable."""

    def __init__(
        self,
        table: DecisionTable,
        places: Mapping[str, int],
        rules: Sequence[StatusRule],
        limits: Sequence[ScopeLimit],
        goals: Iterable[str] = (),
    ) -> None:
        """`places` are those of the findings; `goals` are more goals to be told of."""
        self._places = {n: places[atom.name] for n, atom in enumerate(table.atoms, 1) if atom.name in places}
        self._words = max(places.values(), default=0) // _WORD + 1
        self._rules, self._limits, self._goals = tuple(rules), tuple(limits), tuple(goals)
        self._conflicts = self._terms(table.conflicts)
        self._entailing = self._entailments_of(table.conflicts)
        self._yes = {name: self._terms(_literals(goal.yes)) for name, goal in table.goals.items()}
        self._no = {name: self._terms(_literals(goal.no)) for name, goal in table.goals.items()}

    def masks(self, present: Bools, absent: Bools) -> Masks:
        """From one column a finding, by place."""
        return Masks(self._packed(present), self._packed(absent))

    def terms(self, terms: Iterable[Iterable[int]]) -> Terms:
        """Sets of literals of findings, made ready for `hits`."""
        return self._terms([tuple(term) for term in terms])

    def hits(self, terms: Terms, masks: Masks) -> Bools:
        """Of each presentation, which of the terms it has whole: one column a term."""
        found = np.zeros((len(masks.present), len(terms)), np.bool_, order="F")
        for column, term in enumerate(terms):
            found[:, column] = self._matched((term,), masks)
        return found

    def closed(self, masks: Masks) -> Masks:
        """With all that the facts entail: what would complete a conflict is refuted (`vhkg.decision.rows.Closure`)."""
        present, absent = masks.present.copy(order="F"), masks.absent.copy(order="F")
        for others, refuted in self._entailing:
            hit = self._matched(others, masks).astype(np.uint64)
            for is_present, word, mask in refuted:
                side = present if is_present else absent
                side[:, word] |= hit * mask
        return Masks(present, absent)

    def columns(self, masks: Masks, findings: int) -> Bools:
        """Masks as one column for each of some findings present, then for each absent."""
        sides = []
        for words in masks:
            octets = np.ascontiguousarray(words).astype("<u8", copy=False).view(np.uint8)
            sides.append(
                np.unpackbits(octets.reshape(len(words), 8 * words.shape[1]), axis=1, count=findings, bitorder="little")
            )
        return np.concatenate(sides, axis=1).astype(np.bool_)

    def clashing(self, masks: Masks) -> Bools:
        """Which presentations have facts that the axioms forbid, or one both present and absent."""
        return some((masks.present & masks.absent) != 0) | self._matched(self._conflicts, masks)

    def decide(self, masks: Masks) -> Decided:
        """Of presentations whose facts do not clash."""
        count = len(masks.present)
        entailed = {name: self._matched(self._yes[name], masks) for name in self._entailments()}
        refuted = {name: self._matched(self._no[name], masks) for name in self._refutations()}
        raised = _columns([entailed[limit.raised_by] for limit in self._limits], count)
        capping = _columns([entailed[limit.caps_within] for limit in self._limits], count)
        base = np.empty((count, len(self._rules)), np.int8)
        status = np.empty_like(base)
        for column, rule in enumerate(self._rules):
            own = _base(rule, entailed, refuted)
            base[:, column] = own
            capped = np.zeros(count, np.bool_)
            for goal in {limit.caps_within for limit in rule.limits}:
                capped |= entailed[goal]
            capped &= own == _APPLIES
            status[:, column] = np.where(capped, _PROVISIONAL, own)
        goals = self._goals
        return Decided(status, base, raised, capping, {g: entailed[g] for g in goals}, {g: refuted[g] for g in goals})

    def _entailments_of(self, conflicts: Iterable[Sequence[int]]) -> list[tuple[Terms, Term]]:
        """Of each set of literals that lacks one to a conflict, all that is refuted by it."""
        refuted: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for conflict in conflicts:
            if all(abs(literal) in self._places for literal in conflict):
                for literal in conflict:
                    refuted[tuple(x for x in conflict if x != literal)].append(-literal)
        return [(self._terms([others]), self._terms([literals])[0]) for others, literals in refuted.items()]

    def _entailments(self) -> dict[str, None]:
        names = [name for rule in self._rules for name in (rule.name, rule.condition)]
        names += [name for limit in self._limits for name in (limit.raised_by, limit.caps_within)]
        return dict.fromkeys((*names, *self._goals))

    def _refutations(self) -> dict[str, None]:
        return dict.fromkeys((*(rule.name for rule in self._rules), *self._goals))

    def _terms(self, terms: Iterable[Sequence[int]]) -> Terms:
        """Each term as (present, word, mask) of the words it needs; one about anything but findings never matches."""
        found = []
        for literals in terms:
            if not all(abs(literal) in self._places for literal in literals):
                continue
            masks: dict[tuple[bool, int], int] = {}
            for literal in literals:
                word, bit = divmod(self._places[abs(literal)], _WORD)
                masks[literal > 0, word] = masks.get((literal > 0, word), 0) | 1 << bit
            found.append(tuple((side, word, np.uint64(mask)) for (side, word), mask in sorted(masks.items())))
        return tuple(found)

    def _matched(self, terms: Terms, masks: Masks) -> Bools:
        """Which presentations have all literals of a term."""
        count = len(masks.present)
        found = np.zeros(count, np.bool_)
        for start in range(0, count, _BLOCK):
            block = slice(start, start + _BLOCK)
            for term in terms:
                hit: Bools | None = None
                for present, word, mask in term:
                    side = masks.present if present else masks.absent
                    needed = side[block, word] & mask == mask
                    hit = needed if hit is None else hit & needed
                found[block] |= True if hit is None else hit
        return found

    def _packed(self, columns: Bools) -> Words:
        """Findings stand together in these, or presentations: what is read is only the former as it stands."""
        packed = np.zeros((self._words, len(columns)), np.uint64)
        for place, column in enumerate(columns.T):
            word, bit = divmod(place, _WORD)
            packed[word] |= column.astype(np.uint64) << np.uint64(bit)
        return packed.T


def some(columns: Bools) -> Bools:
    """Which rows have any column true."""
    return np.asarray(columns.any(axis=1), np.bool_)


def _literals(rows: Iterable[Row]) -> list[tuple[int, ...]]:
    return [row.literals for row in rows]


def _columns(found: Sequence[Bools], count: int) -> Bools:
    return np.stack(found, axis=1) if found else np.zeros((count, 0), np.bool_)


def _base(rule: StatusRule, entailed: Mapping[str, Bools], refuted: Mapping[str, Bools]) -> npt.NDArray[np.int8]:
    holding = Status.ADVISED_AGAINST if rule.against else Status.APPLIES
    found = np.where(entailed[rule.condition], _PROVISIONAL, np.int8(STATUSES.index(Status.UNDETERMINED)))
    found = np.where(refuted[rule.name], np.int8(STATUSES.index(Status.DOES_NOT_APPLY)), found)
    return np.where(entailed[rule.name], np.int8(STATUSES.index(holding)), found)
