"""An input whose patients are scattered, partitioned on disk by patient, with bounded memory.

Three passes over texts of lines. The first notes who bears whom: of each link the two nodes as hashes, and who is a
patient. Then, once, all links together tell of each node the bucket of its patient (16 bytes a link and 12 a node in
memory). The third pass writes the lines of each text, sorted by bucket, into one file. Two nodes with one hash come
into one bucket, no more: lines are put together by their nodes there, never by hashes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.keys import keys_of
from vhkg.cohort.rdf.components import components
from vhkg.cohort.rdf.lines import Lines
from vhkg.cohort.rdf.links import Links
from vhkg.cohort.rdf.odd import OddLine
from vhkg.cohort.rdf.statements import Subjects
from vhkg.validation.columns import Ints

Hashes: TypeAlias = npt.NDArray[np.uint64]
Slots: TypeAlias = npt.NDArray[np.uint32]

_AT_ONCE = 1 << 20


class Bucket(NamedTuple):
    """A part of a bucket that is small enough to be read at once."""

    text: bytes
    faulty: tuple[OddLine, ...]


class Partition:
    """The files of one partition. `size` is about how large the text of a part of a bucket may be."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._size = size

    def keep(self, number: int, text: bytes) -> None:
        """Store a text of a file that can be read only once."""
        self._write(f"texts/{number}", text)

    def texts(self) -> Iterator[tuple[int, bytes]]:
        """The texts that were stored, in their order."""
        for path in _by_number(self._folder / "texts"):
            yield int(path.name), path.read_bytes()

    def link(self, number: int, size: int, links: Links) -> None:
        """Note what a text of `size` bytes says of who bears whom."""
        self._save(
            f"links/{number}.npz",
            child=_hashes(links.child),
            bearer=_hashes(links.bearer),
            patient=_hashes(links.patient),
            key=keys_of(links.patient.str.slice(1).str.strip_chars_end(">").to_list()),
            size=np.array(size),
        )

    def resolve(self, buckets: int) -> None:
        """Find the place of every node that is linked, or a patient: its bucket, and the part of it."""
        if (self._folder / "routes/shape.npy").exists() and self._shape()[0] == buckets:
            return
        found = [np.load(path) for path in sorted((self._folder / "links").glob("*.npz"))]
        child, bearer, patient, key = (
            np.concatenate([each[name] for each in found]) for name in ("child", "bearer", "patient", "key")
        )
        parts = 1 + int(sum(int(each["size"]) for each in found)) // (buckets * self._size)
        nodes = np.concatenate([child, bearer, patient])
        nodes.sort()
        nodes = nodes[np.concatenate([[True], nodes[1:] != nodes[:-1]])[: len(nodes)]]
        left, right = _places(nodes, bearer), _places(nodes, child)
        del child, bearer
        head = components(len(nodes), left, right)
        del left, right
        least = nodes.copy()  # without a patient, a group goes by its head
        heads = head[_places(nodes, patient)]
        least[heads] = np.iinfo(np.uint64).max
        np.minimum.at(least, heads, key)
        slot = (least[head] % np.uint64(buckets * parts)).astype(np.uint32)
        self._put("routes/nodes", nodes)
        self._put("routes/slots", slot)
        self._put("routes/shape", np.array([buckets, parts]))

    def route(self, number: int, lines: Lines, subjects: Subjects, buckets: int, before: int) -> None:
        """Write the lines of a text, those of a bucket together. `before` is the number of lines before the text."""
        nodes, slots = (np.load(self._folder / f"routes/{name}.npy", mmap_mode="r") for name in ("nodes", "slots"))
        parts = self._shape()[1]
        of_node = _slots_of(_hashes(subjects.tokens), nodes, slots, buckets * parts)
        of_row = np.where(subjects.subject >= 0, of_node[subjects.subject], 0)
        count = len(lines.start)
        faulty = {row: line for row, line in subjects.odd.items() if line.fault}
        wanted = np.ones(count, np.bool_)
        wanted[[row for row in faulty if row < count]] = False
        rows = np.flatnonzero(wanted)
        rows = rows[np.argsort(of_row[rows], kind="stable")]
        ends = np.cumsum(lines.end[rows] + 1 - lines.start[rows])
        last = np.searchsorted(of_row[rows], np.arange(buckets * parts), side="right")
        offsets = np.concatenate([[0], np.concatenate([[0], ends])[last]]).astype("<i8")
        if faulty:
            aside = [(int(of_row[row]), line._replace(number=before + line.number)) for row, line in faulty.items()]
            self._write(f"faults/{number}", json.dumps(aside).encode())
        self._write(f"lines/{number}", offsets.tobytes() + _text(lines, rows))

    def parts(self, bucket: int) -> Iterator[Bucket]:
        """What all texts say of the patients of a bucket, part by part."""
        buckets, parts = self._shape()
        paths = _by_number(self._folder / "lines")
        aside = [line for path in _by_number(self._folder / "faults") for line in json.loads(path.read_bytes())]
        for slot in range(bucket * parts, (bucket + 1) * parts):
            text = b"".join(_slice(path, slot, buckets * parts) for path in paths)
            yield Bucket(text, tuple(OddLine(*line) for place, line in aside if place == slot))

    def _shape(self) -> tuple[int, int]:
        buckets, parts = np.load(self._folder / "routes/shape.npy").tolist()
        return buckets, parts

    def _save(self, name: str, **arrays: npt.NDArray[np.generic]) -> None:
        content = io.BytesIO()
        np.savez(content, **arrays)  # type: ignore[arg-type]  # arrays by name
        self._write(name, content.getbuffer())

    def _put(self, name: str, array: npt.NDArray[np.generic]) -> None:
        path = self._folder / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"unfinished-{path.name}")
        np.save(unfinished, array)
        unfinished.replace(path)

    def _write(self, name: str, content: bytes | memoryview) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"unfinished-{name.replace('/', '-')}"
        unfinished.write_bytes(content)
        unfinished.replace(path)


def _by_number(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: int(path.name)) if folder.is_dir() else []


def _hashes(tokens: pl.Series) -> Hashes:
    """They are compared within one partition only, so they may differ between releases of Polars."""
    return tokens.hash().to_numpy().astype(np.uint64, copy=False)


def _slots_of(hashes: Hashes, nodes: Hashes, slots: Slots, most: int) -> Slots:
    """Where each node goes; one that nothing links goes by itself."""
    found = (hashes % np.uint64(most)).astype(np.uint32)
    if not len(nodes):
        return found
    place = np.minimum(_places(nodes, hashes), len(nodes) - 1)
    known = nodes[place] == hashes
    found[known] = slots[place[known]]
    return found


def _places(nodes: Hashes, hashes: Hashes) -> Ints:
    """Where hashes stand among the sorted ones. Many at a time are looked up in order: neighbours are in one page."""
    found = np.empty(len(hashes), np.int32)
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        order = np.argsort(some)
        found[start + order] = np.searchsorted(nodes, some[order])
    return found


def _text(lines: Lines, rows: npt.NDArray[np.intp]) -> bytes:
    data = lines.data
    return b"".join(
        [data[start:end] for start, end in zip(lines.start[rows].tolist(), (lines.end[rows] + 1).tolist(), strict=True)]
    )


def _slice(path: Path, slot: int, slots: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(8 * slot)
        start, end = np.frombuffer(stream.read(16), "<i8").tolist()
        stream.seek(8 * (slots + 1) + start)
        return stream.read(end - start)
