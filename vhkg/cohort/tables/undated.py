"""What the patient shapes say of rows without a day, made when asked for, since there may be a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import msgspec
import numpy as np
import numpy.typing as npt

from vhkg.cohort.batch import NO_LESION, UNDATED, Batch, Checked
from vhkg.cohort.tables.shapes import RowResults
from vhkg.patients.writing import assessment_node, lesion_node, patient_node


def undated_results(batch: Batch, results: RowResults) -> Sequence[Checked]:
    """Those of a batch whose facts are all rows of one table, in their order."""
    rows = np.flatnonzero(batch.facts.day == UNDATED)
    return UndatedResults(batch, results, rows, _numbers(batch)[rows]) if rows.size and results.undated else ()


def _numbers(batch: Batch) -> npt.NDArray[np.int64]:
    """Of each fact its number among those of its bearer, from 1, as the writer of patient graphs counts them."""
    facts = batch.facts
    bearer = np.where(facts.lesion == NO_LESION, facts.patient + np.int32(len(batch.lesions.name)), facts.lesion)
    order = np.argsort(bearer, kind="stable")
    starts = np.flatnonzero(np.diff(bearer[order], prepend=np.int32(-1)))
    number = np.empty(len(bearer), np.int64)
    number[order] = np.arange(1, len(bearer) + 1) - np.repeat(starts, np.diff(starts, append=len(bearer)))
    return number


class UndatedResults(Sequence[Checked]):
    """`rows` are places in the facts of the batch, `numbers` those of their nodes."""

    def __init__(
        self, batch: Batch, results: RowResults, rows: npt.NDArray[np.intp], numbers: npt.NDArray[np.int64]
    ) -> None:
        self._batch = batch
        self._templates = results.undated
        self._rows = rows
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._rows) * len(self._templates)

    @overload
    def __getitem__(self, index: int) -> Checked: ...
    @overload
    def __getitem__(self, index: slice) -> list[Checked]: ...
    def __getitem__(self, index: int | slice) -> Checked | list[Checked]:
        if isinstance(index, slice):
            return [self._at(each) for each in range(*index.indices(len(self)))]
        return self._at(range(len(self))[index])

    def __iter__(self) -> Iterator[Checked]:
        return map(self._at, range(len(self)))

    def _at(self, index: int) -> Checked:
        at, template = divmod(index, len(self._templates))
        batch, row = self._batch, self._rows[at]
        name = batch.patients[batch.facts.patient[row]]
        bearer, lesion = patient_node(name), batch.facts.lesion[row]
        if lesion != NO_LESION:
            bearer = lesion_node(bearer, batch.lesions.name[lesion])
        node = assessment_node(bearer, int(self._numbers[at]))
        return Checked(batch.file, name, msgspec.structs.replace(self._templates[template], focus_node=node))
