"""The table of an answer on a page of the questions."""

from __future__ import annotations

from html.parser import HTMLParser


class Rows(HTMLParser):
    """The columns and the rows, as text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.table: list[list[str]] = []
        """The header, then the rows."""
        self._cell: list[str] | None = None
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div" and "rows" in (dict(attrs).get("class") or "").split():
            self._inside = True
        if self._inside and tag == "tr":
            self.table.append([])
        if self._inside and tag in ("th", "td"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._inside = False
        if self._cell is not None and tag in ("th", "td"):
            self.table[-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
