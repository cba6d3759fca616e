"""Cells of a facts table become a batch: what is in the known form as columns, all else row by row."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import polars as pl

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.joining import joined
from vhkg.cohort.reader import ScatteredError
from vhkg.cohort.tables.cells import PLACE, Cells
from vhkg.cohort.tables.columns import Numbers, batch_of_columns, runs_of, runs_without
from vhkg.cohort.tables.exact import batch_of_rows
from vhkg.cohort.tables.numbers import Mask, date_texts, days_of, findings_of, names_of, plain, statuses_of
from vhkg.cohort.tables.shapes import RowResults, row_results
from vhkg.intake.rows import RowReader

_SCATTERED = 1.5
"""From so many places a patient on, a table is taken to be in no order of patients."""


class FactsReading:
    """Reads cells of one table, whose columns are `header`; `unit` is what its places are counted in."""

    def __init__(self, file: str, header: tuple[str, ...], knowledge: Knowledge, unit: str) -> None:
        self._file = file
        self._knowledge = knowledge
        self._unit = unit
        self._header = header

    @cached_property
    def _reader(self) -> RowReader:
        compiled = self._knowledge.compiled
        return RowReader(self._file, compiled.vocabulary, self._header, compiled.codes.systems, unit=self._unit)

    @cached_property
    def results(self) -> RowResults | None:
        return row_results(self._knowledge)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._knowledge.content.findings)}

    def batch(self, cells: Cells, first: Callable[[], int], *, whole: bool = True) -> Batch:
        """All patients of the cells, which hold all of their rows. `first` is the number of the row at place 0.

        Raises ScatteredError where the cells are not the whole table and most patients stand in several places, since
        then they will not be all that is said of them.
        """
        rows = cells.rows
        runs = runs_of(rows["patient"])
        if not whole and len(runs.patients) > _SCATTERED * runs.patients.n_unique():
            raise ScatteredError(self._file)
        if self.results is None:
            return self._exact(cells, first)
        numbers, known = self._numbered(rows)
        clean = plain(runs.patients)
        known &= clean[runs.of_row]
        if known.all() and not cells.faults:
            return batch_of_columns(self._file, runs, numbers, self.results)
        names = _stripped(runs.patients, clean)
        odd = pl.concat(
            [
                names.gather(np.unique(runs.of_row[~known])),
                pl.Series([f.patient for f in cells.faults], dtype=pl.String),
            ]
        )
        apart = names.is_in(odd.unique().to_list()).to_numpy()
        rest = ~apart[runs.of_row]
        exact = self._exact(Cells(rows.filter(~rest), cells.faults), first)
        if not rest.any():
            return exact
        fast = batch_of_columns(self._file, runs_without(runs, apart), numbers.of(rest), self.results)
        return joined([fast, exact])

    def _numbered(self, rows: pl.DataFrame) -> tuple[Numbers, Mask]:
        finding = findings_of(rows["finding"], self._places, self._reader)
        status = statuses_of(rows["status"])
        day = days_of(_column(rows, "date"))
        lesion, names = names_of(_column(rows, "presentation"))
        known = finding.known & status.known & day.known & lesion.known
        return Numbers(finding.numbers, status.numbers, day.numbers, lesion.numbers, names), known

    def _exact(self, cells: Cells, first: Callable[[], int]) -> Batch:
        rows = cells.rows
        if rows.schema.get("date") == pl.Date:
            rows = rows.with_columns(date_texts(rows["date"]))
        rows = rows.select(PLACE, *self._header)
        return batch_of_rows(Cells(rows, cells.faults), self._reader, self._knowledge, first())


def _column(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column that may be missing, which says nothing then."""
    return rows[name] if name in rows.columns else pl.repeat("", len(rows), dtype=pl.String, eager=True)


def _stripped(names: pl.Series, clean: Mask) -> pl.Series:
    """The names as the reader of single rows has them."""
    if clean.all():
        return names
    return pl.Series([name if known else name.strip() for name, known in zip(names, clean.tolist(), strict=True)])
