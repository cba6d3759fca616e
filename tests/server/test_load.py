"""Everything hostile that the load benchmark sends, at once, beside ordinary requests and slow sockets."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.service_load import CSV, RECOMMEND, Load, hostile, patients
from benchmarks.serving import Client
from benchmarks.sparql_endpoint import HOSTILE
from tests.server.conftest import Live
from tests.support import ends

SENT = hostile()


def _asked(base: str, number: int) -> tuple[str, int]:
    client, sent = Client(base), SENT[number]
    status, _ = client.ask(sent.method, sent.path, sent.content, sent.headers)
    client.close()
    return sent.kind, status


def test_what_is_hostile_is_refused_while_patients_are_answered(live: Live) -> None:
    load = Load(live.base, seed=1)
    until = time.monotonic() + 4
    slow = [threading.Thread(target=load.drip, args=(number, until)) for number in range(6)]
    for thread in slow:
        thread.start()
    with ThreadPoolExecutor(len(SENT)) as pool, ends():
        replies = [pool.submit(_asked, live.base, number) for number in range(len(SENT))]
        client = Client(live.base)
        found = [client.ask("POST", RECOMMEND, each, CSV)[0] for each in patients(30, random.Random(2))]
        client.close()
        statuses = dict(reply.result() for reply in replies)
    for thread in slow:
        thread.join()
    assert found == [200] * len(found)
    assert statuses.pop("sparql: backtracking") in (200, 422)  # the engine's regular expressions do not backtrack
    assert statuses.pop("oversize") in (413, 0)  # the reply may be lost where the rest of the body is not taken
    assert len(statuses) == len(SENT) - 2
    wrong = {kind: status for kind, status in statuses.items() if not 400 <= status < 500}
    assert wrong == {}
    assert "fault" not in live.log


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_query_stands_in_the_log(name: str, live: Live) -> None:
    assert HOSTILE[name][:40] not in live.log
