"""Bundles as a cohort: one file of JSON, or a folder of them. Each is a source of its own, with a patient of its own.

Where a patient is in two files nonetheless, what they say is put together: a resource that stands in both with
different content counts in neither.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.fhir.assembling import BatchAssembler
from vhkg.cohort.fhir.bundles import Bundles
from vhkg.cohort.fhir.gathering import Gathering
from vhkg.cohort.fhir.memory import Memory, no_collection
from vhkg.cohort.fhir.overall import NOTHING, overall
from vhkg.cohort.fhir.parts import parts_of_piece
from vhkg.cohort.fhir.scattered import scattered_parts, write_parts
from vhkg.cohort.keys import keys_of
from vhkg.cohort.reader import Piece, ScatteredError
from vhkg.errors import InputError
from vhkg.intake import unreadable
from vhkg.intake.document import JSON_FILE_LIMIT

SUFFIXES = (".json", ".json.gz")


class BundleFolderReader:
    """One file, or a folder of them."""

    partitions = False

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = 16 << 20) -> None:
        self._path, self._knowledge, self._size = path, knowledge, piece_size

    def pieces(self) -> Sequence[Piece]:
        found: list[Piece] = []
        files: list[str] = []
        size = 0
        try:
            for path in self._files():
                length = os.stat(path).st_size
                if files and size + length > self._size:
                    found.append(Piece(len(found), self._path, tuple(files)))
                    files, size = [], 0
                files.append(path)
                size += length
        except OSError as error:
            raise unreadable(self._path, error) from error
        if not files:
            raise InputError("the folder holds no JSON", file=self._path, mend="put the bundles into it")
        return [*found, Piece(len(found), self._path, tuple(files))]

    def read(self, piece: Piece) -> Batch:
        bundles = self._bundles(piece)
        if bundles.repeats:
            raise ScatteredError(piece.name)
        lexicon = self._memory.interpretation.lexicon
        parts = [
            part
            for _, part in parts_of_piece(
                bundles.rows, lexicon, 1, piece=piece.number, file=piece.name, lines=bundles.tally.report(0)
            )
        ]
        found = self._assembler.batch(self._path, Gathering(self._path, parts, NOTHING).gathered())
        return found._replace(keys=keys_of(sorted(bundles.rows.known)))

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        bundles = self._bundles(piece, notes=True)
        write_parts(folder, piece, bundles, self._memory, buckets, lines=0)

    def gather(self, bucket: int, folder: Path) -> Batch:
        parts = scattered_parts(folder, bucket)
        return self._assembler.batch(self._path, Gathering(self._path, parts, overall(folder, self._again)).gathered())

    def __reduce__(self) -> tuple[type[BundleFolderReader], tuple[str, Knowledge, int]]:
        return type(self), (self._path, self._knowledge, self._size)

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self._knowledge, self._path)

    @cached_property
    def _assembler(self) -> BatchAssembler:
        return BatchAssembler(self._knowledge)

    def _files(self) -> list[str]:
        place = Path(self._path)
        if not place.is_dir():
            return [self._path]
        return sorted(str(path) for path in place.iterdir() if path.name.lower().endswith(SUFFIXES) and path.is_file())

    def _again(self, piece: Piece, places: set[int]) -> Iterable[tuple[str, bytes]]:
        bundles = Bundles(self._knowledge, self._memory)
        for place in sorted(places):
            yield from bundles.contents(piece.files[place], _content(piece.files[place]))

    def _bundles(self, piece: Piece, *, notes: bool = False) -> Bundles:
        self._memory.forget()
        bundles = Bundles(self._knowledge, self._memory, notes=notes)
        with no_collection():
            for file in piece.files:
                bundles.read(file, _content(file))
        return bundles


def _content(file: str) -> bytes:
    """No more of it than shows that it is too large."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(JSON_FILE_LIMIT + 1)
    except OSError as error:
        raise unreadable(file, error) from error
