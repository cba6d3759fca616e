"""Rows that are alike."""

from __future__ import annotations

import numpy as np
import pytest

from vhkg.cohort import alike
from vhkg.cohort.alike import bits_as_words, distinct, kinds


@pytest.mark.parametrize("width", [0, 1, 8, 9, 40])
def test_distinct_rows_are_told_and_one_of_each_stands_for_it(width: int) -> None:
    rows = np.random.default_rng(width).integers(0, 2, (200, width), np.uint8)
    keys, found = distinct(rows)
    assert len(set(keys)) == len(keys) == len(found.places)
    for at, group in enumerate(found.of.tolist()):
        assert bytes(rows[at]) == keys[group] == bytes(rows[found.places[group]])


@pytest.mark.parametrize("different", [1, 7, 900, 10**6])
@pytest.mark.parametrize("count", [0, 1, 2_000])
def test_a_kind_is_of_equal_rows_and_one_of_them_stands_for_it(count: int, different: int) -> None:
    source = np.random.default_rng([count, different])
    columns = [source.integers(0, different, count).astype(np.uint64) << np.uint64(shift) for shift in (0, 40)]
    columns.append(np.zeros(count, np.uint64))
    found = kinds(columns, count)
    assert all((column[found.places][found.of] == column).all() for column in columns)
    assert len(found.places) == len(set(zip(*(column.tolist() for column in columns), strict=True)))
    assert (found.of[found.places] == np.arange(len(found.places))).all()


def test_kinds_whose_hashes_are_equal_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_FACTOR", np.uint64(0))
    column = np.arange(50, dtype=np.uint64) % np.uint64(9)
    found = kinds([column, column], 50)
    assert len(found.places) == 9
    assert (column[found.places][found.of] == column).all()


def test_without_a_column_all_are_alike() -> None:
    assert kinds([], 3).of.tolist() == [0, 0, 0]
    assert len(kinds([], 0).places) == 0


@pytest.mark.parametrize("count", [0, 1, 64, 65, 130])
def test_columns_of_bits_are_told_by_their_words(count: int) -> None:
    columns = np.random.default_rng(count).integers(0, 2, (count, 20)).astype(np.bool_)
    words = bits_as_words([*columns])
    assert len(words) == -(-count // 64)
    for at, column in enumerate(columns):
        assert ((words[at // 64] >> np.uint64(at % 64)) & np.uint64(1)).astype(np.bool_).tolist() == column.tolist()
