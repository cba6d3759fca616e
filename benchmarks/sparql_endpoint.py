"""The SPARQL endpoint of a real `vhkg serve`: `python -m benchmarks.sparql_endpoint [--seconds S] [--hostile N]`.

A simple query is asked over and over, first alone, then beside N clients that send a hostile query of one kind over and
over, then beside clients that send them all. Each line says how long the simple query took (the 99th percentile is to
stay under 250 ms), how the hostile ones ended, and how long they took at most (a query is stopped after 3 s).
The last lines compare a query in a forked process with the same query in a process that is started for it.
"""

from __future__ import annotations

import argparse
import itertools
import threading
import time
from collections import Counter
from collections.abc import Sequence

from benchmarks.serving import Client, serving, shown

SIMPLE = "SELECT ?s ?label { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?s LIMIT 10"
HOSTILE = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cross product in order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c LIMIT 1",
    "nested OPTIONAL": "SELECT * { "
    + "".join(f"?s{i} ?p{i} ?o{i} OPTIONAL {{ " for i in range(15))
    + "}" * 16
    + " ORDER BY ?o1",
    "backtracking": 'SELECT * { BIND("'
    + "a" * 5000
    + '!" AS ?x) FILTER(REGEX(?x, "^(a|aa|a+)+$")) ?s ?p ?o . ?q ?r ?t }',
    "memory": 'SELECT (CONCAT(?z, ?z, ?z, ?z, ?z, ?z, ?z, ?z) AS ?y) { BIND(REPLACE("'
    + "a" * 9000
    + '", "a", "'
    + "b" * 9000
    + '") AS ?z) }',
    "nested {": "SELECT * WHERE " + "{" * 2250,
    "nested (": "SELECT * { FILTER" + "(" * 4700,
    "many !": "SELECT * { FILTER(" + "!" * 9400 + "true) }",
    "nested paths": "SELECT * { ?s " + "(" * 1400 + "<http://e/b>" + ")*" * 1400 + " ?o }",
}


class Flood:
    """Clients that send hostile queries until they are told to stop; what they were answered is counted."""

    def __init__(self, base: str, queries: Sequence[str], clients: int) -> None:
        self._base = base
        self._stop = threading.Event()
        self.statuses: Counter[int] = Counter()
        self.longest = 0.0
        turns = [itertools.cycle([*queries[start:], *queries[:start]]) for start in range(len(queries))]
        self._threads = [
            threading.Thread(target=self._send, args=(turns[number % len(turns)],)) for number in range(clients)
        ]

    def _send(self, queries: itertools.cycle[str]) -> None:
        client = Client(self._base)
        while not self._stop.is_set():
            status, took = client.query(next(queries))
            self.statuses[status] += 1
            self.longest = max(self.longest, took)
        client.close()

    def __enter__(self) -> Flood:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def measured(base: str, seconds: float) -> list[float]:
    client = Client(base)
    times = []
    client.query(SIMPLE)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status, took = client.query(SIMPLE)
        assert status == 200, status
        times.append(took)
        time.sleep(0.01)
    client.close()
    return times


def beside(base: str, name: str, queries: Sequence[str], *, clients: int, seconds: float) -> None:
    with Flood(base, queries, clients) as flood:
        time.sleep(0.2)
        times = measured(base, seconds)
    ended = ", ".join(f"{status}: {count}" for status, count in sorted(flood.statuses.items()))
    print(f"| {name:24} | {len(times):5} | {shown(times)} | {flood.longest:5.2f} | {ended} |", flush=True)


def forked_and_fresh(runs: int) -> None:
    """In turn, in one process."""
    from vhkg.answering.knowledge import Knowledge
    from vhkg.answering.published import published
    from vhkg.stores import run_outside
    from vhkg.stores.queries import QueryService, Question
    from vhkg.stores.screening import screen

    held = published(Knowledge.load())
    service = QueryService(held)
    service.start()
    question = Question(text=SIMPLE, screened=screen(SIMPLE), rows=1000)
    forked, fresh = [], []
    for _ in range(runs):
        start = time.perf_counter()
        service.submit(question).result()
        between = time.perf_counter()
        run_outside(SIMPLE, held)
        forked.append(between - start)
        fresh.append(time.perf_counter() - between)
    service.close()
    print(f"\n| without HTTP, {runs:4} in turn |       |      50 |      90 |      99 |     max |\n" + "|---" * 6 + "|")
    print(
        f"| forked                   |       | {shown(forked)} |\n| a process of its own     |       | {shown(fresh)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each line")
    parser.add_argument("--hostile", type=int, default=4, metavar="N", help="clients that send hostile queries")
    given = parser.parse_args()
    with serving() as base:
        print(
            "| beside                   | times |   50 ms |   90 ms |   99 ms |  max ms | longest s | hostile ended |"
        )
        print("|---|---|---|---|---|---|---|---|")
        times = measured(base, given.seconds)
        print(f"| nothing                  | {len(times):5} | {shown(times)} | | |", flush=True)
        for name, query in HOSTILE.items():
            beside(base, name, [query], clients=given.hostile, seconds=given.seconds)
        beside(base, "all of them", list(HOSTILE.values()), clients=3 * given.hostile, seconds=3 * given.seconds)
    forked_and_fresh(50)


if __name__ == "__main__":
    main()
