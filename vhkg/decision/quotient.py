"""One representative for each class of literals that a theory makes equivalent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vhkg.model.formula import FALSE, TRUE, Formula, Negation, Variable

TAUTOLOGY = frozenset((0,))


class Quotient:
    """Read off the prime implicants of ¬T: single ones fix an atom, opposite pairs make two literals equivalent.

    In a consistent minimal term at most one literal of each class occurs, and a term stays minimal when one is
    exchanged for another; so primes may be computed over the representatives and expanded afterwards.
    """

    def __init__(self, size: int, conflicts: Iterable[Sequence[int]]) -> None:
        self._fixed: dict[int, bool] = {}
        pairs: set[frozenset[int]] = set()
        for conflict in conflicts:
            if len(conflict) == 1:
                self._fixed[abs(conflict[0])] = conflict[0] < 0
            elif len(conflict) == 2:
                pairs.add(frozenset(conflict))
        self._image = {number: number for number in range(1, size + 1)}
        for pair in sorted(pairs, key=lambda pair: sorted(map(abs, pair))):
            first, second = sorted(pair, key=abs)  # first → ¬second; equivalent if also ¬first → second
            if frozenset((-first, -second)) in pairs and self._image[abs(second)] == abs(second):
                image = self._image[abs(first)] * (1 if first > 0 else -1)
                self._image[abs(second)] = -image if second > 0 else image
        self._classes: dict[int, list[int]] = {}
        for number, image in self._image.items():
            self._classes.setdefault(image, []).append(number)
            self._classes.setdefault(-image, []).append(-number)
        self.representatives = tuple(n for n, image in self._image.items() if n == image and n not in self._fixed)

    def _literal(self, literal: int) -> int:
        image = self._image[abs(literal)]
        return image if literal > 0 else -image

    def formula(self, number: int) -> Formula:
        """What replaces an atom in a formula."""
        if number in self._fixed:
            return TRUE if self._fixed[number] else FALSE
        image = self._image[number]
        return Variable(image) if image > 0 else Negation(Variable(-image))

    def clause(self, clause: Iterable[int]) -> frozenset[int]:
        """The clause over representatives, or TAUTOLOGY."""
        found = set()
        for literal in clause:
            if abs(literal) in self._fixed:
                if self._fixed[abs(literal)] is (literal > 0):
                    return TAUTOLOGY
            else:
                found.add(self._literal(literal))
        return TAUTOLOGY if any(-literal in found for literal in found) else frozenset(found)

    def term(self, conflict: Iterable[int]) -> frozenset[int]:
        """A term over representatives; for a conflict that fixes an atom or states an equivalence, the empty one."""
        images = [self._literal(literal) for literal in conflict if abs(literal) not in self._fixed]
        return frozenset() if any(-literal in images for literal in images) else frozenset(images)

    def equivalents(self, literal: int) -> tuple[int, ...]:
        """The literals that a representative stands for, itself first."""
        return tuple(self._classes[literal])
