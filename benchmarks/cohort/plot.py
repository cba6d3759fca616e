"""Patients per second of every job at its largest size, as bars on a logarithmic scale: SVG, written by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from benchmarks.cohort.measuring import Measured

_LABEL, _WIDTH, _BAR, _MARGIN = 320, 560, 20, 30
_COLOURS = {"floor": "#8a8f98", "peer": "#c2703d", "ours": "#2b6cb0"}


def plot(measured: Sequence[Measured]) -> str:
    """Without what did not end. The colour is that of the kind."""
    shown = {each.name: each for each in sorted(measured, key=lambda m: m.patients) if each.runs and not each.fault}
    bars = sorted(shown.values(), key=lambda each: -each.rate)
    low, high = _decades([each.rate for each in bars])
    height = _MARGIN * 2 + _BAR * len(bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LABEL + _WIDTH + 110}" height="{height}" '
        'font-family="sans-serif" font-size="12" role="img" aria-labelledby="title">',
        '<title id="title">Patients per second, without the start; logarithmic</title>',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for decade in range(low, high + 1):
        x = _LABEL + _WIDTH * (decade - low) / (high - low)
        parts.append(f'<path d="M{x:.1f} {_MARGIN - 6}V{height - _MARGIN}" stroke="#d8dbe0"/>')
        parts.append(f'<text x="{x:.1f}" y="{_MARGIN - 10}" text-anchor="middle">{10**decade:,}</text>')
    for place, each in enumerate(bars):
        y = _MARGIN + _BAR * place
        length = _WIDTH * (math.log10(each.rate) - low) / (high - low)
        label = f"{each.name} ({each.patients:,})"
        parts.append(f'<text x="{_LABEL - 8}" y="{y + 14}" text-anchor="end">{escape(label)}</text>')
        parts.append(
            f'<rect x="{_LABEL}" y="{y + 3}" width="{length:.1f}" height="{_BAR - 6}" fill="{_COLOURS[each.kind]}"/>'
        )
        parts.append(f'<text x="{_LABEL + length + 6:.1f}" y="{y + 14}">{each.rate:,.0f}</text>')
    parts += [*_legend(height), "</svg>", ""]
    return "\n".join(parts)


def _decades(rates: Sequence[float]) -> tuple[int, int]:
    if not rates:
        return 0, 1
    low, high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))
    return low, max(high, low + 1)


def _legend(height: int) -> list[str]:
    parts = []
    for place, (kind, colour) in enumerate(_COLOURS.items()):
        x = _LABEL + 90 * place
        parts.append(f'<rect x="{x}" y="{height - 20}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="{height - 10}">{kind}</text>')
    return parts
