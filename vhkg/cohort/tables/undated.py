"""What the patient shapes say of rows without a day, made when asked for, since there may be a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.batch import NO_LESION, UNDATED, Batch, Checked
from vhkg.cohort.checked import CheckedColumns, CheckedTable
from vhkg.cohort.recurring import as_places, members, same
from vhkg.cohort.tables.shapes import RowResults
from vhkg.model.checks import ValidationResult
from vhkg.patients.writing import assessment_node, lesion_node, patient_node


class Named(NamedTuple):
    """The names of lesions: `of` has the place of each lesion's among the different ones."""

    names: Sequence[str]
    of: npt.NDArray[np.int64]


def undated_results(batch: Batch, results: RowResults, named: Named | None = None) -> Sequence[Checked]:
    """Those of a batch whose facts are all rows of one table, in their order. `named` is found out if not given."""
    rows = np.flatnonzero(batch.facts.day == UNDATED)
    if not (rows.size and results.undated):
        return ()
    return UndatedResults(batch, results, rows, _numbers(batch)[rows], named or _named(batch.lesions.name))


def _named(names: Sequence[str]) -> Named:
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return Named(tuple(places), np.fromiter(map(places.__getitem__, names), np.int64, len(names)))


def _numbers(batch: Batch) -> npt.NDArray[np.int64]:
    """Of each fact its number among those of its bearer, from 1, as the writer of patient graphs counts them."""
    facts = batch.facts
    bearer = np.where(facts.lesion == NO_LESION, facts.patient + np.int32(len(batch.lesions.name)), facts.lesion)
    order = np.argsort(bearer, kind="stable")
    starts = np.flatnonzero(np.diff(bearer[order], prepend=np.int32(-1)))
    number = np.empty(len(bearer), np.int64)
    number[order] = np.arange(1, len(bearer) + 1) - np.repeat(starts, np.diff(starts, append=len(bearer)))
    return number


class UndatedResults(CheckedTable):
    """`rows` are places in the facts of the batch, `numbers` those of their nodes."""

    def __init__(
        self,
        batch: Batch,
        results: RowResults,
        rows: npt.NDArray[np.intp],
        numbers: npt.NDArray[np.int64],
        named: Named,
    ) -> None:
        self._batch = batch
        self._templates = results.undated
        self._rows = rows
        self._numbers = numbers
        self._named = named

    def __len__(self) -> int:
        return len(self._rows) * len(self._templates)

    def __iter__(self) -> Iterator[Checked]:
        columns = self.columns()
        names = ValidationResult.__struct_fields__
        for file, patient, *fields in zip(*(column.to_list() for column in columns), strict=True):
            yield Checked(file, patient, ValidationResult(**dict(zip(names, fields, strict=True))))

    def columns(self) -> CheckedColumns:
        many, count = len(self._templates), len(self)
        rows = np.repeat(self._rows, many)
        facts = self._batch.facts
        patients = pl.Series(self._batch.patients, dtype=pl.String).gather(facts.patient[rows])
        template = as_places(np.tile(np.arange(many), len(self._rows)))
        fixed = {
            name: members([getattr(each, name) for each in self._templates]).gather(template)
            for name in ValidationResult.__struct_fields__
        }
        nodes = self._nodes(rows, np.repeat(self._numbers, many))
        return CheckedColumns(same(self._batch.file, count), patients, **(fixed | {"focus_node": nodes}))

    def _nodes(self, rows: npt.NDArray[np.intp], numbers: npt.NDArray[np.int64]) -> pl.Series:
        """The nodes of facts: what is added to that of the patient is the same for each lesion's name and number."""
        facts = self._batch.facts
        patients = _patient_nodes(self._batch.patients).gather(facts.patient[rows])
        at_lesion = pl.Series([*(lesion_node("", name) for name in self._named.names), ""], dtype=pl.String)
        lesion = facts.lesion[rows]
        place = np.where(lesion == NO_LESION, len(self._named.names), self._named.of[lesion])
        different = np.unique(numbers)
        counted = pl.Series([assessment_node("", number) for number in different.tolist()], dtype=pl.String)
        return patients + at_lesion.gather(place) + counted.gather(np.searchsorted(different, numbers))


def _patient_nodes(names: Sequence[str]) -> pl.Series:
    """As `patient_node` has them: names without any character that has to be encoded are not encoded one by one."""
    given = pl.Series(names, dtype=pl.String)
    if given.str.contains(_UNRESERVED).all():
        return patient_node("") + given
    return pl.Series([patient_node(name) for name in names], dtype=pl.String)


_UNRESERVED = r"^[A-Za-z0-9_.~-]*$"
