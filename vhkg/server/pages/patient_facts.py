"""The facts of the one lesion that the page is about: those of the file, and what was changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import msgspec

from vhkg.model.content import Finding
from vhkg.model.record import ENTERED, Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.server.pages.patient_held import Held

_NOBODY = "not named"
BY_HAND = "entered on this page"
"""The origin of a fact that no file states."""


class Entry(msgspec.Struct, frozen=True):
    """A row of the form: `status` is present, absent, unknown or empty for not recorded.

    `mixed`: the file says several things of the same day, so that no status stands for it.
    """

    status: str = ""
    date: datetime.date | None = None
    mixed: bool = False


class Subject(msgspec.Struct, frozen=True):
    """One lesion of one patient: as the file has it, if there is one, and the rows that were changed by hand."""

    held: Held | None = None
    changes: dict[str, Entry] = {}

    @property
    def presentation(self) -> str:
        if self.held is None or self.held.at is None:
            return ""
        return self.held.patients[self.held.at.patient].lesions[self.held.at.lesion].name

    @property
    def original(self) -> PatientRecord:
        """What the file says of the patient; without a file, a patient of whom nothing is recorded."""
        if self.held is None or self.held.at is None:
            return PatientRecord(file=ENTERED, patient=_NOBODY, presentations=(PresentationRecord(name=""),))
        return self.held.record(self.held.at.patient)

    def with_change(self, name: str, entry: Entry | None) -> Subject:
        """None takes the change back."""
        kept = {each: entry for each, entry in self.changes.items() if each != name}
        return msgspec.structs.replace(self, changes=kept if entry is None else kept | {name: entry})

    def record(self, findings: Mapping[str, Finding]) -> PatientRecord:
        """The record with what was changed in place of what the file says of the same findings."""
        original = self.original
        ours = self.presentation
        own: list[Assertion] = []
        shared = [each for each in original.assertions if each.finding not in self.changes]
        for name, entry in sorted(self.changes.items()):
            if entry.status:
                status = AssertionStatus(entry.status)
                made = Assertion(finding=name, status=status, date=entry.date, origin=BY_HAND)
                (shared if findings[name].bearer == "patient" else own).append(made)
        lesions = []
        for lesion in original.presentations:
            kept = tuple(
                each
                for each in lesion.assertions
                if each.finding not in self.changes
                or (lesion.name != ours and findings[each.finding].bearer != "patient")
            )
            mine = (*kept, *own) if lesion.name == ours else kept
            lesions.append(msgspec.structs.replace(lesion, assertions=mine))
        file = f"{original.file}, changed by hand" if self.changes and self.held is not None else original.file
        return msgspec.structs.replace(original, file=file, presentations=tuple(lesions), assertions=tuple(shared))


def stated(
    subject: Subject, findings: Mapping[str, Finding], as_of: datetime.date | None
) -> dict[str, list[Assertion]]:
    """What the file says of this lesion, by finding; what is dated after the day is left out.

    A present fact of a lesion that names none is left out too where there are several: it asserts nothing.
    """
    original = subject.original
    several = len(original.presentations) > 1
    found: dict[str, list[Assertion]] = {}

    def add(assertions: Iterable[Assertion], *, by_patient_only: bool) -> None:
        for each in assertions:
            by_patient = findings[each.finding].bearer == "patient"
            later = as_of is not None and each.date is not None and each.date > as_of
            if not later and (by_patient or not by_patient_only):
                found.setdefault(each.finding, []).append(each)

    for lesion in original.presentations:
        add(lesion.assertions, by_patient_only=lesion.name != subject.presentation)
    placed = [each for each in original.assertions if not several or each.status is not AssertionStatus.PRESENT]
    add(placed, by_patient_only=False)
    add([each for each in original.assertions if each not in placed], by_patient_only=True)
    return found


def entry_of(assertions: Iterable[Assertion]) -> Entry:
    """What one row can show of several assertions: the latest, where those of its day agree."""
    given = list(assertions)
    telling = [each for each in given if each.status is not AssertionStatus.UNKNOWN] or given
    if not telling:
        return Entry()
    latest = max((each.date for each in telling if each.date is not None), default=None)
    last = [each for each in telling if each.date in (latest, None)]
    statuses = {each.status for each in last}
    if len(statuses) > 1:
        return Entry("", latest, mixed=True)
    return Entry(last[0].status.value, latest)
