"""Rows of the facts CSV, grouped into records."""

from __future__ import annotations

from collections.abc import Iterable

from vhkg.intake import FactRow
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.model.source_report import Fate
from vhkg.patients.days import last_day
from vhkg.patients.interpretation import Interpreter
from vhkg.patients.tally import Tally

ELEMENT = "row"


def records_of(rows: Iterable[FactRow], file: str, tables: CodeTables, tally: Tally) -> tuple[PatientRecord, ...]:
    """One record per patient, sorted by name; its rows may stand anywhere and keep their order.

    A patient without a named lesion has one unnamed presentation, since everything recorded is of the patient. A row
    that names a code instead of a finding asserts what the tables say of the code.
    """
    interpreter = Interpreter(tables)
    by_patient: dict[str, dict[str, list[Assertion]]] = {}
    for row in rows:
        lesion = by_patient.setdefault(row.patient, {}).setdefault(row.presentation, [])
        if row.code:
            lesion += _coded(row, interpreter, tally)
        else:
            tally.count(Fate.UNKNOWN if row.status is AssertionStatus.UNKNOWN else Fate.READ, ELEMENT)
            origin = f"line {row.line}"
            lesion.append(Assertion(finding=row.finding, status=row.status, date=row.date, origin=origin))
    return tuple(_record(patient, lesions, file) for patient, lesions in sorted(by_patient.items()))


def _coded(row: FactRow, interpreter: Interpreter, tally: Tally) -> Iterable[Assertion]:
    prefix, _, code = row.code.partition(":")
    unknown = row.status is AssertionStatus.UNKNOWN
    day = row.date.isoformat() if row.date else ""
    entry = CodedEntry(
        element=ELEMENT,
        origin=f"line {row.line}",
        codes=(interpreter.tables.token(prefix, code),),
        value=None if unknown else row.status is AssertionStatus.PRESENT,
        valued=True,
        absent_reason=unknown,
        lesion=row.presentation,
        recorded=day,
    )
    for found in interpreter.stated(entry, tally):
        yield Assertion(
            finding=found.finding,
            status=found.status,
            date=last_day(found.day),
            origin=entry.origin,
            codes=(interpreter.tables.shown(entry.codes[0]),),
        )


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
