"""A batch in an order that depends on what is in it, not on where it stood in the file."""

from __future__ import annotations

import numpy as np

from vhkg.cohort.batch import NO_LESION, Batch, Facts, Lesions
from vhkg.validation.columns import Ints


def in_order(batch: Batch) -> Batch:
    """Patients by name, lesions by patient and name, facts by all that they say; results and refusals likewise."""
    patients, patient_place = _sorted(list(batch.patients))
    name, label = batch.lesions.name, batch.lesions.label
    bearer = patient_place[batch.lesions.patient]
    lesions, lesion_place = _sorted(list(zip(bearer.tolist(), name, strict=True)))
    facts = batch.facts
    patient = patient_place[facts.patient]
    moved = np.concatenate([lesion_place, np.array([NO_LESION], np.int32)])[facts.lesion]
    order = np.lexsort((facts.ambiguous, facts.status, facts.day, facts.finding, moved, patient))
    return batch._replace(
        patients=[batch.patients[at] for at in patients],
        lesions=Lesions(bearer[lesions], [name[at] for at in lesions], [label[at] for at in lesions]),
        facts=Facts(
            patient=patient[order],
            lesion=moved[order],
            finding=facts.finding[order],
            status=facts.status[order],
            day=facts.day[order],
            ambiguous=facts.ambiguous[order],
        ),
        invalid=dict(sorted(batch.invalid.items())),
        checked=sorted(batch.checked),
        refused=sorted(batch.refused),
        fates=dict(sorted(batch.fates.items())),
    )


def _sorted(keys: list[object]) -> tuple[list[int], Ints]:
    """The places in order, and where each place goes."""
    order = sorted(range(len(keys)), key=keys.__getitem__)  # type: ignore[arg-type]  # names, or numbers with names
    place = np.empty(len(keys), np.int32)
    place[order] = np.arange(len(keys), dtype=np.int32)
    return order, place
