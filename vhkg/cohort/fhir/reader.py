"""A bulk export of FHIR as a cohort: NDJSON, one file or a folder, a resource or a bundle a line.

The lines of a patient may stand anywhere in it, so it is partitioned by patient. A line that cannot be read is named
and set aside, however it is broken; a file that cannot be read ends the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.fhir.assembling import BatchAssembler
from vhkg.cohort.fhir.gathering import Gathering
from vhkg.cohort.fhir.lines import Contents, Lines
from vhkg.cohort.fhir.memory import Memory, no_collection
from vhkg.cohort.fhir.overall import overall
from vhkg.cohort.fhir.piece_lines import PACKED, lines_of
from vhkg.cohort.fhir.scattered import scattered_parts, write_parts
from vhkg.cohort.reader import Piece, ScatteredError
from vhkg.errors import InputError
from vhkg.intake.lines import LINE_LIMIT
from vhkg.patients.sources import LINE_SUFFIXES, BulkFiles, open_source


class FhirReader:
    """One file of NDJSON, or a folder of them that is one export."""

    partitions = True

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = 16 << 20) -> None:
        self._path, self._knowledge, self._size = path, knowledge, piece_size

    def pieces(self) -> Sequence[Piece]:
        source = open_source(self._path)
        if not isinstance(source, BulkFiles):
            mend = f"give a file that ends in {' or '.join(LINE_SUFFIXES)}, or a folder of them"
            raise InputError("it is no NDJSON", file=self._path, mend=mend)
        found: list[Piece] = []
        for name, path in source.files:
            for start, end in self._ranges(path):
                found.append(Piece(len(found), name, (str(path),), start, end))
        return found

    def read(self, piece: Piece) -> Batch:
        raise ScatteredError(piece.name)

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        self._memory.forget()
        lines = Lines(self._knowledge, self._memory)
        count = 0
        with no_collection():
            for number, content in lines_of(piece):
                count = number
                if len(content) <= LINE_LIMIT:
                    lines.line(piece.name, number, content)
                elif content.strip():
                    lines.refuse(piece.name, number, "a line is longer than 2 MiB", "split the record")
        write_parts(folder, piece, lines, self._memory, buckets, lines=count)

    def gather(self, bucket: int, folder: Path) -> Batch:
        whole = overall(folder, self._again)
        found = Gathering(self._path, scattered_parts(folder, bucket), whole).gathered()
        return self._assembler.batch(self._path, found)

    def _again(self, piece: Piece, places: set[int]) -> Iterable[tuple[str, bytes]]:
        contents = Contents(self._knowledge)
        for number, content in lines_of(piece):
            if number in places:
                contents.line(piece.name, number, content)
        return contents.found

    def __reduce__(self) -> tuple[type[FhirReader], tuple[str, Knowledge, int]]:
        return type(self), (self._path, self._knowledge, self._size)

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self._knowledge, self._path)

    @cached_property
    def _assembler(self) -> BatchAssembler:
        return BatchAssembler(self._knowledge)

    def _ranges(self, path: Path) -> list[tuple[int, int]]:
        """Packed files, and small ones, are pieces as a whole."""
        size = path.stat().st_size
        if path.suffix.lower() == PACKED or size <= self._size:
            return [(0, 0)]
        return [(start, min(start + self._size, size)) for start in range(0, size, self._size)]
