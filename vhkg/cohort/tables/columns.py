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
from vhkg.cohort.tables.undated import undated_results
from vhkg.model.source_report import Fate


class Runs(NamedTuple):
    """Neighbouring rows of one patient are a run. `of_row` gives each row's run, `patients` each run's patient."""

    of_row: npt.NDArray[np.uint32]
    patients: pl.Series


class Numbers(NamedTuple):
    finding: npt.NDArray[np.int32]
    status: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]


def runs_of(patients: pl.Series) -> Runs:
    of_row = patients.rle_id().to_numpy()
    return Runs(of_row, patients.gather(_starts(of_row)))


def batch_of_columns(
    file: str, runs: Runs, presentations: pl.Series | None, numbers: Numbers, results: RowResults
) -> Batch:
    """Each named presentation is a lesion; a patient without any has an unnamed one (as `records_of`)."""
    names, of_run = _places(runs.patients)
    patient = of_run[runs.of_row]
    lesions, lesion = _lesions(names, patient, presentations)
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
    return batch._replace(checked=undated_results(batch, results))


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


def _lesions(names: Sequence[str], patient: Ints, presentations: pl.Series | None) -> tuple[Lesions, Ints]:
    """The lesions, sorted by patient and name, and of each row its lesion."""
    lesion = np.full(len(patient), NO_LESION, np.int32)
    named = np.zeros(len(patient), np.bool_) if presentations is None else (presentations != "").to_numpy()
    if presentations is None or not named.any():
        unnamed = [""] * len(names)
        return Lesions(np.arange(len(names), dtype=np.int32), unnamed, unnamed), lesion
    bearer = patient[named]
    rows = pl.DataFrame({"patient": bearer, "name": presentations.filter(pl.Series(named))})
    run = rows.select(pl.struct("patient", "name").rle_id()).to_series().to_numpy()
    runs = rows[_starts(run)]
    bare = np.ones(len(names), np.bool_)
    bare[bearer] = False
    without = pl.DataFrame({"patient": np.flatnonzero(bare).astype(np.int32)}).with_columns(name=pl.lit(""))
    found = pl.concat([runs.unique(), without]).sort("patient", "name").with_row_index("lesion")
    of_run = runs.join(found, on=("patient", "name"), how="left", maintain_order="left")["lesion"].to_numpy()
    lesion[named] = of_run.astype(np.int32)[run]
    texts = found["name"].to_list()
    return Lesions(found["patient"].to_numpy(), texts, texts), lesion
