"""Texts that recur in a column, as members of an Enum: the form that is the quickest to make and to write.

A file says that they are plain texts, whatever is in the frame (`vhkg.cohort.journal`), so that files with other texts
can be read together with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Codes = npt.NDArray[np.unsignedinteger[Any]]


def members(texts: Sequence[str | None], used: npt.NDArray[np.bool_] | None = None) -> pl.Series:
    """The texts, to be gathered by place; of those that are not `used` none is known afterwards.

    The members are sorted, so that a file depends on nothing but its rows.
    """
    kept = [text if used is None or used[at] else None for at, text in enumerate(texts)]
    return pl.Series(kept, dtype=pl.Enum(sorted({text for text in kept if text is not None})))


def coded(codes: Codes, texts: Sequence[str | None]) -> pl.Series:
    """Texts by code, where there may be many more of them than occur."""
    used = np.bincount(codes, minlength=len(texts)) > 0
    return members(texts, used).gather(as_places(codes))


def names(texts: Sequence[str]) -> pl.Series:
    """Texts as they stand, many of them different; the members are in the order in which they come."""
    found = pl.Series(texts, dtype=pl.String)
    return found.cast(pl.Enum(found.unique(maintain_order=True)))


def as_places(codes: npt.NDArray[np.integer[Any]]) -> pl.Series:
    """Places that Polars need not convert."""
    return pl.Series(codes.astype(np.uint32, copy=False))


def same(text: str, count: int) -> pl.Series:
    """One text over and over."""
    return _alone(text).new_from_index(0, count)


@lru_cache(64)
def _alone(text: str) -> pl.Series:
    return members([text])


def joined(parts: Sequence[pl.Series]) -> pl.Series:
    """Columns one after another; where one has members, all get those of all."""
    if all(part.dtype == pl.String for part in parts):
        return pl.concat(parts)
    every = {text for part in parts for text in (texts_of(part) or part.unique().to_list())}
    common = pl.Enum(sorted(every - {None}))
    return pl.concat([part.cast(common) for part in parts])


def texts_of(column: pl.Series) -> list[str]:
    """The members that a column may have, by `pl.Series.to_physical`; none of a column without."""
    return column.dtype.categories.to_list() if isinstance(column.dtype, pl.Enum) else []
