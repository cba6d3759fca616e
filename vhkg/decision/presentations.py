"""Presentation classes: definitions unfolded, the other axioms as clauses about a presentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vhkg.decision.axioms import Axiom, AxiomKind, Letters
from vhkg.decision.findings import letters_of
from vhkg.errors import OutsideFragment
from vhkg.model.formula import (
    TRUE,
    Clause,
    Disjunction,
    Formula,
    Variable,
    clauses,
    substitute,
    variables,
)


class Presentations(NamedTuple):
    """All numbers are letters.

    `everywhere` holds for every element of the domain, `clauses` for presentations (over letters that matter),
    `aside` for presentations over the upper vocabulary. `primitives` have no definition that could be unfolded.
    """

    presentation: int
    definitions: dict[int, Formula]
    primitives: tuple[int, ...]
    relevant: frozenset[int]
    clauses: tuple[Clause, ...]
    aside: tuple[Clause, ...]
    everywhere: tuple[Clause, ...]


def read_presentations(
    axioms: Sequence[Axiom],
    letters: Letters,
    presentation: int,
    root_of: Mapping[str, int],
    readings: Mapping[int, str],
) -> Presentations:
    """Split the axioms that are not on findings into definitions and constraints."""
    roots = frozenset(root_of.values())
    relevant = _relevant(axioms, letters, presentation, roots, readings)
    chosen = _definitions(axioms, letters, roots | {presentation} | readings.keys())
    unfolded = _unfold({number: formula for number, (_, formula) in chosen.items()})
    for number in unfolded.keys() & relevant:
        mixed = variables(unfolded[number]) & roots
        if mixed:
            _refuse_mixture(axioms[chosen[number][0]], letters, mixed)

    def unfold(number: int) -> Formula:
        return unfolded.get(number, Variable(number))

    taken = {position for number, (position, _) in chosen.items() if number in unfolded}
    everywhere: dict[Clause, Axiom] = {}
    for position, axiom in enumerate(axioms):
        constraint = axiom.constraint()
        if position in taken:
            if axiom.kind is not AxiomKind.DISJOINT_UNION:
                continue
            constraint = Axiom(AxiomKind.DISJOINT, axiom.operands[1:], axiom.origin).constraint()
        for clause in clauses(substitute(constraint, unfold)):
            everywhere.setdefault(clause, axiom)

    of_presentation = {
        tuple(literal for literal in clause if literal != -presentation): axiom
        for clause, axiom in everywhere.items()
        if presentation not in clause
    }
    kept, aside = _split(of_presentation, relevant, roots, letters)

    def within(formula: Formula) -> Formula:
        return substitute(formula, lambda number: TRUE if number == presentation else Variable(number))

    definitions = {number: within(unfold(number)) for number in sorted(relevant) if not letters[number].role}
    primitives = tuple(number for number in definitions if number not in unfolded and number not in readings)
    return Presentations(
        presentation=presentation,
        definitions=definitions,
        primitives=primitives,
        relevant=frozenset(definitions),
        clauses=tuple(kept),
        aside=tuple(aside),
        everywhere=tuple(everywhere),
    )


_DEFINING = (AxiomKind.EQUIVALENT, AxiomKind.DISJOINT_UNION)


def _relevant(
    axioms: Sequence[Axiom], letters: Letters, presentation: int, roots: frozenset[int], readings: Mapping[int, str]
) -> frozenset[int]:
    """Letters that can bear on a presentation class; what is left is upper vocabulary and cannot."""
    found = set(readings) | {number for number, letter in enumerate(letters.all, 1) if letter.role}
    for axiom in axioms:
        if axiom.kind is AxiomKind.SUBCLASS and axiom.operands[1] == Variable(presentation):
            found |= variables(axiom.operands[0])
        elif axiom.kind in _DEFINING and (presentation in letters_of(axiom) or len(letters_of(axiom)) == 1):
            found |= letters_of(axiom)  # also a class equivalent to owl:Thing or owl:Nothing
    links = [letters_of(axiom) - roots - {presentation} for axiom in axioms]
    size = -1
    while size != len(found):
        size = len(found)
        for link in links:
            if link & found:
                found |= link
    return frozenset(found - roots - {presentation})


def _definitions(axioms: Sequence[Axiom], letters: Letters, fixed: frozenset[int]) -> dict[int, tuple[int, Formula]]:
    """The single definition of each class that has exactly one: position of the axiom, and formula.

    An equivalence between two names defines the first, if it may be defined at all.
    """
    found: dict[int, list[tuple[int, Formula]]] = {}
    for position, axiom in enumerate(axioms):
        first, *others = axiom.operands
        if axiom.kind is AxiomKind.EQUIVALENT:
            pairs: list[tuple[Formula, Formula]] = [(first, others[0]), (others[0], first)]
        elif axiom.kind is AxiomKind.DISJOINT_UNION:
            pairs = [(first, Disjunction(tuple(others)))]
        else:
            continue
        for name, formula in pairs:
            if isinstance(name, Variable) and name.number not in fixed and not letters[name.number].role:
                found.setdefault(name.number, []).append((position, formula))
                break
    return {number: candidates[0] for number, candidates in found.items() if len(candidates) == 1}


def _unfold(definitions: Mapping[int, Formula]) -> dict[int, Formula]:
    """Unfold the acyclic definitions; a class on a cycle is left out, one that merely uses such a class is not."""
    uses = {number: variables(formula) & definitions.keys() for number, formula in definitions.items()}
    reach = {number: set(used) for number, used in uses.items()}
    for middle in uses:  # Warshall (1962)
        for reached in reach.values():
            if middle in reached:
                reached.update(reach[middle])
    acyclic = {number for number, reached in reach.items() if number not in reached}
    done: dict[int, Formula] = {}
    for number in sorted(acyclic, key=lambda number: len(reach[number] & acyclic)):
        done[number] = substitute(definitions[number], lambda other: done.get(other, Variable(other)))
    return done


def _split(
    found: Mapping[Clause, Axiom], relevant: frozenset[int], roots: frozenset[int], letters: Letters
) -> tuple[list[Clause], list[Clause]]:
    """Clauses on what matters, and clauses on the upper vocabulary.

    A presentation that is no finding satisfies every disjointness with a root; so clauses that hold a root only
    negatively go aside. A root that would have to be true mixes the two worlds.
    """
    kept, aside = [], []
    for clause, axiom in found.items():
        mentioned = {abs(literal) for literal in clause}
        if not mentioned & relevant:
            aside.append(clause)
        elif mentioned & roots:
            positive = {literal for literal in clause if literal > 0} & roots
            if positive or not any(-literal in roots for literal in clause):
                _refuse_mixture(axiom, letters, positive)
            aside.append(tuple(literal for literal in clause if -literal in roots))
        else:
            kept.append(clause)
    return kept, aside


def _refuse_mixture(axiom: Axiom, letters: Letters, roots: frozenset[int] | set[int]) -> None:
    names = " and ".join(letters.name(number) for number in sorted(roots))
    raise OutsideFragment(
        f"{axiom.kind} mixes {names} with presentation classes",
        file=axiom.origin.file,
        place=axiom.origin.place,
        mend="say it with the role and a finding",
    )
