"""Days as sources write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.patients.days import last_day, written_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T12:30", "2026-03-01"),
        ("2026-03-01T12:30:00", "2026-03-01"),
        ("2026-03-01 12:30:00", "2026-03-01"),
        ("2026-03-01T12:30:00.123456789Z", "2026-03-01"),
        ("2026-03-01T00:30:00+14:00", "2026-03-01"),
        ("2026-03-01T23:30:00-11:00", "2026-03-01"),
        ("2024-02-29", "2024-02-29"),
        ("0001-01-01", "0001-01-01"),
    ],
)
def test_the_day_is_the_one_that_is_written(text: str, day: str) -> None:
    assert written_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "26", "202", "20263", "2026-3", "2026-00", "2026-13", "2026-03-00", "2026-03-32", "2026-02-30",
        "2025-02-29", "0000-01-01", "2026-03-01T", "2026-03-01T12", "2026-03-01Z", "2026-03T12:30", "2026-03-01 ",
        " 2026-03-01", "2026-03-01\n", "20260301", "01.03.2026", "2026/03/01", "-2026-03-01", "٢٠٢٦-٠٣-٠١", "today",
        "2026-03-01T12:30:00.", "2026-03-01T12:30:00 Z",
    ],
)  # fmt: skip
def test_what_names_no_day(text: str) -> None:
    assert written_day(text) == ""


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2026", "2026-12-31"),
        ("2026-03", "2026-03-31"),
        ("2026-04", "2026-04-30"),
        ("2026-02", "2026-02-28"),
        ("2024-02", "2024-02-29"),
        ("2026-03-01", "2026-03-01"),
        ("9999", "9999-12-31"),
        ("0001", "0001-12-31"),
    ],
)
def test_a_month_or_year_counts_as_its_last_day(written: str, last: str) -> None:
    assert last_day(written) == datetime.date.fromisoformat(last)


def test_no_day_is_none() -> None:
    assert last_day("") is None


@given(st.dates())
def test_a_date_is_itself_and_never_later_than_its_month_or_year_counts(day: datetime.date) -> None:
    text = day.isoformat()
    assert last_day(written_day(text)) == day
    ends = [last_day(written_day(part)) for part in (text[:7], text[:4])]
    assert all(end is not None and day <= end and end.isoformat()[:4] == text[:4] for end in ends)


@given(st.text(st.sampled_from("0123456789-:TZ+. ")))
def test_of_any_text_comes_a_day_that_exists_or_none(text: str) -> None:
    found = written_day(text)
    assert text.startswith(found)
    assert (last_day(found) is None) is (found == "")
