"""The Terms pages over HTTP: every term found and linked, in every form, with nothing of a request repeated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from tests.rendering.browser import chromium
from tests.server.conftest import KETTLE, Live
from tests.server.pages.markup import MARKUP, SHOWN, Page, hostile
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.exchange import everything
from vhkg.knowledge.mappings import read_mappings
from vhkg.rendering.site.terms import FORMS
from vhkg.server.app import create_app
from vhkg.server.service import LOOPBACK, Service, Settings

CONTENT = shipped().content
SEEN = ROOT / "build" / "pages"
HTML = {"accept": "text/html"}
READ = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


def over(knowledge: Knowledge) -> TestClient:
    settings = Settings(hosts=(*LOOPBACK, "testserver"))
    return TestClient(create_app(Service(knowledge, settings)), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def listed(client: TestClient) -> Page:
    return Page(client.get("/terms").text, "/terms")


def test_every_term_is_listed_once(service: Service, listed: Page) -> None:
    named = [path.removeprefix("/terms/") for path in listed.links if path.startswith("/terms/")]
    assert sorted(named) == sorted(service.descriptions.names)
    covered = {*CONTENT.findings, *CONTENT.classes, *CONTENT.readings, *CONTENT.statements, *CONTENT.plans}
    covered |= {option.name for reading in CONTENT.readings.values() for option in reading.alternatives}
    covered |= {each.name for each in CONTENT.recommendations} | {each.name for each in CONTENT.silences}
    assert covered <= set(named)


def test_every_term_has_a_page_whose_links_lead_somewhere(client: TestClient, service: Service) -> None:
    linked: set[str] = set()
    for name, iri in service.descriptions.names.items():
        answer = client.get(f"/terms/{name}", headers=HTML)
        assert answer.status_code == 200
        page = Page(answer.text, f"/terms/{name}")
        assert iri in page.text
        assert all(each.startswith(("http://", "https://")) for each in page.outside)
        linked |= {path for path, _ in page.targets}
    terms = {path.removeprefix("/terms/") for path in linked if path.startswith("/terms/")}
    files = {f"{name}{ending}" for name in service.descriptions.names for ending, _, _ in FORMS}
    assert terms <= {*service.descriptions.names, *files}
    sentences = {path.removeprefix("/article/") for path in linked if path.startswith("/article/")}
    assert sentences == set(CONTENT.statements)
    for path in linked:
        if not path.startswith(("/terms/", "/article/")):
            assert client.get(path, headers=HTML).status_code == 200, path


def test_what_a_term_does_stands_before_what_it_is(client: TestClient) -> None:
    page = Page(client.get("/terms/NeurologicalDeficit").text, "/terms/NeurologicalDeficit")
    assert page.text.index("What it does") < page.text.index("decides the status of") < page.text.index("What it is")
    assert page.text.index("stated in") < page.text.index("decides the status of")
    assert CONTENT.findings["NeurologicalDeficit"].question in page.text
    for name in ("C11", "C29"):
        assert CONTENT.statements[name].quote in page.text
        assert f"/article/{name}" in page.links


def test_matches_have_relation_justification_and_licence_and_rejected_ones_are_marked(client: TestClient) -> None:
    rows = [row for row in read_mappings(shipped().files.ontology, CONTENT.iris) if row.found]
    rejected = next(row for row in rows if row.negated)
    for row in (rejected, next(row for row in rows if row.verified), next(row for row in rows if not row.verified)):
        name = row.subject.partition("#")[2]
        page = Page(client.get(f"/terms/{name}").text, f"/terms/{name}")
        mine = [each for each in rows if each.subject == row.subject]
        assert page.tags.count("tr") == len(mine) + 1
        for each in mine:
            assert each.curie in page.text
            assert each.set.licence in page.text
            assert str(each.confidence) in page.text
        assert page.text.count("rejected not") == sum(each.negated for each in mine)
        assert page.text.count("a lead") == sum(not each.verified for each in mine)


@pytest.mark.parametrize(("ending", "form", "kind"), FORMS)
def test_each_form_can_be_accepted_or_named_and_is_a_part_of_the_knowledge(
    client: TestClient, service: Service, ending: str, form: str, kind: str
) -> None:
    published = {(t.predicate, _named(t.subject), _named(t.object)) for t in everything(service.published)}
    for name in ("BackPain", "HasDeficit", "AvoidEnBlocResection", "S31"):
        accepted = client.get(f"/terms/{name}", headers={"accept": f"{kind}, text/html;q=0.5"})
        named = client.get(f"/terms/{name}{ending}", headers=HTML)
        assert accepted.headers["content-type"].partition(";")[0] == kind
        assert accepted.headers["vary"] == "Accept"
        assert accepted.content == named.content or form == "Turtle"  # prefixes stand in no order
        triples = list(ox.parse(named.content, format=READ[kind]))
        assert {(t.predicate, _named(t.subject), _named(t.object)) for t in triples} <= published
        assert any(t.subject == ox.NamedNode(service.descriptions.names[name]) for t in triples)


def _named(term: object) -> object:
    """Blank nodes have other names in each document."""
    return None if isinstance(term, ox.BlankNode) else term


def test_what_cannot_be_given_is_refused(client: TestClient) -> None:
    answer = client.get("/terms/BackPain", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]
    assert client.get("/terms/BackPain").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("HP:0003418", "BackPain"),
        ("low back pain", "BackPain"),
        ("neurological DEFICIT", "NeurologicalDeficit"),
        ("immediate pain relief", "C21"),
        ("pregnan", "PregnancySilence"),
    ],
)
def test_the_search_looks_through_all_that_names_a_term(client: TestClient, sought: str, found: str) -> None:
    page = Page(client.get("/terms", params={"q": sought}).text, "/terms")
    assert f"/terms/{found}" in page.links
    assert 0 < sum(link.startswith("/terms/") for link in page.links) < 100


def test_every_word_must_occur(client: TestClient) -> None:
    both = Page(client.get("/terms", params={"q": "regular imaging"}).text, "/terms")
    one = Page(client.get("/terms", params={"q": "imaging"}).text, "/terms")
    assert set(both.links) < set(one.links)
    none = Page(client.get("/terms", params={"q": "Laminectomi"}).text, "/terms").text
    assert "0 terms" in none
    assert "Did you mean Laminectomy" in none


@pytest.mark.parametrize("name", ["BackPane", "<script>alert(1)</script>", MARKUP, "%2e%2e", "x" * 4000, "S31.html"])
def test_what_is_not_there_is_missed_without_repeating_it(client: TestClient, name: str) -> None:
    for headers in (HTML, {"accept": "text/turtle"}):
        answer = client.get(f"/terms/{name.replace('/', '%2F')}", headers=headers)
        assert answer.status_code == 404
        assert name not in answer.text
        assert "alert" not in answer.text
    assert "BackPain" in client.get("/terms/BackPane", headers=HTML).text


def test_a_search_for_markup_finds_text(client: TestClient) -> None:
    page = Page(client.get("/terms", params={"q": MARKUP}).text, "/terms")
    assert "script" not in page.tags
    assert "img" not in page.tags


def test_another_knowledge_has_its_terms(tmp_path: Path) -> None:
    with over(Knowledge.load(str(KETTLE))) as calm, over(Knowledge.load(str(hostile(tmp_path)))) as wild:
        page = Page(calm.get("/terms/Vinegar").text, "/terms/Vinegar")
        assert "https://example.org/kettle#Vinegar" in page.text
        turtle = calm.get("/terms/Vinegar.ttl").content
        assert any(t.subject.value.endswith("#Vinegar") for t in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        for path in ("/terms", "/terms/Crust", "/terms/FurredAndSlow", "/terms/VinegarFirst", "/terms/K01"):
            found = Page(wild.get(path).text, path)
            expected = Page(calm.get(path).text, path)
            assert SHOWN in found.text
            assert "img" not in found.tags
            assert found.tags.count("script") == expected.tags.count("script")
            assert not [name for name, _ in found.attributes if name.startswith("on")]


# --- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        ("/terms?q=pain", 390, "dark"),
        ("/terms/BackPain", 1280, "light"),
        ("/terms/BackPain", 390, "dark"),
        ("/terms/nothing", 1280, "light"),
    ],
)
def test_they_are_accessible_and_ask_no_one_else(
    browser: Browser, live: Live, path: str, width: int, scheme: str
) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    hosts: set[str] = set()
    complaints: list[str] = []
    tab.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    answer = tab.goto(live.base + path)
    assert answer is not None
    SEEN.mkdir(parents=True, exist_ok=True)
    name = "-".join(filter(str.isalnum, path.replace("?", "/").replace("=", "/").split("/")))
    tab.screenshot(path=SEEN / f"{name}-{width}-{scheme}.png", full_page=True)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
    assert hosts == {live.base.split("/")[2]}
    assert [each for each in complaints if "404" not in each] == []
    tab.close()


def test_the_iri_can_be_copied_and_the_neighbourhood_downloaded(browser: Browser, live: Live) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{live.base}/terms/BackPain")
    tab.click("[data-copy]")
    expect(tab.locator("[data-copy]")).to_have_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == CONTENT.iris["BackPain"]
    with tab.expect_download() as waiting:
        tab.click("text=Turtle")
    assert waiting.value.suggested_filename == "BackPain.ttl"
    assert list(ox.parse(waiting.value.path().read_bytes(), format=ox.RdfFormat.TURTLE))
    context.close()
