"""Lines of a given width. Every text of a screen passes through here, and here only is it made harmless.

Patient files choose names, labels and file names. A terminal obeys some characters instead of showing them:
control characters (ANSI escapes, carriage returns), format characters (bidirectional overrides, zero-width
ones), line separators. `visible` shows each as its code, so that no value can hide, reorder or forge a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_NEUTRALISED = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
NARROWEST = 40


def visible(text: str) -> str:
    """Show what a terminal would obey as its code.

    >>> print(visible("a\\x1b[2Jb" + chr(0x202E) + "c\\nd"))
    a\\x1b[2Jb\\u202ec\\nd
    """
    if text.isprintable():
        return text
    return "".join(_code(one) if unicodedata.category(one) in _NEUTRALISED else one for one in text)


def _code(character: str) -> str:
    number = ord(character)
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def columns(text: str) -> int:
    """Terminal columns: wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def wrapped(text: str, *, first: int, rest: int) -> list[str]:
    """Break a harmless text at spaces; `first` and `rest` are the columns of its first and its other lines.

    Spaces within a line stay as they are, for quotations; only a token longer than a line is cut.
    """
    lines: list[str] = []
    line, limit = "", first
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if columns(candidate) <= limit:
            line = candidate
            continue
        if line:
            lines.append(line)
            limit = rest
        line = word
        while columns(line) > limit:
            cut = _fitting(line, limit)
            lines.append(line[:cut])
            line, limit = line[cut:], rest
    lines.append(line)
    return lines


def _fitting(token: str, limit: int) -> int:
    """How many characters of a token fit; at least one."""
    used = 0
    for index, character in enumerate(token):
        used += columns(character)
        if used > limit:
            return max(index, 1)
    return len(token)


class Page:
    """Lines in the making. `first` and the indents are ours; `text`, `left` and `right` may be anyone's."""

    def __init__(self, width: int) -> None:
        self.width = max(width, NARROWEST)
        self.lines: list[str] = []

    def add(self, text: str, *, first: str = "", hang: int | None = None) -> None:
        """A paragraph: `first` stands before its first line, the others hang at `hang` columns."""
        indent = min(len(first) if hang is None else hang, self.width // 2)
        head, *others = wrapped(visible(text), first=max(self.width - len(first), 10), rest=self.width - indent)
        self.lines.append(f"{first}{head}".rstrip())
        self.lines += [f"{' ' * indent}{line}".rstrip() for line in others]

    def block(self, heading: str, paragraphs: Sequence[str], *, indent: int) -> None:
        """Paragraphs under a heading that stands in the margin, or juts out of it where it is longer."""
        first = f"{heading}  ".ljust(indent)
        for paragraph in paragraphs:
            self.add(paragraph, first=first, hang=indent)
            first = " " * indent

    def row(self, left: str, right: str, *, first: str, hang: int, column: int) -> None:
        """Two cells on one line where they fit, `right` from `column` on; otherwise `right` below, hanging."""
        shown_left, shown_right = visible(left), visible(right)
        start = len(first) + columns(shown_left)
        at = max(start + 2, min(column, self.width - columns(shown_right)))
        if at + columns(shown_right) <= self.width:
            self.lines.append(f"{first}{shown_left}{' ' * (at - start)}{shown_right}".rstrip())
            return
        self.add(left, first=first, hang=hang)
        self.add(right, first=" " * hang)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], *, indent: int = 0) -> None:
        """Columns as wide as their cells while they fit; the widest are narrowed first, and cells wrap."""
        cells = [[visible(cell) for cell in row] for row in (header, *rows)]
        widths = [max(columns(row[i]) for row in cells) for i in range(len(header))]
        room = self.width - indent - 2 * (len(header) - 1)
        while sum(widths) > room and max(widths) > 4:
            widths[widths.index(max(widths))] -= 1
        for row in cells:
            parts = [wrapped(cell, first=width, rest=width) for cell, width in zip(row, widths, strict=True)]
            for i in range(max(map(len, parts))):
                line = "  ".join(
                    f"{(part[i] if i < len(part) else '')}".ljust(width)
                    for part, width in zip(parts, widths, strict=True)
                )
                self.lines.append(f"{' ' * indent}{line}".rstrip())

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def text(self) -> str:
        return "\n".join(self.lines).rstrip("\n") + "\n"
