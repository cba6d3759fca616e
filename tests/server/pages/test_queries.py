"""The questions over HTTP: each listed, answered and downloaded with the same rows; a visitor's own query alike."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from tests.rendering.browser import chromium
from tests.server.conftest import KETTLE, Live
from tests.server.pages.markup import MARKUP, SHOWN, Page, hostile
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.published import published
from vhkg.rendering.layout import visible
from vhkg.rendering.rdf import answer_ntriples
from vhkg.server.app import create_app
from vhkg.server.service import LOOPBACK, Service, Settings
from vhkg.stores import Catalogue, EmbeddedStore, Provenance, Query, rows_to_csv, rows_to_json, run

HTML = {"accept": "text/html"}
SEEN = ROOT / "build" / "pages"
FILES = shipped().files
CATALOGUE = Catalogue(FILES.queries | FILES.cohort_queries)
OPEN = [each for each in CATALOGUE if each.kind == "knowledge" and not each.linked]
CLOSED = [each for each in CATALOGUE if each not in OPEN]
HOSTILE = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * FROM <http://127.0.0.1:9/x> WHERE { ?s ?p ?o }",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "SELECT * WHERE " + "{" * 2250 + "}" * 2250,
    "SELECT " + "x" * 30_000,
    "\0",
    "",
]


class Rows(HTMLParser):
    """Columns and rows of the table of an answer, as text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.columns: list[str] = []
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div" and "rows" in (dict(attrs).get("class") or "").split():
            self._inside = True
        if self._inside and tag == "tr":
            self.rows.append([])
        if self._inside and tag in ("th", "td"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._inside = False
        if self._cell is not None and tag in ("th", "td"):
            self.rows[-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    @property
    def table(self) -> list[list[str]]:
        """The header, then the rows."""
        return self.rows


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that was started with a patient file."""
    rows = [
        {"patient": "ann", "finding": "VertebralHemangioma", "status": "present"},
        {"patient": "ann", "finding": "BackPain", "status": "present"},
    ]
    answers = answer_ntriples(shipped().document(shipped().recommend(rows)), shipped().content)
    service = Service(shipped(), Settings(hosts=("testserver",)), answers)
    with TestClient(create_app(service), raise_server_exceptions=False) as found:
        yield found


@functools.cache
def store() -> EmbeddedStore:
    return EmbeddedStore(published(shipped()))


def provenance() -> Provenance:
    shown = shipped().document(()).knowledge
    return Provenance(shown.version, shown.digest, shown.review_status)


def test_every_question_is_listed_once(client: TestClient) -> None:
    page = Page(client.get("/queries", headers=HTML).text, "/queries")
    linked = [link.removeprefix("/queries/") for link in page.links if link.startswith("/queries/")]
    assert sorted(linked) == sorted(CATALOGUE.names())
    for each in CATALOGUE:
        assert each.question in page.text


@pytest.mark.parametrize("query", OPEN, ids=lambda query: query.name)
def test_screen_and_downloads_have_the_same_rows(client: TestClient, query: Query) -> None:
    rows = run(query, store(), {}, shipped().content.iris)
    html = client.get(f"/queries/{query.name}", headers=HTML)
    assert html.status_code == 200
    shown = Rows(html.text).table
    assert shown == [[*rows.columns], *([visible(cell) for cell in row] for row in rows.rows)]
    for given in ({"params": {"format": "csv"}}, {"headers": {"accept": "text/csv"}}):
        found = client.get(f"/queries/{query.name}", **given)  # type: ignore[arg-type]
        assert found.text == rows_to_csv(rows, provenance())
        assert found.headers["content-type"] == "text/csv; charset=utf-8; header=present"
        assert found.headers["content-disposition"] == f'attachment; filename="{query.name}.csv"'
    table = list(csv.reader(io.StringIO(client.get(f"/queries/{query.name}?format=csv").text)))
    assert table[0][: len(rows.columns)] == shown[0]
    assert len(table) == len(shown)
    assert client.get(f"/queries/{query.name}?format=json").text == rows_to_json(rows, provenance())
    if query.empty_is_error:
        assert "∅" in html.text
        assert "The article does not say." in html.text


@pytest.mark.parametrize("query", CLOSED, ids=lambda query: query.name)
def test_questions_about_data_say_where_to_ask(client: TestClient, query: Query) -> None:
    page = client.get(f"/queries/{query.name}", headers=HTML)
    assert page.status_code == 200
    assert f"vhkg query {query.name} --" in Page(page.text, f"/queries/{query.name}").text
    assert client.get(f"/queries/{query.name}?format=csv").status_code == 409


def test_inputs(client: TestClient) -> None:
    path = "/queries/outcomes-of-interventions"
    every = json.loads(client.get(path, params={"format": "json"}).text)["rows"]
    name = every[0]["item"]
    some = json.loads(client.get(path, params={"format": "json", "item": name}).text)["rows"]
    assert 0 < len(some) < len(every)
    assert {row["item"] for row in some} == {name}
    page = client.get(path, params={"item": name}, headers=HTML).text
    assert len(Rows(page).table) == len(some) + 1
    assert f'value="{name}"' in page
    none = client.get(path, params={"item": "PercutaneousNothing"}, headers=HTML)
    assert none.status_code == 200
    assert "nothing matches what was given" in none.text


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"recommendation": "no name at all"}, 400),
        ({"nothing": "x"}, 404),
        ({"format": "xml"}, 400),
        ({"recommendation": "x" * 2000}, 400),
    ],
)
def test_wrong_inputs(client: TestClient, params: dict[str, str], status: int) -> None:
    for accept in ("text/html", "application/json"):
        reply = client.get("/queries/readings-of-recommendation", params=params, headers={"accept": accept})
        assert reply.status_code == status
    assert "Traceback" not in reply.text


def test_no_such_question(client: TestClient) -> None:
    assert client.get("/queries/nothing").status_code == 404
    assert client.get("/queries/12").status_code == 404
    assert client.get("/queries", headers={"accept": "image/png"}).status_code == 200


def test_links_of_cells_lead_somewhere(client: TestClient) -> None:
    names = {
        (path, fragment)
        for query in OPEN
        for path, fragment in Page(client.get(f"/queries/{query.name}", headers=HTML).text, "/queries/x").targets
    }
    article = Page(client.get("/article", headers=HTML).text, "/article")
    fragments = {fragment for path, fragment in names if path == "/article" and fragment}
    assert fragments
    assert fragments <= set(article.ids)
    terms = sorted(path for path, _ in names if path.startswith("/terms/"))
    assert len(terms) > 20
    assert all(client.get(path, headers=HTML).status_code == 200 for path in terms[::7])


def test_questions_about_patients(holding: TestClient) -> None:
    """Their inputs are sent in the body, so that no patient stands in an address."""
    path = "/queries/treatments-for-patient"
    page = holding.get(path, headers=HTML).text
    assert 'method="post"' in page[page.index('class="inputs"') - 20 :][:200]
    every = Rows(page).table
    assert {row[0] for row in every[1:]} == {"ann"}
    some = Rows(holding.post(path, data={"patient": "ann", "status": "applies"}, headers=HTML).text).table
    assert {row[every[0].index("status")] for row in some[1:]} <= {"applies"}
    none = holding.post(path, data={"patient": "bob", "format": "json"})
    assert none.json()["rows"] == []
    assert holding.get(path, params={"patient": "ann"}).status_code == 400
    own = holding.post(
        "/queries",
        data={"query": "PREFIX v: <https://w3id.org/vhkg/ontology#> SELECT ?p { ?a v:forPatient ?p }", "format": "csv"},
    )
    assert own.text.splitlines()[1].startswith("ann,")


def test_own_query(client: TestClient) -> None:
    text = "PREFIX vhkg: <https://w3id.org/vhkg/ontology#>\nSELECT ?r { ?r a vhkg:Recommendation } ORDER BY ?r"
    page = client.post("/queries", data={"query": text}, headers=HTML)
    assert page.status_code == 200
    rows = store().select(text)
    assert Rows(page.text).table == [["r"], *(list(row) for row in rows.rows)]
    assert client.post("/queries", data={"query": text, "format": "csv"}).text == rows_to_csv(rows, provenance())
    assert client.post("/queries", data={"query": text, "format": "json"}).text == rows_to_json(rows, provenance())


@pytest.mark.parametrize(
    ("text", "columns", "count"),
    [
        ("ASK { ?s ?p ?o }", ["answer"], 1),
        ("SELECT (1 AS ?one) (STRLANG('a', 'en') AS ?two) {}", ["one", "two"], 1),
        ("SELECT ?s { ?s a <urn:nothing> }", [], 0),
        ("SELECT (BNODE() AS ?b) {}", ["b"], 1),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 7", ["subject", "predicate", "object"], 7),
        ("DESCRIBE <https://w3id.org/vhkg/ontology#Patient>", ["subject", "predicate", "object"], None),
    ],
)
def test_forms_of_queries(client: TestClient, text: str, columns: list[str], count: int | None) -> None:
    table = Rows(client.post("/queries", data={"query": text}, headers=HTML).text).table
    assert (table[0] if table else []) == columns
    if count is not None:
        assert len(table[1:]) == count


def test_rows_are_cut_and_it_is_said(client: TestClient, service: Service) -> None:
    text = "SELECT * { ?s ?p ?o }"
    page = client.post("/queries", data={"query": text}, headers=HTML).text
    assert "The rows end at the limit; there are more." in page
    found = client.post("/queries", data={"query": text, "format": "json"}).json()
    assert found["truncated"] is True
    assert len(found["rows"]) == len(Rows(page).table) - 1 <= service.settings.sparql_rows


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_hostile_queries(client: TestClient, text: str) -> None:
    for form in ("html", "csv")[: 1 if "COUNT" in text else 2]:
        reply = client.post("/queries", data={"query": text, "format": form}, headers=HTML)
        assert reply.status_code in (400, 422), reply.status_code
        if form == "html" and text != "\0":
            assert 'role="alert"' in reply.text
    assert client.post("/queries", data={"query": "ASK {}"}, headers=HTML).status_code == 200


def test_a_fault_has_its_place(client: TestClient) -> None:
    page = client.post("/queries", data={"query": "SELECT ?s {\n  ?s ?p\n}"}, headers=HTML)
    assert page.status_code == 400
    assert 'data-line="3"' in page.text
    assert "is not SPARQL at line 3, column" in page.text
    assert "SELECT ?s {\n  ?s ?p\n}" in page.text, "the query is there to be corrected"


def test_markup_is_text(tmp_path: Path) -> None:
    with TestClient(create_app(Service(Knowledge.load(str(hostile(tmp_path))), Settings(hosts=("*",))))) as client:
        for path in ("/queries", "/queries/advised-against", "/about", "/validate"):
            text = client.get(path, headers=HTML).text
            assert MARKUP not in text
            assert "<script>" not in text
            Page(text, path)
        text = 'SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER(CONTAINS(?l, "alert")) }'
        page = client.post("/queries", data={"query": text + f'#</textarea>{MARKUP}"'}, headers=HTML).text
        assert [SHOWN] in Rows(page).table
        assert "<script>alert" not in page


def test_another_knowledge() -> None:
    knowledge = Knowledge.load(str(KETTLE))
    with TestClient(create_app(Service(knowledge, Settings(hosts=(*LOOPBACK, "testserver"))))) as client:
        for name in knowledge.files.queries:
            assert client.get(f"/queries/{name.removesuffix('.rq')}", headers=HTML).status_code == 200
        assert "kettle" in client.get("/about", headers=HTML).text


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
