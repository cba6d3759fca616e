"""What a query gives: rows of text, the same from every engine."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from vhkg.namespaces import BASE

LIST_SEPARATOR = " | "
"""Between the members of a cell that holds several; no name, marker or flag contains it."""


class Rows(msgspec.Struct, frozen=True):
    """A result table. An unbound variable is the empty text; `truncated` says that there were more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    truncated: bool = False

    def dicts(self) -> list[dict[str, str]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def shown_iri(iri: str) -> str:
    """A term of the ontology by its local name, any other IRI in full."""
    return iri.removeprefix(BASE)


def sort_lists(rows: Rows, columns: Collection[str]) -> Rows:
    """Order and deduplicate the members of list cells.

    SPARQL leaves the order of GROUP_CONCAT open and engines differ in it; this is the one place that settles it.
    """
    places = [place for place, column in enumerate(rows.columns) if column in columns]
    if not places:
        return rows
    return Rows(
        columns=rows.columns,
        rows=tuple(
            tuple(_ordered(cell) if place in places else cell for place, cell in enumerate(row)) for row in rows.rows
        ),
        truncated=rows.truncated,
    )


def _ordered(cell: str) -> str:
    members = {member for member in cell.split(LIST_SEPARATOR) if member}
    return LIST_SEPARATOR.join(sorted(members, key=_natural))


def _natural(member: str) -> tuple[int, str]:
    """Members that open with a number by that number, the others after them."""
    digits = member[: len(member) - len(member.lstrip("0123456789"))]
    return (int(digits) if digits else 10**9, member)
