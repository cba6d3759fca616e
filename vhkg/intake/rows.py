"""The facts CSV: one assessment per row, read strictly."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Container, Iterator, Sequence

import msgspec

from vhkg.errors import InputError, near_matches
from vhkg.intake.document import Document
from vhkg.intake.lexical import calendar_date, unprintable
from vhkg.model.record import AssertionStatus
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import BASE

COLUMNS = ("patient", "presentation", "finding", "status", "date")
REQUIRED = ("patient", "finding", "status")
MAX_FIELD_LENGTH = 500
UNQUOTED = "put fields that hold a comma in quotation marks"
_PREFIX = "vhkg:"
_PREFIXED = re.compile(f"^(?:{re.escape(BASE)}|{_PREFIX})")
_STATUSES = {
    "present": AssertionStatus.PRESENT,
    "yes": AssertionStatus.PRESENT,
    "absent": AssertionStatus.ABSENT,
    "no": AssertionStatus.ABSENT,
    "": AssertionStatus.UNKNOWN,
    "unknown": AssertionStatus.UNKNOWN,
    "na": AssertionStatus.UNKNOWN,
}


class FactRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `presentation` is empty where no lesion was recorded; `line` is that on which the row ends."""

    line: int
    patient: str
    presentation: str
    finding: str
    status: AssertionStatus
    date: datetime.date | None
    code: str = ""
    """A CURIE in place of the finding, which is then empty."""


def read_rows(document: Document, vocabulary: Vocabulary, prefixes: Container[str] = ()) -> tuple[FactRow, ...]:
    """All rows, in file order; the first fault is an error that names its line. `prefixes` are those of CURIEs.

    Case does not matter in the header and the statuses; white space around a field is dropped; rows whose
    fields are all empty, which spreadsheets leave behind, are skipped.
    """
    lines = _lines(document)
    try:
        _, names = next(lines)
    except StopIteration:
        raise InputError("it is empty", file=document.name, mend="`vhkg template csv` prints a start") from None
    header = columns_of(names, document.name)
    reader = RowReader(document.name, vocabulary, header, prefixes)
    rows = tuple(reader.row(line, fields) for line, fields in lines)
    if not rows:
        raise InputError(
            "it has a header and no rows", file=document.name, mend="add one row per finding that was assessed"
        )
    return rows


def _lines(document: Document) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(document.text, newline=""), strict=True)
    try:
        for fields in reader:
            stripped = [field.strip() for field in fields]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise InputError(
            f"not CSV: {error}", file=document.name, place=f"line {reader.line_num}", mend="correct the quotation marks"
        ) from error


def columns_of(names: Sequence[str], file: str, place: str | None = "line 1") -> tuple[str, ...]:
    """The columns that a header names, whatever their case. Raises InputError where it is none of a facts table."""
    header = tuple(name.lower() for name in names)
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise InputError("the columns are not separated by commas", file=file, place=place, mend="save it with commas")
    for name in header:
        if name not in COLUMNS:
            near = near_matches(name, COLUMNS)
            mend = f"did you mean {' or '.join(near)}" if near else f"the columns are {', '.join(COLUMNS)}"
            raise InputError(f"unknown column {_shown(name)}", file=file, place=place, mend=mend)
        if header.count(name) > 1:
            raise InputError(f"the column {name!r} stands twice", file=file, place=place, mend="keep one")
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise InputError(
            f"there is no column {' or '.join(missing)}",
            file=file,
            place=place,
            mend=f"start the file with {','.join(COLUMNS)}",
        )
    return header


class RowReader:
    """Reads rows of one table, whose columns are `header`; `unit` is what the place of a row is counted in."""

    def __init__(
        self,
        file: str,
        vocabulary: Vocabulary,
        header: tuple[str, ...],
        prefixes: Container[str],
        *,
        unit: str = "line",
    ) -> None:
        self.file = file
        self._unit = unit
        self._prefixes = prefixes
        self._findings = vocabulary.findings
        self._header = header

    def row(self, line: int, fields: Sequence[str]) -> FactRow:
        """The row with these fields, without white space around them. Raises InputError that names its place."""
        if len(fields) != len(self._header):
            raise self.fault(line, f"there are {len(fields)} fields for {len(self._header)} columns", UNQUOTED)
        cells = dict(zip(self._header, fields, strict=True))
        together = "".join(fields)
        if len(together) > MAX_FIELD_LENGTH or unprintable(together):
            for name, text in cells.items():
                self._check_text(line, name, text)
        if not cells["patient"]:
            raise self.fault(line, "the patient is empty", "name the patient on every row")
        code = cells["finding"] if self._is_code(cells["finding"]) else ""
        return FactRow(
            line=line,
            patient=cells["patient"],
            presentation=cells.get("presentation", ""),
            code=code,
            finding="" if code else self._finding(line, cells["finding"]),
            status=self._status(line, cells["status"]),
            date=self._date(line, cells.get("date", "")),
        )

    def _check_text(self, line: int, name: str, text: str) -> None:
        if len(text) > MAX_FIELD_LENGTH:
            raise self.fault(line, f"the {name} is longer than {MAX_FIELD_LENGTH} characters", "shorten it")
        if found := unprintable(text):
            raise self.fault(line, f"there is an unprintable character {found}", "remove it")

    def _is_code(self, text: str) -> bool:
        """Whether it is a CURIE under a known prefix, and none of our own terms."""
        prefix, _, code = text.partition(":")
        return bool(code) and not text.startswith(_PREFIX) and not code.startswith("//") and prefix in self._prefixes

    def named_finding(self, text: str) -> str | None:
        """The finding that a field names by one of our names; None where it names a code, or nothing that we know."""
        name = _PREFIXED.sub("", text)
        return name if name in self._findings and not self._is_code(text) else None

    def _finding(self, line: int, text: str) -> str:
        name = self.named_finding(text)
        if name:
            return name
        if not _PREFIXED.sub("", text):
            raise self.fault(line, "the finding is empty", "see `vhkg terms` for the names that exist")
        near = near_matches(_PREFIXED.sub("", text), self._findings)
        mend = f"did you mean {' or '.join(near)}" if near else "see `vhkg terms` for the names that exist"
        raise self.fault(line, f"unknown finding {_shown(text)}", mend)

    def _status(self, line: int, text: str) -> AssertionStatus:
        status = status_of(text)
        if status is None:
            raise self.fault(line, f"unknown status {_shown(text)}", "write present, absent or unknown")
        return status

    def _date(self, line: int, text: str) -> datetime.date | None:
        if not text:
            return None
        found = calendar_date(text)
        if found is None:
            raise self.fault(line, f"{_shown(text)} is no calendar date", "write it as YYYY-MM-DD")
        return found

    def fault(self, line: int, fault: str, mend: str) -> InputError:
        """A fault of the row at a place."""
        return InputError(fault, file=self.file, place=f"{self._unit} {line}", mend=mend)


def status_of(text: str) -> AssertionStatus | None:
    """The status that a field names, whatever its case; None if it names none."""
    return _STATUSES.get(text.lower())


def _shown(text: str) -> str:
    return repr(text[:80])
