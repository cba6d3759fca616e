"""What a file said, as the page carries it along: the server keeps nothing between two requests.

The page holds it in a hidden field and sends it back with every change, so that what comes back is as untrusted as
the file was: it is read strictly, and its names are those of the vocabulary or it is refused.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from vhkg.answering.knowledge import Patient, Patients
from vhkg.intake import MAX_FIELD_LENGTH, unprintable
from vhkg.model.checks import ValidationResult
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.model.source_report import Fate, SourceReport
from vhkg.rendering.source_report import not_read, summary
from vhkg.server.problems import refuse

MOST = 200
"""Lesions of one file that the page can hold; more are for `vhkg cohort`."""
_NOTED = 50
_PUZZLING = (Fate.UNMAPPED, Fate.TEXT_ONLY)
_FAULT = "What the page holds of the file cannot be read; drop the file again."

_Text = Annotated[str, msgspec.Meta(max_length=MAX_FIELD_LENGTH)]


class HeldFact(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    finding: _Text
    status: AssertionStatus
    date: datetime.date | None = None
    origin: _Text = ""
    codes: tuple[_Text, ...] = ()


class HeldLesion(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    name: _Text
    label: _Text
    facts: tuple[HeldFact, ...]


class HeldPatient(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`facts` are those recorded without a lesion. With `violations` the record is not used and has no facts here."""

    name: _Text
    lesions: tuple[HeldLesion, ...]
    facts: tuple[HeldFact, ...]
    violations: tuple[ValidationResult, ...] = ()


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A lesion by the numbers of its patient and of itself."""

    patient: Annotated[int, msgspec.Meta(ge=0)]
    lesion: Annotated[int, msgspec.Meta(ge=0)]


class HeldNotes(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What entries came to, with the reasons, codes or kinds of record, each after its count."""

    heading: str
    items: tuple[tuple[int, str], ...]


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`notes` say what was not understood, the refusals first; `report` what the entries came to in all.

    `at` is None until a lesion is chosen.
    """

    file: _Text
    patients: tuple[HeldPatient, ...]
    report: str = ""
    refusals: tuple[str, ...] = ()
    notes: tuple[HeldNotes, ...] = ()
    at: Place | None = None

    @property
    def places(self) -> list[Place]:
        return [Place(i, j) for i, patient in enumerate(self.patients) for j in range(len(patient.lesions))]

    def chosen(self, place: Place | None) -> Held:
        """At another lesion. Raises Refused where there is none."""
        if place is not None and place not in self.places:
            refuse(HTTPStatus.BAD_REQUEST, _FAULT)
        return msgspec.structs.replace(self, at=place)

    def record(self, number: int) -> PatientRecord:
        """A patient's record as the file has it."""
        patient = self.patients[number]
        return PatientRecord(
            file=self.file,
            patient=patient.name,
            presentations=tuple(
                PresentationRecord(name=each.name, label=each.label, assertions=_assertions(each.facts))
                for each in patient.lesions
            ),
            assertions=_assertions(patient.facts),
        )


def hold(file: str, read: Patients) -> Held:
    """A file that was read; with one lesion only, that one is chosen. Raises Refused where it holds too many."""
    held = Held(
        file=file[:MAX_FIELD_LENGTH],
        patients=tuple(_patient(each) for each in read.patients),
        report=summary(read.report),
        refusals=read.report.refusals[:_NOTED],
        notes=tuple(_notes(read.report)),
    )
    places = held.places
    if len(places) > MOST:
        detail = f"The file holds {len(places)} lesions, and a page takes {MOST}; `vhkg cohort` takes any number."
        refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
    return held.chosen(places[0]) if len(places) == 1 else held


def _notes(report: SourceReport) -> Iterator[HeldNotes]:
    """What was not understood before what was and says nothing."""
    for fate in sorted(report.counts, key=lambda fate: (fate not in _PUZZLING, list(Fate).index(fate))):
        if found := not_read(report, fate):
            yield _counted(fate.value, found)
    if report.notes:
        yield _counted("notes", report.notes)


def _counted(heading: str, found: Mapping[str, int]) -> HeldNotes:
    items = [(number, text[:MAX_FIELD_LENGTH]) for text, number in found.items()]
    left = len(items) - _NOTED
    return HeldNotes(heading, (*items[:_NOTED], *([(left, "more")] if left > 0 else [])))


def written(held: Held | None) -> str:
    return msgspec.json.encode(held).decode() if held is not None else ""


def held_of(text: str, findings: Mapping[str, Any]) -> Held | None:
    """What a page sent back. Raises Refused for anything that `written` does not write."""
    if not text:
        return None
    try:
        held = msgspec.json.decode(text, type=Held)
    except (msgspec.DecodeError, RecursionError):
        refuse(HTTPStatus.BAD_REQUEST, _FAULT)
    facts = [fact for patient in held.patients for fact in _facts(patient)]
    names = [name for patient in held.patients for name in (patient.name, *_names(patient))]
    names += [text for fact in facts for text in (fact.origin, *fact.codes)]
    if any(fact.finding not in findings for fact in facts) or any(map(unprintable, names)):
        refuse(HTTPStatus.BAD_REQUEST, _FAULT)
    if any(len({lesion.name for lesion in patient.lesions}) < len(patient.lesions) for patient in held.patients):
        refuse(HTTPStatus.BAD_REQUEST, _FAULT)
    if len(held.places) > MOST:
        refuse(HTTPStatus.BAD_REQUEST, _FAULT)
    return held.chosen(held.at)


def _facts(patient: HeldPatient) -> Iterable[HeldFact]:
    return (*patient.facts, *(fact for lesion in patient.lesions for fact in lesion.facts))


def _names(patient: HeldPatient) -> Iterable[str]:
    return (text for lesion in patient.lesions for text in (lesion.name, lesion.label))


def _patient(read: Patient) -> HeldPatient:
    record = read.record
    lesions = record.presentations or (PresentationRecord(name=""),)
    if not read.report.conforms:
        unused = tuple(HeldLesion(each.name, each.label, ()) for each in lesions)
        return HeldPatient(record.patient, unused, (), read.report.results[:_NOTED])
    return HeldPatient(
        record.patient,
        tuple(HeldLesion(each.name, each.label, _held(each.assertions)) for each in lesions),
        _held(record.assertions),
    )


def _held(assertions: Iterable[Assertion]) -> tuple[HeldFact, ...]:
    return tuple(HeldFact(each.finding, each.status, each.date, each.origin, each.codes) for each in assertions)


def _assertions(facts: Iterable[HeldFact]) -> tuple[Assertion, ...]:
    return tuple(
        Assertion(finding=each.finding, status=each.status, date=each.date, origin=each.origin, codes=each.codes)
        for each in facts
    )
