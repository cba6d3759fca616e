"""Generated patients as the facts table: a row per assessment, as CSV and as Parquet.

A record with two statuses is two rows; a wrong date can be written in CSV only and is a missing finding in Parquet,
whose dates are dates.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.cohort.drawing import ASSESSMENTS, NONE, Block, Fault
from benchmarks.cohort.rdf import dates, names
from benchmarks.cohort.terms import Terms
from vhkg.cohort.batch import ABSENT, PRESENT

WORDS = ("absent", "present", "unknown")
"""The statuses of the facts table, in the order of `vhkg.cohort.batch`."""
_ROWS = 120_000


def rows(block: Block, terms: Terms) -> pl.DataFrame:
    """The facts, with `day` (null where there is none) and `fault`."""
    repeated = np.repeat(np.arange(len(block.number)), ASSESSMENTS)
    lesion = block.lesion.ravel()
    level = block.levels[repeated, np.maximum(lesion, 0)]
    day, fault, status = pl.col("day"), pl.col("fault"), pl.col("status")
    frame = pl.DataFrame(
        {
            "patient": names(block).gather(repeated),
            "presentation": pl.Series([level.name for level in terms.levels]).gather(level),
            "finding": pl.Series(list(terms.findings)).gather(block.finding.ravel()),
            "status": block.status.ravel(),
            "day": block.day.ravel(),
            "lesion": lesion,
            "fault": block.fault.ravel(),
        }
    ).with_columns(
        presentation=pl.when(pl.col("lesion") != NONE).then("presentation"),
        finding=pl.when(fault != Fault.NO_FINDING).then("finding"),
        day=pl.when(day != NONE).then(day),
        status=pl.when(fault == Fault.TWO_STATUSES)
        .then(pl.concat_list(status, pl.when(status == PRESENT).then(ABSENT).otherwise(PRESENT)))
        .otherwise(pl.concat_list(status)),
    )
    frame = frame.explode("status")
    return frame.with_columns(status=pl.Series(list(WORDS)).gather(frame["status"]))


def write_csv(file: Path, drawn: Iterable[Block], terms: Terms) -> None:
    with file.open("wb") as out:
        for number, block in enumerate(drawn):
            frame = rows(block, terms)
            date = (
                pl.when(pl.col("fault") == Fault.WRONG_DATE).then(pl.lit("2026-02-30")).otherwise(dates(pl.col("day")))
            )
            frame = frame.select("patient", "presentation", "finding", "status", date.alias("date"))
            frame.write_csv(out, include_header=not number)


def write_parquet(file: Path, drawn: Iterable[Block], terms: Terms) -> None:
    """One file; the blocks are kept beside it until it is whole, since Polars cannot add to one."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        parts = list(_parts(Path(folder), drawn, terms))
        pl.scan_parquet(parts).sink_parquet(file, row_group_size=_ROWS, maintain_order=True)


def _parts(folder: Path, drawn: Iterable[Block], terms: Terms) -> Iterator[Path]:
    for number, block in enumerate(drawn):
        part = folder / f"{number:06}.parquet"
        rows(block, terms).select(
            "patient",
            "presentation",
            pl.when(pl.col("fault") != Fault.WRONG_DATE).then("finding").alias("finding"),
            "status",
            pl.col("day").cast(pl.Int32).cast(pl.Date).alias("date"),
        ).write_parquet(part)
        yield part
