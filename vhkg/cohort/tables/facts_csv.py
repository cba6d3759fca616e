"""A facts CSV of any size, in pieces of lines.

The unit is the patient: one with a row that cannot be read is set aside, the others are answered.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.reader import Piece
from vhkg.cohort.tables.csv_lines import cells_of, fields_of, line_count, no_cells
from vhkg.cohort.tables.facts import FactsReading
from vhkg.cohort.tables.line_ranges import (
    blocks_of_lines,
    group_start,
    is_packed,
    line_breaks,
    line_start,
    next_line,
    opened,
)
from vhkg.cohort.tables.scattered import ALL, Scattering, gathered_cells, parts_of, scatter_cells
from vhkg.errors import InputError
from vhkg.intake import document, unreadable
from vhkg.intake.rows import columns_of

PIECE_SIZE = 32 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class _Start(NamedTuple):
    """`end` is where the rows begin, on line `line`."""

    header: tuple[str, ...]
    end: int
    line: int


class FactsCsv:
    """Reader of one file. A packed file has one piece, which is always partitioned, since it cannot be entered."""

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = PIECE_SIZE) -> None:
        self._path = path
        self._knowledge = knowledge
        self._piece_size = piece_size
        self.partitions = is_packed(path)

    @cached_property
    def _start(self) -> _Start:
        with opened(self._path) as stream:
            end = 0
            for number in range(1, 1_000):
                line = next_line(stream, self._path)
                end += len(line)
                fields = self._header_fields(line, number)
                if any(fields):
                    return _Start(columns_of(fields, self._path, f"line {number}"), end, number + 1)
                if not line:
                    break
        raise InputError("it is empty", file=self._path, mend="`vhkg template csv` prints a start")

    def _header_fields(self, line: bytes, number: int) -> list[str]:
        line = line.removeprefix(_BOM) if number == 1 else line
        if not line.strip():
            return []
        text = document(self._path, line).content
        if b"\r" in text.rstrip(b"\r\n"):
            mend = "end each line with a line feed"
            raise InputError("lines end with a carriage return alone", file=self._path, place="line 1", mend=mend)
        try:
            return fields_of(text.rstrip(b"\r\n"))
        except csv.Error as error:
            fault, mend = f"not CSV: {error}", "correct the quotation marks"
            raise InputError(fault, file=self._path, place=f"line {number}", mend=mend) from error

    @cached_property
    def _reading(self) -> FactsReading:
        return FactsReading(self._path, self._start.header, self._knowledge, "line")

    def pieces(self) -> Sequence[Piece]:
        start = self._start.end
        _ = self._reading.results  # found out here, it goes along to other processes
        if self.partitions:
            return [Piece(0, self._path, (self._path,))]
        try:
            size = Path(self._path).stat().st_size
        except OSError as error:
            raise unreadable(self._path, error) from error
        if start >= size:
            mend = "add one row per finding that was assessed"
            raise InputError("it has a header and no rows", file=self._path, mend=mend)
        return [
            Piece(number, self._path, (self._path,), first, min(first + self._piece_size, size))
            for number, first in enumerate(range(start, size, self._piece_size))
        ]

    def read(self, piece: Piece) -> Batch:
        with opened(self._path) as stream:
            start, end = (self._patient_start(stream, place) for place in (piece.start, piece.end))
            stream.seek(start)
            data = stream.read(max(end - start, 0))
        whole = piece.start == self._start.end and piece.end - piece.start < self._piece_size
        return self._reading.batch(cells_of(data, self._start.header), lambda: self._line_at(start), whole=whole)

    def _patient_start(self, stream: IO[bytes], offset: int) -> int:
        if offset <= self._start.end:
            return self._start.end
        return group_start(stream, offset, self._path, self._patient)

    def _patient(self, line: bytes) -> str:
        """The patient of a line; empty where it names none."""
        try:
            fields = fields_of(line.rstrip(b"\r\n"))
        except (csv.Error, UnicodeDecodeError):
            return ""
        at = self._start.header.index("patient")
        return fields[at] if at < len(fields) else ""

    def _line_at(self, offset: int) -> int:
        with opened(self._path) as stream:
            return 1 + line_breaks(stream, offset)

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        scattering = Scattering(folder, piece.number)
        lines = 0
        with opened(self._path) as stream:
            if self.partitions:
                stream.seek(self._start.end)
                blocks = blocks_of_lines(stream, self._piece_size, self._path)
            else:
                start, end = (self._line_start(stream, place) for place in (piece.start, piece.end))
                stream.seek(start)
                blocks = iter([stream.read(max(end - start, 0))])
            for block in blocks:
                cells = cells_of(block, self._start.header)
                scatter_cells(cells, scattering, buckets, lines)
                lines += line_count(block)
        scattering.add(ALL, str(lines).encode())
        scattering.finish()

    def _line_start(self, stream: IO[bytes], offset: int) -> int:
        return self._start.end if offset <= self._start.end else line_start(stream, offset, self._path)

    def gather(self, bucket: int, folder: Path) -> Batch:
        first: dict[int, int] = {}
        lines = self._start.line
        for piece, content in parts_of(folder, ALL):
            first[piece] = lines
            lines += int(content)
        return self._reading.batch(gathered_cells(folder, bucket, no_cells(self._start.header), first), lambda: 0)
