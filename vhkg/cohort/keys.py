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
    encoded: Sequence[str] | Sequence[bytes] = names
    if not all(map(str.isascii, names)):
        encoded = [name.encode("utf-8", "surrogatepass") for name in names]
    lengths = np.fromiter(map(len, encoded), np.uint64, len(encoded))
    used = -(-min(int(lengths.max(initial=0)), _WIDTH) // 8) or 1
    words = np.array(encoded, dtype=f"S{8 * used}").view("<u8").reshape(len(encoded), used)
    found = lengths * _FACTOR
    for place in range(_WIDTH // 8):
        if place < used:
            found ^= words[:, place]
        found *= _FACTOR
        found ^= found >> _SHIFT
    for place in np.flatnonzero(lengths > _WIDTH).tolist():
        long = names[place].encode("utf-8", "surrogatepass")
        found[place] = int.from_bytes(hashlib.blake2b(long, digest_size=8).digest(), "little")
    return found


def buckets_of(keys: npt.NDArray[np.uint64], buckets: int) -> npt.NDArray[np.int64]:
    """The bucket of each key, from 0."""
    return (keys % np.uint64(buckets)).astype(np.int64)
