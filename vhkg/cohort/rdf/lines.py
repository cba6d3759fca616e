"""A text of N-Triples or N-Quads as columns of tokens, as far as its lines are of the plainest form.

Plain is ``subject predicate object .`` with one space between, as every writer of N-Triples writes it. A CSV reader
splits such lines; that the three tokens and the spaces make up all of a line is then seen from the lengths. What is
written otherwise is only marked, for the parser to read.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.validation.columns import Bools

Longs: TypeAlias = npt.NDArray[np.int64]

_COLUMNS = ("subject", "predicate", "object")
_SPACE, _DOT, _BACKSLASH = b" .\\"


class Lines(NamedTuple):
    """The lines that are neither blank nor a comment. Line i is ``data[start[i]:end[i]]``, `number` counts from 1.

    Tokens are null where a line has fewer. `plain` lines hold them and nothing else; in lines that are `closed`,
    subject and predicate are followed by something and a full stop, that is a text with spaces, perhaps.
    `object_start` is where the third token begins.
    """

    data: bytes
    start: Longs
    end: Longs
    number: Longs
    subject: pl.Series
    predicate: pl.Series
    object: pl.Series
    object_start: Longs
    plain: Bools
    closed: Bools
    garbled: tuple[tuple[int, bytes], ...]
    """Lines that are not UTF-8, with their numbers; they are in no column."""

    def line(self, row: int) -> bytes:
        return self.data[self.start[row] : self.end[row]]


def lines_of(data: bytes) -> Lines:
    """Split a text. LF, CRLF and CR end a line."""
    if data and not data.endswith(b"\n"):
        data += b"\n"
    ends = _line_ends(data)
    table = None if b"\r" in data else _tokens(data, len(ends))
    if table is not None:
        return _lines(data, ends, np.arange(1, len(ends) + 1), table, ())
    data, numbers, garbled = _tidied(data)
    ends = _line_ends(data)
    table = _tokens(data, len(ends))
    if table is None:
        table = pl.DataFrame({name: pl.repeat(None, len(ends), dtype=pl.String, eager=True) for name in _COLUMNS})
    return _lines(data, ends, numbers, table, garbled)


def _line_ends(data: bytes) -> Longs:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")).astype(np.int64, copy=False)


def _tokens(data: bytes, lines: int) -> pl.DataFrame | None:
    """The first three tokens of every line; None if the reader does not see the lines that there are."""
    if not lines:
        return pl.DataFrame(schema=dict.fromkeys(_COLUMNS, pl.String))
    try:
        table = pl.read_csv(
            data,
            has_header=False,
            separator=" ",
            quote_char=None,
            schema=dict.fromkeys(_COLUMNS, pl.String),
            extra_columns="ignore",
            missing_columns="insert",
        )
    except pl.exceptions.PolarsError:
        return None
    return table if len(table) == lines else None


def _lines(
    data: bytes, ends: Longs, numbers: Longs, table: pl.DataFrame, garbled: tuple[tuple[int, bytes], ...]
) -> Lines:
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])[: len(ends)]
    subject, predicate, value = (table[name] for name in _COLUMNS)
    before = _lengths(subject) + _lengths(predicate) + 2
    object_start = starts + before
    there = (subject.is_not_null() & predicate.is_not_null() & value.is_not_null()).to_numpy()
    text = np.frombuffer(data, np.uint8)
    length = ends - starts
    closed = there & (length > before + 2)
    closed[closed] = (text[ends[closed] - 1] == _DOT) & (text[ends[closed] - 2] == _SPACE)
    plain = closed & (length == before + _lengths(value) + 2)
    backslashes = np.flatnonzero(text == _BACKSLASH) if b"\\" in data else np.empty(0, np.intp)
    escaped = np.searchsorted(ends, backslashes)
    plain[escaped] = closed[escaped] = False
    return Lines(data, starts, ends, numbers, subject, predicate, value, object_start, plain, closed, garbled)


def _lengths(tokens: pl.Series) -> Longs:
    return tokens.str.len_bytes().fill_null(0).to_numpy().astype(np.int64, copy=False)


def _tidied(data: bytes) -> tuple[bytes, Longs, tuple[tuple[int, bytes], ...]]:
    """The lines that hold something, with their numbers, and those that are not UTF-8."""
    kept: list[bytes] = []
    numbers: list[int] = []
    garbled: list[tuple[int, bytes]] = []
    for number, line in enumerate(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), start=1):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            garbled.append((number, line))
        else:
            kept.append(line)
            numbers.append(number)
    return b"".join(line + b"\n" for line in kept), np.array(numbers, np.int64), tuple(garbled)
