"""How wide a text is at most, and where its lines break.

The page takes the reader's own sans-serif font, so widths are upper bounds over common ones, in thousandths of the font
size: DejaVu Sans, the widest, and Liberation Sans, which is as wide as Arial and Helvetica.
"""

from __future__ import annotations

from collections.abc import Iterator

_GROUPS = (
    ("ijlI'", 300, 380),
    (" ,.:;/\\|-f·’", 360, 440),
    ("rt()[]!", 420, 500),
    ('szcJ"*“”?–_`', 570, 660),
    ("abdeghnopqukvxyJ0123456789{}$", 650, 730),
    ("ABCEFKLPRSTVXYZ", 730, 780),
    ("DGHNOQU", 800, 870),
    ("#+<=>~^&", 870, 880),
    ("w", 830, 930),
)
_OTHERS = (1030, 1120)
_WIDTHS = {letter: (regular, bold) for letters, regular, bold in _GROUPS for letter in letters}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper bound in the units of the size.

    >>> width("ill", 10) < width("www", 10)
    True
    """
    return sum(_WIDTHS.get(letter, _OTHERS)[bold] for letter in text) * size / 1000


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines of a text, none wider than `room` unless a single letter is; at least one.

    >>> wrap("one two three", 60, 10)
    ['one two', 'three']
    """
    lines = [""]
    for word in _words(text, room, size, bold):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _words(text: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """The words, one that is too long cut after its hyphens or where it must be."""
    for word in text.split():
        rest = word
        while width(rest, size, bold=bold) > room:
            end = len(rest) - 1
            while end > 1 and width(rest[:end], size, bold=bold) > room:
                end -= 1
            hyphen = rest.rfind("-", 1, end)
            end = hyphen + 1 if hyphen > 0 else max(end, 1)
            yield rest[:end]
            rest = rest[end:]
            if not rest:
                break
        if rest:
            yield rest
