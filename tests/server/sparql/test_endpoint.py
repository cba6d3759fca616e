"""The endpoint over HTTP: ways to ask, formats, refusals, limits, and what each reply says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.support import shipped
from vhkg.server.app import create_app
from vhkg.server.service import Service, Settings
from vhkg.server.sparql.formats import GRAPH_TYPES, TABLE_TYPES
from vhkg.stores import Capacity, Limits

ALL = "SELECT * { ?s ?p ?o }"
ONE = "SELECT (1 AS ?x) {}"
BUILT = "CONSTRUCT { <http://e/a> <http://e/b> 1 } {}"
DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def asked(client: TestClient) -> TestClient:
    return client


def test_the_three_ways_to_ask_get_the_same_answer(asked: TestClient) -> None:
    query = "SELECT ?s { ?s a ?o } ORDER BY ?s LIMIT 3"
    replies = [
        asked.get("/sparql", params={"query": query}),
        asked.post("/sparql", data={"query": query}),
        asked.post("/sparql", content=query, headers=DIRECT),
        asked.post(
            "/sparql", content="\ufeff" + query, headers={"Content-Type": "Application/SPARQL-query;charset=UTF-8"}
        ),
    ]
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert len(replies[0].json()["results"]["bindings"]) == 3
    head = asked.head("/sparql", params={"query": query})
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("kind", TABLE_TYPES)
def test_tables_come_as_they_are_accepted(asked: TestClient, kind: str) -> None:
    for query in (ONE, "ASK {}"):
        reply = asked.get("/sparql", params={"query": query}, headers={"Accept": kind})
        assert reply.status_code == 200
        assert reply.headers["content-type"].partition(";")[0] == kind
        assert "accept" in reply.headers["vary"].lower()


@pytest.mark.parametrize("kind", GRAPH_TYPES)
def test_graphs_come_as_they_are_accepted(asked: TestClient, kind: str) -> None:
    form = ox.RdfFormat.from_media_type(kind)
    assert form
    for query in (BUILT, "DESCRIBE <http://e/none>"):
        reply = asked.get("/sparql", params={"query": query}, headers={"Accept": kind})
        assert reply.status_code == 200
        assert reply.headers["content-type"].partition(";")[0] == kind
        assert len(list(ox.parse(reply.content, format=form))) == (query == BUILT)


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (ONE, "", "application/sparql-results+json"),
        (ONE, "*/*", "application/sparql-results+json"),
        (ONE, "text/*;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        (ONE, "text/html, application/xhtml+xml, */*;q=0.8", "application/sparql-results+json"),
        (ONE, "application/json", "application/json"),
        (BUILT, "", "text/turtle"),
        (BUILT, "application/ld+json, text/turtle;q=0.1", "application/ld+json"),
    ],
)
def test_the_best_that_is_offered_is_chosen(asked: TestClient, query: str, accept: str, kind: str) -> None:
    reply = asked.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert reply.headers["content-type"].partition(";")[0] == kind


REFUSED: dict[str, tuple[int, str, dict[str, Any]]] = {
    "not SPARQL": (400, "line 1, column 6", {"params": {"query": "ASK {"}}),
    "a prefix that is not declared": (400, "prefix not found", {"params": {"query": "ASK { ?s foo:bar ?o }"}}),
    "an unknown function": (400, "calls a function", {"params": {"query": "ASK { FILTER(<http://e/f>(1)) }"}}),
    "two queries": (400, "exactly one", {"params": [("query", ONE), ("query", ONE)]}),
    "an empty query": (400, "none of SELECT", {"params": {"query": ""}}),
    "no query": (400, "exactly one", {"params": {"default-graph-uri": "http://e/"}}),
    "an update": (400, "changes nothing", {"params": {"update": "CLEAR ALL"}}),
    "an update as query": (400, "changes nothing", {"params": {"query": "CLEAR ALL"}}),
    "SERVICE": (400, "SERVICE is refused", {"params": {"query": "ASK { SERVICE <http://e/> {} }"}}),
    "LOAD": (400, "LOAD is refused", {"params": {"query": "LOAD <http://e/>"}}),
    "FROM": (400, "FROM is refused", {"params": {"query": "ASK FROM <http://e/> {}"}}),
    "a graph that is not held": (400, "not held", {"params": {"query": ONE, "default-graph-uri": "http://e/"}}),
    "a named graph that is not held": (400, "not held", {"params": {"query": ONE, "named-graph-uri": "file:///"}}),
    "too deep": (400, "20 levels", {"params": {"query": "ASK " + "{" * 30 + "}" * 30}}),
    "a limit that is no number": (400, "number of rows", {"params": {"query": ONE, "limit": "all"}}),
    "a limit of none": (400, "number of rows", {"params": {"query": ONE, "limit": "0"}}),
    "two limits": (400, "number of rows", {"params": [("query", ONE), ("limit", "1"), ("limit", "2")]}),
    "bytes that are not UTF-8": (400, "UTF-8", {"url": "/sparql?query=%ff"}),
    "a format that is not offered": (406, "text/csv", {"params": {"query": ONE}, "headers": {"Accept": "image/png"}}),
    "a table as a graph": (406, "text/csv", {"params": {"query": ONE}, "headers": {"Accept": "text/turtle"}}),
    "a graph as a table": (406, "text/turtle", {"params": {"query": BUILT}, "headers": {"Accept": "text/csv"}}),
    "a description as an image": (406, "text/turtle", {"headers": {"Accept": "image/png"}}),
    "RDF/XML of what has no name in XML": (
        406, "XML name",
        {"params": {"query": BUILT.replace("e/b", "e/1")}, "headers": {"Accept": "application/rdf+xml"}},
    ),
    "an address that is too long": (414, "20000 bytes", {"params": {"query": ONE + " " * 20_000}}),
    "a query that is too long": (
        413, "larger than", {"method": "POST", "content": ONE + " " * 20_000, "headers": DIRECT},
    ),
    "a form that is too long": (413, "larger than", {"method": "POST", "data": {"query": ONE + "é" * 40_000}}),
    "a form with a query that is too long": (
        413, "20000 bytes", {"method": "POST", "data": {"query": ONE + " " * 20_000}},
    ),
    "a body in UTF-16": (
        415, "UTF-8",
        {"method": "POST", "content": ONE.encode("utf-16"),
         "headers": {"Content-Type": "application/sparql-query; charset=utf-16"}},
    ),
    "a body that is not UTF-8": (400, "UTF-8", {"method": "POST", "content": b"ASK {\xff}", "headers": DIRECT}),
    "a body of another type": (
        415, "application/sparql-query",
        {"method": "POST", "content": ONE, "headers": {"Content-Type": "application/json"}},
    ),
    "a body of no type": (415, "application/sparql-query", {"method": "POST", "content": ONE}),
    "an update as body": (
        415, "changes nothing",
        {"method": "POST", "content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
    ),
    "PUT": (405, "GET, HEAD, POST", {"method": "PUT", "params": {"query": ONE}}),
    "DELETE": (405, "GET, HEAD, POST", {"method": "DELETE"}),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_repeats_nothing(asked: TestClient, name: str) -> None:
    status, words, request = REFUSED[name]
    reply = asked.request(**({"method": "GET", "url": "/sparql"} | request))
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert words in problem["detail"]
    assert "http://e/" not in problem["detail"]
    assert "VHKG-Knowledge" in reply.headers


_SPARQL = """
    SELECT ASK CONSTRUCT DESCRIBE WHERE { } ( ) [ ] << >> . ; , * ?s ?p $o <http://e/a> <a> _:b a 1 1.5e3 true 'x'
    "y"@en '''z''' ^^ ^ | / + ! != && || = < > FILTER OPTIONAL UNION GRAPH BIND AS VALUES UNDEF MINUS EXISTS NOT IN
    ORDER BY GROUP COUNT SUM CONCAT STRLEN REGEX REPLACE IF COALESCE LIMIT OFFSET 3 DISTINCT PREFIX e: e:x BASE # \\
    LATERAL
    """
_WORDS = st.sampled_from(_SPARQL.split())
_TEXTS = st.lists(_WORDS, max_size=25).map(" ".join) | st.lists(_WORDS, max_size=12).map(
    lambda words: f"SELECT * {{ ?s ?p ?o {' '.join(words)} }} LIMIT 2"
)


@given(_TEXTS | st.text(max_size=30), st.sampled_from([*TABLE_TYPES, *GRAPH_TYPES, "*/*"]))
@settings(max_examples=60)
def test_no_text_makes_it_fail(asked: TestClient, text: str, accept: str) -> None:
    reply = asked.post("/sparql", data={"query": text}, headers={"Accept": accept})
    assert reply.status_code in (200, 400, 406, 422)
    assert "VHKG-Knowledge" in reply.headers


def test_which_methods_and_types_are_taken_is_in_the_headers(asked: TestClient) -> None:
    assert asked.put("/sparql").headers["allow"] == "GET, HEAD, POST"
    assert asked.options("/sparql").headers["allow"] == "GET, HEAD, POST"
    assert "application/sparql-query" in asked.post("/sparql", content=ONE).headers["accept-post"]


# --- limits


@pytest.mark.parametrize("limit", [None, 7])
@pytest.mark.parametrize(("query", "types"), [(ALL, TABLE_TYPES), ("CONSTRUCT WHERE { ?s ?p ?o }", GRAPH_TYPES)])
def test_a_cut_is_said_in_the_result_or_was_asked_for_or_is_refused(
    asked: TestClient, query: str, types: dict[str, str], limit: int | None
) -> None:
    parameters = {"query": query} | ({} if limit is None else {"limit": str(limit)})
    for kind, form in types.items():
        reply = asked.get("/sparql", params=parameters, headers={"Accept": kind})
        rows = 1000 if limit is None else limit
        if limit is None and form not in ("json", "xml"):
            assert reply.status_code == 422
            assert "add LIMIT" in reply.json()["detail"]
            continue
        assert reply.status_code == 200
        assert reply.headers["VHKG-Truncated"] == f"rows={rows}"
        assert (b"http://testserver/sparql#truncated" in reply.content) == (form in ("json", "xml"))


def test_more_rows_may_be_asked_for_up_to_the_most(asked: TestClient) -> None:
    query = "SELECT ?p { ?s ?p ?o }"
    whole = asked.get(
        "/sparql", params={"query": query + " LIMIT 1500", "limit": "2000"}, headers={"Accept": "text/csv"}
    )
    assert "VHKG-Truncated" not in whole.headers
    assert len(whole.text.splitlines()) == 1501
    most = asked.get("/sparql", params={"query": query, "limit": "99999"})
    assert most.headers["VHKG-Truncated"] == f"rows={len(most.json()['results']['bindings'])}"
    beyond = asked.get("/sparql", params={"query": query, "limit": "99999"}, headers={"Accept": "text/csv"})
    assert beyond.status_code == 422


def test_a_result_that_is_not_cut_says_nothing_of_it(asked: TestClient) -> None:
    reply = asked.get("/sparql", params={"query": f"{ALL} LIMIT 1000"})
    assert "VHKG-Truncated" not in reply.headers
    assert b"truncated" not in reply.content


@pytest.fixture(scope="module")
def small() -> Iterator[TestClient]:
    """A service with tight limits, as settings allow, that holds answers about a patient."""
    settings = Settings(
        base="https://vhkg.example",
        hosts=("testserver",),
        sparql=Limits(seconds=0.5, rows=3, size=2000, memory=64 << 20),
        sparql_rows=2,
        capacity=Capacity(running=1, waiting=0),
    )
    answers = b"<http://e/patient> <http://e/p> <http://e/q> ."
    with TestClient(create_app(Service(shipped(), settings, answers))) as found:
        yield found


def test_limits_are_those_of_the_settings(small: TestClient) -> None:
    reply = small.get("/sparql", params={"query": ALL})
    assert len(reply.json()["results"]["bindings"]) == 2
    assert reply.json()["head"]["link"] == ["https://vhkg.example/sparql#truncated"]
    assert len(small.get("/sparql", params={"query": ALL, "limit": "9"}).json()["results"]["bindings"]) == 3
    long = small.get("/sparql", params={"query": 'SELECT (REPLACE("' + "a" * 3000 + '", "x", "") AS ?long) {}'})
    assert (long.headers["VHKG-Truncated"], long.json()["results"]["bindings"]) == ("rows=0", [])
    endless = small.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
    assert (endless.status_code, "longer than 0.5 s" in endless.json()["detail"]) == (422, True)


def test_answers_about_patients_are_asked_too_and_not_shared_with_pages_elsewhere(
    small: TestClient, asked: TestClient
) -> None:
    query = {"query": "ASK { <http://e/patient> ?p ?o }"}
    held, public = (each.get("/sparql", params=query, headers={"Origin": "https://e"}) for each in (small, asked))
    assert (held.json()["boolean"], public.json()["boolean"]) == (True, False)
    assert "access-control-allow-origin" not in held.headers
    assert held.headers["cache-control"] == "no-store"
    assert public.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in asked.post("/sparql", data=query).headers
    assert "VHKG-Truncated" in public.headers["access-control-expose-headers"]


def test_when_it_is_full_it_says_when_to_come_again(small: TestClient) -> None:
    import threading

    endless = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"}
    replies: list[int] = []
    for _ in range(20):
        threads = [
            threading.Thread(target=lambda: replies.append(small.get("/sparql", params=endless).status_code))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if 503 in replies:
            break
    assert set(replies) == {422, 503}


# --- what each reply says of itself


def test_each_reply_says_which_knowledge_it_is_from(asked: TestClient) -> None:
    shown = shipped().document(()).knowledge
    wanted = f'version="{shown.version}", digest="{shown.digest}", review="{shown.review_status}"'
    for path in ("/sparql", "/sparql?query=ASK%20{}", "/sparql?query=", "/.well-known/void"):
        assert asked.get(path).headers["VHKG-Knowledge"] == wanted


def test_a_browser_is_sent_to_the_page_for_people(asked: TestClient) -> None:
    reply = asked.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/queries")


def test_the_named_graph_is_the_knowledge_without_answers(small: TestClient) -> None:
    void = list(ox.parse(small.get("/.well-known/void").content, format=ox.RdfFormat.TURTLE))
    (graph,) = {quad.object.value for quad in void if quad.predicate.value.endswith("primaryTopic")}
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    numbers = [
        int(small.get("/sparql?" + urlencode({"query": count} | named)).json()["results"]["bindings"][0]["n"]["value"])
        for named in ({}, {"default-graph-uri": graph})
    ]
    assert numbers[0] == numbers[1] + 1
    triples = [int(quad.object.value) for quad in void if quad.predicate.value.endswith("void#triples")]
    assert triples == [numbers[1]]


def test_json_is_one_document_with_a_line_for_each_row(asked: TestClient) -> None:
    reply = asked.get("/sparql", params={"query": f"{ALL} LIMIT 5"})
    assert len(reply.text.splitlines()) == 5
    assert json.loads(reply.text)
