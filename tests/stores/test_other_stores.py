"""Every question on stores of other makers, filled by the Graph Store HTTP Protocol: the same rows on each."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.mapping.support import held_with_invented
from tests.stores.server import oxigraph
from tests.stores.test_answers import GIVEN, ROWS
from tests.stores.virtuoso import NAME, PASSWORD, Virtuoso, virtuoso
from tests.support import shipped
from vhkg import exchange
from vhkg.auditing import audit, audit_document
from vhkg.errors import EngineError, UsageError
from vhkg.rendering.audit_rdf import audit_ntriples
from vhkg.rendering.rdf import answer_ntriples
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, Rows, run
from vhkg.stores.credentials import Credentials
from vhkg.stores.graph_store import GraphStore

GRAPH = "https://example.org/graphs/vhkg?a=b&c"
KNOWN = Credentials(NAME, PASSWORD)
CATALOGUE = Catalogue(shipped().files.queries)
WITH_INPUTS = [
    ("treatments-for-patient", {"status": "applies"}),
    ("treatments-for-patient", {"patient": "painful", "item": "PercutaneousVertebroplastyFirstLine"}),
    ("treatments-for-patient", {"patient": 'odd " \\u0022 name'}),
    ("deciding-facts-for-patient", {"patient": "painful"}),
    ("readings-of-answer", {"patient": "deficit"}),
    ("answers-that-change", {"change": "source"}),
    ("patients-by-linked-class", {"status": "present"}),
    ("patients-by-linked-class", {"class": "HP:0012531"}),
    ("patients-by-linked-level", {"status": "present"}),
    ("mappings-of-terms", {"item": "SpinalStenosis", "target": "HP"}),
    ("terms-without-counterpart", {"target": "HP"}),
    ("withdrawn-citation", {"withdrawn": "2"}),
]
QUESTIONS: list[tuple[str, Mapping[str, str]]] = [*((query.name, {}) for query in CATALOGUE), *WITH_INPUTS]


@functools.cache
def answers() -> bytes:
    """Answers that vhkg makes, what was given to these patients, and the answers written by hand."""
    document = shipped().document(shipped().recommend(ROWS))
    audited = audit_document(shipped(), [audit(shipped(), patient) for patient in shipped().read([*ROWS, *GIVEN])])
    made = answer_ntriples(document, shipped().content) + audit_ntriples(audited, shipped().content)
    by_hand = (Path(__file__).parent / "answers.ttl").read_bytes()
    return exchange.write(exchange.everything({"by-hand.ttl": by_hand, "made.nt": made}), "nt")


@functools.cache
def held() -> bytes:
    return exchange.write(exchange.everything({**held_with_invented(), "derived/answers.nt": answers()}), "nt")


@functools.cache
def embedded() -> EmbeddedStore:
    return EmbeddedStore(held_with_invented(), answers())


@functools.cache
def expected(place: int) -> Rows:
    """The rows of the embedded store, which `tests/queries` holds against the article."""
    name, values = QUESTIONS[place]
    rows = run(CATALOGUE.get(name), embedded(), values, shipped().content.iris)
    assert rows.rows, name
    return rows


@pytest.fixture(scope="module")
def server() -> Iterator[Virtuoso]:
    with virtuoso() as started:
        yield started


def differing(endpoint: Endpoint, places: Iterable[int]) -> list[tuple[str, Mapping[str, str]]]:
    """Questions whose rows are not those of the embedded store, in the same order."""
    iris = shipped().content.iris
    asked = ((place, *QUESTIONS[place]) for place in places)
    return [
        (name, values)
        for place, name, values in asked
        if run(CATALOGUE.get(name), endpoint, values, iris) != expected(place)
    ]


def test_virtuoso_gives_the_same_rows(server: Virtuoso) -> None:
    digest = shipped().compiled.digest
    assert not GraphStore(server.store, GRAPH, credentials=KNOWN).put(held(), replace=False).replaced
    endpoint = Endpoint(server.query, graph=GRAPH)
    assert endpoint.published() == ((shipped().content.version, digest),)
    assert differing(endpoint, range(len(QUESTIONS))) == []
    # it says in a header alone that rows are missing
    with pytest.raises(EngineError, match="left rows out, by a limit of its own"):
        endpoint.select("SELECT ?s WHERE { ?s ?p ?o }")
    assert endpoint.own("SELECT ?s WHERE { ?s ?p ?o }", rows=10_000).truncated


def test_oxigraph_gives_the_same_rows() -> None:
    """In the default graph; in one with a name, the questions with inputs."""
    with oxigraph([]) as url:
        for graph, places in [(None, range(len(CATALOGUE))), (GRAPH, range(len(CATALOGUE), len(QUESTIONS)))]:
            store = GraphStore(url.replace("/query", "/store"), graph)
            assert not store.put(held(), replace=False).replaced
            with pytest.raises(UsageError, match="is not empty"):
                store.put(held(), replace=False)
            assert store.put(held(), replace=True).replaced
            assert differing(Endpoint(url, graph=graph), places) == []


def test_virtuoso_replaces_a_graph_only_when_told_and_only_for_whom_it_knows(server: Virtuoso) -> None:
    graph = "urn:example:replaced"
    store = GraphStore(server.store, graph, credentials=KNOWN)
    assert not store.put(b'<urn:a> <urn:b> "one" .', replace=False).replaced
    with pytest.raises(UsageError, match="the graph of the store is not empty; give --replace"):
        store.put(b'<urn:a> <urn:b> "two" .', replace=False)
    assert store.put(b'<urn:a> <urn:b> "two" .', replace=True).replaced
    there = Endpoint(server.query, graph=graph).select("SELECT ?o WHERE { ?s ?p ?o }")
    assert there.rows == (("two",),)
    for credentials, says in [(None, "does not know who asks"), (Credentials(NAME, "wr0ng"), "does not take this")]:
        with pytest.raises(EngineError, match=says) as caught:
            GraphStore(server.store, graph, credentials=credentials).put(b"", replace=True)
        assert "wr0ng" not in str(caught.value)
    with pytest.raises(EngineError, match="on its default graph; name a graph with --graph"):
        GraphStore(server.store, credentials=KNOWN).put(b"", replace=True)
    with pytest.raises(EngineError, match="does not give a graph as Turtle"):
        GraphStore(server.query, graph, credentials=KNOWN).put(b"", replace=True)
