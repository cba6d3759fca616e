"""What the lines of a piece say, in columns, cut by patient and written where the patient's bucket is.

The place of a line in its file is known only when all pieces before it have been read, so texts hold the place in the
piece between two marks, and the file's are put in when a bucket is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from vhkg.cohort.batch import UNDATED, day_number
from vhkg.cohort.fhir.memory import Understood
from vhkg.cohort.fhir.outcomes import Lexicon
from vhkg.cohort.keys import buckets_of, keys_of
from vhkg.model.source_report import SourceReport
from vhkg.patients.days import last_day

Numbers = npt.NDArray[np.int32]
_Value = TypeVar("_Value")

_BEGIN, _END = "\u2e28\u2983", "\u2984\u2e29"
"""Brackets that no one uses so, and that can be printed, since an origin that cannot is refused."""
_MARKED = re.compile(f"{_BEGIN}([0-9]+){_END}")

PATIENT, SERVER, LINE, FATE = range(4)
"""Columns of entries: `LINE` counts in the piece."""
ENTRY, DAY, LETTERS, FINDING, STATUS, SITE, RAW_SITE, CODES, AMBIGUOUS = range(9)
"""Columns of facts: `LETTERS` are those of the day as it is written, 0 for none."""
_ENTRY_WIDTH, _FACT_WIDTH = 4, 9


class PieceLine(int):
    """The place of a line in its piece."""

    def __format__(self, spec: str) -> str:
        return f"{_BEGIN}{int(self)}{_END}"


def has_line(text: str) -> bool:
    """Whether a text holds the place of a line in its piece."""
    return _BEGIN in text


def with_lines(text: str, before: int) -> str:
    """A text with places in its file; `before` lines are before the piece."""
    return _MARKED.sub(lambda found: str(int(found[1]) + before), text) if has_line(text) else text


class Part(msgspec.Struct, frozen=True):
    """The patients of a piece that are of one bucket. `entries` and `facts` are rows of integers, as bytes.

    `resources` are the keys of what entries come from; `counts` and `refused` are of lines that are nobody's.
    """

    piece: int
    file: str
    files: list[str]
    patients: list[str]
    known: list[int]
    servers: list[str]
    fates: list[tuple[str, str]]
    sites: list[str]
    codes: list[tuple[str, ...]]
    origins: list[str]
    resources: bytes
    entries: bytes
    facts: bytes
    counts: dict[str, int]
    refused: list[str]


class Rows:
    """Grows entry by entry. A resource is known by its origin; `scoped`, by its patient and origin.

    `files` are what the lines of entries count, where an entry stands in a file and not in a line of one.
    """

    def __init__(self, *, scoped: bool = False) -> None:
        self.files: list[str] = []
        self._scoped = scoped
        self.patients: dict[str, int] = {}
        self.servers: dict[str, int] = {"": 0}
        self.known: set[str] = set()
        self.origins: list[str] = []
        self.entries: list[int] = []
        self.facts: list[int] = []
        self._days: dict[str, tuple[int, int]] = {"": (int(UNDATED), 0)}

    def add(self, patient: str, server: str, line: int, origin: str, understood: Sequence[Understood]) -> None:
        of_patient = self.patients.setdefault(patient, len(self.patients))
        of_server = self.servers.setdefault(server, len(self.servers))
        for part, outcome, days in understood:
            for finding, status, day, *names in outcome.facts:
                found = self._days.get(days[day]) or self._day(days[day])
                self.facts += (len(self.origins), *found, finding, status, *names)
            self.entries += (of_patient, of_server, line, outcome.fate)
            self.origins.append(origin + part)

    def scope(self, patient: str, origin: str) -> str:
        """What a resource is known by."""
        return f"{patient} {origin}" if self._scoped else origin

    def resources(self) -> list[str]:
        """What the resource of each entry is known by."""
        origins = [origin.partition("#")[0] for origin in self.origins]
        if not self._scoped:
            return origins
        names = list(self.patients)
        of_entry = self.entries[PATIENT::_ENTRY_WIDTH]
        return [self.scope(names[patient], origin) for patient, origin in zip(of_entry, origins, strict=True)]

    def _day(self, text: str) -> tuple[int, int]:
        day = last_day(text)
        assert day is not None
        found = self._days[text] = day_number(day), len(text)
        return found


def parts_of_piece(
    rows: Rows, lexicon: Lexicon, buckets: int, *, piece: int, file: str, lines: SourceReport
) -> Iterator[tuple[int, Part]]:
    """By bucket, the part of each that has patients. What `lines` counts goes to one of them."""
    every, stated = array_of(rows.entries, _ENTRY_WIDTH), array_of(rows.facts, _FACT_WIDTH)
    resources = keys_of(rows.resources())
    names = [*rows.patients, *(name for name in rows.known if name not in rows.patients)]
    of_name = buckets_of(keys_of(names), buckets)
    of_entry = of_name[every[:, PATIENT]]
    of_fact = of_entry[stated[:, ENTRY]]
    home = piece % buckets
    for bucket in sorted({home, *of_name.tolist()}):
        chosen = np.flatnonzero(of_entry == bucket)
        entries, facts = every[chosen], stated[of_fact == bucket]
        facts[:, ENTRY] = np.searchsorted(chosen, facts[:, ENTRY])
        patients = np.flatnonzero(of_name == bucket)
        entries[:, PATIENT] = np.searchsorted(patients, entries[:, PATIENT])
        own = [names[at] for at in patients.tolist()]
        fates = _cut(lexicon.fates.values, entries, FATE)
        yield (
            bucket,
            Part(
                piece=piece,
                file=file,
                files=rows.files,
                patients=own,
                known=[at for at, name in enumerate(own) if name in rows.known],
                servers=list(rows.servers),
                fates=[(fate.value, detail) for fate, detail in fates],
                sites=_cut(lexicon.sites.values, facts, SITE, RAW_SITE),
                codes=_cut(lexicon.codes.values, facts, CODES),
                origins=[rows.origins[at] for at in chosen.tolist()],
                resources=resources[chosen].tobytes(),
                entries=entries.tobytes(),
                facts=facts.tobytes(),
                counts={fate.value: lines.total(fate) for fate in lines.counts} if bucket == home else {},
                refused=list(lines.refusals) if bucket == home else [],
            ),
        )


def _cut(values: Sequence[_Value], rows: Numbers, *columns: int) -> list[_Value]:
    """The values that occur in these columns, whose numbers become places in them."""
    used, places = np.unique(rows[:, columns], return_inverse=True)
    rows[:, columns] = places.reshape(-1, len(columns))
    return [values[at] for at in used.tolist()]


def array_of(numbers: list[int], width: int) -> Numbers:
    return np.array(numbers, np.int32).reshape(-1, width)


def entries_of(part: Part) -> Numbers:
    return np.frombuffer(part.entries, np.int32).reshape(-1, _ENTRY_WIDTH)


def facts_of(part: Part) -> Numbers:
    return np.frombuffer(part.facts, np.int32).reshape(-1, _FACT_WIDTH)
