"""Ours, besides the command `vhkg cohort` itself: ``python -m benchmarks.cohort.ours NAME FILE [NUMBER]``."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import vhkg
from benchmarks.cohort.outcome import Action, Outcome, main
from benchmarks.cohort.prepared import graphs
from vhkg.cohort.rdf.reader import RdfReader
from vhkg.cohort.reader import Piece
from vhkg.intake import document
from vhkg.model.answer import Status
from vhkg.model.cohort import TABLES

_AT_ONCE = 200


def recommend(file: Path, patients: int, outcome: Outcome) -> None:
    """Contiguous N-Triples, patient after patient, by the exact path that one patient takes."""
    knowledge = vhkg.load()
    counts = dict.fromkeys(("results", "lesions", "entailed", "refuted"), 0)
    for text in graphs(file, patients or _AT_ONCE):
        with outcome.phase("read and validate"):
            found = knowledge.read(document(file.name, text.encode()))
        counts["results"] += sum(len(patient.report.results) for patient in found)
        with outcome.phase("answer"):
            answers = [answer for patient in found for answer in knowledge.answer(patient)]
        for answer in answers:
            base = [each.base_status for each in answer.recommendations]
            counts["lesions"] += answer.conforms
            counts["entailed"] += base.count(Status.APPLIES) + base.count(Status.ADVISED_AGAINST)
            counts["refuted"] += base.count(Status.DOES_NOT_APPLY)
    outcome.counts |= counts


def validate(file: Path, workers: int, outcome: Outcome) -> None:
    """N-Triples by the reader of cohorts: strict reading, and all results of the patient shapes."""
    reader = RdfReader(str(file), vhkg.load())
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        outcome.counts["results"] = sum(pool.map(partial(_results, reader), reader.pieces()))


def _results(reader: RdfReader, piece: Piece) -> int:
    return len(reader.read(piece).checked)


def counts_of(out: Path) -> dict[str, int]:
    """Rows by table, and answers by status, of what `vhkg cohort` wrote."""
    import polars as pl

    counts = {}
    for name in TABLES:
        files = sorted((out / name).glob("*.parquet"))
        if files:
            frame = pl.scan_parquet(files)
            counts[name] = int(frame.select(pl.len()).collect().item())
            if name == "answers":
                statuses = frame.select(pl.col("status").value_counts(sort=True)).unnest("status").collect()
                counts |= {f"status {status or 'none'}": int(count) for status, count in statuses.iter_rows()}
    return counts


OURS: dict[str, Action] = {"recommend": recommend, "validate": validate}


if __name__ == "__main__":
    main(OURS)
