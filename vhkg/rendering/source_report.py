"""What became of a source's entries, in words."""

from __future__ import annotations

from collections.abc import Iterator

from vhkg.model.source_report import Fate, SourceReport

_SHOWN = 20
_MARKS = {Fate.TEXT_ONLY: "as text only", Fate.DROPPED: "entered in error", Fate.REFUSED: "refused"}


def summary(report: SourceReport) -> str:
    """One sentence: how many entries came to what."""
    parts = [f"{report.total(fate)} {_MARKS.get(fate, fate.value)}" for fate in Fate if report.total(fate)]
    patients = f"{report.patients} patient{'' if report.patients == 1 else 's'}"
    entries = f"{report.entries} entr{'y' if report.entries == 1 else 'ies'}"
    return f"{report.format}, {patients}, {entries}: {', '.join(parts) or 'none'}"


def not_read(report: SourceReport, fate: Fate) -> dict[str, int]:
    """How often each reason, code or kind of record came to this; of what was read or refused, nothing."""
    return report.counts.get(fate, {}) if fate not in (Fate.READ, Fate.REFUSED) else {}


def details(report: SourceReport, *, most: int = _SHOWN) -> Iterator[str]:
    """A line for each reason, code or kind of record that was not simply read; `most` of each, the commonest first."""
    for fate in Fate:
        found = not_read(report, fate)
        if not found:
            continue
        yield f"{fate.value}:"
        for detail, number in list(found.items())[:most]:
            yield f"  {number:>7}  {detail}"
        if len(found) > most:
            yield f"           and {len(found) - most} more (--report FILE has all)"
    if report.notes:
        yield "notes:"
    for note, number in list(report.notes.items())[:most]:
        yield f"  {number:>7}  {note}"
    yield from report.refusals[:most]
    if len(report.refusals) > most:
        yield f"and {len(report.refusals) - most} more refusals (--report FILE has all)"
