"""Which lesion an assertion is about.

What the patient bears, and what is absent or unknown without a site, goes to every lesion of the patient. A
present finding that a lesion bears goes to the sole lesion; where there are several, it asserts nothing and the
lesion is asked for.
"""

from __future__ import annotations

from typing import NamedTuple

from vhkg.model.content import Finding
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord


class Placed(NamedTuple):
    """A lesion with all assertions about it. `unplaced` are present findings whose lesion is not recorded."""

    presentation: PresentationRecord
    assertions: tuple[Assertion, ...]
    unplaced: tuple[str, ...]


def place(record: PatientRecord, findings: dict[str, Finding]) -> tuple[Placed, ...]:
    """The lesions of a record, in its order; none if the record has none."""
    sole = len(record.presentations) == 1
    shared: list[Assertion] = []
    unplaced: dict[str, None] = {}
    for assertion in record.assertions:
        finding = findings.get(assertion.finding)
        by_lesion = finding is None or finding.bearer == "lesion"
        if by_lesion and assertion.status is AssertionStatus.PRESENT and not sole:
            unplaced[assertion.finding] = None
        else:
            shared.append(assertion)
    borne_by_patient = [
        assertion
        for presentation in record.presentations
        for assertion in presentation.assertions
        if _by_patient(assertion, findings)
    ]
    placed = []
    for presentation in record.presentations:
        own = [assertion for assertion in presentation.assertions if not _by_patient(assertion, findings)]
        placed.append(Placed(presentation, (*own, *borne_by_patient, *shared), tuple(sorted(unplaced))))
    return tuple(placed)


def _by_patient(assertion: Assertion, findings: dict[str, Finding]) -> bool:
    finding = findings.get(assertion.finding)
    return finding is not None and finding.bearer == "patient"
