"""The names that exist, in the order in which people are shown them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vhkg.model.content import Content, Finding


class Term(NamedTuple):
    """`kind` is finding, intervention, recommendation, reading, reading alternative or silence."""

    kind: str
    name: str
    label: str
    note: str

    def matches(self, word: str) -> bool:
        """Whether a word in lower case occurs in any of the four."""
        return any(word in text.lower() for text in self)


def all_terms(content: Content) -> Iterator[Term]:
    """Findings and interventions in display order, then recommendations, readings with alternatives, silences."""
    for finding in content.findings.values():
        yield Term(kind_of(finding), finding.name, finding.label, _note(finding))
    for recommendation in content.recommendations:
        yield Term("recommendation", recommendation.name, recommendation.label, recommendation.line)
    for reading in content.readings.values():
        yield Term("reading", reading.name, reading.label, reading.question)
        for option in reading.alternatives:
            default = " (default)" if option.name == reading.default else ""
            yield Term("reading alternative", option.name, f"{option.label}{default}", f"of {reading.name}")
    for silence in content.silences:
        yield Term("silence", silence.name, silence.label, silence.question)


def kind_of(finding: Finding) -> str:
    return "finding" if finding.question or finding.role == "hasFinding" else "intervention"


def _note(finding: Finding) -> str:
    return f"{finding.group}; of the {finding.bearer}" + (
        "; not defined by the article" if finding.undefined_in else ""
    )
