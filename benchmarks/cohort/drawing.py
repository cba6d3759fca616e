"""Which patients a cohort has. A block of them is drawn at a time, each from its own seed, so that a million patients
need the memory of a block, and the first thousand of any cohort are the same."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.cohort.terms import Terms
from vhkg.cohort.batch import ABSENT, PRESENT, UNKNOWN

SEED = 20261128
BLOCK = 10_000
ASSESSMENTS = 9
FIRST_DAY = 19_723
"""2024-01-01, in days since 1970-01-01."""
DAYS = 1_000
NONE = -1
"""No lesion (a fact about the patient), or no day."""


class Fault(IntEnum):
    """What makes a record invalid."""

    NONE = 0
    TWO_STATUSES = 1
    NO_FINDING = 2
    WRONG_DATE = 3


class Shares(NamedTuple):
    """How many of the patients, or of the facts, are not the plain case."""

    two_lesions: float = 0.25
    patient_fact: float = 0.7
    blank_nodes: float = 0.2
    refuted: float = 0.1
    superseded: float = 0.05
    contradictory: float = 0.01
    invalid: float = 0.01
    undated: float = 0.1
    unknown: float = 0.04
    measured: float = 0.5


class Block(NamedTuple):
    """Some patients. The arrays of facts have a row per patient and a column per assessment.

    `lesion` is 0 or 1, or NONE for a fact about the patient; `levels` has the place of each lesion in `Terms.levels`.
    `finding` is a place in `Terms.findings`; `day` counts from 1970-01-01, or is NONE. `others` are numbers that were
    measured of the patient and concern nobody here, two columns, or NONE.
    """

    number: npt.NDArray[np.int64]
    lesions: npt.NDArray[np.int64]
    levels: npt.NDArray[np.int64]
    blank: npt.NDArray[np.bool_]
    lesion: npt.NDArray[np.int64]
    finding: npt.NDArray[np.int64]
    status: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    fault: npt.NDArray[np.int64]
    others: npt.NDArray[np.int64]

    def first(self, patients: int) -> Block:
        return Block._make(array[:patients] for array in self)


def blocks(patients: int, terms: Terms, shares: Shares, *, seed: int = SEED) -> Iterator[Block]:
    for start in range(0, patients, BLOCK):
        yield _block(start // BLOCK, terms, shares, seed).first(patients - start)


def _block(block: int, terms: Terms, shares: Shares, seed: int) -> Block:
    source = np.random.default_rng([seed, block])
    lesions = 1 + (source.random(BLOCK) < shares.two_lesions)
    levels = _levels(source, len(terms.levels))
    truth = _truth(source, terms, shares)
    lesion, finding = _asked(source, terms, shares, lesions)
    rows = np.arange(BLOCK)[:, None]
    status = np.where(truth[rows, np.maximum(lesion, 0), finding], PRESENT, ABSENT)
    visits = np.sort(source.integers(FIRST_DAY, FIRST_DAY + DAYS, (BLOCK, 3)), axis=1)
    day = visits[rows, source.integers(0, 3, lesion.shape)]
    status = np.where(source.random(lesion.shape) < shares.unknown, UNKNOWN, status)
    day = np.where(source.random(lesion.shape) < shares.undated, NONE, day)
    _contradict(source, shares, truth, visits, (lesion, finding, status, day))
    fault = np.zeros(lesion.shape, np.int64)
    invalid = np.flatnonzero(source.random(BLOCK) < shares.invalid)
    fault[invalid, 4] = source.integers(Fault.TWO_STATUSES, Fault.WRONG_DATE + 1, len(invalid))
    blank = source.random(BLOCK) < shares.blank_nodes
    others = np.where(source.random((BLOCK, 2)) < shares.measured, source.integers(100, 2000, (BLOCK, 2)), NONE)
    number = block * BLOCK + np.arange(BLOCK)
    return Block(number, lesions, levels, blank, lesion, finding, status, day, fault, others)


def _levels(source: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """Two different ones for each patient."""
    first = source.integers(0, count, BLOCK)
    return np.stack([first, (first + source.integers(1, count, BLOCK)) % count], axis=1)


def _truth(source: np.random.Generator, terms: Terms, shares: Shares) -> npt.NDArray[np.bool_]:
    """What is true of each lesion, by finding: random, then mended until no axiom forbids it."""
    truth = source.random((BLOCK, 2, len(terms.findings))) < np.where(terms.of_patient, 0.15, 0.35)
    truth[:, :, terms.subject] = source.random((BLOCK, 2)) >= shares.refuted
    truth[:, 1, terms.of_patient] = truth[:, 0, terms.of_patient]
    for _ in terms.findings:
        for conflict in terms.conflicts:
            places = np.abs(conflict) - 1
            signs = np.array(conflict) > 0
            forbidden = (truth[:, :, places] == signs).all(axis=2)
            mended = int(np.argmin(signs))  # what is wider becomes present, else the first becomes absent
            truth[:, :, places[mended]] ^= forbidden
    return truth


def _asked(
    source: np.random.Generator, terms: Terms, shares: Shares, lesions: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Lesion and finding of each assessment: the subject of each lesion, one of the patient, and others at random."""
    others = np.flatnonzero(~terms.of_patient & (np.arange(len(terms.findings)) != terms.subject))
    keys = source.random((BLOCK, 2, len(others)))
    keys[lesions == 1, 1] = 2.0
    chosen = np.argsort(keys.reshape(BLOCK, -1), axis=1, kind="stable")[:, :ASSESSMENTS]
    lesion, finding = chosen // len(others), others[chosen % len(others)]
    lesion[:, 0], finding[:, 0] = 0, terms.subject
    lesion[lesions == 2, 1], finding[lesions == 2, 1] = 1, terms.subject
    of_patient = np.flatnonzero(terms.of_patient)
    if len(of_patient):
        drawn = source.random(BLOCK) < shares.patient_fact
        lesion[drawn, 2] = NONE
        finding[drawn, 2] = source.choice(of_patient, int(drawn.sum()))
    return lesion, finding


def _contradict(
    source: np.random.Generator,
    shares: Shares,
    truth: npt.NDArray[np.bool_],
    visits: npt.NDArray[np.int64],
    facts: tuple[npt.NDArray[np.int64], ...],
) -> None:
    """Let the last assessment deny the fourth one: of the same day, or of an earlier one that is then superseded."""
    lesion, finding, status, day = facts
    drawn = source.random(BLOCK)
    earlier = source.integers(30, 400, BLOCK)
    rows = np.flatnonzero(drawn < shares.superseded + shares.contradictory)
    for array in (lesion, finding):
        array[rows, -1] = array[rows, 3]
    held = truth[rows, lesion[rows, 3], finding[rows, 3]]
    status[rows, 3], status[rows, -1] = np.where(held, PRESENT, ABSENT), np.where(held, ABSENT, PRESENT)
    day[rows, 3] = visits[rows, -1]
    day[rows, -1] = visits[rows, -1] - np.where(drawn[rows] < shares.superseded, earlier[rows], 0)
