"""What a coded entry asserts, by the tables: rules R1 to R6 of the reading of patient data (docs/patient-files.md).

Silence is never absence, and a code says no more than its row: what is not asserted is recorded as unknown, or
counted as saying nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from vhkg.intake import unprintable
from vhkg.model.coded import CodedEntry, CodeTables, Meaning, Reading
from vhkg.model.record import AssertionStatus
from vhkg.model.source_report import Fate
from vhkg.patients.tally import Tally

PRESENT, ABSENT, UNKNOWN = AssertionStatus.PRESENT, AssertionStatus.ABSENT, AssertionStatus.UNKNOWN
_CODE = re.compile(r"[\w-]{0,40}", re.ASCII)
_DISPLAY = 120
_FIRST = (Reading.DROPPED, Reading.DENIED, Reading.UNCERTAIN)
_Place = tuple[str, str, str]
_OPPOSITE = {PRESENT: ABSENT, ABSENT: PRESENT, UNKNOWN: UNKNOWN}


class Stated(NamedTuple):
    """A finding as an entry states it. `site` is the level that its body site names; `raw_site` a site not understood.

    `day` is an ISO 8601 day, month, year, or empty.
    """

    finding: str
    status: AssertionStatus
    day: str
    site: str
    raw_site: str
    entry: CodedEntry


class Interpreter:
    """Reads entries with the tables. Immutable; counts go to the tally that each call is given."""

    def __init__(self, tables: CodeTables) -> None:
        self.tables = tables
        self._levels = {site.lesion: site.kind for site in tables.sites.values() if site.lesion}

    def stated(self, entry: CodedEntry, tally: Tally) -> Iterable[Stated]:
        """What the entry states, sites and all; its fate is counted."""
        tables = self.tables
        reading = self._reading(entry, tally)
        if reading is Reading.DROPPED:
            tally.count(Fate.DROPPED, entry.element)
            return ()
        meanings = [meaning for code in entry.codes for meaning in tables.meanings.get(code, ())]
        if not meanings:
            if entry.codes:
                tally.count(Fate.UNMAPPED, _unmapped(entry, tables))
            else:
                tally.count(Fate.TEXT_ONLY, entry.element)
            return ()
        found: list[Stated] = []
        reasons: list[str] = []
        sites = list(self._sites(entry, tally))
        kinds = {"", *(kind for _, _, kind in sites)}
        for term in dict.fromkeys(meaning.term for meaning in meanings):
            own = [each for each in meanings if each.term == term and each.site_kind in kinds]
            if not own:
                kind = next(each.site_kind for each in meanings if each.term == term)
                reasons.append(f"{self._first_code(entry)}: means {term} only with a body site ({kind})")
            elif term in tables.zero_denies:
                found += self._measured(entry, _most_specific(own), reading, reasons)
            elif len({each.status == ABSENT.value for each in own}) > 1:
                unclear = msgspec.structs.replace(entry, unclear=f"{entry.element}: codes contradict each other")
                found += self._of_finding(unclear, _most_specific(own), reading, sites, reasons)
            else:
                found += self._of_finding(entry, _most_specific(own), reading, sites, reasons)
        if any(each.status is not UNKNOWN for each in found):
            tally.count(Fate.READ, entry.element)
        elif found:
            tally.count(Fate.UNKNOWN, reasons[0] if reasons else entry.element)
        else:
            tally.count(Fate.SILENT, reasons[0] if reasons else entry.element)
        return found

    def _reading(self, entry: CodedEntry, tally: Tally) -> Reading:
        """The statuses together: an error undoes, a denial denies, a doubt leaves open, else what is left to say.

        Several codes of one field are translations of each other: those that are not in the table say nothing beside
        those that are.
        """
        if len(entry.statuses) == 1:  # as most records have it, without the sets
            ((field, code),) = entry.statuses
            sole = self.tables.readings.get(f"{entry.element}.{field}|{code}")
            if sole is not None and (code or sole is not Reading.UNCERTAIN):
                return sole
        readings: set[Reading] = set()
        missing: list[str] = []
        for field in dict.fromkeys(field for field, _ in entry.statuses):
            codes = [code for each, code in entry.statuses if each == field]
            keys = [f"{entry.element}.{field}|{code}" for code in codes]
            known = [self.tables.readings[key] for key in keys if key in self.tables.readings]
            if not known:
                shown = codes[0] if _CODE.fullmatch(codes[0]) else "a code"
                tally.note(f"{entry.element}.{field} {shown} is not in the table of statuses")
            elif not any(codes) and Reading.UNCERTAIN in known:
                missing.append(f"{entry.element} without {field}")
            readings.update(known or (Reading.UNCERTAIN,))
        undone = next((each for each in _FIRST if each in readings), None)
        if undone not in (Reading.DROPPED, Reading.DENIED):  # what is denied or undone needs no further status
            for note in missing:
                tally.note(note)
        if undone is not None:
            return undone
        if Reading.SUSPECTED in readings:
            return Reading.UNCERTAIN if Reading.RESOLVED in readings else Reading.SUSPECTED
        return Reading.RESOLVED if Reading.RESOLVED in readings else Reading.ASSERTED

    def _measured(self, entry: CodedEntry, meaning: Meaning, reading: Reading, reasons: list[str]) -> Iterable[Stated]:
        """Rule R4: zero denies, a value above zero has no location and asserts nothing."""
        measure = meaning.term
        unit = self.tables.units.get(f"{measure}|{entry.unit}")
        if not (meaning.if_present and meaning.if_absent):
            reasons.append(f"{self._first_code(entry)}: another measure than {measure}")
        elif entry.unclear or reading is not Reading.ASSERTED:
            reasons.append(entry.unclear or f"{measure}: status not final")
        elif entry.absent_reason:
            reasons.append(f"{entry.element}: data absent")
        elif entry.value is None or isinstance(entry.value, bool):
            reasons.append(f"{measure}: no number")
        elif unit is None:
            reasons.append(f"{measure}: unit {self.tables.shown(entry.unit) if entry.unit else 'missing'} not mapped")
        elif not unit.minimum <= entry.value <= unit.maximum:
            reasons.append(f"{measure}: number outside its scale")
        elif entry.value != 0:
            reasons.append(f"{measure}: above zero, without a location")
        else:
            return [Stated(name, ABSENT, entry.recorded, "", "", entry) for name in self.tables.zero_denies[measure]]
        return ()

    def _of_finding(
        self, entry: CodedEntry, meaning: Meaning, reading: Reading, sites: Sequence[_Place], reasons: list[str]
    ) -> Iterable[Stated]:
        if entry.element in _ONLY_BY_ITSELF and not meaning.status:
            reasons.append(f"{entry.element}: not by a code that says present or absent itself")
            return ()
        found: list[Stated] = []
        places = [each for each in sites if each[2] == meaning.site_kind] if meaning.site_kind else sites
        for name, stated, day in self._statuses(entry, meaning, reading, reasons):
            status = stated
            carried = status is UNKNOWN or (meaning.if_present if status is PRESENT else meaning.if_absent)
            if meaning.status:
                # A code such as "no pain": its presence says so, and nothing follows from its absence.
                carried = status is not ABSENT
                if status is PRESENT and meaning.status == ABSENT.value:
                    status = _OPPOSITE[status]
            if not carried:
                relation = "broader than" if status is PRESENT else "narrower than"
                reasons.append(f"{self._first_code(entry)}: {relation} {meaning.term}")
                continue
            found += [Stated(name, status, day, lesion, raw, entry) for lesion, raw, _ in places or [("", "", "")]]
        return found

    def _statuses(
        self, entry: CodedEntry, meaning: Meaning, reading: Reading, reasons: list[str]
    ) -> Iterable[tuple[str, AssertionStatus, str]]:
        """The finding, its status and day; a resolved condition was there from its day until it ended (rule R1)."""
        term, known = meaning.term, entry.recorded or entry.began
        if entry.unclear:
            reasons.append(entry.unclear)
            return [(term, UNKNOWN, known)]
        ended = reading is Reading.RESOLVED and meaning.status  # "no pain" that holds no longer says neither
        if reading is Reading.UNCERTAIN or ended or (entry.valued and reading is not Reading.ASSERTED):
            reasons.append(f"{entry.element}: {_stated_status(entry)}")
            return [(term, UNKNOWN, known)]
        if entry.valued:
            status, reason = self._answer(entry)
            if reason:
                reasons.append(reason)
            return [(term, status, entry.recorded)]
        if reading is Reading.SUSPECTED:
            reasons.append(f"{entry.element}: {_stated_status(entry)}")
            suspected = self.tables.suspected.get(term)
            also = [(suspected, PRESENT, known)] if suspected and meaning.if_present and not meaning.status else []
            return [(term, UNKNOWN, known), *also]
        if reading is Reading.DENIED:
            return [(term, ABSENT, entry.recorded)]
        if reading is Reading.RESOLVED:
            end = entry.ended or entry.recorded
            before = known < end[: len(known)] if known else False
            return [*([(term, PRESENT, known)] if before else []), (term, ABSENT, end)]
        return [(term, PRESENT, known)]

    def _answer(self, entry: CodedEntry) -> tuple[AssertionStatus, str]:
        """The value as a status, and why it is unknown if it is."""
        if entry.absent_reason:
            return UNKNOWN, f"{entry.element}: data absent"
        if isinstance(entry.value, bool):
            return (PRESENT if entry.value else ABSENT), ""
        if entry.values:
            answers = {self.tables.answers[value] for value in entry.values if value in self.tables.answers}
            if len(answers) == 1:
                status = AssertionStatus(answers.pop())
                return status, "" if status is not UNKNOWN else f"{entry.element}: answered unknown"
            if answers:
                return UNKNOWN, f"{entry.element}: answers contradict each other"
            return UNKNOWN, f"{entry.element}: answer {self.tables.shown(entry.values[0])} not mapped"
        if entry.value is not None:
            return UNKNOWN, f"{entry.element}: a number is no answer"
        return UNKNOWN, f"{entry.element}: no value"

    def _sites(self, entry: CodedEntry, tally: Tally) -> Iterable[_Place]:
        """Lesion, site not understood, kind of site: for each body site of the entry."""
        if entry.lesion:
            yield entry.lesion, "", self._levels.get(entry.lesion, "")
        for site in entry.sites:
            known = next((self.tables.sites[code] for code in site.codes if code in self.tables.sites), None)
            if known is not None:
                yield known.lesion, "", known.kind
            else:
                shown = self.tables.shown(site.codes[0]) if site.codes else site.text
                tally.note(f"body site {shown if site.codes else 'as text only'} is not mapped")
                yield "", shown, ""

    def _first_code(self, entry: CodedEntry) -> str:
        known = next(code for code in entry.codes if code in self.tables.meanings)
        return self.tables.shown(known)


_ONLY_BY_ITSELF = frozenset({"List"})


def _most_specific(meanings: Sequence[Meaning]) -> Meaning:
    """Of several codes of one concept, the one that says most; their order does not matter."""
    return max(meanings, key=lambda each: (each.if_present, each.if_absent, not each.site_kind, each.status))


def _unmapped(entry: CodedEntry, tables: CodeTables) -> str:
    shown = tables.shown(entry.codes[0])
    text = "" if unprintable(entry.text) else entry.text[:_DISPLAY]
    return f"{shown} {text}" if text else shown


def _stated_status(entry: CodedEntry) -> str:
    shown = ((field, code if _CODE.fullmatch(code) else "a code") for field, code in entry.statuses)
    return ", ".join(f"{field} {code or 'missing'}" for field, code in shown)
