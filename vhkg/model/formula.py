"""Propositional formulas over numbered variables, and their clauses.

Variables are counted from 1 and literals are signed numbers, as in DIMACS and in `vhkg.model.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import TypeAlias

import msgspec

Clause: TypeAlias = tuple[int, ...]


class Variable(msgspec.Struct, frozen=True, tag=True):
    number: int


class Negation(msgspec.Struct, frozen=True, tag=True):
    operand: Formula


class Conjunction(msgspec.Struct, frozen=True, tag=True):
    """True without operands."""

    operands: tuple[Formula, ...]


class Disjunction(msgspec.Struct, frozen=True, tag=True):
    """False without operands."""

    operands: tuple[Formula, ...]


Formula: TypeAlias = Variable | Negation | Conjunction | Disjunction

TRUE = Conjunction(())
FALSE = Disjunction(())


def implication(left: Formula, right: Formula) -> Formula:
    return Disjunction((Negation(left), right))


def variables(formula: Formula) -> frozenset[int]:
    """The numbers of the variables that occur, whether or not the truth value depends on them."""
    if isinstance(formula, Variable):
        return frozenset((formula.number,))
    if isinstance(formula, Negation):
        return variables(formula.operand)
    return frozenset().union(*map(variables, formula.operands))


def substitute(formula: Formula, replace: Callable[[int], Formula]) -> Formula:
    """Replace each variable."""
    if isinstance(formula, Variable):
        return replace(formula.number)
    if isinstance(formula, Negation):
        return Negation(substitute(formula.operand, replace))
    return type(formula)(tuple(substitute(operand, replace) for operand in formula.operands))


def truth(formula: Formula, assignment: Mapping[int, bool]) -> bool:
    """The truth value under a total assignment."""
    if isinstance(formula, Variable):
        return assignment[formula.number]
    if isinstance(formula, Negation):
        return not truth(formula.operand, assignment)
    values = (truth(operand, assignment) for operand in formula.operands)
    return all(values) if isinstance(formula, Conjunction) else any(values)


def clauses(formula: Formula) -> tuple[Clause, ...]:
    """An equivalent set of clauses over the same variables, without tautologies or subsumed clauses.

    By distribution, which may be exponential: meant for single axioms. No auxiliary variables, because a
    variable of ours must never appear in an explanation.
    """
    return tuple(sorted((tuple(sorted(clause, key=_order)) for clause in _clauses(formula, True)), key=_clause_order))


def _clauses(formula: Formula, sign: bool) -> set[frozenset[int]]:
    if isinstance(formula, Variable):
        return {frozenset((formula.number if sign else -formula.number,))}
    if isinstance(formula, Negation):
        return _clauses(formula.operand, not sign)
    parts = [_clauses(operand, sign) for operand in formula.operands]
    if isinstance(formula, Conjunction) is sign:
        return absorbed(set().union(*parts))
    found: set[frozenset[int]] = {frozenset()}
    for part in parts:
        merged = (left | right for left, right in product(found, part))
        found = absorbed({clause for clause in merged if not any(-literal in clause for literal in clause)})
    return found


def absorbed(family: Iterable[frozenset[int]]) -> set[frozenset[int]]:
    """The sets of a family that contain no other set of it."""
    kept: list[frozenset[int]] = []
    for candidate in sorted(set(family), key=len):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return set(kept)


def _order(literal: int) -> tuple[int, bool]:
    return abs(literal), literal < 0


def _clause_order(clause: Clause) -> tuple[int, list[tuple[int, bool]]]:
    return len(clause), [_order(literal) for literal in clause]
