"""Rows that are alike: each different one, where it stands first or at all, and which of them every row is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Words = npt.NDArray[np.uint64]
_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_TABLES = 3


class Kinds(NamedTuple):
    """`places` has a row of each kind, `of` the kind of each row."""

    places: Places
    of: npt.NDArray[np.int32]


def distinct(rows: npt.NDArray[np.uint8]) -> tuple[list[bytes], Kinds]:
    """The different rows, and which of them each row is."""
    count, width = rows.shape
    words = -(-width // 8) or 1
    padded = np.zeros((count, words * 8), np.uint8)
    padded[:, :width] = rows
    found = kinds(list(np.ascontiguousarray(padded.view(np.uint64).T)), count)
    return [bytes(row) for row in rows[found.places]], found


def kinds(columns: Sequence[Words], count: int) -> Kinds:
    """Rows, given as columns, that are equal.

    Each row goes to a slot of a table by its hash, and is of the kind of the row that is there last, if it is equal to
    it. Others, whose slot one of another kind took, go on to a further table, and at last are sorted: no more than a
    few, so that this is several times faster than to sort all.
    """
    used = [column for column in columns if column.any()]
    left: npt.NDArray[np.int32] = np.arange(count, dtype=np.int32)
    key, mine = np.zeros(count, np.uint64), used
    for column in used:
        key = (key ^ column) * _FACTOR
        key ^= key >> _SHIFT
    like = left.copy()
    for _ in range(_TABLES):
        if not len(left):
            break
        key *= _FACTOR
        bits = max(len(left).bit_length() + 1, 8)
        slot = (key >> np.uint64(64 - bits)).astype(np.intp)
        table = np.empty(1 << bits, np.int32)
        table[slot] = left
        taken = table.take(slot)
        differs = np.zeros(len(left), np.bool_)
        for column, own in zip(used, mine, strict=True):
            differs |= column.take(taken) != own
        if len(left) == count:
            like = taken
        else:
            like[left] = taken
        again = np.flatnonzero(differs)
        left, key, mine = left[again], key[again], [own[again] for own in mine]
        key ^= key >> _SHIFT
    if len(left):
        first, of = _sorted(np.lexsort(mine), mine)
        like[left] = left[first][of]
    places = np.flatnonzero(like == np.arange(count, dtype=np.int32))
    number = np.empty(count, np.int32)
    number[places] = np.arange(len(places), dtype=np.int32)
    return Kinds(places, number.take(like))


def narrowed(columns: Iterable[tuple[Words, int]]) -> list[Words]:
    """Of each column the bits of its mask, those of several columns in one word as far as they fit."""
    words: list[Words] = []
    used = 64
    for column, mask in columns:
        if mask:
            low = (mask & -mask).bit_length() - 1
            width = mask.bit_length() - low
            if used + width > 64:
                words.append(np.zeros(len(column), np.uint64))
                used = 0
            own = column & np.uint64(mask)
            words[-1] |= own << np.uint64(used - low) if used >= low else own >> np.uint64(low - used)
            used += width
    return words


def bits_as_words(columns: Sequence[Bools]) -> list[Words]:
    """Columns of truth values, up to 64 of them in a word."""
    words = []
    for start in range(0, len(columns), 64):
        word = columns[start].astype(np.uint64)
        for bit, column in enumerate(columns[start + 1 : start + 64], 1):
            word |= column.astype(np.uint64) << np.uint64(bit)
        words.append(word)
    return words


def _sorted(order: Places, columns: Sequence[Words] | Words) -> tuple[Places, Places]:
    """Of rows in an order in which equal ones stand together."""
    new = np.zeros(len(order), np.bool_)
    new[:1] = True
    for column in columns:
        ordered = column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    inverse = np.empty(len(order), np.intp)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse
