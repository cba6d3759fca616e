"""What is true of an export as a whole: whether it lists its patients, how many servers, what stands twice in it.

Where a resource stands twice, which is rare, its lines or files are read anew, to see whether its content is the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from vhkg.cohort.fhir.parts import Rows
from vhkg.cohort.keys import keys_of
from vhkg.cohort.reader import Piece
from vhkg.patients.fhir.bulk import written
from vhkg.patients.tally import Tally

ALL = "all"
_SUMMARY = "summary"
_RESOURCES = ".resources"
"""Beside what a piece wrote: key of the origin, and place, of each of its resources, sorted."""
_SLICE = 1 << 22

Keys = npt.NDArray[np.uint64]
Again: TypeAlias = Callable[[Piece, set[int]], Iterable[tuple[str, bytes]]]
"""Places of a piece, read anew: origin and digest of the content of each resource."""


class OfPiece(msgspec.Struct, frozen=True):
    """`lines` is how many the piece has of its file; `servers` are two at most."""

    piece: Piece
    lines: int
    lists: bool
    servers: list[str]


class Overall(msgspec.Struct, frozen=True):
    """`before` says of each piece how many lines of its file are before it; `contested` are keys of origins, sorted."""

    lists: bool
    scattered: bool
    before: dict[int, int]
    contested: bytes

    def is_contested(self, resources: Keys) -> npt.NDArray[np.bool_]:
        return np.isin(resources, np.frombuffer(self.contested, np.uint64))


class ReadPiece(Protocol):
    """What was read of a piece: the resources by their origins, with the lines or files in which they are."""

    rows: Rows
    tally: Tally
    has_patients: bool
    origins: list[str]
    places: list[int]


def write_piece(folder: Path, piece: Piece, read: ReadPiece, lines: int) -> None:
    keys = np.stack([keys_of(read.origins), np.array(read.places, np.uint64)], axis=1)
    write(folder / ALL / f"{piece.number}{_RESOURCES}", _sorted(keys).tobytes())
    lists = read.has_patients or bool(read.rows.known)
    found = OfPiece(piece, lines, lists, sorted(filter(None, read.rows.servers))[:2])
    write(folder / ALL / str(piece.number), msgspec.msgpack.encode(found))


NOTHING = Overall(lists=False, scattered=False, before={}, contested=b"")
"""Of sources that have nothing to do with each other."""


def overall(folder: Path, again: Again) -> Overall:
    """From what all pieces wrote; found out once, and kept in the folder."""
    kept = folder / ALL / _SUMMARY
    if kept.exists():
        return msgspec.msgpack.decode(kept.read_bytes(), type=Overall)
    numbers = sorted(int(path.name) for path in kept.parent.iterdir() if path.name.isdecimal())
    pieces = [msgspec.msgpack.decode((kept.parent / str(n)).read_bytes(), type=OfPiece) for n in numbers]
    before, lines = dict[int, int](), dict[str, int]()
    for each in pieces:
        before[each.piece.number] = lines.get(each.piece.name, 0)
        lines[each.piece.name] = before[each.piece.number] + each.lines
    keys = [_mapped(kept.parent / f"{number}{_RESOURCES}") for number in numbers]
    contested = _with_two_contents(_in_slices(keys, _repeated), pieces, keys, again)
    servers = {server for each in pieces for server in each.servers}
    lists = any(each.lists for each in pieces)
    found = Overall(lists, len(servers) > 1, before, contested.tobytes())
    write(kept, msgspec.msgpack.encode(found))
    return found


def _in_slices(pieces: list[Keys], chosen: Callable[[Keys], npt.NDArray[np.bool_]]) -> Keys:
    """The origins that are chosen among all of a slice of origins, sorted. Each piece is sorted."""
    total = sum(map(len, pieces))
    bounds = np.linspace(0, 2.0**64, total // _SLICE + 2)[1:-1].astype(np.uint64)
    cuts = [np.searchsorted(piece[:, 0], bounds) for piece in pieces]
    found = [np.empty(0, np.uint64)]
    for number in range(len(bounds) + 1):
        some = [
            piece[cut[number - 1] if number else 0 : cut[number] if number < len(bounds) else None]
            for piece, cut in zip(pieces, cuts, strict=True)
        ]
        keys = _sorted(np.concatenate([np.empty((0, 2), np.uint64), *some]))
        found.append(np.unique(keys[1:, 0][chosen(keys)]))
    return np.concatenate(found)


def _repeated(keys: Keys) -> npt.NDArray[np.bool_]:
    """Where a key is that of the one before."""
    repeated: npt.NDArray[np.bool_] = keys[1:, 0] == keys[:-1, 0]
    return repeated


def _differing(keys: Keys) -> npt.NDArray[np.bool_]:
    """Where a key is that of the one before, and what goes with it is not."""
    differing: npt.NDArray[np.bool_] = _repeated(keys) & (keys[1:, 1] != keys[:-1, 1])
    return differing


def _with_two_contents(origins: Keys, pieces: list[OfPiece], keys: list[Keys], again: Again) -> Keys:
    """Those of `origins` whose contents are different too."""
    if not len(origins):
        return origins
    found = []
    for each, own in zip(pieces, keys, strict=True):
        places = set(own[np.isin(own[:, 0], origins), 1].tolist())
        resources = list(again(each.piece, places)) if places else []
        digests = np.frombuffer(b"".join(digest for _, digest in resources), np.uint64)
        read = np.stack([keys_of([origin for origin, _ in resources]), digests], axis=1)
        found.append(_sorted(read[np.isin(read[:, 0], origins)]))
    return _in_slices(found, _differing)


def _sorted(keys: Keys) -> Keys:
    return keys[np.lexsort((keys[:, 1], keys[:, 0]))]


def _mapped(path: Path) -> Keys:
    """Not read as a whole, since all of them may be more than the memory holds."""
    if not path.stat().st_size:
        return np.empty((0, 2), np.uint64)
    return np.memmap(path, np.uint64, "r").reshape(-1, 2)


def digest(resource: Any) -> bytes:
    """Of the content of a resource, however it is written."""
    return hashlib.sha256(written(resource)).digest()[:8]


def write(path: Path, content: bytes) -> None:
    """The file appears whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
