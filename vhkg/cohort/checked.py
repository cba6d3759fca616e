"""Results of the patient shapes as columns, where they are many: what is said of each undated row, say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple, overload

import polars as pl

from vhkg.cohort.batch import Checked
from vhkg.cohort.recurring import joined
from vhkg.model.checks import ValidationResult


class CheckedColumns(NamedTuple):
    """`file`, `patient` and the fields of `ValidationResult`: texts, or members (`vhkg.cohort.recurring`)."""

    file: pl.Series
    patient: pl.Series
    focus_node: pl.Series
    result_path: pl.Series
    severity: pl.Series
    component: pl.Series
    value: pl.Series
    message: pl.Series
    shape: pl.Series


class CheckedTable(Sequence[Checked], ABC):
    """Results that are made one by one only if somebody wants them so."""

    @abstractmethod
    def columns(self) -> CheckedColumns:
        """All of them."""

    @abstractmethod
    def __iter__(self) -> Iterator[Checked]: ...

    @overload
    def __getitem__(self, index: int) -> Checked: ...
    @overload
    def __getitem__(self, index: slice) -> list[Checked]: ...
    def __getitem__(self, index: int | slice) -> Checked | list[Checked]:
        return list(self)[index]


class CheckedTogether(CheckedTable):
    """Those of several, one after another."""

    def __init__(self, parts: Sequence[Sequence[Checked]]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[Checked]:
        return chain.from_iterable(self._parts)

    def columns(self) -> CheckedColumns:
        return CheckedColumns(*map(joined, zip(*map(columns_of, self._parts), strict=True)))


def together(parts: Sequence[Sequence[Checked]]) -> Sequence[Checked]:
    """The results of all parts."""
    some = [part for part in parts if len(part)]
    return some[0] if len(some) == 1 else CheckedTogether(some) if some else ()


def columns_of(checked: Sequence[Checked]) -> CheckedColumns:
    """Results as columns."""
    if isinstance(checked, CheckedTable):
        return checked.columns()
    texts: list[list[str]] = [[each.file for each in checked], [each.patient for each in checked]]
    for field in ValidationResult.__struct_fields__:
        texts.append([getattr(each.result, field) for each in checked])
    return CheckedColumns(*(pl.Series(column, dtype=pl.String) for column in texts))
