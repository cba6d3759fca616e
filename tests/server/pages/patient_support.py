"""The Patient page driven as its form drives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser

FOUR = {
    "a": {
        "VertebralHemangioma": "present@2026-11-02",
        "BackPain": "present@2026-11-02",
        "NeurologicalDeficit": "absent@2026-11-02",
        "ExtraosseousExtension": "absent@2026-10-28",
    },
    "b": {
        "VertebralHemangioma": "present@2026-11-20",
        "NeurologicalDeficit": "present@2026-11-20",
        "SpinalCordCompression": "present@2026-11-19",
        "ExtraosseousExtension": "present@2026-11-19",
    },
    "c": {"VertebralHemangioma": "present@2026-11-05", "BackPain": "present@2026-11-05"},
    "d": {
        "VertebralHemangioma": "present@2026-11-18",
        "NeurologicalDeficit": "present@2026-11-18",
        "Pregnancy": "present@2026-11-18",
    },
}
"""The patients of the four answers of the design."""


def fields(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts as STATUS@DAY as the fields of the form."""
    found = {}
    for name, value in facts.items():
        found[f"f.{name}"], _, found[f"d.{name}"] = value.partition("@")
    return found


class Rows(HTMLParser):
    """The fields of a page as a browser would send them, and the buttons that would send more."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.radios: dict[str, list[str]] = {}
        self.buttons: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name:
            if given.get("type") == "radio":
                self.radios.setdefault(name, []).append(given["value"])
            if given.get("type") not in ("radio", "file") or (given.get("type") == "radio" and "checked" in given):
                self.fields[name] = given.get("value", "")
        if tag == "button" and name:
            self.buttons.append((name, given["value"]))

    @property
    def facts(self) -> dict[str, str]:
        """Rows that hold something, as STATUS@DAY."""
        chosen = {name[2:]: value for name, value in self.fields.items() if name.startswith("f.") and value}
        return {name: f"{value}@{self.fields[f'd.{name}']}".rstrip("@") for name, value in chosen.items()}

    def button(self, name: str, start: str = "") -> dict[str, str]:
        """What a press on the first such button sends, together with the form."""
        value = next(value for each, value in self.buttons if each == name and value.startswith(start))
        return self.fields | {name: value}


def marks(html: str) -> dict[str, str]:
    """What stands below each row, as text."""
    found = re.findall(r'<div class="marks[^>]* data-finding="(\w+)"[^>]*>(.*?)</div>', html, re.DOTALL)
    return {name: unescape(re.sub(r"<[^>]*>|\s+", " ", inside)).strip() for name, inside in found}


def pieces(text: str) -> Iterator[str]:
    """The parts of a screen of the terminal, without its columns and quotation marks.

    Of options that it folds into one line, the names and modalities: each has a card of its own on the page.
    """
    for line in text.splitlines():
        if re.search(r"\b\d+ options · ", line):
            yield from (part for part in re.split(r'"|; |\)|\(|: ', line.partition(": ")[2]) if len(part) > 3)
            continue
        for piece in re.split(r'\s{2,}| · |"|^(?:present|absent): ?| *\(a caution is kept\)', line.strip()):
            part = re.sub(r"^(?:present|absent):", "", piece).strip(" .;")
            if part:
                yield part
