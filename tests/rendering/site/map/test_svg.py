"""Whatever a text holds, the drawing stays a drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.model.algorithm import State
from vhkg.rendering.site.map.svg import Area, element, frame, line, lines, link, moved

HOSTILE = "\"/><script>alert(1)</script>&\u202e'\x00"


@given(st.text(max_size=60))
def test_text_and_attributes_are_escaped(text: str) -> None:
    drawn = element("g", {"data-x": text}, lines([text], 0, 0, "map-label"), link(text, {"class": text}))
    found = ET.fromstring(drawn)
    assert [each.tag for each in found.iter()] == ["g", "text", "tspan", "a"]


def test_nothing_hides_or_ends_a_text() -> None:
    drawn = element("g", {}, lines([HOSTILE], 0, 0, "map-label"))
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert "\x00" not in drawn


def test_the_states_differ_in_their_lines() -> None:
    strokes = {frame(state, Area(10, 10), "map-frame") for state in State}
    assert len(strokes) == len(State)
    assert 'stroke-dasharray="6 4"' in line(State.OPEN, "M0 0")
    assert "dasharray" not in line(State.CLOSED, "M0 0")


@pytest.mark.parametrize(("drawn", "expected"), [("", ""), ("<g/>", '<g transform="translate(1.5 2)"><g/></g>')])
def test_moved(drawn: str, expected: str) -> None:
    assert moved(1.5, 2.0, drawn) == expected
