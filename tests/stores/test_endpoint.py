"""The endpoint: the protocol on a real Oxigraph server, and servers that are dumb or hostile."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.stores.server import free_port, oxigraph
from tests.support import ends, shipped
from vhkg.answering.published import published
from vhkg.errors import EngineError, UsageError
from vhkg.rendering.rdf import answer_ntriples
from vhkg.stores import EmbeddedStore, Endpoint, Rows, run_outside

JSON = "application/sparql-results+json"
ROW = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'
ONE = Rows(("x",), (("1",),))
SELECT = "SELECT ?x WHERE { VALUES ?x { 1 } }"

Handle = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def server(handle: Handle) -> Iterator[str]:
    """A server that reads a POST and then does whatever `handle` does."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            handle(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}/query"
    finally:
        listening.shutdown()
        listening.server_close()


def sends(body: bytes, *, status: int = 200, kind: str = JSON, **headers: str) -> Handle:
    def handle(to: http.server.BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(body)

    return handle


def drips(to: http.server.BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever: no timeout of a socket ever ends it."""
    to.send_response(200)
    to.send_header("Content-Type", JSON)
    to.end_headers()
    while True:
        to.wfile.write(b" ")
        to.wfile.flush()
        time.sleep(0.02)


def sleeps(to: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def floods(to: http.server.BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Content-Type", JSON)
    to.end_headers()
    while True:
        to.wfile.write(b" " * 65536)


def hangs_up(to: http.server.BaseHTTPRequestHandler) -> None:
    to.wfile.write(b"not HTTP at all\r\n\r\n")


@pytest.mark.parametrize(
    ("handle", "says"),
    [
        (sends(b"<html>a patient's name</html>"), "sent no SPARQL results in JSON"),
        (sends(b"[" * 100_000), "sent no SPARQL results in JSON"),
        (sends(b'{"head": {"vars": ["x"]}}'), "sent neither rows nor a truth value"),
        (sends(b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": "1"}]}}'), "no SPARQL results"),
        (sends(ROW.replace(b"literal", b"triple")), "a kind of term"),
        (sends(b"\xff\xfe" + ROW), "sent no SPARQL results in JSON"),
        (sends(ROW, kind="text/html"), "did not answer with application/sparql-results"),
        (sends(b"a patient's name", status=500), "answered 500 Internal Server Error"),
        (sends(b"a patient's name", status=400), "answered 400 Bad Request"),
        (sends(b"", status=799), "answered 799"),
        (sends(b"", status=204), "answered 204 No Content"),
        (sends(b"", status=302, Location="http://127.0.0.1:1/"), "sends the query elsewhere"),
        (sends(b"", status=307, Location="file:///etc/passwd"), "sends the query elsewhere"),
        (floods, "more than 1 MiB"),
        (drips, "did not answer within 1 s"),
        (sleeps, "did not answer within 1 s"),
        (hangs_up, "did not answer in HTTP"),
    ],
)
def test_a_bad_server_is_named_in_one_sentence(handle: Handle, says: str) -> None:
    with server(handle) as url, ends():
        with pytest.raises(EngineError, match=says) as caught:
            Endpoint(url, seconds=1, size=1 << 20).select(SELECT)
        assert str(caught.value).startswith(f"the endpoint {url}: ")
        assert "\n" not in str(caught.value)
        assert "patient's" not in str(caught.value)


def test_what_a_redirection_points_to_is_never_asked() -> None:
    asked: list[str] = []

    def note(to: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(to.path)
        sends(ROW)(to)

    with (
        server(note) as target,
        server(sends(b"", status=307, Location=target)) as url,
        pytest.raises(EngineError, match="elsewhere"),
    ):
        Endpoint(url).select(SELECT)
    assert not asked


def test_no_server_at_all() -> None:
    with pytest.raises(EngineError, match="cannot be reached: connection refused"):
        Endpoint(f"http://127.0.0.1:{free_port()}/query").select(SELECT)


def test_a_name_that_does_not_resolve() -> None:
    with pytest.raises(EngineError, match=r"cannot be reached|did not answer within"):
        Endpoint("http://nowhere.invalid/query", seconds=20).select(SELECT)


@pytest.mark.parametrize("kind", [JSON, "application/json", f"{JSON};charset=utf-8"])
def test_results_are_read(kind: str) -> None:
    with server(sends(ROW, kind=kind)) as url:
        assert Endpoint(url).select(SELECT) == ONE


def test_the_query_is_posted_as_a_form_with_what_is_accepted() -> None:
    seen: list[Mapping[str, str]] = []

    def note(to: http.server.BaseHTTPRequestHandler) -> None:
        seen.append({name.lower(): value for name, value in to.headers.items()})
        sends(ROW)(to)

    with server(note) as url:
        Endpoint(url).select(SELECT)
    assert seen[0]["content-type"] == "application/x-www-form-urlencoded"
    assert seen[0]["accept"].split(", ")[0] == JSON


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:7878", "file:///etc/passwd", "ftp://example.org/query", "http://", "http:///query",
        "http://a b/query", "http://example.org/\n", "http://[::1/query", "http://example.org:99999/query",
        "http://user:secret@example.org/query", "http://example.org/query#x", "http://exämple.org/query",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Endpoint(url)
    assert "secret" not in str(caught.value)


def test_a_key_in_the_address_is_sent_and_not_shown() -> None:
    asked: list[str] = []

    def note(to: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(to.path)
        sends(b"", status=403)(to)

    with server(note) as url, pytest.raises(EngineError, match="answered 403 Forbidden") as caught:
        Endpoint(f"{url}?key=secret").select(SELECT)
    assert asked == ["/query?key=secret"]
    assert "secret" not in str(caught.value)


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with server(sends(ROW)) as url:
        assert Endpoint(url).select(SELECT) == ONE


OWN = {
    "select": "SELECT ?s ?label WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?s ?label",
    "unordered": "SELECT ?s ?o WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#subClassOf> ?o FILTER(ISIRI(?o)) }",
    "ask": "ASK { ?s a <http://www.w3.org/2002/07/owl#Ontology> }",
    "construct": "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c FILTER(ISIRI(?s)) }",
    "describe": "DESCRIBE <https://w3id.org/vhkg/ontology>",
}


@pytest.mark.parametrize("name", OWN)
def test_own_queries_give_what_the_embedded_engine_gives(
    name: str, endpoint: Endpoint, knowledge: Mapping[str, bytes], answers: bytes
) -> None:
    there = endpoint.own(OWN[name], rows=1000)
    assert there.rows
    here = run_outside(OWN[name], knowledge, answers)
    assert there.columns == here.columns
    assert (set(there.rows) == set(here.rows)) if not there.truncated else here.truncated
    assert there.rows == here.rows or there.truncated


def test_own_queries_are_cut_at_the_limit(endpoint: Endpoint) -> None:
    cut = endpoint.own(OWN["select"], rows=3)
    assert (len(cut.rows), cut.truncated) == (3, True)


@pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR DEFAULT", "nonsense", ""])
def test_what_is_no_query_is_not_sent(text: str) -> None:
    with server(lambda _: pytest.fail("it was sent")) as url, pytest.raises(UsageError):
        Endpoint(url).own(text, rows=10)


def test_an_update_after_a_query_changes_nothing(knowledge: Mapping[str, bytes]) -> None:
    with oxigraph(knowledge.values()) as url:
        with pytest.raises(EngineError, match="answered 400"):
            Endpoint(url).own("SELECT * { ?s ?p ?o } ; DROP ALL", rows=10)
        assert Endpoint(url).own(OWN["ask"], rows=10).rows == (("true",),)


def test_a_fault_of_the_server_is_no_usage_error(endpoint: Endpoint) -> None:
    with pytest.raises(EngineError, match="answered 400 Bad Request"):
        endpoint.select("SELECT ?x WHERE { ?x")


def stamp(version: str, digest: str, what: str = "PublishedKnowledge") -> bytes:
    return (
        f"@prefix : <https://w3id.org/vhkg/ontology#> .\n<http://example.org/{digest}{what}> a :{what} ; "
        f':knowledgeVersion "{version}" ; :knowledgeDigest "{digest}" .'
    ).encode()


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([], "holds no published vhkg knowledge"),
        ([stamp("v", "d"), stamp("v", "e")], "holds 2 published knowledges"),
        ([stamp("w", "d")], r"holds knowledge w \(d\), not v \(d\)"),
        ([stamp("a\\u0007b c", "d")], r"holds knowledge a\?b\?c \(d\), not v"),
        ([stamp("v", "e")], r"holds knowledge v \(e\), not v \(d\)"),
        ([stamp("v", "d"), stamp("v", "e", "Answer")], "answers that were made with another knowledge"),
        ([stamp("v", "d"), stamp("v", "d", "Answer")], ""),
    ],
)
def test_another_knowledge_is_told_apart(parts: list[bytes], says: str) -> None:
    with oxigraph(parts) as url:
        if not says:
            Endpoint(url).confirm("v", "d")
            return
        with pytest.raises(EngineError, match=says):
            Endpoint(url).confirm("v", "d")


def test_what_is_published_is_recognized_with_its_answers() -> None:
    rows = [{"patient": "p", "finding": "VertebralHemangioma", "status": "present"}]
    triples = answer_ntriples(shipped().document(shipped().recommend(rows)), shipped().content)
    with oxigraph([*published(shipped()).values(), triples]) as url:
        Endpoint(url).confirm(shipped().content.version, shipped().compiled.digest)


def test_other_columns_than_those_asked_for_are_no_knowledge() -> None:
    with server(sends(ROW)) as url, pytest.raises(EngineError, match="other columns"):
        Endpoint(url).confirm("v", "d")


def test_blank_nodes_and_typed_literals_become_text_as_in_the_embedded_store() -> None:
    data = b"""@prefix : <https://w3id.org/vhkg/ontology#> .
    :a :b 1 , 1.50 , true , 'x'@en , [] , :c , <http://example.org/d> ."""
    query = "SELECT ?o ?none WHERE { ?s ?p ?o FILTER(!ISBLANK(?o)) } ORDER BY STR(?o)"
    with oxigraph([data]) as url:
        assert Endpoint(url).select(query) == EmbeddedStore({"x.ttl": data}).select(query)
        assert Endpoint(url).select("SELECT ?o WHERE { ?s ?p ?o FILTER(ISBLANK(?o)) }").rows[0][0].startswith("_:")
