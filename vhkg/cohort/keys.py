"""Hashes of names: the same on every machine, in every process and with every release of a library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_WIDTH = 64
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


def keys_of(names: Sequence[str]) -> npt.NDArray[np.uint64]:
    """One key a name: those of up to 64 bytes are hashed as columns of words, others one by one.

    >>> keys_of(["p1", "p2", "p1"]).tolist()
    [3694982825378602937, 18338716724163303916, 3694982825378602937]
    """
    encoded = [name.encode("utf-8", "surrogatepass") for name in names]
    lengths = np.fromiter(map(len, encoded), np.uint64, len(encoded))
    words = np.array(encoded, dtype=f"S{_WIDTH}").view("<u8").reshape(len(encoded), _WIDTH // 8)
    found = lengths * _FACTOR
    for column in words.T:
        found = (found ^ column) * _FACTOR
        found ^= found >> _SHIFT
    for place in np.flatnonzero(lengths > _WIDTH).tolist():
        found[place] = int.from_bytes(hashlib.blake2b(encoded[place], digest_size=8).digest(), "little")
    return found


def buckets_of(keys: npt.NDArray[np.uint64], buckets: int) -> npt.NDArray[np.int64]:
    """The bucket of each key, from 0."""
    return (keys % np.uint64(buckets)).astype(np.int64)
