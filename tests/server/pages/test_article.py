"""The Article page over HTTP: whole, linked, harmless, filled from the article if that is given; then in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from starlette.testclient import TestClient

from tests.cli.support import vhkg
from tests.rendering.browser import chromium
from tests.server.conftest import KETTLE, Live
from tests.server.pages.markup import SHOWN, Page, hostile
from tests.support import ROOT, SOURCE, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.server.app import create_app
from vhkg.server.service import LOOPBACK, Service, Settings

CONTENT = shipped().content
JUDGED = ((1280, "light"), (390, "dark"))
"""Where axe looks on, which takes seconds; the map has tests of its own."""
SEEN = ROOT / "build" / "pages"
HTML = {"accept": "text/html"}


def over(knowledge: Knowledge, article: str = "") -> TestClient:
    settings = Settings(hosts=(*LOOPBACK, "testserver"))
    return TestClient(create_app(Service(knowledge, settings, article=article)), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def article(client: TestClient) -> Page:
    return Page(client.get("/article").text, "/article")


def test_every_statement_has_its_place_on_the_page_and_a_page_of_its_own(client: TestClient, article: Page) -> None:
    assert set(CONTENT.statements) <= set(article.ids)
    passages = [s.name for s in sorted(CONTENT.statements.values(), key=lambda s: s.order) if s.order]
    assert [each for each in article.ids if each in passages] == passages
    for name, statement in CONTENT.statements.items():
        answer = client.get(f"/article/{name}")
        assert answer.status_code == 200
        assert (statement.quote or statement.description) in Page(answer.text, f"/article/{name}").text


def test_the_head_says_what_the_article_is(article: Page) -> None:
    for part in (
        CONTENT.article.title, CONTENT.article.review_status, CONTENT.article.sha256, "26 Aug 2025",
        "63 clinical claims", "31 of them without a citation", "4 citations",
        "2 of them with a candidate", "0 recommendations with a stated strength",
    ):  # fmt: skip
        assert part in article.text


def test_every_link_leads_somewhere(client: TestClient, service: Service, article: Page) -> None:
    """From the page, the pages of all sentences and what they link, to the last fragment within the article."""
    pages = {"/article": article}
    pending = [target for target, _ in article.targets]
    fragments = set(article.targets)
    while pending:
        path = pending.pop()
        if path in pages:
            continue
        if path.startswith("/terms/"):
            assert path.removeprefix("/terms/") in service.descriptions.names
            continue
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200, path
        pages[path] = Page(answer.text, path) if answer.headers["content-type"].startswith("text/html") else article
        if re.fullmatch(r"/article/\w+|/article\?became=[\w-]+", path):
            pending += [target for target, _ in pages[path].targets]
            fragments |= pages[path].targets
    assert len(pages) > len(CONTENT.statements)
    mine = {fragment for target, fragment in fragments if target.startswith("/article") and fragment}
    assert mine <= set(article.ids)


def test_silences_and_tensions_can_be_linked(article: Page) -> None:
    assert {f"silence-{each.name}" for each in CONTENT.silences} <= set(article.ids)
    assert {f"tension-{name}" for name in (*CONTENT.readings, *CONTENT.decisions)} <= set(article.ids)
    assert {f"source-{marker}" for marker in CONTENT.sources} <= set(article.ids)


def test_a_part_of_the_bar_shows_its_passages(client: TestClient) -> None:
    for became in ("modelled", "deferred", "out-of-scope"):
        assert f'data-show="{became}"' in client.get(f"/article?became={became}").text
    assert 'data-show=""' in client.get("/article?became=%3Cscript%3E").text


def test_a_sentence_that_is_not_there_is_missed_politely(client: TestClient) -> None:
    answer = client.get("/article/S311", headers=HTML)
    assert answer.status_code == 404
    assert "Did you mean" in answer.text
    assert "S31" in answer.text
    assert "S311" not in answer.text
    assert client.get("/article/<script>x", headers=HTML).status_code == 404
    assert "script&gt;" not in client.get("/article/%3Cscript%3E", headers=HTML).text


def test_words_that_are_not_ours_come_from_the_file_only(article: Page) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    with over(shipped(), text) as client:
        filled = Page(client.get("/article").text, "/article").text
        held = [s for s in CONTENT.statements.values() if s.order and not s.quote]
        assert len(held) > 20
        for each in held:
            words = text[each.start : each.end]
            assert re.sub(r"\s+", " ", words) in filled
            own = Page(client.get(f"/article/{each.name}").text, "/article").text
            assert words in own
            assert "(from the file given)" in own
            if len(words) > 30 and words != CONTENT.article.title:
                assert words not in article.text
                assert f"{len(words)} characters that are not part of this package" in article.text


def test_a_file_that_was_not_read_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(SOURCE.read_bytes() + b" ")
    found = vhkg("serve", "--source", str(other))
    assert found.code == 3
    assert found.err.count("\n") == 1
    assert "the sha256 of the file is not that of the article that was read" in found.err
    assert vhkg("serve", "--source", str(tmp_path / "none.txt")).code == 3


def test_another_article_has_its_page() -> None:
    kettle = Knowledge.load(str(KETTLE))
    with over(kettle, (KETTLE / "kettle.txt").read_text(encoding="utf-8")) as client:
        page = Page(client.get("/article").text, "/article")
        assert {"K01", "K05", "source-1"} <= set(page.ids)
        assert "3 clinical claims" in page.text
        for name in kettle.content.statements:
            assert client.get(f"/article/{name}").status_code == 200
        assert "hemangioma" not in page.text.lower()


def test_a_text_of_the_knowledge_is_text(tmp_path: Path) -> None:
    knowledge = Knowledge.load(str(hostile(tmp_path)))
    kettle = Knowledge.load(str(KETTLE))
    with over(knowledge) as wild, over(kettle) as calm:
        for path in ("/article", *(f"/article/{name}" for name in kettle.content.statements)):
            found, expected = (Page(client.get(path).text, path) for client in (wild, calm))
            assert SHOWN in found.text
            assert {"script", "img"} & set(found.tags) <= {"script"}
            assert found.tags.count("script") == expected.tags.count("script")
            assert not [name for name, _ in found.attributes if name.startswith("on")]
            assert "\u202e" not in found.text


# --- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Watched:
    """What a tab asked for and complained of."""

    def __init__(self, tab: Tab) -> None:
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        tab.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        tab.on("console", lambda message: self.complaints.append(message.text))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible_and_asks_no_one_else(browser: Browser, live: Live, width: int, scheme: str) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(tab)
    tab.goto(f"{live.base}/article#S31")
    SEEN.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SEEN / f"article-{width}-{scheme}.png")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.click("#S31 .said a")
    expect(tab.locator("#sheet[open] #sheet-title")).to_be_focused()
    tab.screenshot(path=SEEN / f"article-sheet-{width}-{scheme}.png")
    if (width, scheme) in JUDGED:
        found = Axe().run(tab, {"exclude": [["#algorithm"]]})
        assert found.violations_count == 0, found.generate_report()
    assert watched.complaints == []
    assert watched.hosts == {live.base.split("/")[2]}
    tab.close()


def test_the_sheet_opens_by_keyboard_goes_along_the_text_and_returns(browser: Browser, live: Live) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(f"{live.base}/article")
    tab.focus("#S35 .said a")
    tab.keyboard.press("Enter")
    title = tab.locator("#sheet #sheet-title")
    expect(title).to_have_text("S35")
    expect(tab.locator("#S35")).to_have_class(re.compile("is-open"))
    tab.click("#sheet a[rel=next]")
    expect(title).to_have_text("S36")
    tab.keyboard.press("Escape")
    expect(tab.locator("#sheet")).to_be_hidden()
    expect(tab.locator("#S35 .said a")).to_be_focused()
    assert tab.url.endswith("/article")
    tab.close()


def test_the_bar_filters_and_a_room_lights_up(browser: Browser, live: Live) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(f"{live.base}/article")
    tab.click("[data-shares] li a[data-became=deferred]")
    deferred = [s.name for s in CONTENT.statements.values() if s.order and s.disposition == "deferred"]
    shown = tab.evaluate("[...document.querySelectorAll('.passage')].filter(e => e.offsetParent).map(e => e.id)")
    assert sorted(shown) == sorted(deferred)
    tab.click("[data-shares] li a[data-became='']")
    assert tab.locator(".passage:visible").count() == sum(s.order > 0 for s in CONTENT.statements.values())
    tab.click("#silences [data-room] >> nth=0")
    assert tab.locator("#algorithm .is-lit:visible").count() == 1
    tab.close()


def test_a_sentence_opens_the_patient_page_where_it_decides(browser: Browser, live: Live) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    watched = Watched(tab)
    recommendation = next(each for each in CONTENT.recommendations if each.first_line)
    action = next(use.statement for use in recommendation.uses if use.role == "action")
    tab.goto(f"{live.base}/article/{action}")
    tab.click("summary:has-text('Patients for whom')")
    tab.click("a[href^='/#k=']")
    expect(tab.locator("main")).to_contain_text(re.compile(recommendation.label, re.IGNORECASE))
    assert "hemangioma" not in live.log.lower()
    assert watched.complaints == []
    tab.close()


def test_the_citation_can_be_copied(browser: Browser, live: Live) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{live.base}/article/S31")
    tab.click("[data-copy]")
    expect(tab.locator("[data-copy]")).to_have_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == tab.input_value(".citation")
    context.close()


def test_without_script_a_sentence_is_a_page(browser: Browser, live: Live) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    tab = context.new_page()
    tab.goto(f"{live.base}/article")
    tab.click("#S53 .said a")
    assert tab.url.endswith("/article/S53")
    assert tab.locator("h1").inner_text() == "S53"
    tab.click("text=In the text")
    assert tab.url.endswith("/article#S53")
    tab.click("[data-shares] li a[data-became=deferred]")
    assert tab.locator(".passage:visible").count() == 3
    context.close()
