"""Batches of one input as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from vhkg.cohort.batch import NO_LESION, Batch, Facts, Lesions
from vhkg.cohort.checked import together


def joined(batches: Sequence[Batch]) -> Batch:
    """The patients of all, in their order. No patient is in two of them, and there is at least one batch."""
    if len(batches) == 1:
        return batches[0]
    patients = _offsets(len(batch.patients) for batch in batches)
    lesions = _offsets(len(batch.lesions.name) for batch in batches)
    unmapped: Counter[str] = Counter()
    fates: Counter[str] = Counter()
    for batch in batches:
        unmapped.update(batch.unmapped)
        fates.update(batch.fates)
    return Batch(
        file=batches[0].file,
        patients=list(chain.from_iterable(batch.patients for batch in batches)),
        lesions=Lesions(
            patient=_joined([batch.lesions.patient + first for batch, first in zip(batches, patients, strict=True)]),
            name=list(chain.from_iterable(batch.lesions.name for batch in batches)),
            label=list(chain.from_iterable(batch.lesions.label for batch in batches)),
        ),
        facts=Facts(
            patient=_joined([batch.facts.patient + first for batch, first in zip(batches, patients, strict=True)]),
            lesion=_joined([_moved(batch.facts.lesion, first) for batch, first in zip(batches, lesions, strict=True)]),
            finding=np.concatenate([batch.facts.finding for batch in batches]),
            status=np.concatenate([batch.facts.status for batch in batches]),
            day=_joined([batch.facts.day for batch in batches]),
            ambiguous=np.concatenate([batch.facts.ambiguous for batch in batches]),
        ),
        invalid={name: lesions for batch in batches for name, lesions in batch.invalid.items()},
        checked=together([batch.checked for batch in batches]),
        refused=[each for batch in batches for each in batch.refused],
        unmapped=dict(unmapped),
        fates=dict(fates),
        keys=np.concatenate([batch.keys for batch in batches]),
    )


def _offsets(lengths: Iterable[int]) -> list[np.int32]:
    ends = np.cumsum([0, *lengths], dtype=np.int32)
    return list(ends[:-1])


def _moved(lesion: npt.NDArray[np.int32], first: np.int32) -> npt.NDArray[np.int32]:
    return np.where(lesion == NO_LESION, NO_LESION, lesion + first)


def _joined(columns: list[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    return np.concatenate(columns).astype(np.int32, copy=False)
