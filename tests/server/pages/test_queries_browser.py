"""The questions as people see them: in a browser, by keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.rendering.browser import chromium
from tests.server.conftest import Live
from tests.support import ROOT

SEEN = ROOT / "build" / "pages"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_in_a_browser(browser: Browser, live: Live, width: int, scheme: str) -> None:
    SEEN.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, path in (
        ("queries", "/queries"),
        ("question", "/queries/first-line-without-deficit"),
        ("silent", "/queries/radiation-dose"),
        ("closed", "/queries/treatments-for-patient"),
    ):
        page.goto(live.base + path)
        page.screenshot(path=SEEN / f"{name}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
    assert faults == []
    assert all(url.startswith(live.base) for url in asked)
    context.close()


def test_by_keyboard_alone(browser: Browser, live: Live) -> None:
    page = browser.new_page()
    page.goto(live.base + "/queries")
    page.focus("#query")
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK {")
    page.keyboard.press("Enter")
    page.keyboard.type("?s ?p ?o }")
    assert page.input_value("#query") == "ASK {\n  ?s ?p ?o }"
    assert page.inner_text("#query-place") == "line 2, column 13"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".rows td")
    assert page.inner_text(".rows td") == "true"
    page.fill("#query", "ASK {\n ?s }")
    page.focus("#query")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert re.search(r"line 2, column \d+", page.inner_text("#query-place"))
    page.close()


def test_without_scripts(browser: Browser, live: Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live.base + "/queries/outcomes-of-interventions")
    every = page.locator(".rows tbody tr").count()
    page.fill("#input-item", "Vertebroplasty")
    page.click("text=Ask >> nth=0")
    assert page.locator(".rows tbody tr").count() < every
    page.goto(live.base + "/queries")
    page.fill("#query", "ASK {}")
    page.click(".editor button.main")
    assert page.inner_text(".rows td") == "true"
    context.close()
