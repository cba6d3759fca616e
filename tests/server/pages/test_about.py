"""The About page, and the ontology as a file."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.testclient import TestClient

from tests.rendering.browser import chromium
from tests.server.conftest import KETTLE, Live
from tests.server.pages.markup import Page
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.exchange import ontology_document
from vhkg.rendering.layout import visible
from vhkg.server.app import create_app
from vhkg.server.pages.ontology import FORMS
from vhkg.server.service import Service, Settings

HTML = {"accept": "text/html"}
SEEN = ROOT / "build" / "pages"
READ = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
}


@pytest.mark.parametrize("folder", [None, str(KETTLE)])
def test_what_the_page_says(folder: str | None) -> None:
    knowledge = Knowledge.load(folder)
    content = knowledge.content
    shown = knowledge.document(()).knowledge
    with TestClient(create_app(Service(knowledge, Settings(hosts=("testserver",), upload=3 << 20)))) as client:
        page = Page(client.get("/about", headers=HTML).text, "/about")
    text = page.text.lower()
    facts = [shown.digest, shown.version, shown.software, shown.review_status, content.article.sha256]
    facts += [content.article.title, *(each.text for each in content.notices), "3 MiB"]
    for reading in content.readings.values():
        facts += [reading.label, reading.question, *(option.label for option in reading.alternatives)]
    for fact in facts:
        assert visible(fact).lower() in text
    assert ("started with patient files" in text) is False


def test_what_the_page_of_the_article_says_of_itself(client: TestClient) -> None:
    """Both sides of its contradiction, as the knowledge has them."""
    page = Page(client.get("/about", headers=HTML).text, "/about")
    content = shipped().content
    of_the_page = [
        each
        for each in content.decisions.values()
        if each.concerns and not any(content.statements[name].quote for name in each.concerns)
    ]
    assert len(of_the_page) > 1
    for each in of_the_page:
        assert each.tension in page.text
        assert each.decision in page.text


def test_every_link_leads_somewhere(client: TestClient) -> None:
    page = Page(client.get("/about", headers=HTML).text, "/about")
    browsers = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    missing = [path for path, _ in page.targets if client.get(path, headers=browsers).status_code >= 400]
    assert [path for path in missing if not path.startswith("/cds-services")] == []
    assert page.outside == ["https://creativecommons.org/licenses/by/4.0/"]


@pytest.mark.parametrize("ending", FORMS)
def test_the_ontology_in_each_form(client: TestClient, ending: str) -> None:
    expected = set(ontology_document(shipped().files.ontology))
    kind = FORMS[ending][0]
    fixed = client.get(f"/ontology.{ending}")
    negotiated = client.get("/ontology", headers={"accept": kind})
    assert fixed.content == negotiated.content
    assert fixed.headers["content-type"].partition(";")[0] == kind
    assert negotiated.headers["content-location"] == f"/ontology.{ending}"
    assert fixed.headers["access-control-allow-origin"] == "*"
    found = {quad.triple for quad in ox.parse(fixed.content, format=READ[ending])}
    assert len(found) == len(expected)
    again = client.get(f"/ontology.{ending}", headers={"if-none-match": fixed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_other_forms_of_the_ontology(client: TestClient) -> None:
    assert client.get("/ontology", headers={"accept": "image/png"}).status_code == 406
    assert client.get("/ontology.pdf").status_code == 404
    assert client.get("/ontology").headers["content-type"].startswith("text/turtle")


def test_in_a_browser(live: Live) -> None:
    SEEN.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with chromium() as browser:
        for width, scheme in ((390, "light"), (1280, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page.on("console", lambda message: faults.append(message.text))
            page.goto(live.base + "/about")
            page.screenshot(path=SEEN / f"about-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert Axe().run(page).response["violations"] == []
            page.close()
    assert faults == []


def test_the_browser_loads_nothing_foreign(live: Live) -> None:
    """Whatever gets into a page: scripts in it, styles in it, pictures, frames, forms and requests to elsewhere."""
    tried = """async () => {
      const seen = [];
      document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
      const add = (tag, values) => document.body.append(Object.assign(document.createElement(tag), values));
      add("img", {src: "http://localhost:9/x.png"});
      add("iframe", {src: "http://localhost:9/"});
      add("script", {src: "http://localhost:9/x.js"});
      add("script", {textContent: "window.ran = true"});
      add("style", {textContent: "body { color: red }"});
      add("object", {data: "http://localhost:9/x"});
      add("link", {rel: "stylesheet", href: "http://localhost:9/x.css"});
      document.body.setAttribute("onclick", "window.ran = true");
      document.body.setAttribute("style", "color: red");
      await fetch("http://localhost:9/").catch(() => null);
      try { new WebSocket("ws://localhost:9/"); } catch { /* refused */ }
      const form = document.createElement("form");
      form.action = "http://localhost:9/";
      document.body.append(form);
      form.submit();
      await new Promise((done) => setTimeout(done, 300));
      document.body.click();
      return [[...new Set(seen)].sort(), window.ran ?? false];
    }"""
    with chromium() as browser, socket.create_server(("127.0.0.1", 0)) as elsewhere:
        page = browser.new_page()
        page.goto(live.base + "/about")
        seen, ran = page.evaluate(tried.replace("localhost:9", f"127.0.0.1:{elsewhere.getsockname()[1]}"))
        page.close()
        elsewhere.setblocking(False)
        sent = list(_sent(elsewhere))
    assert set(sent) <= {b""}, "a connection may be opened in advance, but nothing is asked"
    assert not ran
    refused = {"img-src", "frame-src", "script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr"}
    assert refused | {"object-src", "connect-src", "form-action"} <= set(seen)


def _sent(listening: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(BlockingIOError):
        while True:
            with listening.accept()[0] as connection:
                connection.settimeout(5)
                yield connection.recv(1000)
