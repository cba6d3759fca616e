"""What the form of the Patient page sends, read strictly.

f.FINDING   present, absent, unknown or empty; a finding that is not sent is as the file has it
d.FINDING   its day            r.READING   the alternative chosen
held        what a dropped file said (see patient_held)        file   a file that is dropped now
as-of       the day that counts; shown-as-of is the one under which the rows sent were shown
set, was    FINDING=STATUS@DAY: a row to change now, and a row as it was before; `~` is as the file has it
read        READING=ALTERNATIVE: a reading to flip now
at          PATIENT.LESION by number: the lesion to show, or empty for the table of all
link        the fragment of a link to this page
audience    clinician or patient            download   a format            clear   start again
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from vhkg.intake import calendar_date
from vhkg.model.content import Content
from vhkg.server.limits import Form
from vhkg.server.pages.patient_facts import Entry, Subject, entry_of, stated
from vhkg.server.pages.patient_held import Held, Place, held_of
from vhkg.server.pages.patient_link import Link, link_of
from vhkg.server.problems import refuse

AUDIENCES = ("clinician", "patient")
_STATUSES = ("present", "absent", "unknown", "")
_AS_IN_FILE = "~"


class Step(msgspec.Struct, frozen=True):
    """A change of one row: the rows before it, and the value of `set` that takes it back."""

    finding: str
    before: Subject
    undo: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`read_before` are the readings before a flip; None without one. `link` is the link that was opened."""

    subject: Subject
    readings: dict[str, str] = {}
    read_before: dict[str, str] | None = None
    as_of: datetime.date | None = None
    audience: str = AUDIENCES[0]
    download: str = ""
    step: Step | None = None
    link: Link | None = None


def asked_of(form: Form, content: Content, digest: str, dropped: Held | None = None) -> Asked:
    """Raises Refused for a field that the page would not send."""
    audience = form.one("audience") or AUDIENCES[0]
    if audience not in AUDIENCES:
        refuse(HTTPStatus.BAD_REQUEST, "There are two audiences, clinician and patient.")
    if form.one("clear"):
        return Asked(subject=Subject(), audience=audience)
    as_of = _day(form.one("as-of"))
    if form.one("link"):
        link = link_of(form.one("link"), content, digest)
        changes = {name: Entry(status) for name, status in link.facts.items()}
        return Asked(
            subject=Subject(changes=changes), readings=link.readings, as_of=as_of, audience=audience, link=link
        )
    subject = _subject(form, content, dropped)
    subject, step = _stepped(form, content, subject, as_of)
    readings = _readings(form, content)
    flip = _pair(form.one("read"))
    flipped = readings | _checked(dict([flip]), content) if flip else readings
    return Asked(
        subject=subject,
        readings=flipped,
        read_before=readings if flip else None,
        as_of=as_of,
        audience=audience,
        download=form.one("download"),
        step=step,
    )


def _subject(form: Form, content: Content, dropped: Held | None) -> Subject:
    if dropped is not None:
        return Subject(dropped)
    held = held_of(form.one("held"), content.findings)
    moved = any(name == "at" for name, _ in form.fields)
    if held is not None and moved:
        return Subject(held.chosen(_place(form.one("at"))))
    subject = Subject(held)
    sent = {name: value for name, value in form.fields if name[:2] in ("f.", "d.")}
    if any(name[2:] not in content.findings for name in sent):
        refuse(HTTPStatus.BAD_REQUEST, "The form has a finding that the knowledge does not have; load the page again.")
    before = stated(subject, content.findings, _day(form.one("shown-as-of")))
    changes = {}
    for name in content.findings:
        status = sent.get(f"f.{name}")
        if status is None:
            continue
        _check_status(status)
        date = _day(sent.get(f"d.{name}", "")) if status else None
        original = entry_of(before.get(name, ()))
        if (status, date) == (original.status, original.date if status else None):
            continue
        if date == original.date and status != original.status:
            date = None  # the day belongs to what the file says
        changes[name] = Entry(status, date)
    return Subject(held, changes)


def _stepped(
    form: Form, content: Content, subject: Subject, as_of: datetime.date | None
) -> tuple[Subject, Step | None]:
    """The rows after `set`, or before `was`, and the step from the one to the other."""
    if wanted := _pair(form.one("set")):
        name, value = wanted
        after = _changed(subject, name, value, content, as_of)
        return after, Step(name, subject, f"{name}={_value(subject, name, content, as_of)}")
    if told := _pair(form.one("was")):
        name, value = told
        before = _changed(subject, name, value, content, as_of)
        return subject, Step(name, before, f"{name}={_value(before, name, content, as_of)}")
    return subject, None


def _changed(subject: Subject, name: str, value: str, content: Content, as_of: datetime.date | None) -> Subject:
    if name not in content.findings:
        refuse(HTTPStatus.BAD_REQUEST, "The form has a finding that the knowledge does not have; load the page again.")
    if value == _AS_IN_FILE:
        return subject.with_change(name, None)
    status, _, day = value.partition("@")
    _check_status(status)
    entry = Entry(status, _day(day) if status else None)
    original = entry_of(stated(subject, content.findings, as_of).get(name, ()))
    return subject.with_change(name, None if entry == original else entry)


def _value(subject: Subject, name: str, content: Content, as_of: datetime.date | None) -> str:
    """What `set` takes to give a row back as it is."""
    entry = subject.changes.get(name)
    if entry is None:
        held = entry_of(stated(subject, content.findings, as_of).get(name, ()))
        return _AS_IN_FILE if subject.held is not None else held.status
    return f"{entry.status}@{entry.date.isoformat()}" if entry.date else entry.status


def _readings(form: Form, content: Content) -> dict[str, str]:
    given = {name[2:]: value for name, value in form.fields if name.startswith("r.") and value}
    return _checked(given, content)


def _checked(given: Mapping[str, str], content: Content) -> dict[str, str]:
    for name, value in given.items():
        known = content.readings.get(name)
        if known is None or value not in {each.name for each in known.alternatives}:
            refuse(
                HTTPStatus.BAD_REQUEST, "The form has a reading that the knowledge does not have; load the page again."
            )
    return dict(given)


def _pair(text: str) -> tuple[str, str] | None:
    name, separator, value = text.partition("=")
    if text and not separator:
        refuse(HTTPStatus.BAD_REQUEST, "A change names no value; write NAME=VALUE.")
    return (name, value) if text else None


def _place(text: str) -> Place | None:
    patient, _, lesion = text.partition(".")
    if not text:
        return None
    if not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in (patient, lesion)):
        refuse(HTTPStatus.BAD_REQUEST, "A lesion is named by two numbers.")
    return Place(int(patient), int(lesion))


def _check_status(status: str) -> None:
    if status not in _STATUSES:
        refuse(HTTPStatus.BAD_REQUEST, "A finding is present, absent, unknown or empty.")


def _day(text: str) -> datetime.date | None:
    found = calendar_date(text) if text else None
    if text and found is None:
        refuse(HTTPStatus.BAD_REQUEST, "A day in the form is no calendar date; write it as YYYY-MM-DD.")
    return found
