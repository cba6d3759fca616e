"""Rounds: every job at every size in turn, and each on one patient before it, which is what starting costs."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from pathlib import Path

import msgspec

from benchmarks.cohort.data import Cohorts
from benchmarks.cohort.jobs import Job, file
from benchmarks.cohort.ours import counts_of
from benchmarks.cohort.process import Run, run
from vhkg.answering.knowledge import Knowledge


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A job at a size: a run each round, and one with one patient each round. `size` is that of the input in bytes."""

    name: str
    kind: str
    source: str
    patients: int
    size: int
    runs: tuple[Run, ...]
    starts: tuple[Run, ...]

    @property
    def fault(self) -> str:
        return next((each.fault for each in (*self.runs, *self.starts) if each.fault), "")

    @property
    def whole(self) -> float:
        return statistics.median(each.seconds for each in self.runs)

    @property
    def start(self) -> float:
        return statistics.median(each.seconds for each in self.starts)

    @property
    def nets(self) -> tuple[float, ...]:
        """Seconds of each round, without the start of the same round."""
        pairs = zip(self.runs, self.starts, strict=True)
        return tuple(max(whole.seconds - start.seconds, 1e-3) for whole, start in pairs)

    @property
    def processor(self) -> tuple[float, ...]:
        """Seconds of all processors in each round, without the start of the same round."""
        pairs = zip(self.runs, self.starts, strict=True)
        return tuple(max(whole.cpu - start.cpu, 1e-3) for whole, start in pairs)

    @property
    def net(self) -> float:
        return statistics.median(self.nets)

    @property
    def rate(self) -> float:
        """Patients a second."""
        return self.patients / self.net

    def phase(self, *names: str) -> float:
        """Median seconds of phases that the job itself timed."""
        return statistics.median(sum(each.phases[name] for name in names) for each in self.runs)

    @property
    def peak(self) -> float:
        return max(each.peak for each in self.runs)


class Bench:
    """What is measured with: cohorts, knowledge, and where outputs go for as long as they are counted."""

    def __init__(self, cohorts: Cohorts, knowledge: Knowledge, scratch: Path, say: Callable[[str], None]) -> None:
        self._cohorts = cohorts
        self._knowledge = knowledge
        self._scratch = scratch
        self._say = say

    def measure(self, jobs: Sequence[Job], sizes: Sequence[int], rounds: int) -> list[Measured]:
        """Rounds over all jobs, so that what is compared is measured in turn and not one after all of the other."""
        wanted = [(job, size) for job in jobs for size in (job.sizes or sizes)]
        for job, size in wanted:
            for patients in (1, size):
                self._say(f"data: {job.source}, {patients} patients")
                file(job, patients, self._cohorts, self._knowledge)
        found: dict[tuple[Job, int], list[tuple[Run, Run]]] = {key: [] for key in wanted}
        for number in range(rounds):
            for job, size in wanted:
                if any(run.fault for _, run in found[job, size]):
                    continue
                start = self._once(job, 1)
                whole = self._once(job, size)
                self._say(f"round {number + 1}: {job.name}, {size}: {whole.fault or f'{whole.seconds:.2f} s'}")
                found[job, size].append((start, whole))
        return [self._measured(job, size, pairs) for (job, size), pairs in found.items()]

    def _once(self, job: Job, patients: int) -> Run:
        read = file(job, patients, self._cohorts, self._knowledge)
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            out = Path(folder) / "out"
            done = run(job.command(read, out), limit=job.limit, done=job.done)
            if job.writes and not done.fault:
                counts = counts_of(out)
                fault = "" if counts else f"nothing was written: {done.message}"
                done = msgspec.structs.replace(done, counts=counts, fault=fault)
        return done

    def _measured(self, job: Job, patients: int, pairs: Sequence[tuple[Run, Run]]) -> Measured:
        read = file(job, patients, self._cohorts, self._knowledge)
        return Measured(
            name=job.name,
            kind=job.kind,
            source=job.source,
            patients=patients,
            size=sum(each.stat().st_size for each in (read.iterdir() if read.is_dir() else [read])),
            runs=tuple(whole for _, whole in pairs),
            starts=tuple(start for start, _ in pairs),
        )


def chosen(jobs: Sequence[Job], patterns: Sequence[str]) -> list[Job]:
    """Those whose name or kind one of the patterns matches; all if there is none."""
    return [job for job in jobs if not patterns or any(_fits(job, pattern) for pattern in patterns)]


def _fits(job: Job, pattern: str) -> bool:
    return any(fnmatch(text.lower(), pattern.lower()) for text in (job.name, job.kind))
