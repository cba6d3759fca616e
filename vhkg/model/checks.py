"""SHACL shapes compiled to checks, and the report that checks and pyshacl both give.

Words as in the recommendation: focus node, result path, constraint component (https://www.w3.org/TR/shacl/).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class PropertyCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One property shape. Counts of None are not checked; empty tuples and strings neither.

    `values` and `path` are IRIs; `inverse` is true for sh:inversePath. `messages` maps the IRI of a constraint
    component to the shape's message, since one shape may hold several components.
    """

    shape: str
    path: str
    inverse: bool = False
    severity: str
    message: str
    min_count: int | None = None
    max_count: int | None = None
    class_: str = ""
    datatype: str = ""
    node_kind: str = ""
    values: tuple[str, ...] = ()
    pattern: str = ""
    flags: str = ""
    max_length: int | None = None


class NodeCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One node shape with its targets. `closed` lists the allowed predicates, or is None for an open shape."""

    shape: str
    target_classes: tuple[str, ...]
    target_subjects_of: tuple[str, ...] = ()
    target_objects_of: tuple[str, ...] = ()
    severity: str
    message: str
    closed: tuple[str, ...] | None = None
    class_: str = ""
    node_kind: str = ""
    properties: tuple[PropertyCheck, ...] = ()


class ValidationResult(msgspec.Struct, frozen=True, kw_only=True, rename="camel", order=True):
    """One result. `severity` is Violation, Warning or Info; the other names are SHACL's, as local names or IRIs."""

    focus_node: str
    result_path: str
    severity: str
    component: str
    value: str
    message: str
    shape: str


class ValidationReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`conforms` is false if any result is a Violation. `hits` counts the focus nodes that each shape looked at."""

    conforms: bool
    results: tuple[ValidationResult, ...]
    hits: dict[str, int]


def merged(reports: Iterable[ValidationReport]) -> ValidationReport:
    """The reports on several patients as one on their file."""
    found = tuple(reports)
    hits: dict[str, int] = {}
    for one in found:
        for shape, count in one.hits.items():
            hits[shape] = hits.get(shape, 0) + count
    return ValidationReport(
        conforms=all(one.conforms for one in found),
        results=tuple(result for one in found for result in one.results),
        hits=hits,
    )
