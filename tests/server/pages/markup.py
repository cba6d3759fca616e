"""A page as a reader of HTML finds it, and a knowledge whose every text is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from tests.server.conftest import KETTLE

VOID = frozenset(("meta", "wbr", "link", "input", "br", "img", "hr", "rect", "path", "circle", "use", "line"))
MARKUP = "<script>alert(1)</script><img src=x onerror=y>&amp;\u202e"
SHOWN = MARKUP.replace("\u202e", "\\u202e")


class Page(HTMLParser):
    """Tags closed in order; ids once; links as full paths of this service."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action"):
                inside = not re.match(r"[a-z]+:", value or "")
                (self.links if inside else self.outside).append(
                    urljoin(self.path, value or "") if inside else value or ""
                )

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag, (self.path, self.getpos())

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    @property
    def targets(self) -> set[tuple[str, str]]:
        """Addresses without fragments, with the fragments."""
        return {(found.url, found.fragment) for found in map(urldefrag, self.links)}


def hostile(folder: Path) -> Path:
    """The kettle with markup for every label, definition, question and description."""
    for file in KETTLE.glob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        named = r"((?:rdfs:label|vhkg:plainLabel|obo:IAO_0000115|vhkg:question|vhkg:displayGroup|vhkg:line|vhkg:basis"
        named += r'|vhkg:reviewStatus|vhkg:disclaimer|vhkg:section|dcterms:title) )"[^"]*"'
        (folder / file.name).write_text(re.sub(named, lambda m: f'{m[1]}"{MARKUP}"', text), encoding="utf-8")
    return folder
