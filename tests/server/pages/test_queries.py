"""The questions over HTTP: each listed, answered and downloaded with the same rows; of patients too."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.server.conftest import KETTLE
from tests.server.pages.answer_rows import Rows
from tests.server.pages.markup import MARKUP, SHOWN, Page, hostile
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.published import published
from vhkg.rendering.layout import visible
from vhkg.rendering.rdf import answer_ntriples
from vhkg.server.app import create_app
from vhkg.server.service import LOOPBACK, Service, Settings
from vhkg.stores import Catalogue, EmbeddedStore, Provenance, Query, rows_to_csv, rows_to_json, run

HTML = {"accept": "text/html"}
FILES = shipped().files
CATALOGUE = Catalogue(FILES.queries | FILES.cohort_queries)
OPEN = [each for each in CATALOGUE if each.kind == "knowledge" and not each.linked]
CLOSED = [each for each in CATALOGUE if each not in OPEN]


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
