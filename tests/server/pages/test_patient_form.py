"""The form: what a page shows and sends back unchanged is the same record again."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.model.record import AssertionStatus
from vhkg.server.limits import Form
from vhkg.server.pages.patient_facts import Entry, Subject, entry_of, stated
from vhkg.server.pages.patient_form import Asked, asked_of
from vhkg.server.pages.patient_held import Held, HeldFact, HeldLesion, HeldPatient, Place, written

CONTENT = shipped().content
DIGEST = shipped().compiled.digest
NAMES = st.sampled_from(sorted(CONTENT.findings)[:12])
DAYS = st.none() | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 1, 4))
FACTS = st.lists(st.builds(HeldFact, NAMES, st.sampled_from(AssertionStatus), DAYS), max_size=6).map(tuple)
HELDS = st.builds(
    lambda here, there, shared: Held(
        file="a.csv",
        patients=(HeldPatient("p", (HeldLesion("T7", "T7", here), HeldLesion("T9", "T9", there)), shared),),
        at=Place(0, 0),
    ),
    FACTS,
    FACTS,
    FACTS,
)
CHANGES = st.dictionaries(NAMES, st.builds(Entry, st.sampled_from(("present", "absent", "unknown")), DAYS), max_size=4)


def sent(subject: Subject, as_of: datetime.date | None, **more: str) -> Form:
    """What a browser sends of the page that shows this."""
    file = stated(subject, CONTENT.findings, as_of)
    fields = [("held", written(subject.held)), ("as-of", str(as_of or "")), ("shown-as-of", str(as_of or ""))]
    for name in CONTENT.findings:
        entry = subject.changes.get(name) or entry_of(file.get(name, ()))
        if not entry.mixed:
            fields.append((f"f.{name}", entry.status))
        fields.append((f"d.{name}", str(entry.date or "")))
    return Form((*fields, *more.items()), {})


def asked(form: Form) -> Asked:
    return asked_of(form, CONTENT, DIGEST)


def shown(subject: Subject, as_of: datetime.date | None) -> dict[str, Entry]:
    file = stated(subject, CONTENT.findings, as_of)
    return {name: subject.changes.get(name) or entry_of(file.get(name, ())) for name in CONTENT.findings}


@given(st.none() | HELDS, CHANGES, DAYS)
def test_a_page_that_is_sent_back_is_the_same_page(
    held: Held | None, changes: dict[str, Entry], as_of: datetime.date | None
) -> None:
    first = asked(sent(Subject(held, changes), as_of)).subject
    again = asked(sent(first, as_of)).subject
    assert again == first
    assert shown(again, as_of) == shown(first, as_of)


@given(HELDS, DAYS)
def test_a_file_that_nobody_changed_is_the_file(held: Held, as_of: datetime.date | None) -> None:
    assert asked(sent(Subject(held), as_of)).subject == Subject(held)


@given(st.none() | HELDS, CHANGES, NAMES, st.sampled_from(("present", "absent", "", "unknown")))
def test_what_is_set_is_undone(held: Held | None, changes: dict[str, Entry], name: str, status: str) -> None:
    before = asked(sent(Subject(held, changes), None)).subject
    done = asked(sent(before, None, set=f"{name}={status}"))
    assert done.step is not None
    assert done.step.before == before
    entry = shown(done.subject, None)[name]
    assert entry.status == status or entry.mixed
    undone = asked(sent(done.subject, None, set=done.step.undo)).subject
    assert shown(undone, None) == shown(before, None)
    assert undone.record(CONTENT.findings).presentations == before.record(CONTENT.findings).presentations


@given(HELDS, NAMES, DAYS)
def test_what_was_is_where_the_step_began(held: Held, name: str, day: datetime.date | None) -> None:
    now = asked(sent(Subject(held), None, was=f"{name}=present{f'@{day}' if day else ''}"))
    assert now.step is not None
    assert now.subject == Subject(held)
    assert shown(now.step.before, None)[name] == Entry("present", day)


def test_a_flip_keeps_the_readings_before_it() -> None:
    reading = next(iter(CONTENT.readings.values()))
    other = next(each.name for each in reading.alternatives if each.name != reading.default)
    found = asked(sent(Subject(), None, read=f"{reading.name}={other}"))
    assert found.readings == {reading.name: other}
    assert found.read_before == {}
