"""Lines that are taken apart together are taken apart as csv takes each of them."""

from __future__ import annotations

import csv
import io
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from vhkg.cohort.tables.cells import PLACE
from vhkg.cohort.tables.csv_lines import cells_of, no_cells

HEADER = ("patient", "finding", "status")
WRITTEN = ["a", "", "é", "b c", "a,b", 'say "b"']
PARTS = ["a", "b c", "", "é", '"', '""', ",", " ", "\u00a0", "\0", "#", "\\", "'", "x" * 200]


def _line(text: str) -> list[str] | str:
    try:
        return [field.strip() for field in next(csv.reader([text], strict=True), [])]
    except csv.Error as error:
        return str(error)


@settings(max_examples=400)
@given(lines=st.lists(st.lists(st.sampled_from(PARTS), max_size=9).map("".join), max_size=5), tail=st.booleans())
def test_any_lines(lines: list[str], *, tail: bool) -> None:
    _same(lines, "\n".join(lines) + ("\n" if tail else ""))


@settings(max_examples=300)
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["a", "", "é", "b c", "a,b", 'say "b"']), min_size=3, max_size=3), max_size=5
    ),
    quoted=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
)
def test_lines_that_a_writer_wrote(rows: list[list[str]], quoted: Literal[0, 1, 2]) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=quoted).writerows(rows)
    found = cells_of(stream.getvalue().encode(), HEADER)
    assert not found.faults
    assert sorted(found.rows.rows()) == [(at, *row) for at, row in enumerate(rows)]
    _same(stream.getvalue().splitlines(), stream.getvalue())


def _same(lines: list[str], text: str) -> None:
    found = cells_of(text.encode(), HEADER)
    rows = {row[0]: [field.strip() for field in row[1:]] for row in found.rows.rows()}
    faults = {fault.place: fault for fault in found.faults}
    for place, line in enumerate(lines):
        expected = _line(line)
        if isinstance(expected, str):
            assert faults.pop(place).fault == f"not CSV: {expected}"
        elif len(expected) == len(HEADER):
            assert rows.pop(place) == expected
        elif any(expected):
            fault = faults.pop(place)
            assert fault.fault == f"there are {len(expected)} fields for 3 columns"
            assert fault.patient == expected[0]
    assert not rows
    assert not faults


def test_no_lines_are_no_cells() -> None:
    assert cells_of(b"", HEADER).rows.equals(no_cells(HEADER))
    assert no_cells(HEADER).columns == [PLACE, *HEADER]
