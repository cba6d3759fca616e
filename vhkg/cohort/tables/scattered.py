"""What pieces of an input wrote, bucket by bucket, one part after another in a file."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.keys import buckets_of, keys_of
from vhkg.cohort.tables.cells import PLACE, Cells, RowFault
from vhkg.cohort.tables.columns import runs_of

ALL = "all"
"""The folder of what is true of the input as a whole."""

_LENGTH = struct.Struct("<Q")


class Scattering:
    """Writes a piece's part of each bucket. Files get their names at the end, so that a call can be repeated."""

    def __init__(self, folder: Path, piece: int) -> None:
        self._folder = folder
        self._piece = piece
        self._written: dict[Path, Path] = {}

    def add(self, bucket: int | str, content: bytes) -> None:
        """Append to the part of a bucket."""
        path = self._folder / str(bucket) / str(self._piece)
        unfinished = path.with_name(f".{self._piece}")
        first = path not in self._written
        if first:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._written[path] = unfinished
        with unfinished.open("wb" if first else "ab") as stream:
            stream.write(_LENGTH.pack(len(content)))
            stream.write(content)

    def add_frame(self, bucket: int, frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        self.add(bucket, buffer.getvalue())

    def finish(self) -> None:
        for path, unfinished in self._written.items():
            unfinished.replace(path)


def parts_of(folder: Path, bucket: int | str) -> Iterator[tuple[int, bytes]]:
    """What was added, with the number of its piece, in the order of the pieces."""
    place = folder / str(bucket)
    found = (
        sorted((int(each.name), each) for each in place.iterdir() if each.name.isdecimal()) if place.is_dir() else []
    )
    for piece, path in found:
        with path.open("rb") as stream:
            while head := stream.read(_LENGTH.size):
                (length,) = _LENGTH.unpack(head)
                yield piece, stream.read(length)


def scatter_cells(cells: Cells, scattering: Scattering, buckets: int, first: int = 0) -> None:
    """Each row goes to the bucket of its patient, in the order of the rows. `first` is added to the places."""
    rows = cells.rows.with_columns(pl.col(PLACE) + first)
    runs = runs_of(rows["patient"])
    of_run = buckets_of(keys_of([name.strip() for name in runs.patients]), buckets)
    for bucket, part in _parts(rows, of_run[runs.of_row]):
        scattering.add_frame(bucket, part)
    faults = [fault._replace(place=fault.place + first) for fault in cells.faults]
    schema = dict(zip(RowFault._fields, (pl.Int64, pl.String, pl.String, pl.String), strict=True))
    of_fault = buckets_of(keys_of([fault.patient for fault in faults]), buckets)
    for bucket, part in _parts(pl.DataFrame(faults, schema=schema, orient="row"), of_fault):
        scattering.add_frame(bucket, part)


def _parts(rows: pl.DataFrame, bucket: npt.NDArray[np.int64]) -> Iterator[tuple[int, pl.DataFrame]]:
    order = np.argsort(bucket, kind="stable")
    ordered = rows[order]
    found, starts = np.unique(bucket[order], return_index=True)
    ends = np.append(starts, len(order))[1:]
    for number, start, end in zip(found.tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield number, ordered[start:end]


def gathered_cells(folder: Path, bucket: int, none: pl.DataFrame, first: Mapping[int, int]) -> Cells:
    """The cells of a bucket; `none` is a frame of none, `first` what is added to the places of each piece."""
    rows = [none]
    faults: list[RowFault] = []
    for piece, content in parts_of(folder, bucket):
        part = pl.read_parquet(io.BytesIO(content)).with_columns(pl.col(PLACE) + first[piece])
        if "fault" in part.columns:
            faults += (RowFault(*row) for row in part.iter_rows())
        else:
            rows.append(part)
    return Cells(pl.concat(rows), faults)
