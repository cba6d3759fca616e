"""Who runs, who waits and who is refused: with work that waits for a sign."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import ends
from vhkg.stores.outside import Capacity
from vhkg.stores.turns import Turns

REFUSED = "refused"


class Held:
    """Work that says when it has started, and ends when it is let go."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.ending = threading.Event()

    def __call__(self) -> str:
        self.started.set()
        self.ending.wait(30)
        return "done"


def turns(**capacity: float) -> Turns[str]:
    return Turns(Capacity(**({"running": 3, "share": 2, "waiting": 2, "patience": 30.0} | capacity)), REFUSED)  # type: ignore[arg-type]


def test_one_client_leaves_a_place_for_another() -> None:
    queue = turns()
    greedy = [Held() for _ in range(4)]
    futures = [queue.submit("a", work) for work in greedy]
    with ends():
        for work in greedy[:2]:
            work.started.wait()
        assert queue.submit("b", lambda: "short").result() == "short"
        assert not greedy[2].started.is_set()
        assert queue.submit("a", lambda: "one more").result() == REFUSED
        for work in greedy:
            work.ending.set()
        assert [future.result() for future in futures] == ["done"] * 4


def test_clients_take_turns_and_each_is_served_as_it_came() -> None:
    queue = turns(running=1, share=1, waiting=9)
    first, order = Held(), list[str]()

    def noted(name: str) -> str:
        order.append(name)
        return name

    queue.submit("a", first)
    with ends():
        first.started.wait()
        futures = [
            queue.submit(client, lambda name=name: noted(name))  # type: ignore[misc]
            for client, name in [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1"), ("b", "b2")]
        ]
        first.ending.set()
        for future in futures:
            future.result()
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_waits_too_long_is_refused_and_who_is_gone_does_not_run() -> None:
    queue = turns(running=1, share=1, patience=0.0)
    first = Held()
    queue.submit("a", first)
    # the first may itself have come too late, with no patience at all
    late, gone = queue.submit("b", lambda: "late"), queue.submit("b", Held())
    gone.cancel()
    first.ending.set()
    with ends():
        assert late.result() == REFUSED
    assert gone.cancelled()


def test_a_failure_is_the_callers_and_leaves_the_place_free() -> None:
    queue = turns(running=1, share=1)

    def fails() -> str:
        raise ValueError("x")

    for _ in range(3):
        with pytest.raises(ValueError, match="x"):
            queue.submit("a", fails).result()
    assert queue.submit("a", lambda: "fine").result() == "fine"


@settings(max_examples=30)
@given(st.lists(st.sampled_from("aaab"), max_size=30))
def test_neither_limit_is_ever_passed_and_all_get_a_reply(clients: list[str]) -> None:
    queue = turns(running=3, share=2, waiting=20)
    lock, running, most = threading.Lock(), Counter[str](), Counter[str]()

    def work(client: str) -> str:
        with lock:
            running[client] += 1
            most[client] = max(most[client], running[client])
            most["all"] = max(most["all"], running.total())
        with lock:
            running[client] -= 1
        return "done"

    futures = [queue.submit(client, lambda client=client: work(client)) for client in clients]  # type: ignore[misc]
    with ends():
        assert {future.result() for future in futures} <= {"done", REFUSED}
    assert most["all"] <= 3
    assert max(most["a"], most["b"]) <= 2
