"""What is run: each floor, peer and piece of ours as a command over a file, with the sizes that suit it best."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from benchmarks.cohort.data import Cohorts, Form
from benchmarks.cohort.prepared import prepared
from vhkg.answering.knowledge import Knowledge


class Kind(StrEnum):
    FLOOR = "floor"
    PEER = "peer"
    OURS = "ours"


class Source(StrEnum):
    """What is read: a form of the cohort, or what ours prepared for a peer (see prepared.py)."""

    NTRIPLES = Form.NTRIPLES
    SHUFFLED = Form.SHUFFLED
    CSV = Form.CSV
    PARQUET = Form.PARQUET
    FHIR = Form.FHIR
    BUNDLES = Form.BUNDLES
    LESIONS = "lesions.jsonl"
    TYPES = "types.nt"
    ROWS = "types.parquet"


class Job(NamedTuple):
    """`sizes` are numbers of patients; none: those that are asked for. `batch` is the number that the action takes."""

    name: str
    kind: Kind
    action: str
    source: Source
    batch: int = 0
    sizes: tuple[int, ...] = ()
    limit: float = 600.0

    @property
    def writes(self) -> bool:
        """Whether it is the command `vhkg cohort`, whose output says what it counted."""
        return self.kind is Kind.OURS and self.action == "cohort"

    @property
    def done(self) -> tuple[int, ...]:
        """Exit codes; that of `vhkg cohort` is 1 where a record does not conform."""
        return (0, 1) if self.writes else (0,)

    def command(self, file: Path, out: Path) -> list[str]:
        if self.writes:
            return [sys.executable, "-m", "vhkg", "cohort", str(file), "-o", str(out), "--workers", str(self.batch)]
        module = {Kind.FLOOR: "floors", Kind.PEER: "peers", Kind.OURS: "ours"}[self.kind]
        return [sys.executable, "-m", f"benchmarks.cohort.{module}", self.action, str(file), str(self.batch)]


def jobs() -> tuple[Job, ...]:
    """In the order of running, so that what is compared is run one after the other."""
    return (*_against_floors(), *_ours_alone(), *_validators(), *_reasoners(), *_queries())


def _against_floors() -> tuple[Job, ...]:
    floors = {
        Source.NTRIPLES: "parse",
        Source.SHUFFLED: "parse",
        Source.CSV: "lines",
        Source.PARQUET: "masks",
        Source.FHIR: "orjson",
        Source.BUNDLES: "orjson",
    }
    found = [Job(f"lines {Source.NTRIPLES}", Kind.FLOOR, "lines", Source.NTRIPLES)]
    for source, floor in floors.items():
        found.append(Job(f"{floor} {source}", Kind.FLOOR, floor, source))
        for workers in (2, 1):
            name = f"cohort {source}, {workers} worker(s)"
            found.append(Job(name, Kind.OURS, "cohort", source, workers, limit=3600))
    return tuple(found)


def _ours_alone() -> tuple[Job, ...]:
    return (
        *(Job(f"validation in columns, {n} worker(s)", Kind.OURS, "validate", Source.NTRIPLES, n) for n in (2, 1)),
        Job("one by one", Kind.OURS, "recommend", Source.NTRIPLES, sizes=(1_000,)),
    )


def _validators() -> tuple[Job, ...]:
    sizes = (10, 100, 1_000, 10_000)
    return (
        *(Job(f"shacl, graphs of {n}", Kind.PEER, "shacl", Source.NTRIPLES, n, (10_000,)) for n in sizes),
        *(Job(f"pyshacl, graphs of {n}", Kind.PEER, "pyshacl", Source.NTRIPLES, n, (1_000,)) for n in sizes[:3]),
    )


def _reasoners() -> tuple[Job, ...]:
    return tuple(
        Job(f"HermiT, {n} lesions at a time", Kind.PEER, "hermit", Source.LESIONS, n, (100,)) for n in (10, 25, 100)
    )


def _queries() -> tuple[Job, ...]:
    return (
        *(Job(f"rdflib, {n} patients", Kind.PEER, "rdflib", Source.TYPES, 0, (n,)) for n in (1_000, 10_000)),
        *(Job(f"pyoxigraph, {n} patients", Kind.PEER, "pyoxigraph", Source.TYPES, 0, (n,)) for n in (10_000, 100_000)),
        *(Job(f"DuckDB, {n} patients", Kind.PEER, "duckdb", Source.ROWS, 0, (n,)) for n in (10_000, 100_000)),
    )


def file(job: Job, patients: int, cohorts: Cohorts, knowledge: Knowledge) -> Path:
    """What the job reads, made if it is not there yet."""
    if job.source in (Source.LESIONS, Source.TYPES, Source.ROWS):
        made = prepared(cohorts, patients, knowledge)
        return {Source.LESIONS: made.literals, Source.TYPES: made.types, Source.ROWS: made.rows}[job.source]
    return cohorts.file(patients, Form(job.source))
