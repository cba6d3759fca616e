"""Floors, peers and ours count the same things, each as the process that is measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.cohort.data import Cohorts, Form
from benchmarks.cohort.jobs import Job, Kind, Source, file, jobs
from benchmarks.cohort.measuring import Bench
from benchmarks.cohort.process import Run, run
from tests.benchmarks.cohort.conftest import PATIENTS, content
from vhkg.answering.knowledge import Knowledge
from vhkg.model.answer import Status


class _Counts:
    def __init__(self, cohorts: Cohorts, knowledge: Knowledge, out: Path) -> None:
        self._cohorts, self._knowledge, self._out = cohorts, knowledge, out

    def __call__(self, kind: Kind, action: str, source: Source, batch: int = 0) -> dict[str, int]:
        job = Job(action, kind, action, source, batch)
        done: Run = run(job.command(file(job, PATIENTS, self._cohorts, self._knowledge), self._out), limit=300)
        assert not done.fault
        assert done.counts
        return done.counts


@pytest.fixture(scope="module")
def counts(cohorts: Cohorts, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> _Counts:
    return _Counts(cohorts, knowledge, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def ours(counts: _Counts) -> dict[str, int]:
    return counts(Kind.OURS, "recommend", Source.NTRIPLES)


@pytest.mark.parametrize("source", [Source.NTRIPLES, Source.SHUFFLED])
def test_each_line_is_a_triple(counts: _Counts, cohorts: Cohorts, source: Source) -> None:
    triples = cohorts.file(PATIENTS, Form(source)).read_bytes().count(b"\n")
    assert counts(Kind.FLOOR, "parse", source) == {"triples": triples}
    assert counts(Kind.FLOOR, "lines", source) == {"lines": triples}


@pytest.mark.parametrize("source", [Source.FHIR, Source.BUNDLES])
def test_each_line_is_loaded(counts: _Counts, cohorts: Cohorts, source: Source) -> None:
    lines = sum(text.count(b"\n") for text in content(cohorts.file(PATIENTS, Form(source))).values())
    assert counts(Kind.FLOOR, "orjson", source) == {"lines": lines}


def test_the_floor_of_facts_writes_a_row_for_each_lesion_and_recommendation(
    counts: _Counts, cohorts: Cohorts, knowledge: Knowledge
) -> None:
    text = cohorts.file(PATIENTS, Form.CSV).read_text().splitlines()[1:]
    lesions = {tuple(line.split(",")[:2]) for line in text if line.split(",")[1]}
    rows = len(lesions) * len(knowledge.content.recommendations)
    assert counts(Kind.FLOOR, "masks", Source.PARQUET) == {"rows": rows}


@pytest.mark.parametrize("workers", [1, 2])
def test_columns_report_what_the_exact_path_reports(counts: _Counts, ours: dict[str, int], workers: int) -> None:
    assert counts(Kind.OURS, "validate", Source.NTRIPLES, workers) == {"results": ours["results"]}


@pytest.mark.parametrize(("peer", "batch"), [("pyshacl", 1), ("pyshacl", PATIENTS), ("shacl", 7), ("shacl", PATIENTS)])
def test_validators_report_what_ours_reports(counts: _Counts, ours: dict[str, int], peer: str, batch: int) -> None:
    assert counts(Kind.PEER, peer, Source.NTRIPLES, batch) == {"results": ours["results"]}


@pytest.mark.hermit
def test_hermit_finds_the_statuses_that_ours_finds(counts: _Counts, ours: dict[str, int]) -> None:
    found = counts(Kind.PEER, "hermit", Source.LESIONS, 25)
    assert found == {name: ours[name] for name in ("lesions", "entailed", "refuted")}
    assert found["entailed"] > 0


def test_queries_find_the_same_rows(counts: _Counts, ours: dict[str, int]) -> None:
    """At least what applies or is advised against, and what is provisional besides."""
    rows = [counts(Kind.PEER, "rdflib", Source.TYPES), counts(Kind.PEER, "pyoxigraph", Source.TYPES)]
    rows.append(counts(Kind.PEER, "duckdb", Source.ROWS))
    assert rows[0] == rows[1] == rows[2]
    assert rows[0]["rows"] >= ours["entailed"]


def test_what_the_command_wrote_is_counted(
    cohorts: Cohorts, knowledge: Knowledge, ours: dict[str, int], tmp_path: Path
) -> None:
    job = Job("cohort", Kind.OURS, "cohort", Source.NTRIPLES, 2)
    bench = Bench(cohorts, knowledge, tmp_path, lambda _: None)
    (measured,) = bench.measure([job], [PATIENTS], 1)
    assert not measured.fault
    found = measured.runs[0].counts
    decided = {status.value: found[f"status {status}"] for status in Status}
    assert found["status none"] == found["answers"] - sum(decided.values()) > 0
    assert sum(decided.values()) == ours["lesions"] * len(knowledge.content.recommendations)
    assert found["validation"] == ours["results"]
    assert not list(tmp_path.iterdir())


def test_names_of_jobs_differ_and_each_has_its_command() -> None:
    names = [job.name for job in jobs()]
    assert len(names) == len(set(names))
    for job in jobs():
        command = job.command(Path("in"), Path("out"))
        assert command[0] == sys.executable
        assert "in" in command
        assert job.kind is not Kind.OURS or job.action != "cohort" or command[-2:] == ["--workers", str(job.batch)]
