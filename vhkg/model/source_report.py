"""What became of every entry of a source: nothing that was read is dropped without being counted."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Fate(StrEnum):
    """What an entry came to. Each has exactly one."""

    READ = "read"
    """It says that a finding is present or absent, or that a suspicion is."""
    UNKNOWN = "recorded as unknown"
    """It is about a finding of ours, and neither asserts nor denies it."""
    SILENT = "says nothing"
    """Its code is mapped, and says nothing of our terms as it stands: a broader code that is present, say."""
    UNMAPPED = "unmapped"
    TEXT_ONLY = "text only"
    DROPPED = "entered in error"
    IRRELEVANT = "irrelevant"
    """Of a kind that states no finding of the patient by itself."""
    REFUSED = "refused"
    """It cannot be read; `SourceReport.refusals` says why."""


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of one input. `counts` is keyed by fate, then by reason, code or kind of record.

    `notes` are counted too and concern entries that have a fate already: a body site that is not mapped, a day that
    is only a month. `refusals` are sentences, each with its place.
    """

    format: str
    patients: int
    counts: dict[Fate, dict[str, int]]
    notes: dict[str, int] = {}
    refusals: tuple[str, ...] = ()

    @property
    def entries(self) -> int:
        return sum(self.total(fate) for fate in self.counts)

    def total(self, fate: Fate) -> int:
        return sum(self.counts.get(fate, {}).values())
