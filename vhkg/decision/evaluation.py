"""Facts against a decision table: what holds, why, and what would decide the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from vhkg.decision.prime import bit, literals, term
from vhkg.decision.quotient import Quotient
from vhkg.decision.rows import Closure, RowIndex
from vhkg.model.table import Atom, DecisionTable

Literals = tuple[int, ...]


class Facts(NamedTuple):
    """Bit masks over atoms: bit i-1 stands for atom i. An atom in neither is unknown."""

    present: int
    absent: int


class _Row(NamedTuple):
    mask: int
    general: bool


class _Side(NamedTuple):
    """The rows that entail a goal, or those that entail its complement: positions in the index of canonical rows."""

    goal: str
    value: bool
    rows: int


class Evaluator:
    """Immutable after construction, so one may serve many threads.

    Unless said otherwise, facts are assumed consistent with the axioms; `minimal_conflicts` says whether they are.
    They need not be closed. For the questions about all goals at once, equivalent literals (the two alternatives of a
    reading, say) are represented by one, which makes the rows several times fewer; closed facts hold the
    representative of whatever they hold, so nothing is lost.
    """

    def __init__(self, table: DecisionTable) -> None:
        self._atoms = table.atoms
        self._numbers = {atom.name: number for number, atom in enumerate(table.atoms, 1)}
        self._spread = _spread_bytes()
        self._closure = Closure(table.conflicts)
        self._impossible = frozenset(conflict[0] for conflict in table.conflicts if len(conflict) == 1)
        self._quotient = Quotient(len(table.atoms), table.conflicts)
        self._rows = {
            (name, value): tuple(_Row(term(row.literals), row.general) for row in rows)
            for name, goal in table.goals.items()
            for value, rows in ((True, goal.yes), (False, goal.no))
        }
        canonical: list[int] = []
        self._side_of: list[_Side] = []
        self._sides: list[_Side] = []
        for name, goal in table.goals.items():
            for value, rows in ((True, goal.yes), (False, goal.no)):
                mine = dict.fromkeys(term(self._quotient.term(row.literals)) for row in rows)
                side = _Side(name, value, ((1 << len(mine)) - 1) << len(canonical))
                canonical += mine
                self._side_of += [side] * len(mine)
                self._sides.append(side)
        self._index = RowIndex(canonical)
        self._pairs = tuple(
            (yes.goal, yes.rows, no.rows) for yes, no in zip(self._sides[::2], self._sides[1::2], strict=True)
        )
        self._needing = tuple((literal, bit(literal), rows) for literal, rows in self._index.needing.items())

    # --- names and masks

    def literal(self, name: str, present: bool) -> int:
        """The literal of the atom of this name; KeyError if there is none."""
        return self._numbers[name] if present else -self._numbers[name]

    def has_atom(self, name: str) -> bool:
        return name in self._numbers

    def atom(self, literal: int) -> Atom:
        return self._atoms[abs(literal) - 1]

    def facts(self, literals: Iterable[int]) -> Facts:
        present = absent = 0
        for literal in literals:
            if literal > 0:
                present |= 1 << literal - 1
            else:
                absent |= 1 << -literal - 1
        return Facts(present, absent)

    def literals(self, facts: Facts) -> Literals:
        """By atom; of a contradictory pair the present one first."""
        return literals(self._term(facts))

    def _term(self, facts: Facts) -> int:
        """The masks interleaved, a byte at a time."""
        spread, found, shift = self._spread, 0, 0
        present, absent = facts
        size = (max(present.bit_length(), absent.bit_length()) + 7) // 8
        for low, high in zip(present.to_bytes(size, "little"), absent.to_bytes(size, "little"), strict=True):
            found |= (spread[low] | spread[high] << 1) << shift
            shift += 16
        return found

    # --- the axioms

    def close(self, facts: Facts) -> Facts:
        """All literals that the facts entail under the axioms."""
        return self.facts(literals(self._closure.close(self._term(facts))))

    def minimal_conflicts(self, facts: Facts) -> tuple[Literals, ...]:
        """The minimal sets of these facts that the axioms forbid, an atom both present and absent included."""
        found = self._closure.within(self._term(facts))
        if () in found:
            return ((),)
        both = self.facts(())._replace(present=facts.present & facts.absent)
        pairs = (
            (literal, -literal)
            for literal in self.literals(both)
            if literal not in self._impossible and -literal not in self._impossible
        )
        return tuple(sorted((*found, *pairs), key=_shortest_first))

    def consistent(self, facts: Facts) -> bool:
        return not facts.present & facts.absent and not self._closure.within(self._term(facts))

    # --- the goals

    def holds(self, goal: str, facts: Facts) -> bool | None:
        """True if the goal is entailed, False if its complement is, None if neither."""
        known = self._term(facts)
        for value in (True, False):
            if any(not row.mask & ~known for row in self._rows[goal, value]):
                return value
        return None

    def verdicts(self, facts: Facts) -> dict[str, bool | None]:
        """`holds` for every goal at once."""
        matched = self._index.within(self._closure.close(self._term(facts)))
        return {name: True if matched & yes else False if matched & no else None for name, yes, no in self._pairs}

    def matching(self, goal: str, value: bool, facts: Facts) -> tuple[Literals, ...]:
        """The minimal reasons among the facts, each only if no more general reason is also among them."""
        known = self._term(facts)
        matched = [row.mask for row in self._rows[goal, value] if not row.mask & ~known]
        closed = [self._closure.close(row) for row in matched]
        kept = []
        for mine, row in enumerate(matched):
            weaker = (other for other, general in enumerate(matched) if other != mine and not general & ~closed[mine])
            if not any(other < mine or row & ~closed[other] for other in weaker):
                kept.append(literals(row))
        return tuple(kept)

    def completions(self, goal: str, value: bool, facts: Facts) -> tuple[Literals, ...]:
        """The minimal sets of further facts, consistent with these, that would entail the goal or its complement.

        From general rows only, so that a finding is named rather than each of its kinds. One empty set if the
        matter is decided that way already.
        """
        closed = self._closure.close(self._term(facts))
        refuted = _complement(closed)
        lacking = {row.mask & ~closed for row in self._rows[goal, value] if row.general and not row.mask & refuted}
        minimal: list[int] = []
        for candidate in sorted(lacking, key=lambda mask: _shortest_first(literals(mask))):
            if any(not smaller & ~candidate for smaller in minimal):
                continue
            if not self._closure.within(closed | candidate):
                minimal.append(candidate)
        return tuple(literals(mask) for mask in minimal)

    def gains(self, facts: Facts) -> dict[int, tuple[tuple[str, bool], ...]]:
        """For each literal not decided by the facts: the (goal, value) that it alone would newly entail.

        Literals that would entail nothing new are left out.
        """
        closed = self._closure.close(self._term(facts))
        matched = self._index.within(closed)
        candidates = self._index.lacking_one(closed)
        for _, yes, no in self._pairs:
            if matched & yes or matched & no:
                candidates &= ~(yes | no)
        decided = closed | _complement(closed)
        found: dict[int, tuple[tuple[str, bool], ...]] = {}
        for representative, mask, needing in self._needing:
            hits = needing & candidates
            if not hits or decided & mask:
                continue
            gained = []
            while hits:
                side = self._side_of[(hits & -hits).bit_length() - 1]
                gained.append((side.goal, side.value))
                hits &= ~side.rows
            for literal in self._quotient.equivalents(representative):
                found[literal] = tuple(gained)
        return {literal: found[literal] for literal in sorted(found, key=_by_atom)}


def _complement(mask: int) -> int:
    """The term of the complementary literals."""
    even = int("01" * (mask.bit_length() // 2 + 1), 2)
    return (mask & even) << 1 | (mask >> 1) & even


def _spread_bytes() -> tuple[int, ...]:
    """For each byte, its bits at twice their distance."""
    return tuple(sum((byte >> i & 1) << 2 * i for i in range(8)) for byte in range(256))


def _shortest_first(row: Literals) -> tuple[int, tuple[tuple[int, bool], ...]]:
    return len(row), tuple(map(_by_atom, row))


def _by_atom(literal: int) -> tuple[int, bool]:
    return abs(literal), literal < 0
