"""The processes of a run: they do tasks in any order, and the first failure stops them all."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from types import TracebackType

from vhkg.cohort.work import Setup, Task, Worker, do, prepare
from vhkg.errors import EngineError

Skip = Callable[[Task], bool]


class Crew:
    """One process is this one; more are children that start anew, since a forked Polars can hang."""

    def __init__(self, setup: Setup, workers: int) -> None:
        self._setup, self._workers = setup, workers
        self._worker: Worker | None = None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def each(self, tasks: Iterable[Task], skip: Skip = lambda _task: False) -> Iterator[tuple[Task, bool]]:
        """Do tasks, and give each with what came of it. `skip` is asked when a task's turn comes.

        Raises what a task raises, and EngineError where a process dies.
        """
        if self._workers == 1:
            for task in tasks:
                if not skip(task):
                    self._worker = self._worker or Worker(self._setup)
                    yield task, self._worker.do(task)
            return
        waiting = (task for task in tasks if not skip(task))
        running: dict[Future[bool], Task] = {}
        try:
            while True:
                for task in islice(waiting, 2 * self._workers - len(running)):
                    running[self._started().submit(do, task)] = task
                if not running:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield running.pop(future), future.result()
        except BrokenProcessPool as error:
            raise EngineError("a process of the run died", mend=_GO_ON) from error

    def _started(self) -> ProcessPoolExecutor:
        """The processes, which share the processors among themselves."""
        if self._pool is None:
            threads = str(max(1, (os.cpu_count() or 1) // self._workers))
            for name, value in {"POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads, **_KEEPING}.items():
                os.environ.setdefault(name, value)
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=prepare,
                initargs=(self._setup,),
            )
        return self._pool


_KEEPING = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    "MALLOC_TOP_PAD_": str(1 << 20),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:1000,muzzy_decay_ms:0",
}
"""What tells the allocators, of glibc and of Polars, to keep the memory of one piece for the next, which needs as much
at once: giving it back and asking anew took a twentieth of the time."""


_GO_ON = "give it more memory or fewer workers, and run the same command again, which goes on where it stopped"
