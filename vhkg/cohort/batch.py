"""What every reader of a cohort hands on: patients, lesions and facts as columns, and what could not be read.

Numbers stand for names, so that a million facts need no million strings: a finding is its place in
`Content.findings`, a day is counted from 1970-01-01.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from vhkg.model.checks import ValidationResult

Ints: TypeAlias = npt.NDArray[np.int32]

ABSENT, PRESENT, UNKNOWN = 0, 1, 2
UNDATED = np.int32(np.iinfo(np.int32).min)
"""Before every day."""
NO_LESION = np.int32(-1)


_EPOCH = datetime.date(1970, 1, 1).toordinal()


def day_number(day: datetime.date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> datetime.date | None:
    """The day of a number; none for `UNDATED`."""
    return None if number == UNDATED else datetime.date.fromordinal(number + _EPOCH)


class Facts(NamedTuple):
    """Assertions, one a place, in any order. `lesion` is `NO_LESION` for a fact about the patient.

    `patient` and `lesion` are places in the batch, `finding` in `Content.findings`; `status` is one of `ABSENT`,
    `PRESENT`, `UNKNOWN`; `ambiguous` is true where the source's code means more than one finding, or a narrower one.
    """

    patient: Ints
    lesion: Ints
    finding: npt.NDArray[np.int16]
    status: npt.NDArray[np.int8]
    day: Ints
    ambiguous: npt.NDArray[np.bool_]


class Lesions(NamedTuple):
    """`patient` is the place of the patient who bears the lesion; `name` and `label` as in `PresentationRecord`."""

    patient: Ints
    name: Sequence[str]
    label: Sequence[str]


class Refusal(NamedTuple):
    """A record that was set aside, in one sentence that names file, place and mend; `patient` is empty if not known."""

    file: str
    patient: str
    message: str


class Checked(NamedTuple):
    """A result of the patient shapes. `patient` is the patient whose graph it was found in."""

    file: str
    patient: str
    result: ValidationResult


class Batch(NamedTuple):
    """Some patients of one file.

    `facts` and `lesions` are of patients that conform. Those that do not are in `invalid` with the names of their
    lesions; their results are among `checked`, as are warnings and infos of those that conform. `unmapped` counts codes
    that nothing maps, `fates` all entries of the source, by what became of them.

    `keys` are hashes of all that must not stand in another piece of the same file: its patients and, in RDF, all
    their nodes. Where a key reappears, the file is partitioned by patient and read anew.
    """

    file: str
    patients: Sequence[str]
    lesions: Lesions
    facts: Facts
    invalid: Mapping[str, tuple[str, ...]] = {}
    checked: Sequence[Checked] = ()
    refused: Sequence[Refusal] = ()
    unmapped: Mapping[str, int] = {}
    fates: Mapping[str, int] = {}
    keys: npt.NDArray[np.uint64] = np.empty(0, np.uint64)
