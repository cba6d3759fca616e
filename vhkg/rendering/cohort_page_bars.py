"""Bars in the rows of tables. They repeat the numbers beside them, so they are hidden from screen readers.

Each kind of fill differs in lightness and in pattern, not in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vhkg.rendering.cohort_page_words import text

PATTERNS = (
    '<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatched" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="pale" width="7" height="7"/><path class="mark" d="M0 0V7"/></pattern>'
    '<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="ground" width="6" height="6" fill="none"/><circle class="dot" cx="2" cy="2" r="1"/></pattern>'
    '<pattern id="crossed" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect class="warn" width="7" height="7"/><path class="cross" d="M0 7L7 0"/></pattern>'
    "</defs></svg>"
)


class Fill(NamedTuple):
    """How a part of a bar looks: a class of the style sheet, or a pattern."""

    kind: str
    pattern: str = ""

    def attributes(self) -> str:
        return f'fill="url(#{self.pattern})"' if self.pattern else f'class="{self.kind}"'


SOLID = Fill("strong")
MIDDLE = Fill("middle")
PALE = Fill("pale")
HATCHED = Fill("", "hatched")
DOTTED = Fill("", "dotted")
OPEN = Fill("edge")
CROSSED = Fill("", "crossed")


def stacked(parts: Iterable[tuple[Fill, int]], whole: int) -> str:
    """Parts one after another, on a ground as long as the whole."""
    drawn, start = [], 0.0
    for fill, count in parts:
        width = _percent(count, whole)
        if count:
            drawn.append(_part(fill, start, width))
        start += width
    return _bar(drawn)


def nested(parts: Sequence[tuple[Fill, int]], whole: int) -> str:
    """Parts of which each contains the next, all from the left."""
    return _bar([_part(fill, 0.0, _percent(count, whole)) for fill, count in parts if count])


def legend(entries: Iterable[tuple[Fill, str]]) -> str:
    shown = (
        f'<li><svg width="26" height="14" aria-hidden="true" focusable="false">{_swatch(fill)}</svg>{text(words)}</li>'
        for fill, words in entries
    )
    return f'<ul class="legend">{"".join(shown)}</ul>'


def _swatch(fill: Fill) -> str:
    return (
        f'<rect width="26" height="14" {fill.attributes()}/>'
        '<rect class="edge" x=".5" y=".5" width="25" height="13"/>'
    )  # fmt: skip


def _bar(drawn: Sequence[str]) -> str:
    return (
        '<svg class="bar" aria-hidden="true" focusable="false"><rect class="ground" width="100%" height="14"/>'
        f"{''.join(drawn)}</svg>"
    )


def _part(fill: Fill, start: float, width: float) -> str:
    """With a line around it, so that parts with pale fills end visibly."""
    place = f'x="{start:.3f}%" width="{width:.3f}%" height="14"'
    edge = "" if fill is OPEN else f'<rect class="edge" {place}/>'
    return f"<rect {place} {fill.attributes()}/>{edge}"


def _percent(count: int, whole: int) -> float:
    return 100 * count / whole if whole else 0.0
