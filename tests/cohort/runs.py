"""Whole runs of a reader: its pieces as they are, or partitioned by patient, in words."""

from __future__ import annotations

import pickle
from pathlib import Path

from tests.cohort.batches import Shown, shown, together
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.reader import Reader, ScatteredError


def read(reader: Reader, knowledge: Knowledge) -> Shown:
    """Piece by piece, by a reader that was sent to another process."""
    pieces = reader.pieces()
    sent = sent_elsewhere(reader)
    return together(shown(sent.read(piece), knowledge) for piece in pieces)


def sent_elsewhere(reader: Reader) -> Reader:
    found: Reader = pickle.loads(pickle.dumps(reader))
    return found


def partitioned(reader: Reader, knowledge: Knowledge, folder: Path, buckets: int = 5) -> Shown:
    """Through buckets; every piece is scattered twice, as after an interruption, and in the reverse order."""
    pieces = reader.pieces()
    sent = sent_elsewhere(reader)
    for piece in (*pieces, *reversed(pieces)):
        sent.scatter(piece, folder, buckets)
    other = sent_elsewhere(reader)
    return together(shown(other.gather(bucket, folder), knowledge) for bucket in range(buckets))


def reappearing(reader: Reader) -> int:
    """How many keys stand in more than one piece."""
    keys = [set(reader.read(piece).keys.tolist()) for piece in reader.pieces()]
    return sum(map(len, keys)) - len(set().union(*keys))


def scattered(reader: Reader) -> bool:
    """Whether a run would partition the input."""
    try:
        return reader.partitions or reappearing(reader) > 0
    except ScatteredError:
        return True
