"""The page of terms: every term once, what it does first, links that resolve, and HTML that a real parser accepts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.support import shipped
from vhkg.exchange import terms_page
from vhkg.resources import knowledge_files

KNOWLEDGE = shipped()
PAGE = terms_page(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled)
VOID = {"meta"}


class _Parser(HTMLParser):
    """Tags that are opened and closed in order; ids and links as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


@pytest.fixture(scope="module")
def parsed() -> _Parser:
    parser = _Parser()
    parser.feed(PAGE)
    parser.close()
    return parser


def test_every_tag_is_closed(parsed: _Parser) -> None:
    assert parsed.faults == []
    assert parsed.open == []


def test_every_term_of_ours_is_there_once(parsed: _Parser) -> None:
    assert len(parsed.ids) == len(set(parsed.ids))
    content = KNOWLEDGE.content
    named = {*content.findings, *content.classes, *content.readings, *content.decisions, *content.statements}
    named |= {recommendation.name for recommendation in content.recommendations}
    named |= {silence.name for silence in content.silences} | {limit.name for limit in content.limits}
    assert named <= set(parsed.ids)


def test_every_link_resolves_within_the_page(parsed: _Parser) -> None:
    assert parsed.links
    assert {link.removeprefix("#") for link in parsed.links} <= set(parsed.ids)
    assert "http-equiv" not in PAGE
    assert not re.search(r"<(?:script|link|img|iframe)\b", PAGE)


def test_what_a_term_does_comes_first() -> None:
    entry = PAGE.partition('<article id="PainfulWithoutDeficit">')[2].partition("</article>")[0]
    headings = re.findall(r"<dt>([^<]*)</dt>", entry)
    assert headings[0] == "condition of"
    assert headings.index("condition of") < headings.index("definition") < headings.index("IRI")
    assert "not <a" in entry


def test_a_recommendation_has_its_sentences() -> None:
    entry = PAGE.partition('<article id="AvoidEnBlocResection">')[2].partition("</article>")[0]
    assert "<dt>advises against</dt>" in entry
    assert "<q>En bloc resection provides similar oncological outcomes" in entry
    assert "cites 3" in entry


def test_version_review_and_disclaimer_stand_on_top() -> None:
    top = PAGE.partition("<nav")[0]
    assert KNOWLEDGE.content.version in top
    assert KNOWLEDGE.compiled.digest[:12] in top
    assert "pending human review" in top


def test_the_page_is_the_same_each_time_and_escapes_texts() -> None:
    assert terms_page(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled) == PAGE
    files = dict(knowledge_files().ontology)
    files["findings.ttl"] = (
        files["findings.ttl"].replace(b'"A vertebral hemangioma', b'"<script>alert(1)</script> A vertebral hemangioma')
        + b'\n:Odd a owl:Class ; rdfs:subClassOf :Finding ; rdfs:label "<b>odd</b>"@en .\n'
    )
    page = terms_page(files, KNOWLEDGE.compiled)
    assert "<b>odd" not in page
    assert "&lt;b&gt;odd" in page
