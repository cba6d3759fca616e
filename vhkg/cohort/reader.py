"""What a format must offer so that a run can divide its input, read pieces in any order, and put patients together.

A piece depends on the input alone, never on the number of workers, so that outputs do not either.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from vhkg.cohort.batch import Batch


class Piece(NamedTuple):
    """A part of the input: bytes `start` to `end` (exclusive) of a file, or whole files where `end` is 0.

    A reader moves both ends to where a record begins. `files` are in order; `name` is what messages call the input.
    """

    number: int
    name: str
    files: tuple[str, ...]
    start: int = 0
    end: int = 0


class ScatteredError(Exception):
    """A piece does not hold all of its patients, so the input has to be partitioned. Never shown to people."""


class Reader(Protocol):
    """One input (a file, or a folder that is one export) in one format. It can be pickled."""

    @property
    def partitions(self) -> bool:
        """Whether patients are scattered by the nature of the format, so that `read` is not to be tried."""
        ...

    def pieces(self) -> Sequence[Piece]:
        """The pieces, in the order of the input."""
        ...

    def read(self, piece: Piece) -> Batch:
        """The patients of a piece. Raises ScatteredError where they go beyond it, and InputError."""
        ...

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        """Write what a piece says to ``folder/<bucket>/<piece>``, by a stable hash of the patient. Raises InputError.

        What is true of the input as a whole (who its patients are, say) goes to ``folder/all/<piece>``. Files appear
        by renaming, so that an interrupted call can be repeated.
        """
        ...

    def gather(self, bucket: int, folder: Path) -> Batch:
        """The patients of a bucket, from what all pieces wrote."""
        ...


@runtime_checkable
class PreparingReader(Reader, Protocol):
    """A reader whose records do not name their patient, so that it has to be found out before `scatter` can be called.

    Where its input is partitioned, `prepare` is called for every piece with stage 0, then, when all of these are done,
    for every piece with stage 1, and so on; then `scatter` for every piece.
    """

    preparations: int
    """How many stages there are."""

    def prepare(self, piece: Piece, folder: Path, buckets: int, stage: int) -> None:
        """Write to the folder what later stages need of the input as a whole. Raises InputError; can be repeated."""
        ...
