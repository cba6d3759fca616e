"""Facts as Parquet: the columns of the facts CSV, in pieces of rows.

`presentation` and `date` may be missing or null; patients and presentations may be whole numbers, and days dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.reader import Piece
from vhkg.cohort.tables.cells import PLACE, Cells
from vhkg.cohort.tables.facts import FactsReading
from vhkg.cohort.tables.scattered import Scattering, gathered_cells, scatter_cells
from vhkg.errors import InputError
from vhkg.intake import unreadable
from vhkg.intake.rows import COLUMNS, columns_of

PIECE_SIZE = 16 * 1024 * 1024
_ROW_SIZE = 64
"""Bytes that a row counts as, since it is not known what it takes."""
_BEYOND = 1_000
"""How many rows are read beyond a piece at first, to find where its last patient ends."""
_NAMES = ("patient", "presentation")


class FactsParquet:
    """Reader of one file. `start` and `end` of its pieces are rows."""

    partitions = False

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = PIECE_SIZE) -> None:
        self._path = path
        self._knowledge = knowledge
        self._piece_rows = max(piece_size // _ROW_SIZE, 1)

    @cached_property
    def _columns(self) -> dict[str, tuple[str, pl.DataType]]:
        """Of each column as we call it, its name in the file and its type."""
        with self._faults():
            schema = dict(pl.read_parquet_schema(self._path))
        names = columns_of(list(schema), self._path, None)
        found = dict(zip(names, schema.items(), strict=True))
        for name, (_, kind) in found.items():
            if not _is_readable(name, kind):
                wanted = "days or as text, YYYY-MM-DD" if name == "date" else "text"
                fault = f"the column {name} has the type {kind}"
                raise InputError(fault, file=self._path, mend=f"write it as {wanted}")
        return {name: found[name] for name in COLUMNS if name in found}

    @cached_property
    def _reading(self) -> FactsReading:
        return FactsReading(self._path, tuple(self._columns), self._knowledge, "row")

    @cached_property
    def _rows(self) -> int:
        with self._faults():
            return int(self._scan().select(pl.len()).collect().item())

    def pieces(self) -> Sequence[Piece]:
        """Whole row groups, as far as they are not larger than a piece."""
        _ = self._columns, self._reading.results  # found out here, they go along to other processes
        if not self._rows:
            raise InputError("it has no rows", file=self._path, mend="add one row per finding that was assessed")
        starts = list(self._starts())
        return [
            Piece(number, self._path, (self._path,), start, end)
            for number, (start, end) in enumerate(zip(starts, [*starts[1:], self._rows], strict=True))
        ]

    def _starts(self) -> Iterator[int]:
        at = piece = 0
        yield 0
        for rows in self._row_groups():
            if at + rows - piece > self._piece_rows and at > piece:
                piece = at
                yield piece
            while at + rows - piece > self._piece_rows:
                piece += self._piece_rows
                yield piece
            at += rows

    def _row_groups(self) -> list[int]:
        """The number of rows of each row group, in order."""
        import duckdb

        query = "SELECT max(row_group_num_rows) FROM parquet_metadata(?) GROUP BY row_group_id ORDER BY row_group_id"
        with self._faults(), duckdb.connect() as connection:
            return [rows for (rows,) in connection.execute(query, [self._path]).fetchall()]

    def read(self, piece: Piece) -> Batch:
        """The patients whose first row is in the piece, but for those whose rows begin before it."""
        wanted = piece.end - piece.start
        beyond = _BEYOND
        while True:
            rows = self._cells(piece.start, wanted + beyond)
            end = _change(rows["patient"], wanted)
            if end < len(rows) or len(rows) < wanted + beyond:
                break
            beyond *= 8
        start = _change(rows["patient"], 0) if piece.start else 0
        return self._reading.batch(Cells(rows[start:end]), lambda: 1, whole=wanted == self._rows)

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        scattering = Scattering(folder, piece.number)
        scatter_cells(Cells(self._cells(piece.start, piece.end - piece.start)), scattering, buckets)
        scattering.finish()

    def gather(self, bucket: int, folder: Path) -> Batch:
        none = self._cells(0, 0)
        return self._reading.batch(gathered_cells(folder, bucket, none, defaultdict(int)), lambda: 1)

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self._path, glob=False, hive_partitioning=False)

    def _cells(self, start: int, rows: int) -> pl.DataFrame:
        columns = [_cell(written, kind).alias(name) for name, (written, kind) in self._columns.items()]
        with self._faults():
            found = self._scan().slice(start, rows).select(columns).collect()
        places = pl.int_range(start, start + len(found), dtype=pl.Int64, eager=True)
        return found.insert_column(0, places.alias(PLACE))

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """What the libraries say of a file that they cannot read is not shown, since it may quote the data."""
        import duckdb

        try:
            yield
        except OSError as error:
            raise unreadable(self._path, error) from error
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, duckdb.Error) as error:
            raise InputError("it is no Parquet file, or damaged", file=self._path, mend="write it anew") from error


def _change(patients: pl.Series, after: int) -> int:
    """The first row behind a row whose patient is another than that of the row before it; their number if none is."""
    for start in range(after, len(patients), _BEYOND):
        changes = np.flatnonzero(np.diff(patients.slice(start, _BEYOND + 1).rle_id().to_numpy()))
        if changes.size:
            return start + 1 + int(changes[0])
    return len(patients)


def _is_readable(name: str, kind: pl.DataType) -> bool:
    text = kind in (pl.String, pl.Categorical, pl.Null) or isinstance(kind, pl.Enum)
    return text or (name == "date" and kind == pl.Date) or (name in _NAMES and kind.is_integer())


def _cell(written: str, kind: pl.DataType) -> pl.Expr:
    return pl.col(written) if kind == pl.Date else pl.col(written).cast(pl.String).fill_null("")
