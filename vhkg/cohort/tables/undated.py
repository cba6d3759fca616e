"""What the patient shapes say of rows without a day, made when asked for, since there may be a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
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
        return self._all[index]

    @cached_property
    def _all(self) -> list[Checked]:
        return list(self._made())

    def _made(self) -> Iterator[Checked]:
        file, names, lesions = self._batch.file, self._batch.patients, self._batch.lesions.name
        facts = self._batch.facts
        patient, lesion = facts.patient[self._rows].tolist(), facts.lesion[self._rows].tolist()
        for at, lesion_at, number in zip(patient, lesion, self._numbers.tolist(), strict=True):
            bearer = patient_node(names[at])
            node = assessment_node(
                bearer if lesion_at == NO_LESION else lesion_node(bearer, lesions[lesion_at]), number
            )
            for template in self._templates:
                yield Checked(file, names[at], msgspec.structs.replace(template, focus_node=node))
