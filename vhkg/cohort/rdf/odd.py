"""Lines that are not of the plainest form, one by one: what they link, or why they are no statement."""

from __future__ import annotations

import re
from typing import NamedTuple

from vhkg.errors import InputError
from vhkg.intake import Document, Format, Iri, Term
from vhkg.intake.gate import shown
from vhkg.intake.lines import LINE_LIMIT
from vhkg.intake.rdf import parse_triples
from vhkg.intake.terms import Blank

_SUBJECT = re.compile(rb'[ \t]*(<[^<>"{}|^`\\\x00-\x20]*>|_:[^\s<>"]+)[ \t]')


class OddLine(NamedTuple):
    """A line of a text, by its number. Subject and value are tokens, empty where there is none or the value is a text.

    With a `fault` the line is no statement that a patient graph may hold; `subject` is then what it begins with.
    """

    number: int
    subject: str
    predicate: str
    value: str
    fault: str = ""
    column: str = ""
    mend: str = ""

    def message(self, file: str, before: int | None) -> str:
        """The fault in one sentence; `before` is the number of lines before the text, or None to name the node."""
        place = f"node {shown(self.subject)}" if self.subject else None
        if before is not None:
            place = f"line {before + self.number}{self.column}"
        return str(InputError(self.fault, file=file, place=place, mend=self.mend))


def read_odd(line: bytes, number: int, file: str, format: Format) -> OddLine | None:
    """One line as the parser sees it; None if there is no statement in it."""
    try:
        if b"\x00" in line:
            raise InputError("there is a NUL byte", file=file, mend="save the file as plain UTF-8 text")
        if not _is_text(line):
            raise InputError("it is not UTF-8", file=file, mend="save the file as UTF-8")
        if len(line) > LINE_LIMIT:
            raise InputError("a line is longer than 2 MiB", file=file, mend="write a statement a line")
        triples = parse_triples(Document(name=file, content=line, format=format))
    except InputError as error:
        return _faulty(line, number, error)
    if not triples:
        return None
    ((subject, predicate, value),) = triples
    return OddLine(number, token(subject), predicate, token(value))


def token(term: Term) -> str:
    """As N-Triples writes a node; empty for a text."""
    if isinstance(term, Iri):
        return f"<{term.value}>"
    return str(term) if isinstance(term, Blank) else ""


def _faulty(line: bytes, number: int, error: InputError) -> OddLine:
    start = _SUBJECT.match(line)
    subject = start.group(1).decode("utf-8", "replace") if start else ""
    column = re.search(r", column \d+", error.place or "")
    return OddLine(number, subject, "", "", error.fault, column.group() if column else "", error.mend or "")


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
