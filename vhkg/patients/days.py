"""Days as sources write them: a calendar date, with or without a time, or a month or year only."""

from __future__ import annotations

import calendar
import datetime
import re

_DAY = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?", re.ASCII
)


def written_day(text: str) -> str:
    """The day, month or year in ISO 8601 that a date or date-time names; the empty string if it names none.

    The day is the one that is written, whatever the time zone: the wall clock of those who recorded it.
    FHIR: https://hl7.org/fhir/R4/datatypes.html#dateTime
    """
    found = _DAY.fullmatch(text)
    if not found:
        return ""
    _, month, day = found.groups()
    written = text[: 10 if day else 7 if month else 4]
    try:
        datetime.date.fromisoformat(f"{written}{'' if day else '-01' if month else '-01-01'}")
    except ValueError:
        return ""
    return written


def last_day(text: str) -> datetime.date | None:
    """The day of a written day, month or year; the last one, so that it is never known too early. None for none."""
    if not text:
        return None
    year, month, day = int(text[:4]), int(text[5:7] or 12), text[8:]
    return datetime.date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
