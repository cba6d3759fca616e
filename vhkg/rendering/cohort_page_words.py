"""Numbers and texts of the page on a cohort. Every text that a file, a code or the knowledge chose passes `text`."""

from __future__ import annotations

import math
from html import escape

from vhkg.rendering.layout import visible


def text(value: str) -> str:
    """A text as HTML: nothing in it is markup, and characters that would hide or reorder it show as their codes.

    >>> text('<b>"x"</b>' + chr(0x202E))
    '&lt;b&gt;&quot;x&quot;&lt;/b&gt;\\\\u202e'
    """
    return escape(visible(value), quote=True)


def number(count: int) -> str:
    """
    >>> number(1234567)
    '1,234,567'
    """
    return f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """
    >>> counted(1, "patient"), counted(0, "patient"), counted(2, "entry", "entries")
    ('1 patient', 'no patient', '2 entries')
    """
    if count == 0:
        return f"no {noun}"
    return f"{number(count)} {noun if count == 1 else plural or f'{noun}s'}"


def share(count: int, whole: int) -> str:
    """A percentage that is 0 or 100 only where the count is none or all.

    >>> share(1, 3), share(1, 8), share(1, 1000), share(999, 1000), share(0, 5), share(5, 5), share(0, 0)
    ('33%', '13%', '<1%', '>99%', '0%', '100%', '')
    """
    if not whole:
        return ""
    exact = 100 * count / whole
    if 0 < exact < 0.5:
        return "<1%"
    if 99.5 <= exact < 100:
        return ">99%"
    return f"{math.floor(exact + 0.5)}%"
