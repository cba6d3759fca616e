"""Classes of another ontology that are the level of a lesion: lesions named by their level are found by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from vhkg.errors import KnowledgeError
from vhkg.knowledge.tables import Row, Table
from vhkg.model.coded import CodeTables

_COLUMNS = {"site", "site_label", "lesion", "extent"}


class LevelSite(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table of body sites whose site is a level as a whole. `iris` are its spellings as an IRI."""

    curie: str
    iris: tuple[str, ...]
    label: str
    level: str
    file: str
    line: int


def read_levels(files: Mapping[str, bytes], tables: CodeTables) -> tuple[LevelSite, ...]:
    """The levels of all tables of body sites among `files`, in their order. What is a part of a level is none."""
    found: list[LevelSite] = []
    for name in sorted(name for name in files if name.endswith(".tsv")):
        table = Table(name, files[name], KnowledgeError)
        if set(table.columns) >= _COLUMNS:
            found += (_level(name, row, tables) for row in table.rows() if row["lesion"] and row["extent"] == "whole")
    return tuple(found)


def _level(file: str, row: Row, tables: CodeTables) -> LevelSite:
    prefix, _, code = row["site"].partition(":")
    return LevelSite(
        curie=row["site"],
        iris=tuple(space + code for space in _spaces(prefix, tables)),
        label=row["site_label"],
        level=row["lesion"],
        file=file,
        line=row.line,
    )


def _spaces(prefix: str, tables: CodeTables) -> Iterator[str]:
    """What stands before a code of the system in an IRI, as the table of systems spells it."""
    system = tables.systems[prefix]
    for spelling, known in tables.systems.items():
        if known == system and ":" in spelling and spelling[-1] in "/#_":
            yield spelling
