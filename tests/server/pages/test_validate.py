"""The Validate page over HTTP: the same results as the command, refusals as one sentence, nothing kept."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from tests.rendering.browser import chromium
from tests.server.canaries import BUNDLE, CSV, PACKET, TURTLE, broken
from tests.server.conftest import Live
from tests.server.pages.markup import MARKUP, SHOWN, Page
from tests.support import ROOT, shipped
from vhkg.intake import document
from vhkg.model.checks import merged
from vhkg.rendering.report import causes, place, render_report_json
from vhkg.rendering.wording import sentence
from vhkg.validation import report_turtle

HTML = {"accept": "text/html"}
SEEN = ROOT / "build" / "pages"
INVALID = TURTLE.replace(":status :Present", ":status :Present , :Absent").replace(" ; :assessedOn", " . #")
UNREADABLE = CSV.replace("unknown", "maybe")
FILES = {
    "facts.csv": CSV,
    "graph.ttl": TURTLE,
    "invalid.ttl": INVALID,
    "bundle.json": json.dumps({**BUNDLE, "entry": BUNDLE["entry"][:1]}),
    "packet.json": json.dumps(PACKET),
}


def post(client: TestClient, name: str, content: str | bytes, **fields: str):  # type: ignore[no-untyped-def]
    raw = content.encode() if isinstance(content, str) else content
    return client.post("/validate", files={"file": (name, raw)}, data=fields, headers=HTML)


@pytest.mark.parametrize("name", FILES)
def test_the_page_has_every_result_and_count(client: TestClient, name: str) -> None:
    read = shipped().read_source(document(name, FILES[name].encode()))
    reports = [each.report for each in read.patients]
    whole = merged(reports)
    reply = post(client, name, FILES[name])
    assert reply.status_code == 200
    page = Page(reply.text, "/validate")
    assert ("It conforms" in page.text) is whole.conforms
    assert ("It does not conform" in page.text) is not whole.conforms
    assert f"{sum(whole.hits.values())} node" in page.text
    for cause in causes(whole.results):
        assert sentence(cause.message) in page.text
        for result in cause.results:
            assert place(result) in page.text
    for counts in read.report.counts.values():
        if counts is not read.report.counts.get("read"):  # type: ignore[call-overload]
            for detail in counts:
                assert detail in page.text
    found = dict(re.findall(r'download="validation\.(\w+)" href="data:[^,]*,([^"]*)"', reply.text))
    assert base64.b64decode(found["json"]).decode() == render_report_json([(name, whole)])
    assert base64.b64decode(found["ttl"]).decode() == report_turtle(reports)
    assert post(client, name, FILES[name], format="json").text == render_report_json([(name, whole)])
    turtle = post(client, name, FILES[name], format="ttl")
    assert turtle.text == report_turtle(reports)
    assert turtle.headers["content-disposition"] == 'attachment; filename="validation.ttl"'


def test_some_files_do_not_conform(client: TestClient) -> None:
    assert "It does not conform" in post(client, "invalid.ttl", INVALID).text
    assert "It conforms" in post(client, "facts.csv", CSV).text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", UNREADABLE, "Line 4: unknown status …; write present, absent or unknown."),
        ("a.ttl", TURTLE[:-3], "Line 6, column"),
        ("a.json", "{", "Line 1, column 2: not JSON"),
        ("a.csv", "", "It is empty"),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY a "b">]><r/>', "a document type or entity is declared"),
        ("a.ttl", "<urn:zq> a <urn:zq> .", "The class … is not allowed"),
    ],
)
def test_a_refusal_is_one_sentence(client: TestClient, name: str, content: str, said: str) -> None:
    reply = post(client, name, content)
    assert reply.status_code == 422
    alert = re.search(r'role="alert"[^>]*>([^<]*)<', reply.text)
    assert alert
    assert said in alert[1].replace("&#39;", "'")
    assert 'type="file"' in reply.text, "another can be chosen at once"
    sent = {"files": {"file": (name, content.encode())}, "data": {"format": "json"}}
    assert client.post("/validate", **sent).json()["status"] == 422  # type: ignore[arg-type]


def test_without_a_file(client: TestClient) -> None:
    reply = client.post("/validate", files={"other": ("a", b"b")}, headers=HTML)
    assert reply.status_code == 400
    assert "No file was chosen" in reply.text
    assert post(client, "a.csv", CSV, format="pdf").status_code == 400
    assert client.post("/validate", content=CSV, headers={"content-type": "text/csv"}).status_code == 415


def test_names_and_values_are_text(client: TestClient) -> None:
    graph = INVALID.replace('"ann"', json.dumps(MARKUP, ensure_ascii=False).replace("\u202e", ""))
    reply = post(client, f"{MARKUP}.ttl", graph)
    assert "<script>alert" not in reply.text
    assert reply.status_code == 200
    assert SHOWN.rpartition("/")[2] in Page(reply.text, "/validate").text


def test_whatever_is_sent_the_page_is_a_page(client: TestClient) -> None:
    for sent in broken():
        reply = post(client, sent.name, sent.content)
        assert reply.status_code in (200, 422)
        Page(reply.text, "/validate")


@given(st.binary(max_size=200), st.text(max_size=20))
@settings(max_examples=30)
def test_any_bytes_under_any_name(client: TestClient, content: bytes, name: str) -> None:
    reply = client.post("/validate", files={"file": (name or "x", content)}, headers=HTML)
    assert reply.status_code in (200, 400, 422)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_in_a_browser(browser: Browser, live: Live, tmp_path: Path, width: int, scheme: str) -> None:
    SEEN.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(live.base + "/validate")
    assert Axe().run(page).response["violations"] == []
    page.set_input_files("#file", {"name": "invalid.ttl", "mimeType": "text/turtle", "buffer": INVALID.encode()})
    page.click("button.main")
    page.wait_for_selector("#verdict")
    page.screenshot(path=SEEN / f"validate-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
    with page.expect_download() as download:
        page.click("text=Report as JSON >> nth=0")
    saved = tmp_path / "report.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text(encoding="utf-8"))[0]["conforms"] is False
    assert faults == []
    assert all(url.startswith((live.base, "data:application/json")) for url in asked)
    context.close()


def test_a_file_that_is_dropped(browser: Browser, live: Live) -> None:
    page = browser.new_page()
    page.goto(live.base + "/validate")
    held = page.evaluate_handle(
        "text => { const held = new DataTransfer(); held.items.add(new File([text], 'facts.csv')); return held; }", CSV
    )
    page.dispatch_event("main", "dragenter", {"dataTransfer": held})
    assert "over" in (page.get_attribute(".drop", "class") or "")
    page.dispatch_event("main", "drop", {"dataTransfer": held})
    page.wait_for_selector("#verdict")
    assert page.inner_text("#verdict") == "It conforms"
    page.close()


def test_a_broken_file_without_scripts(browser: Browser, live: Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live.base + "/validate")
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": UNREADABLE.encode()})
    page.click("button.main")
    assert page.inner_text("[role=alert]") == "Line 4: unknown status …; write present, absent or unknown."
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": CSV.encode()})
    page.click("button.main")
    assert page.inner_text("#verdict") == "It conforms"
    context.close()
