"""From theory to decision table: every consistent prime implicant of T → C and of T → ¬C.

The work is done over one literal for each class of equivalent ones (the two alternatives of a reading are such a
class, with a sign) and only with the parts of T that share variables with C; both are undone exactly. Primitive
atoms are forgotten (Lang, Liberatore and Marquis, 2003): the rows are the primes that do not mention them, and facts,
which cannot mention them either, entail by these rows all that they entail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import msgspec

from vhkg.decision.bdd import Bdd
from vhkg.decision.prime import PrimeImplicants, literals, term
from vhkg.decision.quotient import TAUTOLOGY, Quotient
from vhkg.decision.rows import Closure, RowIndex, positions
from vhkg.decision.theory import Theory
from vhkg.errors import KnowledgeError, near_matches
from vhkg.model.formula import Conjunction, Formula, Negation, absorbed, substitute
from vhkg.model.table import AtomKind, DecisionTable, Goal, Row


class Target(msgspec.Struct, frozen=True):
    """A goal: the class `condition`, and not `exclusion` if there is one. Both are local names."""

    name: str
    condition: str
    exclusion: str = ""


def compile_table(theory: Theory, targets: Sequence[Target]) -> DecisionTable:
    """Compile each target. The table depends on the theory and the targets only, not on any hash seed."""
    compiler = _Compiler(theory)
    goals: dict[str, Goal] = {}
    for target in targets:
        if target.name in goals:
            raise KnowledgeError(f"two goals are named {target.name}", mend="rename one")
        formula = goal_formula(theory, target)
        goals[target.name] = Goal(target.name, yes=compiler.rows(formula), no=compiler.rows(Negation(formula)))
    return DecisionTable(atoms=theory.atoms, conflicts=compiler.conflicts, goals=goals)


def goal_formula(theory: Theory, target: Target) -> Formula:
    """condition ∧ ¬exclusion over the atoms."""
    condition = _definition(theory, target.condition, target.name)
    if not target.exclusion:
        return condition
    return Conjunction((condition, Negation(_definition(theory, target.exclusion, target.name))))


def _definition(theory: Theory, name: str, place: str) -> Formula:
    if name not in theory.definitions:
        near = near_matches(name, theory.definitions)
        raise KnowledgeError(
            f"{name} is not a presentation class",
            place=place,
            mend=f"did you mean {' or '.join(near)}" if near else "define it",
        )
    return theory.definitions[name]


class _Compiler:
    def __init__(self, theory: Theory) -> None:
        self._primitive = {n for n, atom in enumerate(theory.atoms, 1) if atom.kind is AtomKind.PRIMITIVE}
        conflicts = sorted(_conflicts(theory), key=_preference)
        self.conflicts = tuple(
            conflict for conflict in conflicts if not any(abs(literal) in self._primitive for literal in conflict)
        )
        self._quotient = Quotient(len(theory.atoms), conflicts)
        reduced = absorbed(self._quotient.clause(clause) for clause in theory.clauses) - {TAUTOLOGY}
        self._parts = _components(reduced)
        self._part_of = {abs(x): part for part in self._parts for clause in part for x in clause}
        self._bdd = Bdd(self._quotient.representatives)
        self._primes = PrimeImplicants(self._bdd)
        self._closure = Closure(
            sorted({literals(term(image)) for c in self.conflicts if (image := self._quotient.term(c))})
        )
        self._inconsistent = () in self.conflicts
        self._rows: dict[int, tuple[Row, ...]] = {}

    def rows(self, goal: Formula) -> tuple[Row, ...]:
        """The consistent prime implicants of T → goal, in order of preference."""
        if self._inconsistent:
            return ()
        bdd = self._bdd
        wanted = bdd.of_formula(substitute(goal, self._quotient.formula))
        violated = bdd.negation(self._theory_about(wanted))
        implied = bdd.disjunction(violated, wanted)
        if implied not in self._rows:
            primitive = self._primitive & set(bdd.order)
            found = self._primes.of(bdd.for_all(implied, primitive))
            consistent = found - self._primes.of(bdd.for_all(violated, primitive))
            self._rows[implied] = self._expand([literals(mask) for mask in sorted(consistent)])
        return self._rows[implied]

    def _theory_about(self, node: int) -> int:
        """The conjunction of those independent parts of T that the node depends on."""
        bdd = self._bdd
        theory = bdd.of_clauses([])
        parts = {id(part): part for x in sorted(bdd.support(node)) if (part := self._part_of.get(x)) is not None}
        for part in parts.values():
            theory = bdd.conjunction(theory, bdd.of_clauses(part))
        return theory

    def _expand(self, found: list[tuple[int, ...]]) -> tuple[Row, ...]:
        """Replace each literal by every equivalent one, and mark the general rows."""
        variants = [sorted(self._variants(row), key=_preference) for row in found]
        ranked = sorted(zip(variants, found, strict=True), key=lambda pair: _preference(pair[0][0]))
        general = self._general([row for _, row in ranked])
        rows = [
            Row(literals=variant, general=rank in general and not place)
            for rank, (mine, _) in enumerate(ranked)
            for place, variant in enumerate(mine)
        ]
        return tuple(sorted(rows, key=lambda row: _preference(row.literals)))

    def _variants(self, row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for choice in product(*(self._quotient.equivalents(literal) for literal in row)):
            if not any(abs(literal) in self._primitive for literal in choice):
                yield tuple(sorted(choice, key=abs))

    def _general(self, ranked: list[tuple[int, ...]]) -> set[int]:
        """The rows from which no other row follows; of equivalent ones the first."""
        index = RowIndex([term(row) for row in ranked])
        closed = [self._closure.close(mask) for mask in index.rows]
        found = set()
        for rank, mask in enumerate(closed):
            weaker = index.within(mask) & ~(1 << rank)
            if not any(other < rank or index.rows[rank] & ~closed[other] for other in positions(weaker)):
                found.add(rank)
        return found


def _conflicts(theory: Theory) -> set[tuple[int, ...]]:
    """The prime implicants of ¬T, part by part: an implicant of a disjunction without shared variables lies in one."""
    found: set[tuple[int, ...]] = set()
    for part in _components({frozenset(clause) for clause in theory.clauses}):
        bdd = Bdd(sorted({abs(literal) for clause in part for literal in clause}))
        primes = PrimeImplicants(bdd).of(bdd.negation(bdd.of_clauses(part)))
        found |= {literals(mask) for mask in primes}
    return {()} if () in found else found


def _components(family: set[frozenset[int]]) -> list[tuple[frozenset[int], ...]]:
    """The clauses grouped so that no two groups share a variable, in a fixed order."""
    owner: dict[int, list[frozenset[int]]] = {}
    empty: list[frozenset[int]] = []
    for clause in sorted(family, key=lambda clause: sorted(clause, key=abs)):
        touched = {id(group): group for x in clause if (group := owner.get(abs(x))) is not None}
        merged = [member for group in touched.values() for member in group] + [clause]
        for member in merged:
            for literal in member:
                owner[abs(literal)] = merged
        if not clause:
            empty.append(clause)
    groups = {id(group): tuple(group) for _, group in sorted(owner.items())}
    return [*((clause,) for clause in empty), *groups.values()]


def _preference(row: tuple[int, ...]) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
    """Fewest literals, then fewest absent ones, then lowest atoms."""
    return len(row), sum(literal < 0 for literal in row), tuple(map(abs, row)), row
