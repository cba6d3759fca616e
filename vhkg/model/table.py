"""The decision table: what the ontology says about a presentation, compiled to propositional rows.

A literal is a non-zero integer as in DIMACS: +i for atom number i (counted from 1) present, -i for absent.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class AtomKind(StrEnum):
    FINDING = "finding"
    ALTERNATIVE = "alternative"
    PRIMITIVE = "primitive"
    """A named presentation class without an acyclic definition: no fact can assert it."""


class Atom(msgspec.Struct, frozen=True):
    """One proposition about a presentation.

    `name` is the local name of the filler F of ∃role.F (kind finding; interventions too), of the alternative
    of a reading, or of a primitive class. `role` is the local name of the object property, `reading` that of
    the reading; each is empty where it does not apply.
    """

    kind: AtomKind
    name: str
    role: str = ""
    reading: str = ""


class Row(msgspec.Struct, frozen=True):
    """A prime implicant: its literals together entail the goal, and none can be left out.

    `general` is false where another row of the same list follows from this one by the axioms alone.
    """

    literals: tuple[int, ...]
    general: bool = True


class Goal(msgspec.Struct, frozen=True):
    """The rows that entail a class expression (`yes`) and those that entail its complement (`no`)."""

    name: str
    yes: tuple[Row, ...]
    no: tuple[Row, ...]


class DecisionTable(msgspec.Struct, frozen=True):
    """`conflicts` are the minimal sets of literals that the axioms forbid (prime implicants of ¬T).

    The set {+i, -i} is not listed: it is a conflict under any axioms. `goals` is keyed by `Goal.name`.
    """

    atoms: tuple[Atom, ...]
    conflicts: tuple[tuple[int, ...], ...]
    goals: dict[str, Goal]
