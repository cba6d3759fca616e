"""Facts against a decision table: what holds, why, and what would decide the rest."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from typing import NamedTuple, TypeAlias

from vhkg.decision.prime import bit, literals, term
from vhkg.decision.prospects import Prospects
from vhkg.decision.quotient import Quotient
from vhkg.decision.rows import Closure, RowIndex
from vhkg.model.table import Atom, AtomKind, DecisionTable

Literals = tuple[int, ...]


class Facts(NamedTuple):
    """Bit masks over atoms: bit i-1 stands for atom i. An atom in neither is unknown.

    `term` holds the same as one mask of literals; `Evaluator.facts` makes all three.
    """

    present: int
    absent: int
    term: int


class ClosedFacts(NamedTuple):
    """Facts with all that they entail, as `Evaluator.close` gives them; what closes facts takes them as they are."""

    present: int
    absent: int
    term: int


AnyFacts: TypeAlias = Facts | ClosedFacts


_NOTHING = Facts(0, 0, 0)


class _Row(NamedTuple):
    """`canonical` is the same for rows that differ in equivalent literals only."""

    mask: int
    general: bool
    canonical: int


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
        self._findings = {atom.name: n for n, atom in enumerate(table.atoms, 1) if atom.kind is AtomKind.FINDING}
        self._closure = Closure(table.conflicts)
        self._positive = sum(bit(number) for number in range(1, len(table.atoms) + 1))
        self._impossible = frozenset(conflict[0] for conflict in table.conflicts if len(conflict) == 1)
        self._quotient = Quotient(len(table.atoms), table.conflicts)
        self._rows = {
            (name, value): tuple(
                _Row(term(row.literals), row.general, term(self._quotient.term(row.literals))) for row in rows
            )
            for name, goal in table.goals.items()
            for value, rows in ((True, goal.yes), (False, goal.no))
        }
        places: dict[str, list[int]] = {}
        canonical: list[int] = []
        for (name, _), rows in self._rows.items():
            mine = dict.fromkeys(row.canonical for row in rows)
            places.setdefault(name, []).append(((1 << len(mine)) - 1) << len(canonical))
            canonical += mine
        self._index = RowIndex(canonical)
        self._pairs = tuple((name, yes, no) for name, (yes, no) in places.items())

    # --- names and masks

    def literal(self, name: str, present: bool) -> int:
        """The literal of the atom of this name; KeyError if there is none."""
        return self._numbers[name] if present else -self._numbers[name]

    def has_atom(self, name: str) -> bool:
        return name in self._numbers

    def finding(self, name: str) -> int | None:
        """The literal of a finding present; none for what no fact is recorded of, alternatives of readings among it."""
        return self._findings.get(name)

    def atom(self, literal: int) -> Atom:
        return self._atoms[abs(literal) - 1]

    def facts(self, literals: Iterable[int]) -> Facts:
        return self.further(_NOTHING, literals)

    def further(self, facts: AnyFacts, literals: Iterable[int]) -> Facts:
        """The facts together with more of them."""
        present, absent, mask = facts
        for literal in literals:
            mask |= bit(literal)
            if literal > 0:
                present |= 1 << literal - 1
            else:
                absent |= 1 << -literal - 1
        return Facts(present, absent, mask)

    def literals(self, facts: AnyFacts) -> Literals:
        """By atom; of a contradictory pair the present one first."""
        return literals(facts.term)

    def _complement(self, mask: int) -> int:
        """The term of the complementary literals."""
        return (mask & self._positive) << 1 | (mask >> 1) & self._positive

    # --- the axioms

    def close(self, facts: AnyFacts) -> ClosedFacts:
        """All literals that the facts entail under the axioms."""
        return ClosedFacts(*self.further(facts, literals(self._closed(facts) & ~facts.term)))

    def _closed(self, facts: AnyFacts) -> int:
        return facts.term if isinstance(facts, ClosedFacts) else self._closure.close(facts.term)

    def minimal_conflicts(self, facts: AnyFacts) -> tuple[Literals, ...]:
        """The minimal sets of these facts that the axioms forbid, an atom both present and absent included."""
        found = self._closure.within(facts.term)
        if () in found:
            return ((),)
        both = facts.present & facts.absent
        pairs = (
            (literal, -literal)
            for literal in self.literals(facts)
            if literal > 0
            and both >> literal - 1 & 1
            and literal not in self._impossible
            and -literal not in self._impossible
        )
        return tuple(sorted((*found, *pairs), key=_shortest_first))

    def consistent(self, facts: AnyFacts) -> bool:
        return not facts.present & facts.absent and not self._closure.within(facts.term)

    def _possible(self, closed: int, further: int) -> bool:
        """Whether literals that closed facts do not refute are consistent with them; one alone always is."""
        return not further & (further - 1) or self._closure.admits(closed, further)

    # --- the goals

    def holds(self, goal: str, facts: AnyFacts) -> bool | None:
        """True if the goal is entailed, False if its complement is, None if neither."""
        known = facts.term
        for value in (True, False):
            if any(not row.mask & ~known for row in self._rows[goal, value]):
                return value
        return None

    def verdicts(self, facts: AnyFacts) -> dict[str, bool | None]:
        """`holds` for every goal at once."""
        matched = self._index.within(self._closed(facts))
        return {name: True if matched & yes else False if matched & no else None for name, yes, no in self._pairs}

    def matching(self, goal: str, value: bool, facts: AnyFacts) -> tuple[Literals, ...]:
        """The minimal reasons among the facts, each only if no more general reason is also among them."""
        known = facts.term
        found: dict[int, _Row] = {}
        for row in self._rows[goal, value]:
            if not row.mask & ~known and (row.general or row.canonical not in found):
                found[row.canonical] = row
        matched = [row.mask for row in found.values()]
        if len(matched) < 2 or all(row.general for row in found.values()):  # no general row follows from another
            return tuple(map(literals, matched))
        closed = [self._closure.close(row) for row in matched]
        kept = []
        for mine, mask in enumerate(matched):
            weaker = (other for other, general in enumerate(matched) if other != mine and not general & ~closed[mine])
            if not any(other < mine or mask & ~closed[other] for other in weaker):
                kept.append(literals(mask))
        return tuple(kept)

    def completions(self, goal: str, value: bool, facts: AnyFacts) -> tuple[Literals, ...]:
        """The minimal sets of further facts, consistent with these, that would entail the goal or its complement.

        From general rows only, so that a finding is named rather than each of its kinds. One empty set if the
        matter is decided that way already.
        """
        closed = self._closed(facts)
        refuted = self._complement(closed)
        lacking = {row.mask & ~closed for row in self._rows[goal, value] if row.general and not row.mask & refuted}
        lacking = {self._closure.reduced(closed, further) for further in lacking}
        minimal: list[int] = []
        for candidate in sorted(lacking, key=int.bit_count):
            if any(not smaller & ~candidate for smaller in minimal):
                continue
            if self._possible(closed, candidate):
                minimal.append(candidate)
        return tuple(sorted(map(literals, minimal), key=_shortest_first))

    def attainable(self, goals: Iterable[str], facts: AnyFacts, among: Collection[int]) -> tuple[str, ...]:
        """The goals that further facts about these atoms alone, consistent with the given ones, could entail."""
        closed = self._closed(facts)
        barred = self._complement(closed) | ~(closed | sum(bit(atom) | bit(-atom) for atom in among))
        return tuple(
            goal
            for goal in goals
            if any(
                row.general and not row.mask & barred and self._possible(closed, row.mask & ~closed)
                for row in self._rows[goal, True]
            )
        )

    def prospects(self, goals: Container[str] | None = None, atoms: Container[int] | None = None) -> Prospects:
        """What one further fact would decide, of these goals, by facts about these atoms; by default of all."""
        rows = {
            key: [row.canonical for row in found] for key, found in self._rows.items() if not goals or key[0] in goals
        }
        return Prospects(rows, self._quotient.equivalents, atoms)


def _shortest_first(row: Literals) -> tuple[int, tuple[tuple[int, bool], ...]]:
    return len(row), tuple(map(_by_atom, row))


def _by_atom(literal: int) -> tuple[int, bool]:
    return abs(literal), literal < 0
