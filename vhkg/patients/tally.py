"""Counting while a source is read."""

from __future__ import annotations

from collections import Counter

from vhkg.model.source_report import Fate, SourceReport


class Tally:
    """Grows entry by entry; `report` is its frozen form, sorted, so that the order of the source does not show."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._counts: Counter[tuple[Fate, str]] = Counter()
        self._notes: Counter[str] = Counter()
        self._refusals: list[str] = []

    def count(self, fate: Fate, detail: str = "") -> None:
        self._counts[fate, detail] += 1

    def note(self, text: str) -> None:
        self._notes[text] += 1

    def refuse(self, sentence: str) -> None:
        """Count a record that cannot be read, and say why."""
        self._counts[Fate.REFUSED, ""] += 1
        self._refusals.append(sentence)

    def add(self, other: Tally) -> None:
        """Count what another one counted."""
        self._counts.update(other._counts)
        self._notes.update(other._notes)
        self._refusals += other._refusals

    def report(self, patients: int) -> SourceReport:
        counts: dict[Fate, dict[str, int]] = {}
        for fate in Fate:
            found = {detail: number for (each, detail), number in self._counts.items() if each is fate}
            if found:
                counts[fate] = dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
        return SourceReport(
            format=self._form,
            patients=patients,
            counts=counts,
            notes=dict(sorted(self._notes.items())),
            refusals=tuple(self._refusals),
        )


class SingleTally(Tally):
    """Of one entry: its fate, with the reason, code or kind of record, or the sentence that refuses it."""

    def __init__(self) -> None:
        super().__init__("")
        self.fate = Fate.SILENT
        self.detail = ""

    def count(self, fate: Fate, detail: str = "") -> None:
        self.fate, self.detail = fate, detail

    def refuse(self, sentence: str) -> None:
        self.fate, self.detail = Fate.REFUSED, sentence
