"""The list says all that the picture says."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.algorithms import FOLDERS, boxes, knowledge, placed
from tests.rendering.site.map.patients import stood
from vhkg.answering.algorithm import algorithm, standings
from vhkg.model.algorithm import Room
from vhkg.rendering.site.map import Links, outline, picture


class Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.found |= {value for key, value in attrs if key == "href" and value}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def links(markup: str) -> set[str]:
    parser = Anchors()
    parser.feed(markup)
    parser.close()
    assert not parser.open
    return parser.found


@pytest.mark.parametrize("name", FOLDERS)
def test_all_of_the_algorithm_is_in_the_list(name: str) -> None:
    drawn = algorithm(knowledge(name))
    text = unescape(re.sub("<[^>]*>", "", outline(drawn, standings(drawn)))).lower()
    for box in boxes(drawn):
        assert box.label.lower() in text
        assert all(action.lower() in text for action in box.actions)
    for each in placed(drawn):
        if isinstance(each.what, Room):
            assert each.what.label.lower() in text


@pytest.mark.parametrize("patient", ["a", "b", "c", "d", None])
def test_the_list_leads_wherever_the_picture_leads(patient: str | None) -> None:
    drawn, found = stood(patient)
    whole = str(picture(drawn, found))
    assert links("".join(re.findall("<svg.*?</svg>", whole))) <= links(outline(drawn, found))


def test_states_are_words() -> None:
    drawn, found = stood("a")
    text = unescape(re.sub("<[^>]*>", "", outline(drawn, found)))
    assert "Percutaneous vertebroplasty: if candidate for vertebroplasty" in text
    assert "closed: neurological deficit absent, 2 Nov 2026" in text
    drawn, found = stood("d")
    assert "This patient is here" in outline(drawn, found)


def test_links_to_the_other_pages() -> None:
    drawn = algorithm(knowledge("article"))
    found = links(outline(drawn, standings(drawn), links=Links(patient="/", article="")))
    assert {"/#fact-NeurologicalDeficit", "#S31", "#silence-AsymptomaticLesion"} <= found


def test_counts_are_said() -> None:
    drawn = algorithm(knowledge("article"))
    assert "1,234 in the cohort" in outline(drawn, standings(drawn), counts={"DiagnosticMRI": 1234})
