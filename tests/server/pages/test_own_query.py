"""A visitor's own query: its rows as they are downloaded, its limits, and what is hostile."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.server.pages.answer_rows import Rows
from tests.support import shipped
from vhkg.answering.published import published
from vhkg.server.service import Service
from vhkg.stores import EmbeddedStore, Provenance, rows_to_csv, rows_to_json

HTML = {"accept": "text/html"}
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


def test_own_query(client: TestClient) -> None:
    text = "PREFIX vhkg: <https://w3id.org/vhkg/ontology#>\nSELECT ?r { ?r a vhkg:Recommendation } ORDER BY ?r"
    page = client.post("/queries", data={"query": text}, headers=HTML)
    assert page.status_code == 200
    rows = EmbeddedStore(published(shipped())).select(text)
    assert Rows(page.text).table == [["r"], *(list(row) for row in rows.rows)]
    shown = shipped().document(()).knowledge
    provenance = Provenance(shown.version, shown.digest, shown.review_status)
    assert client.post("/queries", data={"query": text, "format": "csv"}).text == rows_to_csv(rows, provenance)
    assert client.post("/queries", data={"query": text, "format": "json"}).text == rows_to_json(rows, provenance)


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
