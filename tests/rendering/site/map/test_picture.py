"""The picture in a real browser: nothing overflows, overlaps or crosses, at every width and for every knowledge.

Screenshots of what was looked at are left in build/map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.algorithms import FOLDERS, boxes, grown_kettle, knowledge
from tests.rendering.browser import chromium
from tests.rendering.site.map.patients import stood
from tests.support import ROOT
from vhkg.answering.algorithm import algorithm, standings
from vhkg.rendering.site.map import COLUMN, PAGE, PHONE, picture

SEEN = ROOT / "build" / "map"
STATIC = ROOT / "vhkg" / "rendering" / "site" / "static"
STYLE = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("style.css", "map.css"))
SHOWN = {358: PHONE, 420: COLUMN, 540: COLUMN, 1240: PAGE}
"""Widths of the place, and the width whose picture is shown there."""
PATIENTS = ["a", "b", "c", "d", None]
_SHOWN = """[...document.querySelectorAll(".map-picture")]
    .filter(each => each.checkVisibility()).map(each => each.getAttribute("width"))"""
_GEOMETRY = (ROOT / "tests" / "data" / "map-geometry.js").read_text(encoding="utf-8")


def markup(patient: str | None = None, name: str = "article") -> str:
    counts = (
        {box.name: 977 * box.order % 4000 for box in boxes(algorithm(knowledge(name)))} if patient == "all" else None
    )
    return picture(*stood(None if patient == "all" else patient, name), counts=counts)


def show(page: Page, drawn: str, width: int) -> None:
    page.set_viewport_size({"width": max(width + 40, 390), "height": 900})
    page.set_content(
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>map</title><style>{STYLE}"
        f"main{{width:{width}px;padding:0}}</style></head><body><main><h1>Map</h1>{drawn}</main></body></html>"
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page()


@pytest.mark.parametrize("width", SHOWN)
@pytest.mark.parametrize(
    ("patient", "name"),
    [*((each, "article") for each in (*PATIENTS, "all")), (None, "kettle"), (None, "clocks"), ("all", "clocks")],
)
def test_nothing_overflows_overlaps_or_crosses(page: Page, patient: str | None, name: str, width: int) -> None:
    show(page, markup(patient, name), width)
    found: dict[str, Any] = page.evaluate(_GEOMETRY)
    assert found["pictures"] == 1
    assert found["nodes"] >= 3
    assert found["faults"] == []
    assert found["smallest"] >= 12
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", SHOWN)
def test_arms_that_fork_again_and_words_that_do_not_fit(page: Page, tmp_path: Path, width: int) -> None:
    known = grown_kettle(tmp_path)
    rows = [{"patient": "p", "finding": name, "status": "present"} for name in ("Crust", "SlowBoiling")]
    drawn = algorithm(known)
    for stood_at in (standings(drawn), standings(drawn, known.recommend(rows)[0])):
        show(page, picture(drawn, stood_at), width)
        assert page.evaluate(_GEOMETRY)["faults"] == []
        assert page.locator("b").count() == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("frame.setAttribute('width', 40)", "overflows"),
        ("node.setAttribute('transform', 'translate(0 60)')", "frames"),
        ("svg.querySelector('.map-line').setAttribute('d', 'M0 0 H300')", "line through"),
        ("svg.querySelector('.map-line').setAttribute('d', 'M2 300 H330')", "lines cross"),
        (
            "svg.querySelector('.map-answer tspan').textContent = 'A very long answer on everything that is asked'",
            "outside",
        ),
    ],
)
def test_the_geometry_sees_what_is_wrong(page: Page, change: str, fault: str) -> None:
    show(page, markup("b"), 420)
    page.evaluate(f"""(() => {{ const svg = document.querySelector(".map-column");
        const node = svg.querySelector(".map-gate"), frame = node.querySelector(".map-frame"); {change} }})()""")
    assert any(each.startswith(fault) for each in page.evaluate(_GEOMETRY)["faults"])


@pytest.mark.parametrize(("width", "drawn"), SHOWN.items())
def test_the_picture_that_fits_is_shown(page: Page, width: int, drawn: int) -> None:
    show(page, markup("b"), width)
    assert page.evaluate(_SHOWN) == [str(drawn)]


def test_without_a_style_sheet_one_is_shown(page: Page) -> None:
    page.set_content(f"<title>x</title>{markup('b')}")
    assert page.evaluate(_SHOWN) == [str(PHONE)]


@pytest.mark.parametrize(("patient", "scheme"), [("a", "light"), ("d", "dark"), (None, "light")])
def test_it_is_accessible(browser: Browser, patient: str | None, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme)
    view = context.new_page()
    show(view, markup(patient), 540)
    view.evaluate("document.querySelector('details').open = true")
    found = Axe().run(view)
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize(("scheme", "patients"), [("light", PATIENTS), ("dark", ["b", "c"])])
def test_the_screenshots(browser: Browser, scheme: Any, patients: list[str | None]) -> None:
    SEEN.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(color_scheme=scheme)
    view = context.new_page()
    for name, drawn in [*((each or "nobody", markup(each)) for each in patients), ("kettle", markup(None, "kettle"))]:
        for width in (358, 1240):
            show(view, drawn, width)
            file = SEEN / f"{name}-{width}-{scheme}.png"
            view.locator(".map").screenshot(path=file)
            assert file.stat().st_size > 5000
    context.close()


def test_a_focused_link_is_seen(page: Page) -> None:
    show(page, markup("b"), 540)
    frame = ".map-column .map-gate .map-frame"
    before = page.evaluate("s => getComputedStyle(document.querySelector(s)).strokeWidth", frame)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#map-list"
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.dataset.finding")
    after = page.evaluate(
        "s => getComputedStyle(document.activeElement.querySelector('.map-frame')).strokeWidth", frame
    )
    assert focused
    assert (before, after) == ("3px", "4px")


def test_a_link_opens_the_list(page: Page) -> None:
    show(page, markup("b"), 540)
    page.get_by_role("link", name="As a list").click()
    page.wait_for_function("document.querySelector('.map-outline').open")


def test_it_has_all_that_a_script_needs(page: Page) -> None:
    drawn = algorithm(knowledge("article"))
    show(page, markup("c"), 540)
    for box in boxes(drawn):
        lit = f".map-column [data-recommendation~='{box.name}']"
        assert page.locator(f"{lit} a[href='#recommendation-{box.name}']").count() >= 1
        assert page.locator(f"{lit}.map-box").get_attribute("data-state") in ("taken", "open", "closed", "not-reached")
    gate = page.locator(".map-column .map-fork a")
    assert gate.get_attribute("href") == "#fact-NeurologicalDeficit"
    assert gate.get_attribute("data-finding") == "NeurologicalDeficit"
    heads = page.locator(".map-column .map-arm a")
    assert [each.get_attribute("data-status") for each in heads.all()] == ["absent", "present"]
    assert page.locator(".map-column [data-silence=AsymptomaticLesion] a").first.get_attribute("href") == (
        "/article#silence-AsymptomaticLesion"
    )


def test_no_style_and_no_script_stand_in_it() -> None:
    drawn = markup("d")
    assert not re.search(r"<style|<script|\sstyle=|\son[a-z]+=", drawn)
    ids = re.findall(r'\sid="([^"]*)"', drawn)
    assert len(ids) == len(set(ids))


def test_two_pictures_on_a_page_share_no_id() -> None:
    drawn, found = stood("a")
    both = picture(drawn, found) + picture(drawn, found, name="other")
    ids = re.findall(r'\sid="([^"]*)"', both)
    assert len(ids) == len(set(ids))
    assert {f"url(#{each})" for each in ids if "hatch" in each} == set(re.findall(r"url\(#[^)]*\)", both))


@pytest.mark.parametrize("name", FOLDERS)
def test_counts_are_drawn_on_the_boxes(name: str) -> None:
    drawn = algorithm(knowledge(name))
    counts = {box.name: 1000 + box.order for box in boxes(drawn)}
    whole = picture(drawn, standings(drawn), counts=counts, widths=(COLUMN,))
    for count in counts.values():
        assert whole.count(f"{count:,} in the cohort") == 2


def test_a_template_takes_it_as_markup() -> None:
    from markupsafe import Markup, escape

    drawn = picture(*stood("a"))
    assert isinstance(drawn, Markup)
    assert escape(drawn) == drawn
