"""What entries come to, with numbers for the names in it, and remembered: most say what others said before.

An outcome holds no day. It says which of an entry's days each of its facts has, and is remembered only if the order of
those days changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import permutations
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.records import STATUSES, Ambiguity
from vhkg.model.coded import CodedEntry
from vhkg.model.source_report import Fate
from vhkg.patients.assembly import is_readable
from vhkg.patients.interpretation import Interpreter, Stated
from vhkg.patients.tally import SingleTally

Days: TypeAlias = tuple[str, str, str, str]
"""Recorded, began, ended, and none, as in `CodedEntry`."""
FactOf: TypeAlias = tuple[int, int, int, int, int, int, bool]
"""Finding, status, which of the days, site, site not understood, codes, and whether they are ambiguous."""

_SENTINELS = ("2001-01-01", "2002-02-02", "2003-03-03")


class Outcome(NamedTuple):
    """`fate` is a place in `Lexicon.fates`, where a refusal stands with its sentence."""

    fate: int
    facts: tuple[FactOf, ...]


Name = TypeVar("Name", bound=Hashable)


class Names(Generic[Name]):
    """Values with a number each, from 0, in the order in which they come."""

    def __init__(self, *first: Name) -> None:
        self.values = list(first)
        self._numbers = {value: number for number, value in enumerate(first)}

    def number(self, value: Name) -> int:
        found = self._numbers.setdefault(value, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found

    def __len__(self) -> int:
        return len(self.values)


class Lexicon(NamedTuple):
    """The numbers in outcomes. Sites are texts, empty for none; codes are tuples of tokens."""

    fates: Names[tuple[Fate, str]]
    sites: Names[str]
    codes: Names[tuple[str, ...]]


def new_lexicon() -> Lexicon:
    return Lexicon(Names(), Names(""), Names())


class Interpretation:
    """Entries become outcomes, by the code for one patient."""

    def __init__(self, knowledge: Knowledge) -> None:
        tables = knowledge.compiled.codes
        self._interpreter = Interpreter(tables)
        self._places = {name: place for place, name in enumerate(knowledge.content.findings)}
        self._shown = tables.shown
        self._ambiguity = Ambiguity(tables)
        self.lexicon = new_lexicon()

    def outcome(self, entry: CodedEntry, file: str) -> Outcome:
        """What an entry comes to; in refusals, the input is called `file`."""
        tally = SingleTally()
        stated = self._interpreter.stated(entry, tally) if is_readable(entry, file, tally) else ()
        days = days_of(entry)
        facts = tuple(self._fact(each, days) for each in stated)
        return Outcome(self.lexicon.fates.number((tally.fate, tally.detail)), facts)

    def lasting(self, entry: CodedEntry, file: str) -> Outcome | None:
        """The outcome if it is that of every entry that differs in its days only, and has days where this one has."""
        if not is_readable(entry, file, SingleTally()):
            return None
        present = [name for name in ("recorded", "began", "ended") if getattr(entry, name)]
        found = {
            self.outcome(msgspec.structs.replace(entry, **dict(zip(present, days, strict=True))), file)
            for days in permutations(_SENTINELS[: len(present)])
        }
        return found.pop() if len(found) == 1 else None

    def fate(self, outcome: Outcome) -> Fate:
        return self.lexicon.fates.values[outcome.fate][0]

    def is_large(self, most: int) -> bool:
        return any(len(names) > most for names in self.lexicon)

    def start_anew(self) -> None:
        self.lexicon = new_lexicon()

    def _fact(self, stated: Stated, days: Days) -> FactOf:
        codes, lexicon = stated.entry.codes, self.lexicon
        return (
            self._places[stated.finding],
            STATUSES[stated.status],
            days.index(stated.day),
            lexicon.sites.number(stated.site),
            lexicon.sites.number(stated.raw_site),
            lexicon.codes.number(codes),
            self._ambiguity.any(map(self._shown, codes)),
        )


def days_of(entry: CodedEntry) -> Days:
    return entry.recorded, entry.began, entry.ended, ""
