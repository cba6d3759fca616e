"""Whose turn it is: so many at once, no client more than its share, the others client by client as they came."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

from vhkg.stores.outside import Capacity

_T = TypeVar("_T")


class _Job(NamedTuple, Generic[_T]):
    client: str
    work: Callable[[], _T]
    future: Future[_T]
    until: float


class Turns(Generic[_T]):
    """Runs work in threads. Whoever finds no room, or waits in vain, gets `refused` instead of a result."""

    def __init__(self, capacity: Capacity, refused: _T) -> None:
        self._capacity = capacity
        self._refused = refused
        self._pool = ThreadPoolExecutor(capacity.running, thread_name_prefix="queries")
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._waiting: dict[str, deque[_Job[_T]]] = {}

    def submit(self, client: str, work: Callable[[], _T]) -> Future[_T]:
        """Work that is cancelled while it waits does not run."""
        job = _Job(client, work, Future[_T](), time.monotonic() + self._capacity.patience)
        with self._lock:
            if self._may_run(client):
                self._start(job)
            elif sum(map(len, self._waiting.values())) < self._capacity.waiting:
                self._waiting.setdefault(client, deque()).append(job)
            else:
                job.future.set_result(self._refused)
        return job.future

    def _may_run(self, client: str) -> bool:
        return self._running.total() < self._capacity.running and self._running[client] < self._capacity.share

    def _start(self, job: _Job[_T]) -> None:
        self._running[job.client] += 1
        self._pool.submit(self._run, job)

    def _run(self, job: _Job[_T]) -> None:
        try:
            if job.future.set_running_or_notify_cancel():
                job.future.set_result(self._refused if time.monotonic() > job.until else job.work())
        except BaseException as error:
            job.future.set_exception(error)
        with self._lock:
            self._running[job.client] -= 1
            if not self._running[job.client]:
                del self._running[job.client]
            while (following := self._next()) is not None:
                self._start(following)

    def _next(self) -> _Job[_T] | None:
        """Of the clients that may run more, the one that was served longest ago comes first."""
        for client, jobs in self._waiting.items():
            if self._may_run(client):
                job = jobs.popleft()
                del self._waiting[client]
                if jobs:
                    self._waiting[client] = jobs
                return job
        return None
