"""Many terms matched at once: for each literal, a bit set of the rows that need it.

A few hundred rows fit one integer, so that matching all of them costs one disjunction for each literal not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vhkg.decision.prime import bit, literals, term


class RowIndex:
    """Terms as in `vhkg.decision.prime`; the answers are bit sets of row positions."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = tuple(rows)
        self.all = (1 << len(self.rows)) - 1
        needing: dict[int, int] = {}
        for position, row in enumerate(self.rows):
            for literal in literals(row):
                needing[literal] = needing.get(literal, 0) | 1 << position
        self.needing = {literal: needing[literal] for literal in sorted(needing, key=lambda x: (abs(x), x < 0))}
        self._by_bit = tuple((bit(literal), positions) for literal, positions in self.needing.items())

    def within(self, known: int) -> int:
        """The rows whose literals are all known."""
        blocked = 0
        for literal, positions in self._by_bit:
            if not known & literal:
                blocked |= positions
        return self.all & ~blocked

    def lacking_one(self, known: int) -> int:
        """The rows of which exactly one literal is not known."""
        once = twice = 0
        for literal, positions in self._by_bit:
            if not known & literal:
                twice |= once & positions
                once |= positions
        return once & ~twice


def positions(found: int) -> Iterator[int]:
    """The members of a bit set, ascending."""
    while found:
        low = found & -found
        yield low.bit_length() - 1
        found ^= low


class Closure:
    """What a theory makes of known literals, given the prime implicants of its negation.

    Those are all there is to know: a conflict that lacks one literal entails that literal's complement, and
    because every prime is listed one pass finds everything that is entailed.
    """

    def __init__(self, conflicts: Iterable[Sequence[int]]) -> None:
        self.conflicts = tuple(tuple(conflict) for conflict in conflicts)
        self._masks = tuple(term(conflict) for conflict in self.conflicts)
        used = {literal for conflict in self.conflicts for literal in conflict}
        self._complement = {bit(literal): bit(-literal) for literal in used}
        self._consequences = 0
        for conflict in self.conflicts:
            if len(conflict) > 2:
                self._consequences |= term(-literal for literal in conflict)
        self._conflicts_of = {
            bit(literal): tuple(mask for mask in self._masks if mask & bit(literal)) for literal in used
        }
        self._denying = {self._complement[each]: (each, masks) for each, masks in self._conflicts_of.items()}

    def close(self, known: int) -> int:
        """The known literals and all that they entail. What follows from inconsistency is left out."""
        closed, unknown = known, ~known
        for mask in self._masks:
            lacking = mask & unknown
            if lacking and not lacking & (lacking - 1):
                closed |= self._complement[lacking]
        return closed

    def within(self, known: int) -> tuple[tuple[int, ...], ...]:
        """The conflicts whose literals are all known."""
        unknown = ~known
        return tuple(conflict for conflict, mask in zip(self.conflicts, self._masks, strict=True) if not mask & unknown)

    def reduced(self, closed: int, further: int) -> int:
        """Of further literals, enough to entail the others together with closed ones.

        Only a conflict of three or more literals can make one of them follow from closed literals and the others.
        """
        if not further & self._consequences or not further & (further - 1):
            return further
        rest = further
        while rest:
            literal = 1 << (rest.bit_length() - 1)
            rest ^= literal
            without = further & ~literal
            if self._follows(literal, closed | without):
                further = without
        return further

    def _follows(self, literal: int, known: int) -> bool:
        """Whether `close` would add it: a conflict then lacks its complement only."""
        complement, conflicts = self._denying.get(literal, (0, ()))
        return any(conflict & ~known == complement for conflict in conflicts)

    def admits(self, closed: int, further: int) -> bool:
        """Whether closed, consistent literals stay consistent with further ones: only conflicts of those can arise."""
        known = closed | further
        while further:
            low = further & -further
            if any(not conflict & ~known for conflict in self._conflicts_of.get(low, ())):
                return False
            further ^= low
        return True
