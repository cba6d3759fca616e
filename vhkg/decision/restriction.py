"""The decision table with some of its literals taken as true, as of a Boolean function (a restriction, or cofactor).

A run over many patients chooses its readings once; with these the table has a third of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vhkg.model.formula import absorbed
from vhkg.model.table import DecisionTable, Goal, Row


def restrict(table: DecisionTable, chosen: Iterable[int]) -> DecisionTable:
    """The rows and conflicts that are left when the `chosen` literals hold, without these, none within another.

    Facts without these literals match a row of the result if and only if they match, together with the chosen ones,
    a row of the table. `chosen` has to be closed under the axioms (an alternative with the absence of the others of its
    reading is). A row that is `general` stays so; of two rows that become one it is enough that one is.

    For statuses only: a reason that rests on no reading may contain one that does, and is a reason of its own, so
    reasons come from the table itself.
    """
    held = frozenset(chosen)
    refuted = frozenset(-literal for literal in held)
    return DecisionTable(
        atoms=table.atoms,
        conflicts=tuple(sorted(_left(table.conflicts, held, refuted), key=_shortest_first)),
        goals={
            name: Goal(goal.name, _rows(goal.yes, held, refuted), _rows(goal.no, held, refuted))
            for name, goal in table.goals.items()
        },
    )


def _rows(rows: Sequence[Row], held: frozenset[int], refuted: frozenset[int]) -> tuple[Row, ...]:
    general = {frozenset(row.literals) - held for row in rows if row.general}
    left = _left([row.literals for row in rows], held, refuted)
    return tuple(Row(literals, frozenset(literals) in general) for literals in sorted(left, key=_shortest_first))


def _left(terms: Iterable[Sequence[int]], held: frozenset[int], refuted: frozenset[int]) -> Iterable[tuple[int, ...]]:
    possible = (frozenset(term) - held for term in terms if refuted.isdisjoint(term))
    return (tuple(sorted(term, key=_by_atom)) for term in absorbed(possible))


def _shortest_first(literals: tuple[int, ...]) -> tuple[int, list[tuple[int, bool]]]:
    return len(literals), [_by_atom(literal) for literal in literals]


def _by_atom(literal: int) -> tuple[int, bool]:
    return abs(literal), literal < 0
