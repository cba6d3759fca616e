"""The Patient page as people use it: a real browser on a running service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.rendering.browser import chromium
from tests.server.conftest import Live
from tests.server.pages.patient_support import FOUR
from tests.support import ROOT, shipped
from vhkg.server.pages.patient_link import link_to

SEEN = ROOT / "build" / "pages"
BUNDLE = ROOT / "docs" / "examples" / "bundle.json"
COHORT = ROOT / "docs" / "examples" / "cohort.csv"
ANSWER = "#head .lead"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@contextmanager
def opened(browser: Browser, live: Live, path: str = "/", **options: Any) -> Iterator[Page]:
    """A page on which nothing but our service is asked, and nothing is complained of."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live.base + path)
    if "#" in path:
        expect(page.locator('.patient[aria-busy="false"]')).to_have_count(1)
    yield page
    page.unroute_all()
    context.close()
    assert [url for url in asked if not url.startswith((live.base, "blob:"))] == []
    assert said == []


def link(name: str) -> str:
    facts = {finding: value.partition("@")[0] for finding, value in FOUR[name].items()}
    return "/#" + link_to(facts, {}, shipped().content, shipped().compiled.digest)


def radio(page: Page, finding: str, value: str) -> Any:
    return page.locator(f'input[name="f.{finding}"][value="{value}"]')


def choose(page: Page, finding: str, value: str) -> None:
    """As people do: once what was chosen before has been answered, since rows may move then."""
    settled(page)
    radio(page, finding, value).check(force=True)


def settled(page: Page) -> None:
    expect(page.locator('.patient[aria-busy="true"]')).to_have_count(0)


# --- without a script


def test_without_a_script_one_form_does_all(browser: Browser, live: Live) -> None:
    with opened(browser, live, java_script_enabled=False) as page:
        choose(page, "VertebralHemangioma", "present")
        choose(page, "NeurologicalDeficit", "present")
        page.fill('input[name="d.NeurologicalDeficit"]', "2026-11-20")
        page.click(".send button.main")
        expect(page.locator(ANSWER)).to_contain_text("surgical decompression with preoperative embolization")
        expect(page.locator(".record")).to_contain_text("neurological deficit (20 Nov 2026)")
        page.click(".question button >> nth=1")
        expect(page.locator(".undo")).to_contain_text("set to absent")
        page.click("#undo")
        expect(radio(page, "NeurologicalDeficit", "present")).to_be_checked()
        page.set_input_files("#file", BUNDLE)
        page.click(".file-input button")
        expect(radio(page, "BackPain", "present")).to_be_checked()
        page.click("#readings > summary")
        page.click("text=Read it so >> nth=0")
        expect(page.locator(".reading-block")).to_have_count(1)
        with page.expect_download() as download:
            page.click("text=CSV")
        assert Path(download.value.path()).read_text(encoding="utf-8").startswith("file,patient,")
        assert page.url == live.base + "/", "facts are in no address"


# --- with a script


def test_toggle_drop_follow_flip_read(browser: Browser, live: Live) -> None:
    """The whole way: findings, a bundle dropped on the page, a question, a reading, a quotation."""
    with opened(browser, live) as page:
        choose(page, "VertebralHemangioma", "present")
        expect(page.locator(".question .asked").first).to_contain_text("neurological deficit?")
        choose(page, "NeurologicalDeficit", "present")
        expect(page.locator(ANSWER)).to_contain_text("First line in the article: surgical decompression")
        expect(page.locator(".against")).to_contain_text("ADVISED AGAINST")
        choose(page, "NeurologicalDeficit", "absent")
        choose(page, "BackPain", "present")
        expect(page.locator(ANSWER)).to_contain_text("First line in the article: percutaneous vertebroplasty")
        drop(page, BUNDLE)
        expect(page.locator(".file")).to_contain_text("unmapped")
        expect(page.locator("#note-BackPain")).to_contain_text("from the file: Condition/pain")
        assert page.input_value('input[name="d.BackPain"]') == "2026-03-01"
        page.click('button[value="VertebroplastyCandidacy=absent"]')
        expect(page.locator("#undo-text")).to_contain_text("Candidate for vertebroplasty set to absent")
        expect(radio(page, "VertebroplastyCandidacy", "absent")).to_be_checked()
        expect(page.locator("#undo")).to_be_focused()
        expect(page.locator("#said")).to_contain_text("set to absent")
        page.click("#readings > summary")
        page.click('button[value="CandidacyReading=CandidacyGuidesRadiationOnly"]')
        expect(page.locator(".reading-block")).to_contain_text("candidacy guides radiation therapy only")
        assert page.locator("#readings").get_attribute("open") is not None, "what was open stays open"
        card = page.locator("#recommendation-PercutaneousVertebroplastyFirstLine")
        card.get_by_text("All sentences").click()
        expect(card).to_contain_text("provides immediate pain relief")
        assert page.url == live.base + "/"


def drop(page: Page, path: Path) -> None:
    """Drag a file over the page and let it go."""
    page.evaluate(
        """([name, text]) => {
            const data = new DataTransfer();
            data.items.add(new File([text], name));
            const event = (kind) => new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
            document.body.dispatchEvent(event("dragenter"));
            if (!document.documentElement.classList.contains("is-dropping")) throw new Error("nothing says where");
            document.body.dispatchEvent(event("dragover"));
            document.body.dispatchEvent(event("drop"));
        }""",
        [path.name, path.read_text(encoding="utf-8")],
    )


def test_a_file_of_several_lesions(browser: Browser, live: Live) -> None:
    with opened(browser, live) as page:
        page.set_input_files("#file", COHORT)
        expect(page.locator("#head table tbody tr")).to_have_count(10)
        expect(page.locator("fieldset.all[disabled]")).to_have_count(1)
        page.click('button[name="at"][value="1.0"]')
        expect(page.locator(".who")).to_contain_text("cohort.csv · patient b · lesion T7")
        expect(page.locator("fieldset.all[disabled]")).to_have_count(0)
        expect(radio(page, "ExtraosseousExtension", "present")).to_be_checked()
        choose(page, "SpinalInstability", "absent")
        expect(page.locator(".who")).to_contain_text("cohort.csv, changed by hand · patient b")
        page.click('button[name="at"][value=""]')
        expect(page.locator("#head table")).to_be_visible()


def test_a_file_that_cannot_be_read_leaves_everything(browser: Browser, live: Live, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing of the kind", encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(live.base + link("c"))
    expect(page.locator(ANSWER)).to_contain_text("depends first on neurological deficit")
    page.set_input_files("#file", bad)
    expect(page.locator("#messages .error")).to_contain_text("The file was not read.")
    expect(radio(page, "BackPain", "present")).to_be_checked()
    context.close()


def test_previews_light_their_branch_and_gates_set_facts(browser: Browser, live: Live) -> None:
    with opened(browser, live, link("c")) as page:
        side = page.locator('.side:has(button[value="NeurologicalDeficit=present"])')
        side.hover()
        lit = page.locator("#map svg .is-lit")
        names = set((side.get_attribute("data-lights") or "").split())
        expect(lit.first).to_be_attached()
        found = lit.evaluate_all("all => all.map(each => each.dataset.recommendation.split(' '))")
        assert all(names.intersection(each) for each in found)
        assert radio(page, "NeurologicalDeficit", "").is_checked(), "nothing is set yet"
        page.locator("h2 >> text=Facts").hover()
        expect(lit).to_have_count(0)
        page.locator('button[value="NeurologicalDeficit=absent"]').focus()
        expect(lit.first).to_be_attached()
        gate = page.locator('#map svg a[data-finding="NeurologicalDeficit"][data-status="present"] >> visible=true')
        gate.first.click()
        expect(radio(page, "NeurologicalDeficit", "present")).to_be_checked()
        expect(page.locator("#undo-text")).to_contain_text("set to present")
        page.locator('#map svg a[href^="#recommendation-"] >> visible=true').first.click()
        assert page.url.startswith(live.base + "/#recommendation-")


def test_the_last_of_several_quick_changes_counts(browser: Browser, live: Live) -> None:
    with opened(browser, live, link("c")) as page:
        expect(page.locator(ANSWER)).to_contain_text("depends first on")
        for value in ("present", "absent", "present", "", "absent"):
            radio(page, "NeurologicalDeficit", value).dispatch_event("click")
        expect(page.locator(ANSWER)).to_contain_text("percutaneous vertebroplasty")
        settled(page)
        expect(radio(page, "NeurologicalDeficit", "absent")).to_be_checked()


def test_the_keyboard_alone(browser: Browser, live: Live) -> None:
    with opened(browser, live) as page:
        radio(page, "VertebralHemangioma", "").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(radio(page, "VertebralHemangioma", "present")).to_be_checked()
        settled(page)
        expect(radio(page, "VertebralHemangioma", "present")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "d.VertebralHemangioma"
        page.keyboard.type("11022026")
        expect(page.locator(".record")).to_contain_text("2 Nov 2026")
        page.keyboard.press("Enter")
        settled(page)
        assert not radio(page, "NeurologicalDeficit", "present").is_checked(), "Enter presses no button of a question"
        for _ in range(4):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.localName") == "summary":
                break
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.parentElement.open")
        page.locator('button[value="NeurologicalDeficit=absent"]').focus()
        page.keyboard.press("Enter")
        expect(page.locator("#undo")).to_be_focused()
        page.keyboard.press("Enter")
        expect(radio(page, "NeurologicalDeficit", "")).to_be_checked()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body"), "the focus is not lost"


def test_the_picture_comes_in_the_size_that_fits_and_again_when_that_changes(browser: Browser, live: Live) -> None:
    with opened(browser, live) as page:
        pictures = page.locator("#map .map-picture")
        choose(page, "VertebralHemangioma", "present")
        expect(page.locator("#map .map-picture:visible")).to_have_count(1)
        settled(page)
        choose(page, "BackPain", "present")
        settled(page)
        expect(pictures).to_have_count(1)
        expect(pictures).to_have_class(re.compile("map-column"))
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator("#map .map-phone:visible")).to_have_count(1)


@pytest.mark.parametrize("place", ["recommendation-AvoidEnBlocResection", "recommendation-ResectionWithVertebroplasty"])
def test_a_place_in_something_closed_is_shown(browser: Browser, live: Live, place: str) -> None:
    with opened(browser, live) as page:
        page.evaluate("place => { location.hash = place }", place)
        expect(page.locator(f"#{place}")).to_be_in_viewport()


def test_a_link_opens_its_facts(browser: Browser, live: Live) -> None:
    with opened(browser, live, link("d")) as page:
        expect(page.locator(ANSWER)).to_contain_text("Outside the article")
        address = page.locator("#permalink").get_attribute("href")
        assert address == link("d").removeprefix("/")
        page.evaluate("location.hash = '#k=0123456789ab&f=BackPain.p,Gone.a'")
        expect(page.locator("#messages .notice")).to_contain_text("That knowledge is not loaded")
        expect(page.locator("#messages .notice")).to_contain_text("Gone.a")
        expect(radio(page, "BackPain", "present")).to_be_checked()
        expect(radio(page, "Pregnancy", "")).to_be_checked()


def test_note_report_and_patient_words(browser: Browser, live: Live) -> None:
    with opened(browser, live, link("a"), permissions=["clipboard-read", "clipboard-write"]) as page:
        expect(page.locator(ANSWER)).to_contain_text("percutaneous vertebroplasty")
        page.click("#note > summary")
        page.click('button[data-copy="note-text"]')
        expect(page.locator('button[data-copy="note-text"]')).to_have_text("Copied")
        note = page.evaluate("navigator.clipboard.readText()")
        assert "ANSWER    First line in the article: percutaneous vertebroplasty" in note
        page.get_by_text("All sentences").first.click()
        page.locator("a.wrong >> visible=true").first.click()
        expect(page.locator("dialog h1")).to_contain_text("Something is wrong with sentence")
        expect(page.locator("dialog textarea")).to_have_value(re.compile("digest [0-9a-f]{64}"))
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()
        page.locator('input[name="audience"][value="patient"]').check(force=True)
        expect(page.locator(".plain-words")).to_contain_text("What one article says - to talk over with your doctor")
        expect(page.locator(".recommendation")).to_have_count(0)


# --- how it looks


OPENED = ".recommendation:first-of-type details, .fact:first-of-type details, #readings, #silences, .chip:first-of-type"
"""One of each kind of what opens: all others are made alike."""


@pytest.mark.parametrize(
    ("width", "scheme", "checked"),
    [(390, "light", False), (390, "dark", True), (1280, "light", True), (1280, "dark", False)],
)
def test_it_fits_and_everybody_can_use_it(
    browser: Browser, live: Live, width: int, scheme: Any, *, checked: bool
) -> None:
    with opened(browser, live, link("b"), viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        expect(page.locator(ANSWER)).to_contain_text("First line")
        SEEN.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(SEEN / f"patient-{width}-{scheme}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        tops = {
            name: page.locator(f"#{name}").evaluate("each => each.getBoundingClientRect().top")
            for name in ("bar", "ask", "head", "facts", "map")
        }
        if width == 390:
            assert list(tops) == sorted(tops, key=lambda name: tops[name])
            page.evaluate("scrollTo(0, 2000)")
            assert page.locator("#bar").evaluate("each => each.getBoundingClientRect().top") == 0
            assert page.locator("#bar").evaluate("each => each.clientHeight") < 45, "one line"
        else:
            assert not page.locator("#bar").is_visible()
            boxes = [page.locator(f"#{name}").bounding_box() for name in ("facts", "head", "map")]
            lefts = [box["x"] for box in boxes if box]
            assert lefts == sorted(lefts)
            assert boxes[0]
            assert boxes[0]["width"] == 320
            page.evaluate("scrollTo(0, 700)")
            assert page.locator("#facts").evaluate("each => each.getBoundingClientRect().top") == 0, "the facts stay"
        if checked:
            page.evaluate("which => { for (const each of document.querySelectorAll(which)) each.open = true }", OPENED)
            found = Axe().run(page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("name", FOUR)
def test_it_prints_on_one_page(browser: Browser, live: Live, name: str, tmp_path: Path) -> None:
    with opened(browser, live, link(name)) as page:
        settled(page)
        page.pdf(path=str(tmp_path / "p.pdf"), format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "p.pdf").read_bytes())) == 1
        page.emulate_media(media="print")
        text = page.locator("main").inner_text()
        assert shipped().compiled.digest in text
        assert "“" in text or name == "c"
        assert not page.locator("#facts").is_visible()
