"""Theories small enough to enumerate, and what is true of them by enumeration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from hypothesis import strategies as st

from vhkg.decision.compilation import Target
from vhkg.decision.theory import Theory
from vhkg.model.formula import (
    Clause,
    Conjunction,
    Disjunction,
    Formula,
    Negation,
    Variable,
    clauses,
    implication,
    truth,
)
from vhkg.model.table import Atom, AtomKind

SIZE = 5
TARGETS = (Target("a", "A"), Target("b", "B"), Target("a-not-b", "A", "B"))

formulas: st.SearchStrategy[Formula] = st.recursive(
    st.integers(1, SIZE).map(Variable),
    lambda inner: st.one_of(
        inner.map(Negation),
        st.lists(inner, max_size=3).map(lambda found: Conjunction(tuple(found))),
        st.lists(inner, max_size=3).map(lambda found: Disjunction(tuple(found))),
    ),
    max_leaves=8,
)
literals = st.integers(1, SIZE).flatmap(lambda number: st.sampled_from((number, -number)))
terms = st.frozensets(literals, max_size=4)
axioms: st.SearchStrategy[Clause] = st.lists(literals, min_size=1, max_size=3).map(
    lambda found: tuple(sorted(set(found), key=abs))
)


@st.composite
def theories(draw: st.DrawFn, *, primitives: int = 0) -> Theory:
    drawn = draw(st.lists(axioms, max_size=5))
    kept = [clause for clause in drawn if not any(-literal in clause for literal in clause)]
    if draw(st.booleans()):  # two atoms made equivalent, as the alternatives of a reading are
        first, second = draw(st.lists(literals, min_size=2, max_size=2, unique_by=abs))
        kept += clauses(Conjunction(tuple(implication(_of(a), _of(b)) for a, b in ((first, second), (second, first)))))
    kinds = [AtomKind.FINDING] * (SIZE - primitives) + [AtomKind.PRIMITIVE] * primitives
    return Theory(
        atoms=tuple(Atom(kind, f"atom{number}", role="role") for number, kind in enumerate(kinds, 1)),
        iris=tuple(f"urn:atom{number}" for number in range(1, SIZE + 1)),
        clauses=tuple(kept),
        definitions={"A": draw(formulas), "B": draw(formulas)},
        roles={"role": "urn:role"},
        classes={"A": "urn:A", "B": "urn:B"},
    )


def _of(literal: int) -> Formula:
    return Variable(literal) if literal > 0 else Negation(Variable(-literal))


def models(theory: Theory) -> list[dict[int, bool]]:
    """The total assignments that satisfy the axioms."""
    found = []
    for values in product((False, True), repeat=len(theory.atoms)):
        assignment = dict(enumerate(values, 1))
        if all(any(assignment[abs(x)] is (x > 0) for x in clause) for clause in theory.clauses):
            found.append(assignment)
    return found


def extensions(worlds: Sequence[dict[int, bool]], term: Sequence[int] | frozenset[int]) -> list[dict[int, bool]]:
    return [world for world in worlds if all(world[abs(x)] is (x > 0) for x in term)]


def entails(worlds: Sequence[dict[int, bool]], term: Sequence[int] | frozenset[int], goal: Formula) -> bool:
    return all(truth(goal, world) for world in extensions(worlds, term))


def all_terms(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every consistent set of literals, shortest first."""
    for size in range(len(numbers) + 1):
        for chosen in combinations(numbers, size):
            for signs in product((1, -1), repeat=size):
                yield tuple(sign * number for sign, number in zip(signs, chosen, strict=True))


def rows(theory: Theory, goal: Formula) -> set[tuple[int, ...]]:
    """The minimal consistent terms that entail the goal, over atoms that a fact can mention."""
    worlds = models(theory)
    numbers = [n for n, atom in enumerate(theory.atoms, 1) if atom.kind is not AtomKind.PRIMITIVE]
    found: list[tuple[int, ...]] = []
    for term in all_terms(numbers):
        if any(set(shorter) <= set(term) for shorter in found):
            continue
        if extensions(worlds, term) and entails(worlds, term, goal):
            found.append(term)
    return set(found)


def conflicts(theory: Theory) -> set[tuple[int, ...]]:
    worlds = models(theory)
    numbers = [n for n, atom in enumerate(theory.atoms, 1) if atom.kind is not AtomKind.PRIMITIVE]
    found: list[tuple[int, ...]] = []
    for term in all_terms(numbers):
        if not any(set(shorter) <= set(term) for shorter in found) and not extensions(worlds, term):
            found.append(term)
    return set(found)
