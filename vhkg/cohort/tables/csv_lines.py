"""Lines of a facts CSV become cells.

Here a row is one line, so that a quotation mark that nobody closed costs one row and not all that follow. The plain
lines, which nearly all are, are taken apart together; others one by one, by the reader that `vhkg recommend` uses.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.tables.cells import PLACE, Cells, RowFault
from vhkg.intake.rows import UNQUOTED

_COMMA, _BREAK, _MARK = ord(","), ord("\n"), ord('"')
_QUOTED_PLAINLY = re.compile(rb'(?:"[^",]*"|[^",]*)(?:,(?:"[^",]*"|[^",]*))*')
"""Quotation marks around whole fields, which hold neither a comma nor a quotation mark: they can be left out."""


def cells_of(data: bytes, header: tuple[str, ...]) -> Cells:
    """The cells of whole lines. A line that is no row is a fault of the patient whom it seems to name."""
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text += b"" if text.endswith(b"\n") else b"\n"
    bare = _without_marks(text)
    if bare is not None and _is_plain(bare, len(header)):
        return Cells(_frame(bare, header, None))
    lines = list(_lines(text))
    plain = [at for at, line in enumerate(lines) if line.count(b",") == len(header) - 1 and _is_text(line)]
    rows = _frame(b"".join(lines[at] + b"\n" for at in plain), header, np.array(plain, np.int64))
    others = sorted(set(range(len(lines))) - set(plain))
    further, faults = _one_by_one(others, lines, header)
    return Cells(pl.concat([rows, further]), faults)


def no_cells(header: tuple[str, ...]) -> pl.DataFrame:
    """The frame of no row at all."""
    return _rows([], header)


def line_count(data: bytes) -> int:
    """How many lines `cells_of` takes whole lines for."""
    breaks = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return breaks + (not data.endswith((b"\n", b"\r")) and bool(data))


def fields_of(line: bytes) -> list[str]:
    """The fields of one line. Raises csv.Error and UnicodeDecodeError."""
    return [field.strip() for field in next(csv.reader([line.decode("utf-8")], strict=True), [])]


def _without_marks(text: bytes) -> bytes | None:
    """The text with every quotation mark left out, if each pair of them stands around a whole field, as those that
    `_QUOTED_PLAINLY` matches do; else None.
    """
    if b'"' not in text:
        return text
    content = np.frombuffer(text, np.uint8)
    separators = np.flatnonzero((content == _COMMA) | (content == _BREAK))
    marks = np.flatnonzero(content == _MARK)
    if marks.size % 2:
        return None
    opening, closing = marks[0::2], marks[1::2]
    field = np.searchsorted(separators, opening)
    starts = np.concatenate([[0], separators + 1])
    if (starts[field] == opening).all() and (separators[field] == closing + 1).all():
        return text.replace(b'"', b"")
    return None


def _is_plain(text: bytes, columns: int) -> bool:
    """Whether every line is UTF-8 with the right number of fields. There is no quotation mark."""
    if not _is_utf8(text):
        return False
    content = np.frombuffer(text, np.uint8)
    marks = content[(content == _COMMA) | (content == _BREAK)]
    if marks.size % columns:
        return False
    expected = np.array([_COMMA] * (columns - 1) + [_BREAK], np.uint8)
    return bool((marks.reshape(-1, columns) == expected).all())


def _lines(text: bytes) -> Iterator[bytes]:
    for line in text[:-1].split(b"\n"):
        plainly = b'"' in line and _QUOTED_PLAINLY.fullmatch(line)
        yield line.replace(b'"', b"") if plainly else line


def _is_text(line: bytes) -> bool:
    return b'"' not in line and _is_utf8(line)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _frame(text: bytes, header: tuple[str, ...], places: npt.NDArray[np.int64] | None) -> pl.DataFrame:
    if not text:
        return _rows([], header)
    schema = dict.fromkeys(header, pl.String)
    rows = pl.read_csv(io.BytesIO(text), has_header=False, schema=schema, quote_char=None).fill_null("")
    column = pl.int_range(len(rows), dtype=pl.Int64, eager=True) if places is None else pl.Series(places)
    return rows.insert_column(0, column.alias(PLACE))


def _rows(rows: list[tuple[int, *tuple[str, ...]]], header: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={PLACE: pl.Int64, **dict.fromkeys(header, pl.String)}, orient="row")


def _one_by_one(places: list[int], lines: list[bytes], header: tuple[str, ...]) -> tuple[pl.DataFrame, list[RowFault]]:
    rows: list[tuple[int, *tuple[str, ...]]] = []
    faults: list[RowFault] = []
    at_patient = header.index("patient")
    for place in places:
        patient = ""
        try:
            fields = fields_of(lines[place])
        except UnicodeDecodeError:
            fault, mend = "it is not UTF-8", "save it as UTF-8"
        except csv.Error as error:
            fault, mend = f"not CSV: {error}", "correct the quotation marks; here a row is one line"
        else:
            if len(fields) == len(header):
                rows.append((place, *fields))
                continue
            if not any(fields):
                continue
            patient = fields[at_patient] if at_patient < len(fields) else ""
            fault, mend = f"there are {len(fields)} fields for {len(header)} columns", UNQUOTED
        faults.append(RowFault(place, patient, fault, mend))
    return _rows(rows, header), faults
