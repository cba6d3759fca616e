"""Stores that are none, or hostile: each is told in one sentence, and nothing of what was sent is in it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support import ends
from vhkg.errors import EngineError, UsageError
from vhkg.stores.credentials import Credentials
from vhkg.stores.graph_store import GraphStore

SECRET = "canary-password"
BODY = b'<urn:canary> <urn:b> "canary-patient" .'
Answer = tuple[int, dict[str, str], bytes]
NT = {"Content-Type": "application/n-triples"}


@contextmanager
def store(answer: Callable[[str, str, dict[str, str]], Answer]) -> Iterator[str]:
    """A server that gives what `answer` says to a method, a target and headers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, given, body = answer(self.command, self.path, headers)
            self.send_response(status)
            for name, value in {**given, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._reply()

        def do_PUT(self) -> None:
            self._reply()

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}/store"
    finally:
        listening.shutdown()
        listening.server_close()


BAD: dict[str, tuple[Callable[[str, str, dict[str, str]], Answer], str]] = {
    "a page": (lambda *_: (200, {"Content-Type": "text/html"}, b"<p>canary-server"), "does not give a graph as Turtle"),
    "not allowed": (lambda *_: (405, {}, b""), "does not give a graph as Turtle"),
    "forbidden": (lambda *_: (403, {}, b""), "does not allow it"),
    "asks who": (lambda *_: (401, {"WWW-Authenticate": 'Basic realm="canary-server"'}, b""), "does not know who asks"),
    "elsewhere": (lambda *_: (307, {"Location": "http://127.0.0.1:1/"}, b""), "sends the graph elsewhere"),
    "refuses": (lambda method, *_: (404, {}, b"") if method == "GET" else (400, {}, b"canary-server"), "answered 400"),
    "elsewhere later": (
        lambda method, *_: (404, {}, b"") if method == "GET" else (308, {"Location": "file:///etc/passwd"}, b""),
        "sends the graph elsewhere",
    ),
    "forgets": (lambda method, *_: (404 if method == "GET" else 201, {}, b""), "does not give it back"),
    "gives comments back": (
        lambda method, *_: (200, NT, b"# empty\n\n") if method == "GET" else (201, {}, b""),
        "does not give it back",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_store_is_told_in_one_sentence(name: str) -> None:
    answer, says = BAD[name]
    with store(answer) as url, ends(), pytest.raises(EngineError, match=says) as caught:
        GraphStore(f"{url}?key=canary-key").put(BODY, replace=False)
    assert str(caught.value).startswith(f"the graph store {url}: ")
    assert "canary" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_is_put_where_something_is() -> None:
    asked: list[str] = []

    def answer(method: str, target: str, _: dict[str, str]) -> Answer:
        asked.append(f"{method} {target}")
        return 200, NT, b"<urn:a> <urn:b> <urn:c> ."

    with store(answer) as url, pytest.raises(UsageError, match="not empty"):
        GraphStore(url, "urn:g#?&").put(BODY, replace=False)
    assert asked == ["GET /store?graph=urn%3Ag%23%3F%26"]


@pytest.mark.parametrize("replace", [True, False])
def test_a_password_goes_only_to_who_asks_for_it(replace: bool) -> None:
    """Basic on this machine: the body is sent once, with the name; then nothing more is asked."""
    seen: list[tuple[str, str]] = []
    held: list[int] = []

    def answer(method: str, _: str, headers: dict[str, str]) -> Answer:
        seen.append((method, headers.get("authorization", "").partition(" ")[0]))
        if "authorization" not in headers:
            return 401, {"WWW-Authenticate": 'Basic realm="r"'}, b""
        if method == "PUT":
            held.append(1)
            return 204, {}, b""
        return (200, NT, BODY) if held else (404, {}, b"")

    with store(answer) as url:
        assert not GraphStore(url, credentials=Credentials("n", SECRET)).put(BODY, replace=replace).replaced
    assert seen == [("GET", ""), ("GET", "Basic"), ("PUT", "Basic"), ("GET", "Basic")]


def test_a_wrong_password_is_not_tried_again_and_again() -> None:
    asked: list[str] = []

    def answer(method: str, *_: object) -> Answer:
        asked.append(method)
        return 401, {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}, b""

    with store(answer) as url, pytest.raises(EngineError, match="does not take this name and password") as caught:
        GraphStore(url, credentials=Credentials("n", SECRET)).put(BODY, replace=True)
    assert len(asked) == 2
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "graph"),
    [
        ("http://127.0.0.1/store?default", None), ("http://127.0.0.1/store?graph=urn:a", None), ("ftp://a/b", None),
        ("http://user:canary@127.0.0.1/store", None), ("http://127.0.0.1/store", ""), ("http://127.0.0.1/store", "a b"),
        ("http://127.0.0.1/store", "/a"), ("http://127.0.0.1/store", "urn:"), ("http://127.0.0.1/store", "urn:<a>"),
        ("http://127.0.0.1/store", "urn:a\n"),
    ],
)  # fmt: skip
def test_addresses_and_graphs_that_are_none(url: str, graph: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        GraphStore(url, graph)
    assert "canary" not in str(caught.value)
