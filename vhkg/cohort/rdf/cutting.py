"""Where a file may be cut so that no patient is, if its patients stand one after another.

The statements of a patient are linked, however they are ordered among themselves. So in a stretch of lines that begins
anywhere, the nodes' extents (from the first line that names a node to the last) overlap within each patient and not
between two. What comes before the second extent with a patient in it belongs to patients that began before.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from vhkg.errors import InputError
from vhkg.namespaces import Rdf, Vhkg

_WINDOWS = (9, 5, 1)
"""How often the size of a piece is halved for the stretches that are looked at, one after another."""
_LONGEST_LINE = 1 << 24
_TYPE = f"<{Rdf.type}>".encode()
_PATIENT = f"<{Vhkg.Patient}>".encode()


class Cutter(NamedTuple):
    """`links` are tokens of the predicates that lead from a patient to its nodes. `piece_size` bounds the search."""

    path: Path
    size: int
    piece_size: int
    links: frozenset[bytes]

    def line(self, offset: int) -> int:
        """The first place from `offset` on where a line begins."""
        if offset <= 0 or offset >= self.size:
            return min(max(offset, 0), self.size)
        with self.path.open("rb") as stream:
            stream.seek(offset - 1)
            rest = stream.readline(_LONGEST_LINE)
            if len(rest) == _LONGEST_LINE:
                raise InputError("a line is longer than 16 MiB", file=str(self.path), mend="write a statement a line")
            return stream.tell()

    def cut(self, offset: int) -> int:
        """The first place from `offset` on where a patient begins, as far as one can see; else where a line does."""
        start = self.line(offset)
        if start in (0, self.size):
            return start
        with self.path.open("rb") as stream:
            for shift in _WINDOWS:
                stream.seek(start)
                text = stream.read(self.piece_size >> shift)
                whole = text if start + len(text) == self.size else text[: text.rfind(b"\n") + 1]
                found = _second_patient(whole.splitlines(keepends=True), self.links)
                if found is not None:
                    return start + found
                if start + len(text) == self.size:
                    return self.size
        return start


def _second_patient(lines: Iterable[bytes], links: frozenset[bytes]) -> int | None:
    """How many bytes come before the second extent that holds a patient."""
    extents: dict[bytes, list[int]] = {}
    patients: list[int] = []
    position = 0
    for line in lines:
        subject, _, rest = line.strip().partition(b" ")
        predicate, _, value = rest.partition(b" ")
        value = value.rstrip(b" .")
        for node in (subject, value) if predicate in links else (subject,):
            extents.setdefault(node, [position, position])[1] = position
        if predicate == _TYPE and value == _PATIENT:
            patients.append(position)
        position += len(line)
    seen = 0
    start = end = -1
    for first, last in [*extents.values(), [position, position]]:  # in the order of their first lines
        if first > end:
            seen += any(start <= each <= end for each in patients)
            if seen == 2:
                return start
            start = first
        end = max(end, last)
    return None
