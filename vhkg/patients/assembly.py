"""What entries state becomes the record of one patient, lesion by lesion.

Each level that a lesion's fact names is a lesion, as each name is in the facts CSV. A body site that is not
understood names the lesion where the record has no other site; else its fact asserts nothing, since it may be
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vhkg.intake import MAX_FIELD_LENGTH, unprintable
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.model.vocabulary import Vocabulary
from vhkg.patients.days import last_day
from vhkg.patients.interpretation import Interpreter, Stated
from vhkg.patients.tally import Tally


class Assembler:
    """Turns the entries of one patient after another into records. Immutable."""

    def __init__(self, tables: CodeTables, vocabulary: Vocabulary) -> None:
        self._interpreter = Interpreter(tables)
        self._tables = tables
        self._of_lesion = frozenset(name for name, term in vocabulary.findings.items() if term.bearer == "lesion")

    def record(self, patient: str, entries: Iterable[CodedEntry], file: str, tally: Tally) -> PatientRecord:
        """The record of one patient; every entry is counted once."""
        readable = (entry for entry in entries if is_readable(entry, file, tally))
        stated = [found for entry in readable for found in self._interpreter.stated(entry, tally)]
        return self.assembled(patient, stated, file, tally)

    def assembled(self, patient: str, stated: Sequence[Stated], file: str, tally: Tally) -> PatientRecord:
        """The record of one patient from what all entries of the patient state."""
        stated = [*stated, *_at_the_end_of(stated)]
        of_lesion = [found for found in stated if found.finding in self._of_lesion]
        levels = {found.site for found in of_lesion} - {""}
        raw = {found.raw_site for found in of_lesion} - {""}
        sole = raw.pop() if not levels and len(raw) == 1 else ""
        lesions: dict[str, list[Assertion]] = {name: [] for name in levels or ({sole} if sole else set())}
        general: list[Assertion] = []
        for found in stated:
            assertion = self._assertion(found)
            if found.finding not in self._of_lesion:
                general.append(assertion)
            elif found.site:
                lesions[found.site].append(assertion)
            elif found.raw_site and found.raw_site != sole:
                tally.note("a fact at a body site that is not mapped asserts nothing: it may be of another lesion")
                general.append(_doubted(assertion))
            else:
                (lesions[sole] if found.raw_site else general).append(assertion)
        return PatientRecord(
            file=file,
            patient=patient,
            presentations=tuple(
                PresentationRecord(name=name, label=name, assertions=_sorted(lesions[name])) for name in sorted(lesions)
            )
            or (PresentationRecord(name=""),),
            assertions=_sorted(general),
        )

    def _assertion(self, found: Stated) -> Assertion:
        return Assertion(
            finding=found.finding,
            status=found.status,
            date=last_day(found.day),
            origin=found.entry.origin,
            codes=tuple(dict.fromkeys(map(self._tables.shown, found.entry.codes))),
        )


def is_readable(entry: CodedEntry, file: str, tally: Tally) -> bool:
    """Whether its names and codes can be shown to people, as the facts CSV demands too; else it is refused.

    The display of a code is left out: it is shown only where it can be.
    """
    if not entry.sites:
        joined = entry.origin + entry.lesion + entry.unit + "".join(entry.codes) + "".join(entry.values)
        if len(joined) <= MAX_FIELD_LENGTH and joined.isascii() and joined.isprintable():
            return True
    sites = (text for site in entry.sites for text in (site.text, *site.codes))
    names = (entry.origin, entry.lesion, entry.unit, *entry.codes, *entry.values, *sites)
    fault = next(filter(None, map(name_fault, names)), "")
    if fault:
        place = entry.element if name_fault(entry.origin) else entry.origin
        tally.refuse(f"{file}, {place}: not read, since a name or code in it {fault}.")
    return not fault


def name_fault(text: str) -> str:
    """Why a text from a source cannot stand for a name or code, or the empty string."""
    if len(text) > MAX_FIELD_LENGTH:
        return f"is longer than {MAX_FIELD_LENGTH} characters"
    found = unprintable(text)
    return f"has an unprintable character {found}" if found else ""


def _at_the_end_of(stated: Sequence[Stated]) -> list[Stated]:
    """What is said of a finding on a day within a month or year that is said of it too, once more as of its end.

    Such a month counts as its last day, and it cannot be said which of the two came first.
    """
    said = [found for found in stated if found.day and found.status is not AssertionStatus.UNKNOWN]
    parts = {(found.finding, found.day) for found in said if len(found.day) < len("2026-03-01")}
    return [
        found._replace(day=part)
        for found in said
        for part in (found.day[:4], found.day[:7])
        if part != found.day and (found.finding, part) in parts
    ]


def _doubted(assertion: Assertion) -> Assertion:
    return Assertion(
        finding=assertion.finding,
        status=AssertionStatus.UNKNOWN,
        date=assertion.date,
        origin=assertion.origin,
        codes=assertion.codes,
    )


def _sorted(assertions: Sequence[Assertion]) -> tuple[Assertion, ...]:
    """The order of the source does not matter, so it does not show. The same statement twice is one."""

    def key(each: Assertion) -> tuple[str, str, str, str, tuple[str, ...]]:
        return each.finding, each.date.isoformat() if each.date else "", each.status, each.origin, each.codes

    return tuple(dict.fromkeys(sorted(assertions, key=key)))
