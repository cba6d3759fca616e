"""Tab-separated files with a commented header, as SSSOM has them: rows with their lines, and the header as values."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import NoReturn

from vhkg.errors import VhkgError


class Row(dict[str, str]):
    """The cells of a row by column. `line` is its line in the file, from 1."""

    line: int


class Table:
    """One file. Faults are raised as `error`, so that a file of the user's is told from one of the knowledge.

    Quotation marks are part of a cell, unless cells are `quoted`, as tools of SSSOM write them.
    """

    def __init__(self, name: str, content: bytes, error: type[VhkgError], *, quoted: bool = False) -> None:
        self.name = name
        self._error = error
        try:
            lines = content.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
        except UnicodeDecodeError as fault:
            raise error("not UTF-8", file=name, mend="save it as UTF-8") from fault
        self._opening = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
        self._comment = [line[1:] for line in lines[: self._opening]]
        self._reader = csv.reader(
            lines[self._opening :], delimiter="\t", quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
        )
        self.heading = self._opening + 1
        """The line of the column names."""
        self.columns = tuple(next(self._cells(), ()))

    def rows(self) -> Iterator[Row]:
        """The rows; empty lines are skipped. Can be read once."""
        for cells in self._cells():
            line = self._opening + self._reader.line_num
            if not any(cells):
                continue
            if len(cells) != len(self.columns):
                fault = f"there are {len(cells)} cells for {len(self.columns)} columns"
                self.fail(line, fault, "separate the cells by tabs")
            row = Row(zip(self.columns, (cell.strip() for cell in cells), strict=True))
            row.line = line
            yield row

    def metadata(self) -> Mapping[str, object]:
        """The header as YAML, as SSSOM writes it; empty where it is prose, which declares no prefixes.

        Texts stay texts: a prefix may be called ``NO``.
        https://mapping-commons.github.io/sssom/spec-formats-tsv/
        """
        if not any(line.lstrip().startswith("curie_map:") for line in self._comment):
            return {}
        import yaml

        try:
            found = yaml.load("\n".join(self._comment), Loader=yaml.BaseLoader)
        except RecursionError:
            self.fail(1, "the header is nested too deep", "write #name: value")
        except yaml.YAMLError as fault:
            place = getattr(fault, "problem_mark", None)
            self.fail(place.line + 1 if place else 1, "the header is not YAML", "write #name: value")
        return found if isinstance(found, dict) else {}

    def _cells(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error:
            line = self._opening + self._reader.line_num
            self.fail(line, "a cell holds a line break or is too long", "end lines as Unix or Windows does")

    def fail(self, line: int, fault: str, mend: str) -> NoReturn:
        raise self._error(fault, file=self.name, place=f"line {line}", mend=mend)
