"""Facts as columns become a batch: places for patients and lesions, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.batch import NO_LESION, UNKNOWN, Batch, Facts, Ints, Lesions
from vhkg.cohort.keys import keys_of
from vhkg.cohort.tables.shapes import RowResults
from vhkg.cohort.tables.undated import Named, undated_results
from vhkg.model.source_report import Fate

_DENSE = 16
"""Up to so many places a row, every name of a lesion has a place at every patient."""


class Runs(NamedTuple):
    """Rows of one patient that stand together are a run. `of_row` gives each row's run, `patients` its patient."""

    of_row: npt.NDArray[np.uint32]
    patients: pl.Series


class Numbers(NamedTuple):
    """`lesion` is a place in `names`, which are sorted; the first is the empty name, of rows about the patient."""

    finding: Ints
    status: Ints
    day: Ints
    lesion: Ints
    names: Sequence[str]

    def of(self, rows: npt.NDArray[np.bool_]) -> Numbers:
        """Those of some rows."""
        return Numbers(self.finding[rows], self.status[rows], self.day[rows], self.lesion[rows], self.names)


def runs_of(patients: pl.Series) -> Runs:
    of_row = patients.rle_id().to_numpy()
    return Runs(of_row, patients.gather(_starts(of_row)))


def runs_without(runs: Runs, apart: npt.NDArray[np.bool_]) -> Runs:
    """The runs that are not set apart, with the rows that are theirs; two of one patient may become neighbours."""
    place = np.cumsum(~apart, dtype=np.uint32) - np.uint32(1)
    return Runs(place.take(runs.of_row[~apart.take(runs.of_row)]), runs.patients.filter(pl.Series(~apart)))


def batch_of_columns(file: str, runs: Runs, numbers: Numbers, results: RowResults) -> Batch:
    """Each named presentation is a lesion; a patient without any has an unnamed one (as `records_of`)."""
    names, of_run = _places(runs.patients)
    patient = of_run[runs.of_row]
    lesions, lesion, named = _lesions(len(names), patient, numbers)
    unknown = int(np.count_nonzero(numbers.status == UNKNOWN))
    rows = len(patient)
    counts = {Fate.READ.value: rows - unknown, Fate.UNKNOWN.value: unknown}
    batch = Batch(
        file=file,
        patients=names,
        lesions=lesions,
        facts=Facts(
            patient=patient,
            lesion=lesion,
            finding=numbers.finding.astype(np.int16),
            status=numbers.status.astype(np.int8),
            day=numbers.day,
            ambiguous=np.zeros(rows, np.bool_),
        ),
        fates={fate: number for fate, number in counts.items() if number},
        keys=keys_of(names),
    )
    return batch._replace(checked=undated_results(batch, results, named))


def _starts(run: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
    """The first row of each run."""
    return np.flatnonzero(np.diff(run, prepend=np.uint32(0xFFFFFFFF)))


def _places(patients: pl.Series) -> tuple[list[str], Ints]:
    """The different names in the order in which they come, and of each run the place of its name among them."""
    names = patients.unique(maintain_order=True)
    if len(names) == len(patients):
        return names.to_list(), np.arange(len(names), dtype=np.int32)
    places = names.to_frame("name").with_row_index("at")
    of_run = patients.to_frame("name").join(places, on="name", how="left", maintain_order="left")["at"]
    return names.to_list(), of_run.to_numpy().astype(np.int32)


def _lesions(patients: int, patient: Ints, numbers: Numbers) -> tuple[Lesions, Ints, Named]:
    """The lesions, sorted by patient and name, of each row its lesion, and the lesions' names."""
    names = len(numbers.names)
    named = numbers.lesion > 0
    key = patient.astype(np.int64) * names + numbers.lesion
    bare = np.ones(patients, np.bool_)
    bare[patient[named]] = False
    unnamed = np.flatnonzero(bare) * names
    if patients * names <= _DENSE * len(key):
        there = np.zeros(patients * names, np.bool_)
        there[key[named]] = True
        there[unnamed] = True
        every = np.flatnonzero(there)
        place = (np.cumsum(there, dtype=np.int32) - np.int32(1))[key]
    else:
        every = np.unique(np.concatenate([key[named], unnamed]))
        place = np.searchsorted(every, key).astype(np.int32)
    found = Named(numbers.names, every % names)
    texts = np.array(found.names, object).take(found.of).tolist()
    return Lesions((every // names).astype(np.int32), texts, texts), np.where(named, place, NO_LESION), found
