"""Patients as the exact path reads them become a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from vhkg.answering.knowledge import Knowledge, Patient
from vhkg.cohort.batch import (
    ABSENT,
    NO_LESION,
    PRESENT,
    UNDATED,
    UNKNOWN,
    Batch,
    Checked,
    Facts,
    Lesions,
    Refusal,
    day_number,
)
from vhkg.cohort.keys import keys_of
from vhkg.model.coded import CodeTables
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients import PatientData
from vhkg.validation import check

STATUSES = {AssertionStatus.ABSENT: ABSENT, AssertionStatus.PRESENT: PRESENT, AssertionStatus.UNKNOWN: UNKNOWN}
"""The numbers of the statuses in `Facts`."""

_Row = tuple[int, int, int, int, int, bool]


def batch_of(
    file: str,
    patients: Iterable[Patient],
    knowledge: Knowledge,
    *,
    report: SourceReport | None = None,
    refused: Sequence[Refusal] = (),
) -> Batch:
    """The patients in their order; `refused` comes before what the report refuses. The keys are those of the patients.

    `ambiguous` is true where a code of the assertion is in the tables with several terms, as broader or narrower than
    its term, or as meaning it at some body sites only.
    """
    places = {finding: place for place, finding in enumerate(knowledge.content.findings)}
    ambiguity = Ambiguity(knowledge.compiled.codes)
    valid: list[PatientRecord] = []
    invalid: dict[str, tuple[str, ...]] = {}
    results: list[Checked] = []
    for patient in patients:
        record = patient.record
        results += (Checked(file, record.patient, result) for result in patient.report.results)
        if patient.report.conforms:
            valid.append(record)
        else:
            invalid[record.patient] = tuple(lesion.name for lesion in record.presentations)
    names = [record.patient for record in valid]
    return Batch(
        file=file,
        patients=names,
        lesions=_lesions(valid),
        facts=_facts(_rows(valid, places, ambiguity)),
        invalid=invalid,
        checked=results,
        refused=[*refused, *refusals_of(file, report)],
        unmapped=dict(report.counts.get(Fate.UNMAPPED, {})) if report else {},
        fates={fate.value: report.total(fate) for fate in report.counts} if report else {},
        keys=keys_of([*names, *invalid]),
    )


def checked(found: Iterable[PatientData], knowledge: Knowledge) -> Iterator[Patient]:
    """With what the patient shapes say of each, as `Knowledge.read_source` has them."""
    for each in found:
        yield Patient(each.record, each.graph, check(each.graph, knowledge.compiled.checks))


def refusals_of(file: str, report: SourceReport | None) -> list[Refusal]:
    """What a source refused. Its sentences name places, not patients."""
    return [Refusal(file, "", sentence) for sentence in (report.refusals if report else ())]


class Ambiguity:
    """Whether a code, as it is shown, means more than one thing."""

    def __init__(self, tables: CodeTables) -> None:
        self._tables = tables
        self._known: dict[str, bool] = {}

    def any(self, codes: Iterable[str]) -> bool:
        return any(map(self.of, codes))

    def of(self, shown: str) -> bool:
        found = self._known.get(shown)
        if found is None:
            prefix, _, code = shown.partition(":")
            tables = self._tables
            meanings = tables.meanings.get(tables.token(prefix, code)) or tables.meanings.get(shown, ())
            inexact = any(not (each.if_present and each.if_absent) or each.site_kind for each in meanings)
            found = self._known[shown] = inexact or len({each.term for each in meanings}) > 1
        return found


def _lesions(records: Iterable[PatientRecord]) -> Lesions:
    found = [(at, lesion.name, lesion.label) for at, record in enumerate(records) for lesion in record.presentations]
    bearers = np.array([at for at, _, _ in found], np.int32)
    return Lesions(bearers, [name for _, name, _ in found], [label for _, _, label in found])


def _rows(records: Iterable[PatientRecord], places: dict[str, int], ambiguity: Ambiguity) -> Iterator[_Row]:
    lesion = 0
    for at, record in enumerate(records):
        for each in record.assertions:
            yield _row(at, int(NO_LESION), each, places, ambiguity)
        for presentation in record.presentations:
            for each in presentation.assertions:
                yield _row(at, lesion, each, places, ambiguity)
            lesion += 1


def _row(patient: int, lesion: int, assertion: Assertion, places: dict[str, int], ambiguity: Ambiguity) -> _Row:
    day = int(UNDATED) if assertion.date is None else day_number(assertion.date)
    ambiguous = ambiguity.any(assertion.codes)
    return patient, lesion, places[assertion.finding], STATUSES[assertion.status], day, ambiguous


def _facts(rows: Iterable[_Row]) -> Facts:
    columns = list(zip(*rows, strict=True)) or [()] * len(Facts._fields)
    patient, lesion, finding, status, day, ambiguous = columns
    return Facts(
        patient=np.array(patient, np.int32),
        lesion=np.array(lesion, np.int32),
        finding=np.array(finding, np.int16),
        status=np.array(status, np.int8),
        day=np.array(day, np.int32),
        ambiguous=np.array(ambiguous, np.bool_),
    )
