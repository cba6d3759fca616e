"""What the patient shapes say of graphs written from rows, found out once and not patient by patient.

The writer of patient graphs gives every row the same few statements. So a shape that looks neither into texts nor at
how many rows there are says the same of all rows of a kind: a row's finding, status, bearer, and whether it is dated.
A constraint is of one property, so that each finding and each status is tried, and not each with each.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import product

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.model.checks import PropertyCheck, ValidationResult
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.namespaces import Vhkg
from vhkg.patients.writing import assessment_node, lesion_node, patient_graph, patient_node
from vhkg.validation import check

_COUNTED = (Vhkg.hasPresentation.value, Vhkg.hasAssessment.value)
_DAYS = (datetime.date(2000, 1, 1), None)


class RowResults(msgspec.Struct, frozen=True):
    """The results for each undated row, its node left out; a dated row has none, and all patients conform."""

    undated: tuple[ValidationResult, ...]


def row_results(knowledge: Knowledge, *, origin: str = "line 1", codes: tuple[str, ...] = ()) -> RowResults | None:
    """None where it depends on more than whether a row is dated, so that every patient has to be looked at.

    `origin` and `codes` are those of an assertion of the kind that is asked about.
    """
    parts = [part for shape in knowledge.compiled.checks for part in shape.properties]
    if any(_depends(part) for part in parts):
        return None
    findings = list(knowledge.content.findings)
    kinds = [*product(findings[:1], AssertionStatus, _DAYS), *product(findings[1:], [AssertionStatus.PRESENT], _DAYS)]
    every = tuple(
        Assertion(finding=finding, status=status, date=day, origin=origin, codes=codes)
        for finding, status, day in kinds
    )
    found = {templates for record in _records(every) for templates in _templates(record, knowledge)}
    (templates, *others) = found
    return None if others or templates is None else RowResults(templates)


def _depends(part: PropertyCheck) -> bool:
    """Whether a shape looks at a text, or at how many rows or lesions there are."""
    counts = part.path in _COUNTED and not part.inverse and (part.max_count is not None or (part.min_count or 0) > 1)
    return bool(part.pattern) or part.max_length is not None or counts


def _records(every: tuple[Assertion, ...]) -> Iterator[PatientRecord]:
    """Patients with no row, and with rows of every kind at every kind of bearer."""
    for name, found in (("", ()), ("T9", ()), ("", every[: len(_DAYS)]), ("T9", every)):
        lesion = PresentationRecord(name=name, label=name, assertions=found)
        yield PatientRecord(file="x", patient="p", presentations=(lesion,), assertions=found)


def _templates(record: PatientRecord, knowledge: Knowledge) -> Iterator[tuple[ValidationResult, ...] | None]:
    """What each undated assertion of the record gets; None where another node gets any, or a value is named."""
    report = check(patient_graph(record, knowledge.compiled.vocabulary), knowledge.compiled.checks)
    by_node: dict[str, list[ValidationResult]] = {}
    for result in report.results:
        by_node.setdefault(result.focus_node, []).append(msgspec.structs.replace(result, focus_node=""))
    for bearer, assertions in _bearers(record):
        for number, assertion in enumerate(assertions, start=1):
            results = by_node.pop(assessment_node(bearer, number), []) if assertion.date is None else []
            if assertion.date is None:
                yield None if any(each.value for each in results) else tuple(results)
    if by_node or not report.conforms:
        yield None


def _bearers(record: PatientRecord) -> Iterator[tuple[str, tuple[Assertion, ...]]]:
    patient = patient_node(record.patient)
    yield patient, record.assertions
    for lesion in record.presentations:
        yield lesion_node(patient, lesion.name), lesion.assertions
