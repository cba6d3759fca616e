"""What there is to say of a term, in lines that a page may set as it likes."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class PartKind(StrEnum):
    TEXT = "text"
    TERM = "term"
    """The local name of a term that has a description of its own."""
    FOREIGN = "foreign"
    """The local name of a term of another vocabulary."""
    QUOTE = "quote"
    """Words of the article."""


class Part(msgspec.Struct, frozen=True):
    text: str
    kind: PartKind = PartKind.TEXT


class Line(msgspec.Struct, frozen=True):
    heading: str
    parts: tuple[Part, ...]


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """`doing` says what the term is for in the knowledge, `being` what it is. `file` is the one that declares it.

    `label` is the name where the term has no label.
    """

    iri: str
    name: str
    label: str
    file: str
    doing: tuple[Line, ...]
    being: tuple[Line, ...]
