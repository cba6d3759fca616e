"""Where a file may be cut so that no patient is, if its patients stand one after another.

The statements of a patient are linked, however they are ordered among themselves. So in a stretch of lines that begins
anywhere, the nodes' extents (from the first line that names a node to the last) overlap within each patient and not
between two. What comes before the second extent with a patient in it belongs to patients that began before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
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
                to_end = start + len(text) == self.size
                whole = text if to_end else text[: text.rfind(b"\n") + 1]
                found = _second_patient(whole.splitlines(keepends=True), self.links, to_end=to_end)
                if found is not None:
                    return start + found
                if to_end:
                    return self.size
        return start


def _second_patient(lines: Iterable[bytes], links: frozenset[bytes], *, to_end: bool) -> int | None:
    """How many bytes come before the second patient; `to_end` tells that the lines go to the end of the file.

    Extents without a patient between those of the first and the second are parts of either: of the first, since it
    began before, unless the lines end within the second. That they do not is seen from a third.
    """
    second: int | None = None
    between = False
    seen = 0
    for start, patients in _extents(lines, links):
        seen += patients > 0
        if patients and seen >= 2:
            second = start if second is None else second
            if not between or seen >= 3:
                return second
        between = between or (seen == 1 and not patients)
    return second if to_end else None


def _extents(lines: Iterable[bytes], links: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    """Where stretches of overlapping extents begin, and how many patients are typed in each."""
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
    start = end = 0
    for first, last in [*extents.values(), [position, position]]:  # in the order of their first lines
        if first > end:
            yield start, bisect_right(patients, end) - bisect_left(patients, start)
            start = first
        end = max(end, last)
