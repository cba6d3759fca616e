"""Rows that were changed by hand, in place of what a file says of the same findings and of nothing else."""

from __future__ import annotations

import datetime

import pytest

from tests.support import shipped
from vhkg.model.record import Assertion, AssertionStatus
from vhkg.server.pages.patient_facts import BY_HAND, Entry, Subject, entry_of, stated
from vhkg.server.pages.patient_held import Held, HeldFact, HeldLesion, HeldPatient, Place

FINDINGS = shipped().content.findings
PRESENT, ABSENT, UNKNOWN = AssertionStatus.PRESENT, AssertionStatus.ABSENT, AssertionStatus.UNKNOWN
EARLY, LATE = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)


def made(*given: tuple[AssertionStatus, datetime.date | None]) -> list[Assertion]:
    return [Assertion(finding="BackPain", status=status, date=date) for status, date in given]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((), Entry()),
        (((PRESENT, None),), Entry("present")),
        (((PRESENT, EARLY), (ABSENT, LATE)), Entry("absent", LATE)),
        (((PRESENT, LATE), (ABSENT, LATE)), Entry("", LATE, mixed=True)),
        (((PRESENT, None), (ABSENT, LATE)), Entry("", LATE, mixed=True)),
        (((PRESENT, EARLY), (UNKNOWN, LATE)), Entry("present", EARLY)),
        (((UNKNOWN, LATE),), Entry("unknown", LATE)),
    ],
)
def test_one_row_shows_the_latest_of_several(
    given: tuple[tuple[AssertionStatus, datetime.date | None], ...], shown: Entry
) -> None:
    assert entry_of(made(*given)) == shown
    assert entry_of(reversed(made(*given))) == shown


HELD = Held(
    file="a.csv",
    patients=(
        HeldPatient(
            "p",
            (
                HeldLesion("T7", "T7", (HeldFact("BackPain", PRESENT, LATE), HeldFact("Pregnancy", PRESENT))),
                HeldLesion("T9", "T9", (HeldFact("BackPain", PRESENT, EARLY),)),
            ),
            (HeldFact("SpinalStenosis", PRESENT), HeldFact("SpinalInstability", ABSENT)),
        ),
    ),
    at=Place(0, 1),
)


def test_what_is_said_of_a_lesion() -> None:
    found = stated(Subject(HELD), FINDINGS, None)
    assert set(found) == {"BackPain", "Pregnancy", "SpinalInstability"}, "a stenosis of neither asserts nothing"
    assert [each.date for each in found["BackPain"]] == [EARLY]
    assert "BackPain" not in stated(Subject(HELD), FINDINGS, datetime.date(2025, 1, 1))


def test_a_change_takes_the_place_of_all_that_is_said_of_its_finding_here() -> None:
    subject = Subject(HELD).with_change("BackPain", Entry("absent")).with_change("Pregnancy", Entry("absent", LATE))
    record = subject.with_change("SpinalStenosis", Entry("present")).record(FINDINGS)
    there, here = record.presentations
    assert record.file == "a.csv, changed by hand"
    assert [each.finding for each in there.assertions] == ["BackPain"], "the other lesion keeps what is its own"
    assert [(each.finding, each.status, each.origin) for each in here.assertions] == [
        ("BackPain", ABSENT, BY_HAND),
        ("SpinalStenosis", PRESENT, BY_HAND),
    ]
    assert [(each.finding, each.status) for each in record.assertions] == [
        ("SpinalInstability", ABSENT),
        ("Pregnancy", ABSENT),
    ]


def test_a_change_to_nothing_leaves_nothing_and_taken_back_it_is_as_it_was() -> None:
    subject = Subject(HELD).with_change("BackPain", Entry())
    assert subject.record(FINDINGS).presentations[1].assertions == ()
    assert subject.with_change("BackPain", None).record(FINDINGS) == Subject(HELD).record(FINDINGS)


def test_without_a_file_nothing_is_recorded() -> None:
    record = Subject().record(FINDINGS)
    assert record.assertions == ()
    assert [each.assertions for each in record.presentations] == [()]
