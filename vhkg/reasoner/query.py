"""Questions for the reasoner: can a presentation have these literals and be, or not be, in a class?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from vhkg.namespaces import Owl, Vhkg

Expression: TypeAlias = list[Any]
"""A class expression as JSON: ["class", iri], ["some", role, filler], ["not", e], ["and", e…] or ["or", e…]."""


class QueryLiteral(msgspec.Struct, frozen=True):
    """`role` some `iri`, or the class `iri` itself where the role is empty; its complement unless `present`."""

    iri: str
    role: str = ""
    present: bool = True


class Query(msgspec.Struct, frozen=True):
    """A presentation with all the literals, in the goal if `value` and in its complement if not.

    The goal is `condition`, and not `exclusion` if there is one; without a condition only the literals are asked
    about. Condition and exclusion are class IRIs.
    """

    literals: tuple[QueryLiteral, ...] = ()
    condition: str = ""
    exclusion: str = ""
    value: bool = True


def expression(query: Query) -> Expression:
    """The conjunction that is satisfiable if and only if the answer is yes."""
    parts = [["class", Vhkg.Presentation.value], *(_literal(literal) for literal in query.literals)]
    if query.condition:
        goal = _conjunction([["class", query.condition], *_excluded(query.exclusion)])
        parts.append(goal if query.value else ["not", goal])
    return _conjunction(parts)


def _literal(literal: QueryLiteral) -> Expression:
    positive = ["some", literal.role, literal.iri] if literal.role else ["class", literal.iri]
    return positive if literal.present else ["not", positive]


def _excluded(iri: str) -> list[Expression]:
    return [["not", ["class", iri]]] if iri else []


def _conjunction(parts: Sequence[Expression]) -> Expression:
    return ["and", *parts] if len(parts) > 1 else parts[0]


NOTHING: Expression = ["class", Owl.Nothing.value]
