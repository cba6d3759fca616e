"""Rows of the facts CSV, grouped into records."""

from __future__ import annotations

from collections.abc import Iterable

from vhkg.intake import FactRow
from vhkg.model.record import Assertion, PatientRecord, PresentationRecord


def records_of(rows: Iterable[FactRow], file: str) -> tuple[PatientRecord, ...]:
    """One record per patient, sorted by name; its rows may stand anywhere and keep their order.

    A patient without a named lesion has one unnamed presentation, since everything recorded is of the patient.
    """
    by_patient: dict[str, dict[str, list[Assertion]]] = {}
    for row in rows:
        assertion = Assertion(finding=row.finding, status=row.status, date=row.date, origin=f"line {row.line}")
        by_patient.setdefault(row.patient, {}).setdefault(row.presentation, []).append(assertion)
    return tuple(_record(patient, lesions, file) for patient, lesions in sorted(by_patient.items()))


def _record(patient: str, lesions: dict[str, list[Assertion]], file: str) -> PatientRecord:
    named = tuple(
        PresentationRecord(name=name, label=name, assertions=tuple(assertions))
        for name, assertions in sorted(lesions.items())
        if name
    )
    return PatientRecord(
        file=file,
        patient=patient,
        presentations=named or (PresentationRecord(name=""),),
        assertions=tuple(lesions.get("", ())),
    )
