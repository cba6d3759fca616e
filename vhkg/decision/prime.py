"""Prime implicants of a decision diagram.

Definitions as in Darwiche and Marquis, "A Knowledge Compilation Map" (2002). The recurrence is that of
Coudert and Madre (1992), which replaces the resolution and subsumption of Tison (1967) by set differences:

    prime(f) = prime(f0 ∧ f1)  ∪  x̄·(prime(f0) − prime(f0 ∧ f1))  ∪  x·(prime(f1) − prime(f0 ∧ f1))

A term is a mask with two bits a variable, so that numbers of any size serve and a set of terms is a set of integers.
"""

from __future__ import annotations

from collections.abc import Iterable

from vhkg.decision.bdd import FALSE, TRUE, Bdd

Terms = frozenset[int]

_NONE: Terms = frozenset()
_EMPTY_TERM: Terms = frozenset((0,))


def bit(literal: int) -> int:
    """The bit of a literal in a term."""
    return 1 << (2 * literal - 2 if literal > 0 else -2 * literal - 1)


def term(literals: Iterable[int]) -> int:
    mask = 0
    for literal in literals:
        mask |= bit(literal)
    return mask


def literals(mask: int) -> tuple[int, ...]:
    """The literals of a term, by atom, positive before negative."""
    found = []
    while mask:
        low = mask & -mask
        position = low.bit_length() - 1
        found.append(-(position // 2 + 1) if position % 2 else position // 2 + 1)
        mask ^= low
    return tuple(found)


class PrimeImplicants:
    """Remembers the primes of every node of one diagram, which the compiled classes largely share."""

    def __init__(self, bdd: Bdd) -> None:
        self._bdd = bdd
        self._primes: dict[int, Terms] = {FALSE: _NONE, TRUE: _EMPTY_TERM}
        self._negative: dict[int, Terms] = {FALSE: _NONE, TRUE: _EMPTY_TERM}

    def of(self, node: int) -> Terms:
        """All prime implicants."""
        found = self._primes.get(node)
        if found is None:
            variable, low, high = self._bdd.split(node)
            both = self.of(self._bdd.conjunction(low, high))
            absent, present = bit(-variable), bit(variable)
            found = self._primes[node] = both.union(
                [term | absent for term in self.of(low) - both], [term | present for term in self.of(high) - both]
            )
        return found

    def negative(self, node: int) -> Terms:
        """The minimal implicants among those that hold negative literals only."""
        found = self._negative.get(node)
        if found is None:
            variable, low, high = self._bdd.split(node)
            both = self.negative(self._bdd.conjunction(low, high))
            absent = bit(-variable)
            found = self._negative[node] = both.union([term | absent for term in self.negative(low) - both])
        return found
