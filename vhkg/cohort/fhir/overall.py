"""What is true of an export as a whole: whether it lists its patients, how many servers, what stands twice in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from vhkg.cohort.fhir.parts import Rows
from vhkg.cohort.keys import keys_of
from vhkg.patients.tally import Tally

ALL = "all"
_SUMMARY = "summary"
_RESOURCES = ".resources"
"""Beside what a piece wrote: the keys of the origins and contents of its resources, sorted."""
_SLICE = 1 << 22

Keys = npt.NDArray[np.uint64]


class OfPiece(msgspec.Struct, frozen=True):
    """`lines` is how many the piece has of its `file`; `servers` are two at most."""

    file: str
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
    """What was read of a piece: `contents` are digests, in the order of `origins`."""

    rows: Rows
    tally: Tally
    has_patients: bool
    origins: list[str]
    contents: list[bytes]


def write_piece(folder: Path, piece: int, lines: ReadPiece, file: str, count: int) -> None:
    keys = np.stack([keys_of(lines.origins), np.frombuffer(b"".join(lines.contents), np.uint64)], axis=1)
    write(folder / ALL / f"{piece}{_RESOURCES}", _sorted(keys).tobytes())
    lists = lines.has_patients or bool(lines.rows.known)
    found = OfPiece(file, count, lists, sorted(filter(None, lines.rows.servers))[:2])
    write(folder / ALL / str(piece), msgspec.msgpack.encode(found))


NOTHING = Overall(lists=False, scattered=False, before={}, contested=b"")
"""Of sources that have nothing to do with each other."""


def overall(folder: Path) -> Overall:
    """From what all pieces wrote; found out once, and kept in the folder."""
    kept = folder / ALL / _SUMMARY
    if kept.exists():
        return msgspec.msgpack.decode(kept.read_bytes(), type=Overall)
    paths = sorted((path for path in kept.parent.iterdir() if path.name.isdecimal()), key=lambda path: int(path.name))
    lists, servers, before, lines, contents = False, set[str](), dict[int, int](), dict[str, int](), []
    for path in paths:
        piece = msgspec.msgpack.decode(path.read_bytes(), type=OfPiece)
        lists |= piece.lists
        servers.update(piece.servers)
        before[int(path.name)] = lines.get(piece.file, 0)
        lines[piece.file] = before[int(path.name)] + piece.lines
        contents.append(_mapped(path.with_name(f"{path.name}{_RESOURCES}")))
    found = Overall(lists, len(servers) > 1, before, contested(contents).tobytes())
    write(kept, msgspec.msgpack.encode(found))
    return found


def contested(pieces: list[Keys]) -> Keys:
    """The origins that stand twice with different content, by slices of the origins. Each piece is sorted."""
    total = sum(map(len, pieces))
    bounds = np.linspace(0, 2.0**64, total // _SLICE + 2)[1:-1].astype(np.uint64)
    cuts = [np.searchsorted(piece[:, 0], bounds) for piece in pieces]
    found = []
    for number in range(len(bounds) + 1):
        some = [
            piece[cut[number - 1] if number else 0 : cut[number] if number < len(bounds) else None]
            for piece, cut in zip(pieces, cuts, strict=True)
        ]
        found.append(_twice(some))
    return np.concatenate(found)


def _twice(pieces: Iterable[Keys]) -> Keys:
    keys = _sorted(np.concatenate([np.empty((0, 2), np.uint64), *pieces]))
    again = (keys[1:, 0] == keys[:-1, 0]) & (keys[1:, 1] != keys[:-1, 1])
    return np.unique(keys[1:, 0][again])


def _sorted(keys: Keys) -> Keys:
    return keys[np.lexsort((keys[:, 1], keys[:, 0]))]


def _mapped(path: Path) -> Keys:
    """Not read as a whole, since all of them may be more than the memory holds."""
    if not path.stat().st_size:
        return np.empty((0, 2), np.uint64)
    return np.memmap(path, np.uint64, "r").reshape(-1, 2)


def write(path: Path, content: bytes) -> None:
    """The file appears whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
