"""A cohort reader beside the reader of one source: what both say, in words."""

from __future__ import annotations

from pathlib import Path

from tests.cohort.batches import Shown, shown, together
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.reader import Reader
from vhkg.cohort.records import batch_of


def partitioned(reader: Reader, knowledge: Knowledge, folder: Path, buckets: int) -> Shown:
    """By patient, with the pieces in reverse: their order must not matter."""
    for piece in list(reader.pieces())[::-1]:
        reader.scatter(piece, folder, buckets)
    found = together([shown(reader.gather(bucket, folder), knowledge) for bucket in range(buckets)])
    return nameless(found)


def one_by_one(path: Path, knowledge: Knowledge) -> Shown:
    found = knowledge.read_source(path)
    return nameless(shown(batch_of(str(path), found.patients, knowledge, report=found.report), knowledge))


def nameless(found: Shown) -> Shown:
    """Refusals as the source report has them: it names no patients beside its sentences."""
    return found._replace(refused=sorted((file, "", message) for file, _, message in found.refused))
