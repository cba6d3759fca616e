"""Rows of a facts table as they were written, before anything is understood of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

PLACE = "place"
"""The column that counts lines or rows, from 0, within what was read."""


class RowFault(NamedTuple):
    """A line that is no row. `patient` is empty where nobody can be named."""

    place: int
    patient: str
    fault: str
    mend: str


class Cells(NamedTuple):
    """`rows` has `PLACE` (Int64) and the columns of the table: texts, none null, or in `date` days, or null for none.

    The rows of a patient are in the order of the input.
    """

    rows: pl.DataFrame
    faults: Sequence[RowFault] = ()
