"""Queries from outside: answered in a child, stopped when they take too much, and never on the network."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from tests.support import ends
from vhkg.errors import EngineError, InputError, UsageError
from vhkg.stores import Limits, outside, read_query, run_outside
from vhkg.stores.child import Task

DATA: Mapping[str, bytes] = {"x.ttl": b"<http://e/a> <http://e/b> 2 , 1 , 'z', [] .", "context.jsonld": b"{}"}
SHORT = Limits(seconds=1.0)


def test_select_ask_construct_and_describe_are_answered() -> None:
    assert run_outside("SELECT ?o { ?s ?p ?o FILTER(!ISBLANK(?o)) }", DATA).rows == (("1",), ("2",), ("z",))
    assert run_outside("ASK { ?s ?p 3 }", DATA).rows == (("false",),)
    assert run_outside("CONSTRUCT { ?s ?p 5 } { ?s ?p 1 }", DATA).rows == (("http://e/a", "http://e/b", "5"),)
    described = run_outside("DESCRIBE <http://e/a>", DATA)
    assert described.columns == ("subject", "predicate", "object")
    assert len(described.rows) == 4


def test_the_order_of_the_query_is_kept() -> None:
    ordered = run_outside("SELECT ?o { ?s ?p ?o FILTER(ISNUMERIC(?o)) } ORDER BY DESC(?o)", DATA)
    assert ordered.rows == (("2",), ("1",))


def test_the_result_is_the_same_each_time(knowledge: Mapping[str, bytes]) -> None:
    text = "SELECT * { ?s ?p ?o } LIMIT 50"
    assert run_outside(text, knowledge) == run_outside(text, knowledge)


def test_rows_and_size_are_limited_and_a_cut_is_said(knowledge: Mapping[str, bytes]) -> None:
    by_rows = run_outside("SELECT ?s { ?s ?p ?o }", knowledge)
    assert (len(by_rows.rows), by_rows.truncated) == (1000, True)
    assert not run_outside("SELECT ?o { ?s ?p ?o }", DATA, limits=Limits(rows=4)).truncated
    big = 'SELECT (REPLACE("' + "a" * 1000 + '", "a", "' + "b" * 500 + '") AS ?x) { ?s ?p ?o }'
    by_size = run_outside(big, DATA)
    assert (len(by_size.rows), by_size.truncated) == (2, True)


def test_a_fault_of_the_query_is_the_users() -> None:
    with pytest.raises(UsageError, match="not SPARQL"):
        run_outside("SELECT * { ?s ?p }", DATA)


KILLERS = {
    "braces": "SELECT * WHERE " + "{" * 2250,
    "parentheses": "SELECT * { FILTER" + "(" * 4500,
    "negations": "SELECT * { FILTER(" + "!" * 4500 + "true) }",
    "paths": "SELECT * { ?s " + "(" * 2000 + "<http://e/b>" + ")*" * 2000 + " ?o }",
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cross product in order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c LIMIT 1",
    "nested OPTIONAL": "SELECT * { "
    + "".join(f"?s{i} ?p{i} ?o{i} OPTIONAL {{ " for i in range(15))
    + "}" * 16
    + " ORDER BY ?o1",
    "memory": 'SELECT (CONCAT(?x, ?x, ?x, ?x, ?x, ?x, ?x, ?x, ?x, ?x) AS ?y) { BIND(REPLACE("'
    + "a" * 9000
    + '", "a", "'
    + "b" * 9000
    + '") AS ?z) BIND(CONCAT(?z, ?z, ?z, ?z, ?z, ?z, ?z, ?z, ?z, ?z) AS ?x) }',
}


@pytest.mark.parametrize("name", KILLERS)
def test_a_killer_ends_with_a_clear_error_and_we_survive(name: str, knowledge: Mapping[str, bytes]) -> None:
    with ends(), pytest.raises((UsageError, EngineError), match=r"nested|path|longer than 1 s|MiB"):
        run_outside(KILLERS[name], knowledge, limits=SHORT)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o FILTER(" + " && ".join(["?s = ?s"] * 1200) + ") }",
        "SELECT * { " + " UNION ".join(["{}"] * 1500) + " }",
        "SELECT (" + "+".join(["1"] * 5000) + " AS ?x) {}",
    ],
)
def test_long_flat_queries_are_answered_or_stopped(text: str) -> None:
    with contextlib.suppress(UsageError, EngineError):
        assert run_outside(text, DATA, limits=SHORT).rows


class Loopback:
    """A server on the loopback interface that counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port: int = self._socket.getsockname()[1]
        self.calls = 0
        self._open = True
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while self._open:
            try:
                self._socket.accept()[0].close()
                self.calls += 1
            except TimeoutError:
                continue

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._socket.close()


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.close()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        "SELECT * {{ BIND(<http://127.0.0.1:{port}/> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
        "ASK {{ ?s ?p trueSERVICE <http://127.0.0.1:{port}/> {{}} }}",
        "LOAD <http://127.0.0.1:{port}/>",
        "SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <http://127.0.0.1:{port}/> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ],
)
def test_no_query_reaches_a_server(text: str, loopback: Loopback) -> None:
    with pytest.raises(UsageError, match="refused"):
        run_outside(text.format(port=loopback.port), DATA)
    time.sleep(0.05)
    assert loopback.calls == 0


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_a_query_that_slipped_through_would_still_open_no_connection(silent: str, loopback: Loopback) -> None:
    task = Task(
        query=f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:{loopback.port}/> {{ ?s ?p ?o }} }}",
        knowledge={},
        answers=b"",
        seconds=2.0,
        memory=1 << 30,
        rows=10,
        size=1000,
    )
    outside._child(msgspec.msgpack.encode(task), SHORT)
    time.sleep(0.05)
    assert loopback.calls == 0


def test_a_query_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_bytes(b"\xef\xbb\xbfASK {}")
    assert read_query(str(path)) == "ASK {}"
    path.write_bytes(b"x" * 20_001)
    with pytest.raises(UsageError, match="longer"):
        read_query(str(path))
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="UTF-8"):
        read_query(str(path))
    with pytest.raises(InputError, match="cannot be read"):
        read_query(str(tmp_path / "none.rq"))
