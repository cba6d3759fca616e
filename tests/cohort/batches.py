"""Batches in words, so that two of them can be compared whatever their order and numbering."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import NO_LESION, UNDATED, Batch

_STATUSES = ("absent", "present", "unknown")
_EPOCH = datetime.date(1970, 1, 1)


class Shown(NamedTuple):
    """`facts` of each patient as (lesion, finding, status, day, ambiguous), `lesions` as (name, label); sorted."""

    file: str
    facts: dict[str, list[tuple[str, str, str, str, bool]]]
    lesions: dict[str, list[tuple[str, str]]]
    invalid: dict[str, list[str]]
    checked: list[tuple[Any, ...]]
    refused: list[tuple[str, str, str]]
    unmapped: dict[str, int]
    fates: dict[str, int]


def shown(batch: Batch, knowledge: Knowledge) -> Shown:
    """A batch in words; a fact of a lesion names a lesion of the same patient."""
    findings = list(knowledge.content.findings)
    facts: dict[str, list[tuple[str, str, str, str, bool]]] = {name: [] for name in batch.patients}
    assert len(facts) == len(batch.patients), "a patient stands twice"
    for patient, lesion, finding, status, day, ambiguous in zip(*(c.tolist() for c in batch.facts), strict=True):
        named = ""
        if lesion != NO_LESION:
            assert batch.lesions.patient[lesion] == patient
            named = batch.lesions.name[lesion]
        written = "" if day == UNDATED else (_EPOCH + datetime.timedelta(days=day)).isoformat()
        facts[batch.patients[patient]].append((named, findings[finding], _STATUSES[status], written, ambiguous))
    lesions: dict[str, list[tuple[str, str]]] = {name: [] for name in batch.patients}
    for at, name, label in zip(batch.lesions.patient.tolist(), batch.lesions.name, batch.lesions.label, strict=True):
        lesions[batch.patients[at]].append((name, label))
    return Shown(
        file=batch.file,
        facts={name: sorted(found) for name, found in facts.items()},
        lesions={name: sorted(found) for name, found in lesions.items()},
        invalid={name: sorted(found) for name, found in batch.invalid.items()},
        checked=sorted((each.file, each.patient, each.result) for each in batch.checked),
        refused=sorted(batch.refused),
        unmapped={name: number for name, number in sorted(batch.unmapped.items()) if number},
        fates={name: number for name, number in sorted(batch.fates.items()) if number},
    )


def together(found: Iterable[Shown]) -> Shown:
    """Batches of one input as one; no patient is in two of them."""
    all_ = list(found)
    files = {each.file for each in all_}
    assert len(files) == 1
    merged = Shown(files.pop(), {}, {}, {}, [], [], {}, {})
    unmapped: Counter[str] = Counter()
    fates: Counter[str] = Counter()
    for each in all_:
        names = {*each.facts, *each.invalid}
        assert not names & {*merged.facts, *merged.invalid}, "a patient is in two batches"
        merged.facts.update(each.facts)
        merged.lesions.update(each.lesions)
        merged.invalid.update(each.invalid)
        merged.checked.extend(each.checked)
        merged.refused.extend(each.refused)
        unmapped.update(each.unmapped)
        fates.update(each.fates)
    return merged._replace(
        checked=sorted(merged.checked),
        refused=sorted(merged.refused),
        unmapped=dict(sorted(unmapped.items())),
        fates=dict(sorted(fates.items())),
    )
