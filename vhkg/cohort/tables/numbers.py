"""Cells as the numbers of a batch. Each different text is understood once, by the reader of single rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.batch import UNDATED, day_number
from vhkg.cohort.records import STATUSES
from vhkg.intake.lexical import calendar_date, unprintable
from vhkg.intake.rows import MAX_FIELD_LENGTH, RowReader, status_of
from vhkg.model.record import AssertionStatus

Mask = npt.NDArray[np.bool_]

_PLAIN = r"^[!-~\u00A1-\u024F](?:[ -~\u00A1-\u024F]*[!-~\u00A1-\u024F])?$"
"""Printable Latin text without white space around it."""
_DAYS = day_number(datetime.date.min), day_number(datetime.date.max)


class Numbered(NamedTuple):
    """A column as numbers; where `known` is false, the text is none that is understood and its number means nothing."""

    numbers: npt.NDArray[np.int32]
    known: Mask


def findings_of(column: pl.Series, places: dict[str, int], reader: RowReader) -> Numbered:
    """A finding as its place. A code is not understood here, since it may say several things."""

    def number(text: str) -> int | None:
        name = reader.named_finding(text)
        return None if name is None else places[name]

    return _numbered(column, number, list(places))


def statuses_of(column: pl.Series) -> Numbered:
    def number(text: str) -> int | None:
        status = status_of(text)
        return None if status is None else STATUSES[status]

    return _numbered(column, number, [*AssertionStatus, ""])


def days_of(column: pl.Series) -> Numbered:
    if column.dtype == pl.Date:
        days = column.to_physical()
        return Numbered(days.fill_null(int(UNDATED)).to_numpy(), days.is_between(*_DAYS).fill_null(True).to_numpy())

    def number(text: str) -> int | None:
        if not text:
            return int(UNDATED)
        day = calendar_date(text)
        return None if day is None else day_number(day)

    return _numbered(column, number, [""])


def date_texts(column: pl.Series) -> pl.Series:
    """Days as a facts CSV writes them. One that has no such form, being beyond the calendar, says so."""
    days = column.to_physical()
    dates = days.set(~days.is_between(*_DAYS), None).cast(pl.Date).dt.to_string("%Y-%m-%d")
    return dates.fill_null(days.cast(pl.String) + " days from 1970-01-01").fill_null("")


def plain(texts: pl.Series) -> Mask:
    """Which texts are names as they stand: not empty, printable, not too long, no white space around them."""
    return (texts.str.contains(_PLAIN) & (texts.str.len_chars() <= MAX_FIELD_LENGTH)).to_numpy()


def names_of(column: pl.Series) -> tuple[Numbered, list[str]]:
    """Names of lesions as places in the second value, which is sorted and begins with the empty name."""
    texts = pl.concat([column.unique().cast(pl.String), pl.Series([""])]).unique().sort()
    known = plain(texts) | (texts == "").to_numpy()
    codes = column.cast(pl.String).cast(pl.Enum(texts)).to_physical().to_numpy().astype(np.int32)
    every = np.ones(len(column), np.bool_) if known.all() else known[codes]
    return Numbered(codes, every), texts.to_list()


def _numbered(column: pl.Series, number: Callable[[str], int | None], usual: list[str]) -> Numbered:
    """The usual texts are tried first, so that the different ones need to be looked for among the others only."""
    column = column.cast(pl.String)
    codes = column.cast(pl.Enum(pl.Series(usual, dtype=pl.String)), strict=False)
    places = codes.to_physical().cast(pl.UInt32).fill_null(len(usual)).to_numpy()
    texts = usual
    if codes.null_count():
        rest = column.filter(codes.is_null())
        others = rest.unique()
        places = places.copy()
        places[places == len(usual)] = len(usual) + rest.cast(pl.Enum(others)).to_physical().to_numpy()
        texts = [*usual, *others]
    numbers = [_of_text(text, number) for text in texts]
    table = np.array([0 if each is None else each for each in numbers], np.int32)
    known = np.array([each is not None for each in numbers], np.bool_)
    return Numbered(table.take(places), np.ones(len(column), np.bool_) if known.all() else known.take(places))


def _of_text(text: str, number: Callable[[str], int | None]) -> int | None:
    stripped = text.strip()
    return None if len(stripped) > MAX_FIELD_LENGTH or unprintable(stripped) else number(stripped)
