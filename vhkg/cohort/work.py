"""What one process of a run does: read pieces, decide, write tables. All that it needs is prepared once."""

from __future__ import annotations

import datetime
import gc
import os
from pathlib import Path
from typing import NamedTuple

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.deciding import Decision
from vhkg.cohort.engines import COLUMNS, OtherEngine
from vhkg.cohort.frames import Framer
from vhkg.cohort.inputs import open_readers
from vhkg.cohort.journal import Journal
from vhkg.cohort.reader import Piece, PreparingReader, ScatteredError
from vhkg.cohort.tallies import Tallier


class Setup(NamedTuple):
    """The options of a run, as far as work depends on them. `folder` and `codes` are those of `Knowledge.load`.

    `engine` is one of those named in `vhkg.cohort.engines`, `master` that of Spark.
    """

    inputs: tuple[str, ...]
    output: str
    folder: str | None
    codes: tuple[str, ...]
    readings: dict[str, str]
    as_of: datetime.date | None
    piece_size: int
    workers: int = 1
    engine: str = COLUMNS
    master: str = ""


class Task(NamedTuple):
    """`kind` is read, prepare, scatter or gather; `piece` is one of the reader's pieces, or None with a `bucket`.

    Of preparations, `bucket` is the stage.
    """

    kind: str
    reader: int
    piece: Piece | None
    bucket: int
    buckets: int

    @property
    def unit(self) -> str:
        """Its name in the journal."""
        return f"{self.reader:04}-{self.piece.number:06}" if self.piece else f"{self.reader:04}-bucket-{self.bucket:06}"


class Worker:
    """Does one task after another."""

    def __init__(self, setup: Setup) -> None:
        knowledge = Knowledge.load(setup.folder, codes=setup.codes)
        self._readers = open_readers(setup.inputs, knowledge, setup.piece_size)
        self._decision = Decision(knowledge, setup.readings, setup.as_of)
        self._framer = Framer(knowledge)
        self._tallier = Tallier(knowledge.content, self._decision.texts)
        self._journal = Journal(Path(setup.output))
        self._other = None
        if setup.engine != COLUMNS:
            threads = max(1, (os.cpu_count() or 1) // setup.workers)
            self._other = OtherEngine(
                setup.engine, knowledge, setup.readings, setup.as_of, master=setup.master, threads=threads
            )

    def do(self, task: Task) -> bool:
        """Whether the task is done; false where a piece does not hold all of its patients."""
        reader = self._readers[task.reader]
        if task.kind in ("prepare", "scatter"):
            assert task.piece is not None
            folder = scatter_folder(self._journal, task.reader)
            if task.kind == "scatter":
                reader.scatter(task.piece, folder, task.buckets)
            elif isinstance(reader, PreparingReader):
                reader.prepare(task.piece, folder, task.buckets, task.bucket)
            return True
        try:
            batch = (
                reader.read(task.piece)
                if task.piece is not None
                else reader.gather(task.bucket, scatter_folder(self._journal, task.reader))
            )
        except ScatteredError:
            return False
        self._put(task.unit, batch)
        return True

    def _put(self, unit: str, batch: Batch) -> None:
        decision = self._decision
        answers = decision.decide(batch)
        tables = self._framer.frames(batch, answers, decision.texts)
        if self._other is not None:
            self._other.confirm(batch, tables["answers"], self._journal.folder / "engine" / unit)
        self._journal.put(unit, tables, batch.keys, batch.fates, self._tallier.tally(answers, tables))


def scatter_folder(journal: Journal, reader: int) -> Path:
    """Where the pieces of a reader are partitioned."""
    return journal.folder / "scattered" / f"{reader:04}"


_worker: list[Worker] = []
"""The one of a child process: a task can only reach it so, since processes share no values."""


def prepare(setup: Setup) -> None:
    """What a child process does first."""
    _worker[:] = [Worker(setup)]
    gc.collect()
    gc.freeze()  # what is there now stays, so no collection has to look at it again


def do(task: Task) -> bool:
    """Do a task in a child process."""
    return _worker[0].do(task)
