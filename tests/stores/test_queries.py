"""Many queries at once, each in a forked process: answers, limits, and what happens when a process is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pyoxigraph as ox
import pytest

from tests.stores.test_outside import KILLERS, Loopback
from tests.support import ROOT, ends
from vhkg.errors import EngineError, UsageError
from vhkg.stores.outside import Capacity, Limits
from vhkg.stores.queries import Ending, QueryService, Question, Reply
from vhkg.stores.screening import Screened, screen

DATA: Mapping[str, bytes] = {"x.ttl": b"<http://e/a> <http://e/b> 2 , 1 , 'z', [] .", "context.jsonld": b"{}"}
NAMED: Mapping[str, Mapping[str, bytes]] = {
    "http://g/1": {"a.ttl": b"<http://e/a> a <http://e/One> ; <http://e/in> [] ."},
    "http://g/2": {"a.ttl": b"<http://e/a> a <http://e/Two> ."},
}
SIMPLE = "ASK { ?s ?p ?o }"
ENDLESS = KILLERS["cross product"]


def question(text: str, **options: object) -> Question:
    return Question(text=text, screened=screen(text), **({"rows": 1000} | options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def service() -> Iterator[QueryService]:
    """Large enough for the killers, small enough for tests to be quick."""
    found = QueryService(DATA, b"<http://e/n> <http://e/b> 3 .", NAMED, limits=Limits(seconds=1.0, memory=256 << 20))
    yield found
    found.close()


@pytest.fixture(scope="module")
def loaded(knowledge: Mapping[str, bytes]) -> Iterator[QueryService]:
    """What is published, so that killers have something to multiply."""
    found = QueryService(knowledge, limits=Limits(seconds=1.0, memory=256 << 20))
    yield found
    found.close()


def answer(service: QueryService, text: str, **options: object) -> str:
    with ends():
        reply = service.submit(question(text, **options)).result()
    assert reply.ending is Ending.answered, reply.fault
    return reply.result.body.decode()


# --- answers


def test_each_form_of_query_is_answered_in_the_format_that_is_wanted(service: QueryService) -> None:
    assert answer(service, "SELECT ?o { <http://e/n> ?p ?o }", table="csv") == "o\r\n3\r\n"
    assert answer(service, "ASK { ?s ?p 4 }", table="json") == '{"head":{},"boolean":false}'
    built = answer(service, "CONSTRUCT { ?s ?p 5 } { ?s ?p 1 }", graph="ntriples")
    assert [quad.object.value for quad in ox.parse(built, format=ox.RdfFormat.N_TRIPLES)] == ["5"]
    assert len(list(ox.parse(answer(service, "DESCRIBE <http://e/a>"), format=ox.RdfFormat.TURTLE))) == 4


def test_rows_are_limited_by_the_question_and_by_the_service(service: QueryService) -> None:
    few = service.submit(question("SELECT ?o { ?s ?p ?o }", rows=2, base="http://e/q")).result().result
    assert (few.rows, few.cut) == (2, True)
    assert b"http://e/q#truncated" in few.body
    capped = QueryService(DATA, limits=Limits(rows=3))
    assert capped.submit(question("SELECT ?o { ?s ?p ?o }", rows=99)).result().result.rows == 3
    capped.close()


def test_relative_names_are_relative_to_the_base(service: QueryService) -> None:
    assert "http://e/a" in answer(service, "SELECT ?s { ?s ?p 1 FILTER(?s = <a>) }", base="http://e/query")


@pytest.mark.parametrize(
    ("default", "named", "types"),
    [
        (None, None, []),
        (("http://g/1",), None, ["One"]),
        (("http://g/1", "http://g/2"), None, ["One", "Two"]),
        (None, ("http://g/1",), []),
        (("http://g/2",), ("http://g/1",), ["Two"]),
    ],
)
def test_the_default_graph_is_what_the_request_names(
    service: QueryService, default: tuple[str, ...] | None, named: tuple[str, ...] | None, types: list[str]
) -> None:
    rows = answer(service, "SELECT ?t { ?s a ?t } ORDER BY ?t", table="csv", default=default, named=named)
    assert rows.split()[1:] == [f"http://e/{each}" for each in types]
    graphs = answer(
        service, "SELECT ?g { GRAPH ?g { ?s a ?t } } ORDER BY ?g", table="csv", default=default, named=named
    )
    asked = ("http://g/1", "http://g/2") if (default, named) == (None, None) else named or ()
    assert graphs.split()[1:] == list(asked)


def test_the_result_is_the_same_from_another_process(service: QueryService) -> None:
    text = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    other = QueryService(DATA, b"<http://e/n> <http://e/b> 3 .", NAMED)
    assert answer(service, text) == answer(other, text)
    other.close()


def test_an_event_loop_is_not_held_up(service: QueryService) -> None:
    async def both() -> tuple[Reply, Reply]:
        long = asyncio.create_task(service.asked(question("SELECT * { ?s ?p ?o }")))
        return await service.asked(question(SIMPLE)), await long

    for _ in range(2):  # each time another loop
        assert [reply.ending for reply in asyncio.run(both())] == [Ending.answered] * 2


# --- faults and limits


def test_a_fault_of_the_query_is_told(service: QueryService) -> None:
    reply = service.submit(question("SELECT * { ?s ?p }")).result()
    assert (reply.ending, reply.fault[:11]) == (Ending.refused, "not SPARQL:")
    reply = service.submit(question("CONSTRUCT { ?s <http://e/1> 1 } { ?s ?p 1 }", graph="rdfxml")).result()
    assert (reply.ending, "XML name" in reply.fault) == (Ending.unwritable, True)


BACKTRACKING = 'SELECT * { BIND("' + "a" * 5000 + '!" AS ?x) FILTER(REGEX(?x, "^(a|aa|a+)+$")) ?s ?p ?o . ?q ?r ?t }'


def test_killers_end_and_meanwhile_others_are_answered(loaded: QueryService) -> None:
    """All of them at once; those that the text gives away are refused before any process sees them."""
    running = {}
    for name, text in (KILLERS | {"backtracking": BACKTRACKING}).items():
        with contextlib.suppress(UsageError):
            running[name] = loaded.submit(question(text))
    assert {"cross product", "cross product in order", "nested OPTIONAL", "memory", "backtracking"} <= set(running)
    assert answer(loaded, SIMPLE, table="csv").split() == ["answer", "true"]
    with ends():
        replies = {name: future.result() for name, future in running.items()}
    assert replies["backtracking"].ending in (Ending.answered, Ending.stopped)  # this engine does not backtrack
    del replies["backtracking"]
    assert {reply.ending for reply in replies.values()} == {Ending.stopped}
    assert all("longer than 1 s" in reply.fault or "256 MiB" in reply.fault for reply in replies.values())


NESTED = {
    "braces": "SELECT * WHERE " + "{" * 2250,
    "parentheses": "SELECT * { FILTER" + "(" * 4700,
    "negations": "SELECT * { FILTER(" + "!" * 9400 + "true) }",
    "paths": "SELECT * { ?s " + "(" * 14_000 + "<http://e/b>" + ")*" * 14_000 + " ?o }",
}
"""Those that were seen to end a process by SIGSEGV."""


@pytest.mark.parametrize("name", NESTED)
def test_a_nesting_that_were_not_screened_would_end_its_own_process_only(service: QueryService, name: str) -> None:
    with pytest.raises(UsageError):
        screen(NESTED[name])
    unscreened = Question(text=NESTED[name], screened=Screened("SELECT", False), rows=1)
    with ends():
        reply = service.submit(unscreened).result()
    assert reply.ending is Ending.stopped
    assert answer(service, SIMPLE)


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_a_query_that_slipped_through_would_open_no_connection(service: QueryService, silent: str) -> None:
    server = Loopback()
    try:
        text = f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:{server.port}/> {{ ?s ?p ?o }} }}"
        reply = service.submit(Question(text=text, screened=Screened("SELECT", False), rows=1)).result()
        assert reply.ending is not Ending.answered or silent
        time.sleep(0.05)
        assert server.calls == 0
    finally:
        server.close()


def test_when_all_places_are_taken_one_waits_and_then_is_told() -> None:
    service = QueryService(_large(), limits=Limits(seconds=1.0), capacity=Capacity(running=1, waiting=2, patience=0.5))
    service.start()
    with ends():
        running, late, later = (service.submit(question(ENDLESS)) for _ in range(3))
        assert service.submit(question(SIMPLE)).result().ending is Ending.busy
        assert running.result().ending is Ending.stopped
        assert {late.result().ending, later.result().ending} == {Ending.busy}
        assert answer(service, SIMPLE)
    service.close()


def test_a_failure_of_the_engine_ends_its_own_process_only(service: QueryService) -> None:
    reply = service.submit(question("SELECT * { ?s ?p ?o }", table="no such format")).result()
    assert (reply.ending, reply.fault) == (Ending.stopped, "made the engine fail and was stopped")
    assert answer(service, SIMPLE)


# --- processes


def test_the_zygote_has_one_thread_and_nothing_that_starts_more(loaded: QueryService) -> None:
    loaded.start()
    zygote = _zygotes(os.getpid())[-1]
    assert zygote.num_threads() == 1
    names = {Path(each.path).name for each in zygote.memory_maps()}
    assert any("pyoxigraph" in name for name in names)
    assert not [name for name in names if "polars" in name or "duckdb" in name]


def test_a_query_in_flight_is_told_when_the_zygote_dies_and_the_next_one_is_answered() -> None:
    service = QueryService(_large(), limits=Limits(seconds=20.0))
    service.start()
    (zygote,) = [each for each in _zygotes(os.getpid()) if each.create_time() >= time.time() - 30][-1:]
    with ends():
        flying = service.submit(question(ENDLESS))
        _until(zygote.children)
        (query,) = zygote.children()
        zygote.kill()
        reply = flying.result()
        assert (reply.ending, "started again" in reply.fault) == (Ending.lost, True)
        assert answer(service, SIMPLE)
        query.kill()
    service.close()


def test_close_stops_what_runs_and_leaves_no_process() -> None:
    service = QueryService(_large(), limits=Limits(seconds=20.0))
    before = set(psutil.Process().children(recursive=True))
    with ends():
        service.start()
        flying = service.submit(question(ENDLESS))
        _until(lambda: len(set(psutil.Process().children(recursive=True)) - before) == 2)
        service.close()
        assert flying.result().ending is Ending.lost
        _until(lambda: set(psutil.Process().children(recursive=True)) <= before)
        assert answer(service, SIMPLE)  # it may be started again
        service.close()


_OWNER = """
from tests.stores.test_queries import ENDLESS, _large, question
from vhkg.stores.outside import Limits
from vhkg.stores.queries import QueryService
service = QueryService(_large(), limits=Limits(seconds=30.0))
service.submit(question(ENDLESS)).result()
"""


def test_when_the_service_is_killed_outright_all_processes_end() -> None:
    owner = subprocess.Popen([sys.executable, "-c", _OWNER], cwd=ROOT)
    with ends():
        watched = psutil.Process(owner.pid)
        _until(lambda: len(watched.children(recursive=True)) == 2)
        processes = watched.children(recursive=True)
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
        _until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes))


def test_data_that_cannot_be_loaded_are_told() -> None:
    service = QueryService({"x.ttl": b"<"})
    with pytest.raises(EngineError, match="not loaded"):
        service.start()
    assert service.submit(question(SIMPLE)).result().ending is Ending.lost
    service.close()


def _large() -> Mapping[str, bytes]:
    return {"x.ttl": b"".join(b"<http://e/%d> <http://e/p> %d .\n" % (number, number) for number in range(3000))}


def _zygotes(owner: int) -> list[psutil.Process]:
    found = [each for each in psutil.Process(owner).children() if "vhkg.stores.zygote" in " ".join(each.cmdline())]
    return sorted(found, key=lambda each: each.create_time())


def _until(holds: object) -> None:
    assert callable(holds)
    while not _quiet(holds):
        time.sleep(0.02)


def _quiet(holds: object) -> bool:
    assert callable(holds)
    try:
        return bool(holds())
    except psutil.NoSuchProcess:
        return False
