"""Where a piece writes its parts, and where a bucket finds those of all pieces."""

from __future__ import annotations

from pathlib import Path

import msgspec

from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.fhir.overall import ReadPiece, write, write_piece
from vhkg.cohort.fhir.parts import Part, parts_of_piece
from vhkg.cohort.reader import Piece


def write_parts(folder: Path, piece: Piece, found: ReadPiece, memory: Memory, buckets: int, *, lines: int) -> None:
    """Files appear whole, what is true of the piece as a whole last. `lines` is how many lines it has."""
    lexicon, report = memory.interpretation.lexicon, found.tally.report(0)
    parts = parts_of_piece(found.rows, lexicon, buckets, piece=piece.number, file=piece.name, lines=report)
    for bucket, part in parts:
        write(folder / str(bucket) / str(piece.number), msgspec.msgpack.encode(part))
    write_piece(folder, piece, found, lines)


def scattered_parts(folder: Path, bucket: int) -> list[Part]:
    """In the order of the pieces."""
    place = folder / str(bucket)
    paths = [path for path in place.iterdir() if path.name.isdecimal()] if place.is_dir() else []
    decode = msgspec.msgpack.Decoder(Part).decode
    return [decode(path.read_bytes()) for path in sorted(paths, key=lambda path: int(path.name))]
