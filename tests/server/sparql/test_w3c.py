"""The W3C's own tests of the SPARQL 1.1 Protocol and of service descriptions, against the application."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from tests.server.sparql.manifest import Entry, Wanted, data, entries
from tests.support import shipped
from vhkg.namespaces import Rdf, Sd
from vhkg.server.app import create_app
from vhkg.server.service import Service, Settings
from vhkg.server.sparql.formats import GRAPH_TYPES, TABLE_TYPES
from vhkg.stores.queries import QueryService

pytestmark = pytest.mark.source

PROTOCOL = entries("manifest.ttl")
DESCRIPTION = entries("service-description-manifest.ttl")
_UPDATES = "it changes data, and the endpoint changes nothing"
LEFT_OUT = {
    "query_multiple_dataset": "its query has FROM, which is refused, so that no query names another source of data",
    "update_dataset_default_graph": _UPDATES,
    "update_dataset_default_graphs": _UPDATES,
    "update_dataset_named_graphs": _UPDATES,
    "update_dataset_full": _UPDATES,
    "update_post_form": _UPDATES,
    "update_post_direct": _UPDATES,
    "update_base_uri": _UPDATES,
}
_GRAPHS = "http://kasei.us/2009/09/sparql/data/data"


class Holding(Service):
    """Holds the graphs of the manifest by the names that it gives them. What data0 says is nowhere stated."""

    @cached_property
    def queries(self) -> QueryService:
        held = {"1": data("data1.nt"), "2": data("data2.nt"), "3": data("data3.nt"), "0": b""}
        return QueryService({}, b"", {f"{_GRAPHS}{each}.rdf": {"data.ttl": text} for each, text in held.items()})


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    service = Holding(shipped(), Settings(hosts=("testserver",)))
    with TestClient(create_app(service)) as found:
        yield found


def test_the_suite_is_here_and_each_test_left_out_is_one_of_it() -> None:
    assert (len(PROTOCOL), len(DESCRIPTION)) == (34, 3)
    assert set(LEFT_OUT) <= {entry.name for entry in PROTOCOL}


@pytest.mark.parametrize("entry", [each for each in PROTOCOL if each.name not in LEFT_OUT], ids=lambda each: each.name)
def test_protocol(entry: Entry, client: TestClient) -> None:
    assert entry.requests
    for wanted in entry.requests:
        _holds(wanted, client)


@pytest.mark.parametrize("entry", [each for each in PROTOCOL if each.name in LEFT_OUT], ids=lambda each: each.name)
def test_what_is_left_out_is_refused_with_a_reason(entry: Entry, client: TestClient) -> None:
    response = _send(entry.requests[0], client)
    assert response.status_code in (400, 415)
    assert "FROM is refused" in response.json()["detail"] or "changes nothing" in response.json()["detail"]


def _send(wanted: Wanted, client: TestClient):  # type: ignore[no-untyped-def]  # the response type of its HTTP client
    return client.request(
        wanted.method, f"/sparql{wanted.query_string}", content=wanted.body or None, headers=wanted.headers
    )


def _holds(wanted: Wanted, client: TestClient) -> None:
    response = _send(wanted, client)
    assert str(response.status_code)[0] in wanted.statuses
    kind = response.headers["content-type"].partition(";")[0]
    if wanted.form == "boolean":
        assert kind in ("application/sparql-results+json", "application/sparql-results+xml")
        if wanted.truth is not None:
            assert bool(ox.parse_query_results(response.content, ox.QueryResultsFormat.JSON)) is wanted.truth
    elif wanted.form == "tabular":
        assert kind in TABLE_TYPES
    elif wanted.form == "RDF":
        assert kind in GRAPH_TYPES
        assert ox.RdfFormat.from_media_type(kind)
    else:
        assert wanted.form == ""


def test_what_a_named_graph_holds_depends_on_how_it_is_named(client: TestClient) -> None:
    """Without this, an endpoint that ignored the parameters might pass."""
    one, two = f"{_GRAPHS}1.rdf", f"{_GRAPHS}2.rdf"
    ask = {"query": f"ASK {{ <{one}> a ?type }}"}
    assert client.get("/sparql", params=ask).json()["boolean"] is False
    assert client.get("/sparql", params=ask | {"default-graph-uri": one}).json()["boolean"] is True
    assert client.get("/sparql", params=ask | {"default-graph-uri": two}).json()["boolean"] is False
    assert client.get("/sparql", params=ask | {"named-graph-uri": one}).json()["boolean"] is False


# --- service description (http://www.w3.org/2009/sparql/docs/tests/data-sparql11/service-description/)


def _described(client: TestClient) -> list[tuple[object, str, object]]:
    response = client.get("/sparql")
    assert response.status_code == 200
    kind = response.headers["content-type"].partition(";")[0]
    form = ox.RdfFormat.from_media_type(kind)
    assert form
    return [(quad.subject, quad.predicate.value, quad.object) for quad in ox.parse(response.content, format=form)]


def test_get_on_endpoint_returns_rdf(client: TestClient) -> None:
    assert "returns-rdf" in {each.name for each in DESCRIPTION}
    assert _described(client)


def test_service_description_contains_a_matching_endpoint_triple(client: TestClient) -> None:
    assert "has-endpoint-triple" in {each.name for each in DESCRIPTION}
    found = {value for _, predicate, value in _described(client) if predicate == Sd.endpoint}
    assert found == {ox.NamedNode("http://testserver/sparql")}


_ANY = "any"
SCHEMA: dict[Sd, tuple[Sd, str | set[str]]] = {
    Sd.endpoint: (Sd.Service, _ANY),
    Sd.supportedLanguage: (Sd.Service, {Sd.SPARQL11Query.value}),
    Sd.resultFormat: (Sd.Service, _ANY),
    Sd.defaultDataset: (Sd.Service, Sd.Dataset),
    Sd.defaultGraph: (Sd.Dataset, Sd.Graph),
    Sd.namedGraph: (Sd.Dataset, Sd.NamedGraph),
    Sd.name_: (Sd.NamedGraph, _ANY),
    Sd.graph: (Sd.NamedGraph, Sd.Graph),
}
"""Domain and range, as section 3 of the recommendation states them."""


def test_service_description_conforms_to_schema(client: TestClient) -> None:
    assert "conforms-to-schema" in {each.name for each in DESCRIPTION}
    said = _described(client)
    types = {(subject, value) for subject, predicate, value in said if predicate == Rdf.type}
    ours = [each for each in said if each[1].startswith(Sd.endpoint.removesuffix("endpoint"))]
    assert {predicate for _, predicate, _ in ours} == set(SCHEMA)
    for subject, predicate, value in ours:
        domain, values = SCHEMA[Sd(predicate)]
        assert (subject, ox.NamedNode(domain)) in types
        assert isinstance(value, ox.NamedNode)
        if isinstance(values, set):
            assert value.value in values
        elif values != _ANY:
            assert (value, ox.NamedNode(values)) in types
    (service,) = {subject for subject, kind in types if kind == ox.NamedNode(Sd.Service)}
    assert [predicate for subject, predicate, _ in said if subject == service].count(Sd.endpoint) == 1
