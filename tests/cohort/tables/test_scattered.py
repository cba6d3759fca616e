"""What is scattered is gathered, each row once, in the bucket of its patient."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vhkg.cohort.tables.cells import PLACE, Cells, RowFault
from vhkg.cohort.tables.scattered import Scattering, gathered_cells, parts_of, scatter_cells

SCHEMA = {PLACE: pl.Int64, "patient": pl.String}
NONE = pl.DataFrame(schema=SCHEMA)


@settings(max_examples=40)
@given(
    pieces=st.lists(st.lists(st.sampled_from(["a", " a", "b", "ü", ""]), max_size=6), min_size=1, max_size=3),
    buckets=st.integers(1, 4),
)
def test_every_row_comes_once_and_with_its_patient(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[list[str]], buckets: int
) -> None:
    folder = tmp_path_factory.mktemp("scattered")
    for number, names in enumerate(pieces):
        scattering = Scattering(folder, number)
        rows = pl.DataFrame(list(enumerate(names)), schema=SCHEMA, orient="row")
        scatter_cells(Cells(rows, [RowFault(99, "b", "fault", "mend")]), scattering, buckets, 10)
        scattering.finish()
    first = {number: 100 * number for number in range(len(pieces))}
    found = [gathered_cells(folder, bucket, NONE, first) for bucket in range(buckets)]
    rows_found = [row for cells in found for row in cells.rows.rows()]
    assert sorted(rows_found) == [
        (100 * number + 10 + at, name) for number, names in enumerate(pieces) for at, name in enumerate(names)
    ]
    places = {bucket: {name.strip() for _, name in cells.rows.rows()} for bucket, cells in enumerate(found)}
    assert sum(map(len, places.values())) == len(set().union(*places.values()))
    for cells in found:
        for name in {name.strip() for _, name in cells.rows.rows()}:
            of_patient = [place for place, each in cells.rows.rows() if each.strip() == name]
            assert of_patient == sorted(of_patient)
    faults = [fault for cells in found for fault in cells.faults]
    assert sorted(fault.place for fault in faults) == [100 * number + 109 for number in range(len(pieces))]
    assert len({bucket for bucket, cells in enumerate(found) if cells.faults}) == 1


def test_what_is_not_finished_is_not_there(tmp_path: Path) -> None:
    """A call that was interrupted is repeated, and then is there once."""
    interrupted = Scattering(tmp_path, 3)
    interrupted.add(0, b"half")
    assert list(parts_of(tmp_path, 0)) == []
    repeated = Scattering(tmp_path, 3)
    repeated.add(0, b"one")
    repeated.add(0, b"two")
    repeated.finish()
    other = Scattering(tmp_path, 12)
    other.add(0, b"three")
    other.finish()
    assert list(parts_of(tmp_path, 0)) == [(3, b"one"), (3, b"two"), (12, b"three")]
    assert list(parts_of(tmp_path, 1)) == []
