"""Satisfiability of small clause sets (Davis, Logemann and Loveland, 1962)."""

from __future__ import annotations

from collections.abc import Iterable

from vhkg.model.formula import Clause


def satisfiable(clauses: Iterable[Clause], assumed: Iterable[int] = ()) -> bool:
    """Whether some assignment satisfies all clauses and all assumed literals."""
    pending = [[*clauses, *((literal,) for literal in assumed)]]
    while pending:
        reduced = _propagate(pending.pop())
        if reduced is None:
            continue
        if all(any(literal < 0 for literal in clause) for clause in reduced):
            return True  # with every atom that is left false
        literal = min(reduced, key=len)[0]
        pending += ([*reduced, (-literal,)], [*reduced, (literal,)])
    return False


def entails(clauses: Iterable[Clause], clause: Clause) -> bool:
    return not satisfiable(clauses, [-literal for literal in clause])


def _propagate(clauses: list[Clause]) -> list[Clause] | None:
    """Apply unit clauses until none is left; None if that gives the empty clause."""
    while True:
        units = {clause[0] for clause in clauses if len(clause) == 1}
        negated = {-literal for literal in units}
        if not all(clauses) or not units.isdisjoint(negated):
            return None
        if not units:
            return clauses
        clauses = [
            clause if negated.isdisjoint(clause) else tuple(literal for literal in clause if literal not in negated)
            for clause in clauses
            if units.isdisjoint(clause)
        ]
