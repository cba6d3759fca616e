"""Texts of the tables, written once: a column holds codes of its own texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from vhkg.model.answer import FactShown
from vhkg.model.content import Content
from vhkg.model.record import Assertion


class Texts:
    """The texts of each column in the order in which they came; the empty text is the first of each."""

    def __init__(self) -> None:
        self._codes: defaultdict[str, dict[str, int]] = defaultdict(lambda: {"": 0})

    def code(self, column: str, text: str) -> int:
        """The code of a text, a new one if need be."""
        known = self._codes[column]
        return known.setdefault(text, len(known))

    def of(self, column: str) -> list[str]:
        """All texts of a column, by code."""
        return list(self._codes[column])


def facts_text(rows: Iterable[Sequence[FactShown]]) -> str:
    """Sets of facts as ``Finding=present & Finding=absent | …``, without days."""
    return " | ".join(" & ".join(f"{fact.finding}={fact.status}" for fact in row) for row in rows)


def conflict_text(assertions: Iterable[Assertion]) -> str:
    """Assertions that cannot all hold, as ``Finding=status@day & …``; what was recorded twice is named once."""
    return " & ".join(dict.fromkeys(map(_assertion_text, assertions)))


def _assertion_text(assertion: Assertion) -> str:
    day = f"@{assertion.date.isoformat()}" if assertion.date else ""
    return f"{assertion.finding}={assertion.status.value}{day}"


def questions_text(
    confirm: Iterable[Sequence[FactShown]], refute: Iterable[Sequence[FactShown]], content: Content
) -> str:
    """The findings that would, with others or alone, settle a recommendation, in display order."""
    named = {fact.finding for rows in (confirm, refute) for row in rows for fact in row}
    return " ".join(name for name in content.findings if name in named)


def findings_alone(text: str) -> set[str]:
    """The findings of those sets in a text of `facts_text` that hold a single fact."""
    return {row.partition("=")[0] for row in text.split(" | ") if row and " & " not in row}
