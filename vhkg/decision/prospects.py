"""What one further fact would decide: the hot loop of asking."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from vhkg.decision.prime import bit
from vhkg.decision.rows import RowIndex

Gains: TypeAlias = tuple[tuple[str, bool], ...]
"""Goals with the value that they would newly have."""


class _Side(NamedTuple):
    """The rows that entail a goal, or its complement, as positions in the index."""

    gain: tuple[str, bool]
    rows: int
    both: int


class _Need(NamedTuple):
    """The rows that need a literal: with its bit and that of its complement, and the literals it stands for."""

    bits: int
    rows: int
    literals: tuple[int, ...]


class Prospects:
    """Rows over representatives of equivalent literals, as `Evaluator` has them. Immutable."""

    def __init__(
        self,
        rows: Mapping[tuple[str, bool], Sequence[int]],
        equivalents: Callable[[int], tuple[int, ...]],
        atoms: Container[int] | None = None,
    ) -> None:
        canonical: list[int] = []
        masks: dict[tuple[str, bool], int] = {}
        for key, found in rows.items():
            mine = dict.fromkeys(found)
            masks[key] = ((1 << len(mine)) - 1) << len(canonical)
            canonical += mine
        self._side_of = [
            _Side(key, mask, masks[key[0], True] | masks[key[0], False])
            for key, mask in masks.items()
            for _ in range(mask.bit_count())
        ]
        self._index = RowIndex(canonical)
        self._needs = []
        for literal, needing in self._index.needing.items():
            wanted = tuple(x for x in equivalents(literal) if atoms is None or abs(x) in atoms)
            if wanted:
                self._needs.append(_Need(bit(literal) | bit(-literal), needing, wanted))

    def gains(self, closed: int) -> dict[int, Gains]:
        """For each literal that closed facts leave open: what it alone would newly entail; left out if nothing.

        `closed` is the term of `ClosedFacts`. Exact: facts and one literal entail a goal if and only if a prime
        implicant lacks that literal only.
        """
        candidates, matched = self._index.lacking_one(closed), self._index.within(closed)
        while matched:
            side = self._side_of[(matched & -matched).bit_length() - 1]
            candidates &= ~side.both
            matched &= ~side.both
        found: dict[int, Gains] = {}
        for bits, rows, literals in self._needs:
            hits = rows & candidates
            if not hits or closed & bits:
                continue
            gained = []
            while hits:
                side = self._side_of[(hits & -hits).bit_length() - 1]
                gained.append(side.gain)
                hits &= ~side.rows
            gains = tuple(gained)
            for literal in literals:
                found[literal] = gains
        return found
