"""A file read as a run reads it: piece by piece, or partitioned where patients are scattered."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.cohort.batches import Shown, shown, together
from tests.support import shipped
from vhkg.cohort.batch import Batch
from vhkg.cohort.rdf import RdfReader
from vhkg.cohort.reader import PreparingReader, ScatteredError


class Reading(NamedTuple):
    found: Shown
    partitioned: bool
    batches: int


def read(path: Path, folder: Path, *, piece_size: int = 16 << 20, buckets: int = 3) -> Reading:
    reader = pickle.loads(pickle.dumps(RdfReader(str(path), shipped(), piece_size)))
    batches = None if reader.partitions else _contiguous(reader)
    partitioned = batches is None
    if batches is None:
        assert isinstance(reader, PreparingReader)
        for stage in range(reader.preparations):
            for piece in reversed(reader.pieces()):
                reader.prepare(piece, folder, buckets, stage)
                reader.prepare(piece, folder, buckets, stage)  # as after an interruption
        for piece in [*reversed(reader.pieces()), *reader.pieces()]:
            reader.scatter(piece, folder, buckets)
        batches = [reader.gather(bucket, folder) for bucket in range(buckets)]
    return Reading(together(shown(batch, shipped()) for batch in batches), partitioned, len(batches))


def _contiguous(reader: RdfReader) -> Sequence[Batch] | None:
    """The batches of all pieces; None if a patient goes beyond one, or stands in two."""
    try:
        found = [reader.read(piece) for piece in reader.pieces()]
    except ScatteredError:
        return None
    keys = np.concatenate([np.unique(batch.keys) for batch in found])
    return found if len(np.unique(keys)) == len(keys) else None
