"""VoID says what is held, for any article, in each format; the counts are those of the graph itself."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from tests.server.conftest import KETTLE
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.namespaces import Dcterms, Foaf, Rdf, Vhkg, Void
from vhkg.server.app import create_app
from vhkg.server.service import Service, Settings
from vhkg.server.sparql.formats import GRAPH_TYPES

ADDRESS = "/.well-known/void"


@pytest.fixture(scope="module", params=["shipped", "kettle"])
def knowledge(request: pytest.FixtureRequest) -> Knowledge:
    return shipped() if request.param == "shipped" else Knowledge.load(str(KETTLE))


@pytest.fixture(scope="module")
def described(knowledge: Knowledge) -> Iterator[TestClient]:
    service = Service(knowledge, Settings(hosts=("testserver",), base="https://vhkg.example"))
    with TestClient(create_app(service)) as found:
        yield found


def _said(client: TestClient) -> dict[str, set[str]]:
    quads = list(ox.parse(client.get(ADDRESS).content, format=ox.RdfFormat.TURTLE))
    (held,) = {quad.object for quad in quads if quad.predicate.value == Foaf.primaryTopic}
    found: dict[str, set[str]] = {}
    for quad in quads:
        if quad.subject == held:
            assert isinstance(quad.object, (ox.NamedNode, ox.Literal))
            found.setdefault(quad.predicate.value, set()).add(quad.object.value)
    return found


def test_it_says_which_knowledge_this_is_and_where_to_ask_it(described: TestClient, knowledge: Knowledge) -> None:
    said = _said(described)
    shown = knowledge.document(()).knowledge
    assert said[Rdf.type] == {Void.Dataset}
    assert said[Vhkg.knowledgeVersion] == {shown.version}
    assert said[Vhkg.knowledgeDigest] == {shown.digest}
    assert said[Vhkg.reviewStatus] == {shown.review_status}
    assert said[Vhkg.disclaimer] == {knowledge.document(()).disclaimer}
    assert said[Void.sparqlEndpoint] == {"https://vhkg.example/sparql"}
    header = knowledge.files.ontology["ontology.ttl"].decode()
    (title,) = said[Dcterms.title_]
    assert f'dcterms:title "{title}"' in header
    assert all(f"<{licence}>" in header for licence in said.get(Dcterms.license, ()))
    assert (Dcterms.license in said) == ("dcterms:license" in header)


def test_the_counts_are_those_of_the_endpoint(described: TestClient) -> None:
    said = _said(described)
    counted = {
        Void.triples: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        Void.classes: "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
        Void.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    }
    for predicate, query in counted.items():
        reply = described.get("/sparql", params={"query": query}).json()
        assert said[predicate] == {reply["results"]["bindings"][0]["n"]["value"]}


@pytest.mark.parametrize("path", [ADDRESS, "/sparql"])
def test_each_format_says_the_same(described: TestClient, path: str) -> None:
    found = []
    for kind in GRAPH_TYPES:
        reply = described.get(path, headers={"Accept": kind})
        form = ox.RdfFormat.from_media_type(reply.headers["content-type"].partition(";")[0])
        assert form
        found.append({str(quad) for quad in ox.parse(reply.content, format=form)})
    assert found[0]
    assert found == [found[0]] * len(GRAPH_TYPES)


def test_only_reading_is_allowed(described: TestClient) -> None:
    reply = described.post(ADDRESS)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")
    assert described.get(ADDRESS, headers={"Accept": "image/png"}).status_code == 406
