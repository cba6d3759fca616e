"""Nothing of a patient stands in a log, an error or on the disk, whatever is sent and however broken it is.

The server is a real one at its most talkative, which may write no byte to any file (RLIMIT_FSIZE).
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.server.canaries import BUNDLE, CSV, MARKS, TURTLE, Sent, broken, calls, tainted
from tests.server.test_security import ROUTES
from tests.server.watched import CRASH, WROTE
from tests.support import ROOT

ROW = f"patient,presentation,finding,status,date\n{CRASH},,BackPain,present,1931-04-17\n"


class Watched:
    """`log` is all that the process wrote so far."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.watched", "serve", "--port", "0", "--log-level", "debug"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._parts: list[bytes] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._ready.wait(60)
        found = re.search(r"vhkg serves on (http://\S+)", self.log)
        assert found, self.log
        self.base = found[1]

    @property
    def log(self) -> str:
        return b"".join(self._parts).decode(errors="replace")

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._parts.append(line)
            if b"vhkg serves on" in line:
                self._ready.set()
        self._ready.set()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._reader.join(30)
        return code


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    found = Watched()
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.kill()
            found.stop()


def clean(text: str) -> bool:
    return not any(mark in text.lower() for mark in MARKS)


def test_errors_of_all_files(client: TestClient) -> None:
    """In this process: hundreds of files."""
    refused = 0
    for sent in itertools.chain(tainted(), broken()):
        reply = client.post("/api/recommend", content=sent.content, headers={"Content-Type": sent.kind})
        assert reply.status_code < 500, (sent, reply.text)
        if reply.status_code != 200:
            refused += 1
            assert reply.headers["content-type"] == "application/problem+json"
            assert clean(reply.text), (sent, reply.text)
            assert set(reply.json()) == {"type", "title", "status", "detail"}
    assert refused > 200


def test_errors_of_all_calls(client: TestClient) -> None:
    statuses: set[int] = set()
    for content in calls():
        for path in ("/cds-services/vhkg-patient-view", "/cds-services/vhkg-patient-view/feedback"):
            reply = client.post(path, content=content, headers={"Content-Type": "application/json"})
            statuses.add(reply.status_code)
            assert reply.status_code < 500, (content, reply.text)
            if reply.status_code >= 400:
                assert clean(reply.text), (content, reply.text)
    assert {200, 400, 422} <= statuses


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_errors_of_all_addresses(client: TestClient, caplog: pytest.LogCaptureFixture, method: str) -> None:
    """Canaries in the address, the headers and the body, for a browser and for a program."""
    caplog.set_level(logging.DEBUG)
    for route in ROUTES:
        path = re.sub(r"\{\w+\}", "Zqmill%2077317731", route)
        for accept in ("text/html", "application/json", "zqmill/*"):
            reply = client.request(
                method,
                f"{path}?zqmill=77317731&patient=Zqmiller&query=zqmill&format=zqmill&as-of=1931-04-17",
                headers={"Accept": accept, "X-Patient": "Zqmiller", "Cookie": "zqmill=1", "Referer": "urn:zqmill"},
                data={"zqmill": "Zqmiller", "patient": "Zqmiller", "format": "zqmill"} if method == "POST" else None,
                follow_redirects=False,
            )
            assert reply.status_code < 500
            if reply.status_code >= 400:
                assert clean(reply.text), (method, path, accept, reply.text)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("vhkg")]
    assert len(ours) >= len(ROUTES)
    assert clean("\n".join(ours))


def uploads() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address that takes something of a patient, in every way it takes it, with all that can go wrong."""
    few = [*itertools.islice(tainted(), 0, None, 23), *broken()]
    for number, sent in enumerate(few):
        named = {"file": (f"Zqmiller {sent.name}", sent.content, sent.kind)}
        path = ("/api/recommend", "/api/validate", "/api/explain")[number % 3]
        accept = ("application/json", "text/html", "text/csv;q=0.5, */*;q=0.1")[number % 3]
        yield path, {"content": sent.content, "headers": {"Content-Type": sent.kind, "Accept": accept}}
        if number % 4 == 0:
            yield "/validate", {"files": named, "headers": {"Accept": "text/html"}}
            yield path, {"files": named, "data": {"reading": "zqmill=zqmill", "as-of": "1931-04-17"}}
    good = Sent("facts.csv", "text/csv", CSV.replace("ann", "Zqmiller").encode())
    for query in ("reading=zqmill", "reading=zqmill=77317731", "as-of=1931-04-17x", "if=zqmill=present", "if=zqmill"):
        yield f"/api/explain?{query}", {"content": good.content, "headers": {"Content-Type": good.kind}}
    kinds = {"Accept": "zqmill/zqmill"}, {"Content-Type": "zqmill/77317731"}, {"Content-Type": "multipart/form-data"}
    for headers in (*kinds, {"Content-Type": "multipart/form-data; boundary=zqmill"}, {"Host": "zqmill.example"}):
        yield "/api/recommend", {"content": b"zqmill" + good.content, "headers": headers}
    yield "/api/recommend", {"content": ROW.encode(), "headers": {"Content-Type": "text/csv"}}
    for content in itertools.islice(calls(), 0, None, 11):
        yield "/cds-services/vhkg-patient-view", {"content": content, "headers": {"Content-Type": "application/json"}}
    yield "/zqmill/77317731?zqmill=1931-04-17", {"content": good.content}
    yield "/queries", {"data": {"query": "SELECT * { ?s ?p ?o", "format": "csv", "zqmill": "zqmill"}}
    yield "/queries", {"data": {"query": "SELECT * { ?s ?p 'zqmill", "format": "json"}}
    yield "/queries/zqmill", {"data": {"patient": "zqmill"}}
    yield "/sparql", {"content": b"SELECT zqmill", "headers": {"Content-Type": "application/sparql-query"}}


def test_a_real_server(watched: Watched) -> None:
    big = Sent("big.json", "application/json", json.dumps({"zqmill": "77317731" * (1 << 20)}).encode()[: 8 << 20])
    with httpx2.Client(base_url=watched.base, timeout=60) as http:
        counts: dict[int, int] = {}
        for path, options in uploads():
            reply = http.post(path, **options)
            counts[reply.status_code] = counts.get(reply.status_code, 0) + 1
            if reply.status_code >= 400:
                assert clean(reply.text), (path, options, reply.text)
        assert counts[500] == 1, "the crash on purpose, and no other"
        assert {200, 400, 404, 406, 413, 415, 421, 422} & set(counts) >= {200, 400, 404, 406, 415, 421, 422}
        most = http.post("/validate", files={"file": (big.name, big.content[: (8 << 20) - 4096], big.kind)})
        assert most.status_code == 422
        over = http.post("/validate", files={"file": (big.name, big.content + b" " * 4096, big.kind)})
        assert over.status_code == 413
        whole = http.post("/api/recommend", files={"file": ("facts.csv", CSV.encode(), "text/csv")})
        assert whole.status_code == 200, "it goes on after all of that"
        note = {**BUNDLE, "meta": {"tag": [{"display": "77317731" * (200 << 10)}]}}
        large = http.post("/api/validate", files={"file": ("b.json", json.dumps(note).encode(), "application/json")})
        assert large.status_code == 200, "1.6 MB through a form, without a file"
    assert watched.stop() == 0
    log = watched.log
    assert WROTE not in log
    assert "RuntimeError at" in log, "the crash is told"
    assert log.count("POST /api/recommend") > 20
    assert clean(log), [line for line in log.splitlines() if not clean(line)]
    assert TURTLE[:20] not in log
