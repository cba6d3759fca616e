"""Lines break so that nothing is wider than its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.rendering.browser import chromium
from vhkg.rendering.site.map.measure import width, wrap

TEXTS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=80)
FONTS = ("DejaVu Sans", "Liberation Sans", "system-ui")
_MEASURED = """([letters, fonts]) => { const pen = document.createElement("canvas").getContext("2d");
return fonts.map(font => [400, 600].map(weight => { pen.font = `${weight} 100px "${font}"`;
return letters.map(letter => pen.measureText(letter).width * 10); })); }"""


@given(text=TEXTS, room=st.integers(20, 300), bold=st.booleans())
def test_no_line_is_wider_than_its_place(text: str, room: int, bold: bool) -> None:
    for line in wrap(text, room, 13, bold=bold):
        assert width(line, 13, bold=bold) <= room or len(line) == 1


@given(text=TEXTS, room=st.integers(20, 300))
def test_nothing_is_lost(text: str, room: int) -> None:
    assert "".join("".join(wrap(text, room, 13)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two", ["one two"]),
        ("intra-operative-vertebro-plasty", ["intra-operative-", "vertebro-plasty"]),
    ],
)
def test_where_lines_break(text: str, lines: list[str]) -> None:
    assert wrap(text, 120, 13) == lines


def test_widths_are_upper_bounds_of_real_fonts() -> None:
    letters = [chr(code) for code in range(32, 127)] + list("·–“”’")
    with chromium() as browser:
        found = _measure(browser, letters)
    wider = [
        (letter, real)
        for faces in found
        for bold, face in zip((False, True), faces, strict=True)
        for letter, real in zip(letters, face, strict=True)
        if real > width(letter, 1000, bold=bold) + 1
    ]
    assert wider == []


def _measure(browser: Browser, letters: list[str]) -> list[list[list[float]]]:
    page = browser.new_page()
    found: list[list[list[float]]] = page.evaluate(_MEASURED, [letters, list(FONTS)])
    return found
