"""What a path holds: one document, lines of NDJSON, a folder of a bulk export, or one of OMOP tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from vhkg.errors import InputError
from vhkg.intake import Document, read_bytes, read_lines

LINE_SUFFIXES = (".ndjson", ".ndjson.gz")
_TABLE_SUFFIXES = (".csv", ".tsv", ".csv.gz")
PERSON_TABLE = "PERSON"

Lines = Iterable[tuple[int, bytes]]


class BulkFiles(msgspec.Struct, frozen=True):
    """Files of NDJSON, as (name for messages, path), sorted."""

    name: str
    files: tuple[tuple[str, Path], ...]

    def lines(self) -> Iterable[tuple[str, int, bytes]]:
        return ((name, number, line) for name, path in self.files for number, line in read_lines(path, name))


class OmopFiles(msgspec.Struct, frozen=True):
    """Tables of the OMOP common data model by upper-case name, as (name for messages, path)."""

    name: str
    tables: dict[str, tuple[str, Path]]

    def lines(self) -> dict[str, tuple[str, Lines]]:
        return {table: (name, read_lines(path, name)) for table, (name, path) in self.tables.items()}


Source = Document | BulkFiles | OmopFiles


def open_source(path: str) -> Source:
    """The source under a path; ``-`` is standard input.

    A folder with a PERSON table holds OMOP tables, one with NDJSON a bulk export. Raises InputError.
    """
    place = Path(path)
    if path.lower().endswith(LINE_SUFFIXES) and place.is_file():
        return BulkFiles(path, ((path, place),))
    if not place.is_dir():
        return read_bytes(path)
    try:
        found = sorted(place.iterdir())
    except OSError as error:
        raise InputError(
            f"the folder cannot be read: {(error.strerror or str(error)).lower()}", file=path, mend="check it"
        ) from error
    csv = [each for each in found if each.name.lower().endswith(_TABLE_SUFFIXES)]
    tables = {_table(each): (each.name, each) for each in csv}
    if PERSON_TABLE in tables:
        twice = next((each.name for each in csv if tables[_table(each)][1] != each), "")
        if twice:
            raise InputError("there is another file of the same table", file=path, place=twice, mend="keep one")
        return OmopFiles(path, tables)
    lines = tuple((each.name, each) for each in found if each.name.lower().endswith(LINE_SUFFIXES))
    if lines:
        return BulkFiles(path, lines)
    raise InputError(
        "the folder holds neither NDJSON nor OMOP tables", file=path, mend="name the files in it, or export to it"
    )


def _table(path: Path) -> str:
    return path.name.split(".")[0].upper()
