"""Attrition as a flow: a trunk as wide as what was read, from which each outcome leaves in proportion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vhkg.rendering.cohort_page_words import counted, number, share, text

_WIDTH = 360
_TRUNK = 132.0
_LABELS = 186
_HEAD = 44.0
_TURN = 20.0
_GAP = 30.0
_LEAST = 1.5
_SEAM = 0.6
"""Pieces of the trunk overlap, so that no line shows between them."""


class Leaving(NamedTuple):
    """What leaves the trunk, in words, and how much; the last one is what remains."""

    label: str
    number: int


def flow(name: str, noun: str, whole: int, leaving: Sequence[Leaving]) -> str:
    """An SVG with its text alternative. `name` makes its ids unique; `noun` is what is counted."""
    described = "; ".join(f"{each.label}: {counted(each.number, noun)}" for each in leaving)
    drawn, height = _drawn(noun, whole, leaving)
    return (
        f'<svg class="flow" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{text(counted(whole, noun))} read, and what became of them</title>'
        f'<desc id="{name}-desc">{text(described)}</desc>{"".join(drawn)}</svg>'
    )


def _drawn(noun: str, whole: int, leaving: Sequence[Leaving]) -> tuple[list[str], float]:
    scale = _TRUNK / max(whole, 1)
    drawn = [_rect("go", 0, 0, whole * scale, _HEAD), *_label("Read", counted(whole, noun), _HEAD / 2 - 4)]
    left, y = whole, _HEAD
    for each in leaving[:-1]:
        band, right = each.number * scale, left * scale
        left -= each.number
        shown = max(band, _LEAST) if each.number else 0.0
        below = y + _TURN + shown + _GAP
        drawn.append(_rect("go", 0, y - _SEAM, left * scale, below - y + _SEAM))
        middle = y + _TURN + shown / 2
        if each.number:
            drawn.append(_turn(right, shown, y))
        else:
            drawn.append(f'<path class="none" d="M{max(right, 6):.1f} {middle:.1f}H{_LABELS - 8}"/>')
        drawn += _label(each.label, _amount(each.number, whole), middle)
        y = below
    remaining = leaving[-1].number
    width = max(remaining * scale, _LEAST) if remaining else 0.0
    drawn.append(_rect("end", 0, y, width, _HEAD))
    drawn.append(f'<path class="none" d="M{width + 4:.1f} {y + _HEAD / 2:.1f}H{_LABELS - 8}"/>')
    drawn += _label(leaving[-1].label, _amount(remaining, whole), y + _HEAD / 2)
    return drawn, y + _HEAD + 4


def _amount(count: int, whole: int) -> str:
    return f"{number(count)} ({share(count, whole)})" if count else "none"


def _turn(right: float, band: float, y: float) -> str:
    """A band that leaves the right edge of the trunk downwards and turns to the labels."""
    end, upper, lower = _LABELS - 8, y + _TURN, y + _TURN + band
    inner = max(right - band, 0.0)
    return (
        f'<path class="leave" d="M{right:.1f} {y:.1f}Q{right:.1f} {upper:.1f} {end} {upper:.1f}'
        f'V{lower:.1f}Q{inner:.1f} {lower:.1f} {inner:.1f} {y:.1f}Z"/>'
    )


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _label(name: str, amount: str, middle: float) -> Iterator[str]:
    yield f'<text class="name" x="{_LABELS}" y="{middle - 2:.1f}">{text(name)}</text>'
    yield f'<text class="count" x="{_LABELS}" y="{middle + 15:.1f}">{text(amount)}</text>'
