"""Records as a facts CSV, which says all that a patient graph says but provenance and source codes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable

from vhkg.model.record import Assertion, PatientRecord

COLUMNS = ("patient", "presentation", "finding", "status", "date")


def facts_csv(records: Iterable[PatientRecord]) -> str:
    """One row for each assertion; a lesion of which nothing is recorded has no row.

    A lesion is called by its label, or by its name where another has that label too. White space around a label does
    not count, since that around a cell is not read.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerows(_row(record.patient, "", each) for each in record.assertions)
        labels = Counter(lesion.label.strip() for lesion in record.presentations)
        for lesion in record.presentations:
            label = lesion.label.strip()
            name = label if label and labels[label] == 1 else lesion.name
            writer.writerows(_row(record.patient, name, each) for each in lesion.assertions)
    return text.getvalue()


def without_rows(records: Iterable[PatientRecord]) -> tuple[int, int]:
    """How many patients, and how many lesions of the others that have a name, come to no row."""
    patients = lesions = 0
    for record in records:
        silent = [lesion for lesion in record.presentations if not lesion.assertions]
        if not record.assertions and len(silent) == len(record.presentations):
            patients += 1
        elif len(record.presentations) > 1 or any(lesion.label for lesion in silent):
            lesions += len(silent)
    return patients, lesions


def _row(patient: str, lesion: str, assertion: Assertion) -> tuple[str, str, str, str, str]:
    day = assertion.date.isoformat() if assertion.date else ""
    return patient, lesion, assertion.finding, assertion.status.value, day
