"""The endpoint as users start it, `vhkg serve`: the shipped questions, hostile queries, and what is left behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.cli.support import DEMO, vhkg
from tests.server.conftest import Live, started, stopped
from tests.stores.test_outside import KILLERS
from tests.stores.test_queries import BACKTRACKING, NESTED
from tests.support import ends, shipped
from vhkg.answering.published import published
from vhkg.rendering.rdf import answer_ntriples
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, Query, Rows

SIMPLE = {"query": "SELECT ?s { ?s a ?o } LIMIT 1"}
MARK = "Mrs-Quentin-Longfellow"
_SAID = ("nested", "path operators", "longer than", "larger than", "MiB")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    found = started(tmp_path_factory.mktemp("sparql"), "--data", DEMO)
    try:
        yield found
    finally:
        stopped(found)


@pytest.fixture(scope="module")
def embedded() -> EmbeddedStore:
    """What the service holds, in this process."""
    knowledge = shipped()
    answers = [knowledge.answer(patient) for patient in knowledge.read(DEMO)]
    document = knowledge.document([each for group in answers for each in group])
    return EmbeddedStore(published(knowledge), answer_ntriples(document, knowledge.content))


@pytest.mark.parametrize("query", list(Catalogue(shipped().files.queries)), ids=lambda query: query.name)
def test_each_shipped_question_has_the_same_rows_over_http(query: Query, live: Live, embedded: EmbeddedStore) -> None:
    theirs = Endpoint(f"{live.base}/sparql").select(query.text)
    ours = embedded.select(query.text)
    if "ORDER BY" not in query.text:
        theirs, ours = (Rows(each.columns, tuple(sorted(each.rows))) for each in (theirs, ours))
    assert theirs == ours


def test_the_command_line_asks_it_as_any_endpoint(live: Live, tmp_path: Path) -> None:
    asked = vhkg("query", "treatments-for-patient", "--endpoint", f"{live.base}/sparql", "--format", "csv")
    assert asked == vhkg("query", "treatments-for-patient", "--data", DEMO, "--format", "csv")
    own = tmp_path / "own.rq"
    own.write_text("SELECT ?s { ?s ?p ?o }", encoding="utf-8")
    cut = vhkg("query", str(own), "--endpoint", f"{live.base}/sparql", "--format", "csv", "--limit", "5000")
    assert "cut at the limit (1000 shown)" in cut.err


def test_hostile_queries_end_with_a_clear_error_while_another_is_answered(live: Live) -> None:
    hostile = KILLERS | NESTED | {"backtracking": BACKTRACKING}

    def ask(query: str) -> httpx2.Response:
        return httpx2.post(f"{live.base}/sparql", data={"query": f"# {MARK}\n{query}"}, timeout=60)

    with ThreadPoolExecutor(len(hostile)) as pool, ends():
        replies = {name: pool.submit(ask, query) for name, query in hostile.items()}
        answered = [httpx2.get(f"{live.base}/sparql", params=SIMPLE, timeout=60).status_code for _ in range(10)]
        assert answered == [200] * 10
        found = {name: reply.result() for name, reply in replies.items()}
    for name, reply in found.items():
        if name == "backtracking" and reply.status_code == 200:
            continue  # the engine's regular expressions do not backtrack
        assert reply.status_code in (400, 413, 422), name
        assert any(words in reply.json()["detail"] for words in _SAID), name


def test_a_lost_process_is_told_and_started_again(live: Live) -> None:
    assert httpx2.get(f"{live.base}/sparql", params=SIMPLE, timeout=60).status_code == 200
    (zygote,) = psutil.Process(live.process.pid).children()
    endless = {"query": KILLERS["cross product"]}
    with ThreadPoolExecutor(1) as pool, ends():
        while zygote.children():  # of queries that were stopped, and have been told so
            time.sleep(0.05)
        flying = pool.submit(httpx2.get, f"{live.base}/sparql", params=endless, timeout=60)
        while not zygote.children():
            time.sleep(0.05)
        zygote.kill()
        reply = flying.result()
    assert reply.status_code == 503
    assert "lost" in reply.json()["detail"]
    assert reply.headers["retry-after"] == "1"
    assert httpx2.get(f"{live.base}/sparql", params=SIMPLE, timeout=60).status_code == 200


def test_no_word_of_a_query_stands_in_the_log(live: Live) -> None:
    httpx2.get(f"{live.base}/sparql", params={"query": f"ASK {{ ?s ?p '{MARK}' }}"}, timeout=60)
    httpx2.get(f"{live.base}/sparql", params={"query": f"ASK {{ ?{MARK} nonsense"}, timeout=60)
    assert " /sparql " in live.log
    assert MARK not in live.log
    assert "ASK" not in live.log


def test_when_it_stops_no_process_is_left(tmp_path: Path) -> None:
    found = started(tmp_path)
    with ends():
        assert httpx2.get(f"{found.base}/sparql", params=SIMPLE, timeout=60).status_code == 200
        processes = psutil.Process(found.process.pid).children(recursive=True)
        assert processes
        stopped(found)
        psutil.wait_procs(processes, timeout=20)
        assert not [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
