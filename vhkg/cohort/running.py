"""A run over a cohort: pieces in any order on several processes, resumable, with the same output each time."""

from __future__ import annotations

import datetime
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.crew import Crew
from vhkg.cohort.engines import COLUMNS, SPARK
from vhkg.cohort.frames import SCHEMA
from vhkg.cohort.inputs import files_of, open_readers
from vhkg.cohort.journal import Journal, Run
from vhkg.cohort.reader import PreparingReader, Reader
from vhkg.cohort.tallies import Tallies
from vhkg.cohort.work import Setup, Task, scatter_folder
from vhkg.errors import InputError, UsageError
from vhkg.model.cohort import TABLES
from vhkg.version import __version__

Progress = Callable[[int, int], None]
Finish = Callable[[Path, Mapping[str, int], Tallies], None]
PIECE_SIZE = 32 << 20
_PACKED = 12
"""About how much larger a packed file of records is unpacked."""
_EMPTY = {name: pl.DataFrame(schema={column: SCHEMA[column] for column in columns}) for name, columns in TABLES.items()}
"""The tables of nobody."""


def run(
    inputs: Sequence[str],
    output: Path,
    knowledge: Knowledge,
    *,
    folder: str | None = None,
    codes: Sequence[str] = (),
    readings: Mapping[str, str],
    as_of: datetime.date | None = None,
    workers: int = 1,
    piece_size: int = PIECE_SIZE,
    engine: str = COLUMNS,
    master: str = "",
    progress: Progress = lambda _done, _all: None,
    finish: Finish = lambda _folder, _fates, _tallies: None,
) -> bool:
    """Decide a cohort into `output`; false if the output of the same run is there already.

    `readings` are all that are chosen, `folder` and `codes` what `Knowledge.load` got. Another `engine` than the
    columns (`vhkg.cohort.engines`) decides as well; that of Spark, at `master`, has workers of its own. `progress` is
    told how many tasks of how many are done; `finish` gets the folder of the tables before it takes its name, what
    became of all entries, and what was counted of the answers. Raises InputError, UsageError and EngineError; what is
    done by then is kept beside `output`, and the same call goes on from there.
    """
    journal = Journal(output)
    readers = open_readers(inputs, knowledge, piece_size)
    files = _files(inputs)
    if not journal.begin(_description(files, knowledge, readings, as_of, piece_size=piece_size, engine=engine)):
        return False
    workers = 1 if engine == SPARK else workers
    options = dict(readings), as_of, piece_size, workers, engine, master
    setup = Setup(tuple(inputs), str(output), folder, tuple(codes), *options)
    with Crew(setup, workers) as crew:
        units = _Pieces(readers, journal, crew, progress, piece_size).all()
    final = journal.gather(units, _EMPTY)
    with journal.writing():
        finish(final, journal.fates(units), journal.tallies(units))
    journal.finish(final)
    return True


class _Pieces:
    """All pieces of all readers: read where they stand, or partitioned by patient where patients are scattered."""

    def __init__(
        self, readers: Sequence[Reader], journal: Journal, crew: Crew, progress: Progress, piece_size: int
    ) -> None:
        self._readers, self._journal, self._crew, self._progress = readers, journal, crew, progress
        self._bucket_size = 2 * piece_size
        self._pieces = [list(reader.pieces()) for reader in readers]
        self._all = sum(map(len, self._pieces))
        self._done = 0

    def all(self) -> list[str]:
        """Do everything; the units of the output in the order of the input."""
        scattered = {number for number, reader in enumerate(self._readers) if reader.partitions}
        scattered |= {number for number in range(len(self._readers)) if self._marker(number).exists()}
        units: defaultdict[int, list[str]] = defaultdict(list)
        self._read(scattered, units)
        for number in sorted(scattered):
            units[number] = self._partition(number)
        return [unit for number in range(len(self._readers)) for unit in units[number]]

    def _read(self, scattered: set[int], units: defaultdict[int, list[str]]) -> None:
        """Read pieces where they stand; inputs whose patients turn out to be scattered join the others that are."""
        tasks = []
        for number, pieces in enumerate(self._pieces):
            for piece in pieces if number not in scattered else ():
                task = Task("read", number, piece, 0, 0)
                units[number].append(task.unit)
                if self._journal.done(task.unit):
                    self._step()
                else:
                    tasks.append(task)
        for task, whole in self._crew.each(tasks, lambda task: task.reader in scattered):
            self._step()
            if not whole:
                scattered.add(task.reader)
        scattered |= {number for number in units if number not in scattered and self._journal.repeated(units[number])}
        for number in scattered & units.keys():
            self._marker(number).parent.mkdir(exist_ok=True)
            self._journal.write(self._marker(number), b"")
            self._journal.drop(units[number])

    def _partition(self, number: int) -> list[str]:
        """Write every piece to buckets, then put the patients of each bucket together."""
        reader, pieces, folder = self._readers[number], self._pieces[number], scatter_folder(self._journal, number)
        files = {file for piece in pieces for file in piece.files}
        size = sum(os.stat(file).st_size * (_PACKED if file.endswith(".gz") else 1) for file in files)
        buckets = max(size // self._bucket_size, len(pieces) // 2) + 1
        gathers = [Task("gather", number, None, bucket, buckets) for bucket in range(buckets)]
        units = [task.unit for task in gathers]
        left = [task for task in gathers if not self._journal.done(task.unit)]
        self._all += len(left)
        if left:
            stages = reader.preparations if isinstance(reader, PreparingReader) else 0
            for stage in range(stages):
                self._for_all([Task("prepare", number, piece, stage, buckets) for piece in pieces], folder)
            self._for_all([Task("scatter", number, piece, 0, buckets) for piece in pieces], folder)
            for _ in self._crew.each(left):
                self._step()
        shutil.rmtree(folder, ignore_errors=True)
        return units

    def _for_all(self, tasks: Sequence[Task], folder: Path) -> None:
        """Do what has to be done with every piece before anything else is."""
        done = folder / "done"
        done.mkdir(parents=True, exist_ok=True)
        marks = {task: done / f"{task.kind}-{task.bucket}-{task.piece.number}" for task in tasks if task.piece}
        todo = [task for task, mark in marks.items() if not mark.exists()]
        self._all += len(todo)
        for task, _ in self._crew.each(todo):
            self._journal.write(marks[task], b"")
            self._step()

    def _marker(self, number: int) -> Path:
        return self._journal.folder / "partitioned" / f"{number:04}"

    def _step(self) -> None:
        self._done += 1
        self._progress(self._done, self._all)


def _files(inputs: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """What is read: as `Run.inputs`. Raises InputError, and UsageError for what is given twice."""
    found: list[tuple[str, int, int]] = []
    real: set[Path] = set()
    for given in inputs:
        for file in files_of(given):
            place = file.resolve()
            if place in real:
                raise UsageError("it is given twice", file=str(file), mend="give it once, or only its folder")
            real.add(place)
            try:
                state = os.stat(file)
            except OSError as error:
                fault = f"it cannot be read: {(error.strerror or str(error)).lower()}"
                raise InputError(fault, file=str(file), mend="check the file") from error
            found.append((str(file), state.st_size, state.st_mtime_ns))
    return tuple(found)


def _description(
    files: tuple[tuple[str, int, int], ...],
    knowledge: Knowledge,
    readings: Mapping[str, str],
    as_of: datetime.date | None,
    *,
    piece_size: int,
    engine: str,
) -> Run:
    return Run(
        software=__version__,
        knowledge_version=knowledge.content.version,
        knowledge_digest=knowledge.compiled.digest,
        readings=dict(sorted(readings.items())),
        as_of=as_of.isoformat() if as_of else "",
        piece_size=piece_size,
        inputs=files,
        engine=engine,
    )
