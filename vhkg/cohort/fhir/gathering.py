"""The parts of a bucket become a batch: who of its patients counts, and what is said of them, in columns.

Most patients have dated facts at levels that are understood, whose lesions are the levels. The others are put together
one by one, by the code for one patient.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from vhkg.cohort.batch import Refusal
from vhkg.cohort.fhir.overall import Overall
from vhkg.cohort.fhir.parts import FATE, LINE, PATIENT, SERVER, Part, entries_of, facts_of, with_lines
from vhkg.model.source_report import Fate
from vhkg.patients.assembly import name_fault
from vhkg.patients.fhir.bulk import NOT_LISTED, ON_SEVERAL_SERVERS, not_read, twice

Numbers = npt.NDArray[np.int32]


class Gathered(NamedTuple):
    """What counts. The columns of `facts` are those of a part, with the patient's place in front; names are numbers in
    `sites` and `codes`. `origins` are by the first column of the part, the entry.
    """

    patients: list[str]
    facts: Numbers
    sites: list[str]
    codes: list[tuple[str, ...]]
    origins: list[str]
    refused: list[Refusal]
    unmapped: Counter[str]
    fates: Counter[str]


class Gathering:
    """Puts parts together. `file` is what refusals call the input."""

    def __init__(self, file: str, parts: Sequence[Part], overall: Overall) -> None:
        self._file, self._overall = file, overall
        self._parts = [_with_lines(part, overall.before.get(part.piece, 0)) for part in parts]
        self._sites: dict[str, int] = {"": 0}
        self._codes: dict[tuple[str, ...], int] = {}
        self._refused: list[Refusal] = []
        self._unmapped: Counter[str] = Counter()
        self._fates: Counter[str] = Counter()

    def gathered(self) -> Gathered:
        parts = self._parts
        known = {part.patients[at] for part in parts for at in part.known}
        counting = [self._counting(part, known) for part in parts]
        stated = {part.patients[at] for part, kept in zip(parts, counting, strict=True) for at in _bearers(part, kept)}
        names = sorted(known | stated)
        faults = {name: fault for name in names if (fault := name_fault(name))}
        patients = [name for name in names if name not in faults]
        places = {name: place for place, name in enumerate(patients)}
        facts, origins = [np.empty((0, 10), np.int32)], list[str]()
        for part, kept in zip(parts, counting, strict=True):
            place_of = np.array([places.get(name, -1) for name in part.patients], np.int32)
            found = self._facts(part, kept, place_of, len(origins))
            facts.append(found)
            origins += part.origins
            self._count(part, kept, place_of)
        for fault in faults.values():
            self._refuse("", f"{self._file}: a patient is not read, since the name {fault}.")
        for part in parts:
            self._refused += [Refusal(self._file, "", sentence) for sentence in part.refused]
            self._fates.update(part.counts)
        return Gathered(
            patients, np.concatenate(facts), list(self._sites), list(self._codes), origins,
            self._refused, self._unmapped, self._fates,
        )  # fmt: skip

    def _counting(self, part: Part, known: set[str]) -> npt.NDArray[np.bool_]:
        """Which entries count, by what is true of the export as a whole; the others are refused."""
        overall, entries = self._overall, entries_of(part)
        contested = overall.is_contested(np.frombuffer(part.resources, np.uint64))
        elsewhere = entries[:, SERVER] > 0 if overall.scattered else np.zeros(len(entries), np.bool_)
        strange = np.array([overall.lists and name not in known for name in part.patients], np.bool_)
        unlisted = strange[entries[:, PATIENT]]
        kept: npt.NDArray[np.bool_] = ~(contested | elsewhere | unlisted)
        line = overall.before.get(part.piece, 0)
        for at in np.flatnonzero(~kept).tolist():
            number = int(entries[at, LINE])
            place = part.files[number] if part.files else f"{part.file}, line {line + number}"
            resource = part.origins[at].partition("#")[0]
            reason = twice(resource) if contested[at] else ON_SEVERAL_SERVERS if elsewhere[at] else NOT_LISTED
            self._refuse(part.patients[entries[at, PATIENT]], not_read(place, reason))
        return kept

    def _facts(self, part: Part, kept: npt.NDArray[np.bool_], place_of: Numbers, first: int) -> Numbers:
        """The facts of entries that count, with the patient's place, and names by the numbers of the whole."""
        entries, facts = entries_of(part), facts_of(part)
        of_entry = place_of[entries[:, PATIENT]]
        facts = facts[kept[facts[:, 0]] & (of_entry[facts[:, 0]] >= 0)]
        found = np.empty((len(facts), 10), np.int32)
        found[:, 0] = of_entry[facts[:, 0]]
        found[:, 1:] = facts
        found[:, 1] += first
        sites, codes = _numbers(self._sites, part.sites), _numbers(self._codes, part.codes)
        found[:, 6:8] = sites[facts[:, 5:7]]
        found[:, 8] = codes[facts[:, 7]]
        return found

    def _count(self, part: Part, kept: npt.NDArray[np.bool_], place_of: Numbers) -> None:
        entries = entries_of(part)
        named = place_of[entries[:, PATIENT]] >= 0
        self._fates[Fate.REFUSED.value] += int(np.count_nonzero(kept & ~named))
        counts = np.bincount(entries[kept & named, FATE], minlength=len(part.fates)).tolist()
        for (fate, detail), count in zip(part.fates, counts, strict=True):
            if fate != Fate.REFUSED:
                self._fates[fate] += count
            if fate == Fate.UNMAPPED and count:
                self._unmapped[detail] += count
        refused = [fate == Fate.REFUSED for fate, _ in part.fates]
        for at in np.flatnonzero(np.array([*refused, False], np.bool_)[entries[:, FATE]] & kept & named).tolist():
            self._refuse(part.patients[entries[at, PATIENT]], part.fates[entries[at, FATE]][1])

    def _refuse(self, patient: str, sentence: str) -> None:
        self._refused.append(Refusal(self._file, patient, sentence))
        self._fates[Fate.REFUSED.value] += 1


def _with_lines(part: Part, before: int) -> Part:
    """With the places of lines in their file."""

    def placed(texts: Iterable[str]) -> list[str]:
        return [with_lines(text, before) for text in texts]

    return msgspec.structs.replace(
        part,
        patients=placed(part.patients),
        fates=[(fate, with_lines(detail, before)) for fate, detail in part.fates],
        origins=placed(part.origins),
        refused=placed(part.refused),
    )


def _bearers(part: Part, kept: npt.NDArray[np.bool_]) -> list[int]:
    found: list[int] = np.unique(entries_of(part)[kept, PATIENT]).tolist()
    return found


def _numbers(names: dict, values: Iterable) -> Numbers:  # type: ignore[type-arg]
    return np.array([names.setdefault(value, len(names)) for value in values], np.int32)
