"""A real `vhkg serve` under load: `python -m benchmarks.service_load [--seconds S] [--clients N] [--slow N]`.

Clients ask one after another, each on its own connection: mostly answers for random patients, one in ten SPARQL,
one in twenty something hostile. Beside them, slow sockets send a byte every few seconds, of heads and of bodies, and
connect again when they are closed. At the end: replies by kind and status, the times of `POST /api/recommend`, and what
became of the slow sockets and of the memory. The exit code is 1 if anything was answered with 5xx, or not at all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import socket
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks.serving import FORM, Client, serving, shown
from benchmarks.sparql_endpoint import HOSTILE, SIMPLE

RECOMMEND = "/api/recommend"
CSV = {"Content-Type": "text/csv"}
JSON = {"Content-Type": "application/json"}
_UPLOAD = 8 << 20
_DRIP = 3.0
"""Seconds between two bytes of a slow socket."""


class Sent(NamedTuple):
    kind: str
    method: str
    path: str
    content: bytes
    headers: Mapping[str, str]


def patients(count: int, source: random.Random) -> list[bytes]:
    """Facts tables of one patient with the first finding, which answers rest on, and some others."""
    import vhkg

    findings = [each.name for each in vhkg.load().content.findings.values() if each.question]
    found = []
    for number in range(count):
        rows = ["patient,presentation,finding,status,date"]
        for name in (findings[0], *source.sample(findings[1:], source.randint(1, 9))):
            day = f"2026-{source.randint(1, 12):02}-{source.randint(1, 28):02}"
            rows.append(f"p{number},,{name},{source.choice(('present', 'absent', 'unknown'))},{day}")
        found.append("\n".join(rows).encode())
    return found


def sparql(kind: str, text: str) -> Sent:
    return Sent(kind, "POST", "/sparql", urlencode({"query": text}).encode(), FORM)


def hostile() -> list[Sent]:
    """What is refused or stopped, each with a reason."""
    rows = [{"patient": "p", "finding": "x" * 50, "status": "maybe"}]
    bodies: dict[str, tuple[bytes, Mapping[str, str]]] = {
        "broken JSON": (b'{"rows": [{"patient": ', JSON),
        "deep JSON": (b"[" * 100_000, JSON),
        "doubled keys": (b'{"rows": [], "rows": []}', JSON),
        "wrong types": (b'{"rows": [{"patient": 1, "finding": null, "status": []}], "readings": "x"}', JSON),
        "unknown names": (json.dumps({"rows": rows}).encode(), JSON),
        "oversize": (b"x" * (_UPLOAD + 1), CSV),
        "entity bomb": (
            b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>',
            {"Content-Type": "application/rdf+xml"},
        ),
        "no text": (bytes(range(256)) * 40, CSV),
        "another type": (b"x", {"Content-Type": "image/png"}),
        "a long number": (
            b'[] <http://e/p> "1E999999999"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
            {"Content-Type": "text/turtle"},
        ),
    }
    posts = [Sent(name, "POST", RECOMMEND, content, headers) for name, (content, headers) in bodies.items()]
    others = [
        Sent("another method", "DELETE", RECOMMEND, b"", {}),
        Sent("another path", "GET", "/static/../../etc/passwd", b"", {}),
        Sent("another host", "GET", "/", b"", {"Host": "attacker.example"}),
        Sent("a long address", "GET", "/sparql?query=" + "x" * 30_000, b"", {}),
    ]
    return [*posts, *others, *(sparql(f"sparql: {name}", text) for name, text in HOSTILE.items())]


class Load:
    """What was answered, by kind; written by many threads under one lock."""

    def __init__(self, base: str, seed: int) -> None:
        self.base = base
        self._seed = seed
        self._lock = threading.Lock()
        self.statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.times: list[float] = []
        self.slow: Counter[str] = Counter()
        self._patients = patients(200, random.Random(seed))
        self._hostile = hostile()

    def client(self, number: int, until: float) -> None:
        source = random.Random(self._seed * 1000 + number)
        connection = Client(self.base)
        while time.monotonic() < until:
            sent = self._next(source)
            status, took = connection.ask(sent.method, sent.path, sent.content, sent.headers)
            with self._lock:
                self.statuses[sent.kind][status] += 1
                if sent.kind == "recommend":
                    self.times.append(took)
        connection.close()

    def _next(self, source: random.Random) -> Sent:
        drawn = source.random()
        if drawn < 0.05:
            return source.choice(self._hostile)
        if drawn < 0.15:
            return sparql("sparql", SIMPLE)
        return Sent("recommend", "POST", RECOMMEND, source.choice(self._patients), CSV)

    def drip(self, number: int, until: float) -> None:
        """A slow socket: every second one in the head of a request, the others in a body."""
        parts = urlsplit(self.base)
        head = f"POST {RECOMMEND} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: text/csv\r\n"
        start = head + ("X-Slow: " if number % 2 else "Content-Length: 100000\r\n\r\n")
        time.sleep(_DRIP * random.Random(number).random())
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection((parts.hostname, parts.port)) as opened:
                self._count("connected")
                opened.settimeout(_DRIP)
                opened.sendall(start.encode())
                while time.monotonic() < until:
                    opened.sendall(b"a")
                    with contextlib.suppress(TimeoutError):
                        if not opened.recv(1 << 16):
                            break
                else:
                    self._count("open at the end")
                    return
            self._count("closed by the service")

    def _count(self, what: str) -> None:
        with self._lock:
            self.slow[what] += 1


def run(base: str, *, seconds: float, clients: int, slow: int, seed: int) -> Load:
    load = Load(base, seed)
    until = time.monotonic() + seconds
    works: list[tuple[Callable[[int, float], None], int]] = [(load.drip, each) for each in range(slow)]
    works += [(load.client, each) for each in range(clients)]
    threads = [threading.Thread(target=work, args=(number, until)) for work, number in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def report(load: Load, seconds: float) -> int:
    """Prints; gives the number of requests that were answered with 5xx or not at all."""
    print("| kind | answered |\n|---|---|")
    for kind, found in sorted(load.statuses.items()):
        answered = ", ".join(f"{status or 'closed'}: {count}" for status, count in sorted(found.items()))
        print(f"| {kind} | {answered} |")
    total = sum(map(Counter.total, load.statuses.values()))
    print(f"\n{total} requests in {seconds:g} s, {total / seconds:.0f} a second")
    print(f"\n| recommend | times |   50 ms |   90 ms |   99 ms |  max ms |\n{'|---' * 6}|")
    print(f"| | {len(load.times)} | {shown(load.times)} |")
    print("\nslow sockets: " + ", ".join(f"{count} {what}" for what, count in sorted(load.slow.items())))
    wrong = sum(count for found in load.statuses.values() for status, count in found.items() if status >= 500)
    unanswered = sum(found[0] for kind, found in load.statuses.items() if kind not in ("oversize", "a long address"))
    print(f"5xx: {wrong}; closed without an answer, where there should be one: {unanswered}")
    return wrong + unanswered


def memory() -> float:
    """MiB of this process's children and theirs, pages that they share counted once."""
    return float(sum(each.memory_full_info().pss for each in psutil.Process().children(recursive=True))) / (1 << 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--slow", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261128)
    given = parser.parse_args()
    with serving() as base:
        run(base, seconds=2, clients=given.clients, slow=0, seed=given.seed + 1)
        before = memory()
        load = run(base, seconds=given.seconds, clients=given.clients, slow=given.slow, seed=given.seed)
        time.sleep(4)
        print(f"memory of the service: {before:.0f} MiB before, {memory():.0f} MiB after\n")
        wrong = report(load, given.seconds)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
