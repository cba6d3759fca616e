"""The facts CSV: what is read, and the line and mend of every fault."""

from __future__ import annotations

import datetime

import pytest

from tests.intake.support import small_vocabulary
from vhkg.errors import InputError
from vhkg.intake import FactRow, document, read_rows
from vhkg.model.record import AssertionStatus

HEADER = "patient,presentation,finding,status,date\n"


def rows(text: str) -> tuple[FactRow, ...]:
    return read_rows(document("a.csv", text.encode()), small_vocabulary())


def test_a_row() -> None:
    assert rows(HEADER + "ann,upper,Redness,present,2026-01-02\n") == (
        FactRow(
            line=2,
            patient="ann",
            presentation="upper",
            finding="Redness",
            status=AssertionStatus.PRESENT,
            date=datetime.date(2026, 1, 2),
        ),
    )


def test_columns_in_any_order_with_quotes_and_blank_rows() -> None:
    text = ' Status ,FINDING,"patient"\r\n\r\nno,"vhkg:Redness","a ""b"", c"\r\n,,\r\nyes,Redness,"two\nlines"\r\n'
    with pytest.raises(InputError, match=r"line 6: there is an unprintable character U\+000A"):
        rows(text)
    (row,) = rows(text.replace("two\nlines", "").replace('yes,Redness,""\r\n', ""))
    assert (row.line, row.patient, row.presentation, row.status) == (3, 'a "b", c', "", AssertionStatus.ABSENT)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end: str) -> None:
    found = rows(HEADER.strip() + end + "ann,,Redness,no," + end + "bob,,Redness,yes,")
    assert [(row.line, row.patient) for row in found] == [(2, "ann"), (3, "bob")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("present", "present"),
        ("Yes", "present"),
        ("ABSENT", "absent"),
        ("no", "absent"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("NA", "unknown"),
        (" na ", "unknown"),
    ],
)
def test_statuses(text: str, status: str) -> None:
    assert rows(f"{HEADER}ann,,Redness,{text},")[0].status == status


@pytest.mark.parametrize("text", ["true", "1", "y", "positive", "absent?", "n/a", "none", "-", "not present"])
def test_other_statuses_are_errors(text: str) -> None:
    with pytest.raises(InputError, match=r"line 2: unknown status .*write present, absent or unknown"):
        rows(f"{HEADER}ann,,Redness,{text},")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13-01",
        "01/02/2026",
        "2026-1-2",
        "20260102",
        "2026-W01-1",
        "2026-01",
        "2026-01-02Z",
        "٢٠٢٦-01-02",
    ],
)
def test_other_dates_are_errors(text: str) -> None:
    with pytest.raises(InputError, match=r"line 2: .* is no calendar date; write it as YYYY-MM-DD"):
        rows(f"{HEADER}ann,,Redness,present,{text}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER, "it has a header and no rows"),
        (HEADER + ",,,,\n", "it has a header and no rows"),
        ("ann,,Redness,present,\n", "line 1: unknown column"),
        ("patient;finding;status\n", "line 1: the columns are not separated by commas"),
        ("patient,finding,state\n", "line 1: unknown column 'state'; did you mean status"),
        ("patient,finding,finding,status\n", "the column 'finding' stands twice"),
        ("patient,finding\n", "there is no column status"),
        (HEADER + "ann,,Redness,present\n", "line 2: there are 4 fields for 5 columns"),
        (HEADER + "ann,,Redness,present,,x\n", "line 2: there are 6 fields for 5 columns"),
        (HEADER + ",,Redness,present,\n", "line 2: the patient is empty"),
        (HEADER + "ann,,,present,\n", "line 2: the finding is empty"),
        (HEADER + "ann,,Rednes,present,\n", "a.csv, line 2: unknown finding 'Rednes'; did you mean Redness"),
        (HEADER + "ann,,redness,present,\n", "did you mean Redness"),
        (HEADER + "ann,,Finding,present,\n", "unknown finding 'Finding'"),
        (HEADER + "ann,,xyzzy,present,\n", "see `vhkg terms`"),
        (HEADER + 'ann,,"Redness,present,\n', "not CSV"),
        (HEADER + 'ann,,"Red"ness,present,\n', "not CSV"),
        (HEADER + "ann\x1b[2J,,Redness,present,\n", "unprintable character U+001B"),
        (HEADER + "ann\u202e,,Redness,present,\n", "unprintable character U+202E"),
        (HEADER + f"{'a' * 501},,Redness,present,\n", "the patient is longer than 500 characters"),
        (HEADER + f"{'a' * 200_000},,Redness,present,\n", "not CSV: field larger"),
    ],
)
def test_faults_have_a_line_and_a_mend(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        rows(text)
    assert expected in str(caught.value)
    assert len(str(caught.value)) < 400
