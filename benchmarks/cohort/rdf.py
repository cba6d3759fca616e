"""Generated patients as N-Triples: each patient's lines together, and the same lines shuffled over the whole file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from benchmarks.cohort.drawing import ASSESSMENTS, NONE, SEED, Block, Fault
from benchmarks.cohort.terms import Terms
from vhkg.cohort.batch import ABSENT, PRESENT
from vhkg.namespaces import Rdf, Vhkg, Xsd

PATIENT = "https://ehr.example/p/"
_PIECE = 64 << 20
_TYPE = f" <{Rdf.type}> "


def write_ntriples(file: Path, drawn: Iterable[Block], terms: Terms) -> None:
    with file.open("wb") as out:
        for block in drawn:
            _write_lines(out, patient_lines(block, terms))


def names(block: Block) -> pl.Series:
    """How each patient is called, in every format."""
    return pl.Series("name", block.number).cast(pl.String).str.zfill(7)


def patient_lines(block: Block, terms: Terms) -> pl.Series:
    """The lines of each patient: those about the patient and the lesions first, then those of each assessment."""
    patients = len(block.number)
    frame = pl.DataFrame(
        {
            "patient": "<" + PATIENT + names(block) + ">",
            "first": _lesion(block, terms, 0),
            "second": _lesion(block, terms, 1),
            "lesions": block.lesions,
        }
    )
    lesion = pl.concat_str("patient", pl.lit(f" <{Vhkg.hasPresentation}> "), "first", pl.lit(" .\n"), "first")
    other = pl.concat_str(
        pl.lit("\n"), "patient", pl.lit(f" <{Vhkg.hasPresentation}> "), "second", pl.lit(" .\n"), "second"
    )
    typed = pl.lit(f"{_TYPE}<{Vhkg.Presentation}> .")
    head = frame.select(
        pl.concat_str(
            "patient",
            pl.lit(f"{_TYPE}<{Vhkg.Patient}> .\n"),
            lesion,
            typed,
            pl.when(pl.col("lesions") == 2).then(pl.concat_str(other, typed)).otherwise(pl.lit("")),
        ).alias("lines")
    )["lines"]
    order = np.arange(patients * ASSESSMENTS).reshape(patients, ASSESSMENTS) + patients
    order = np.concatenate([np.arange(patients)[:, None], order], axis=1)
    return pl.concat([head, _assessments(block, terms)]).gather(order.ravel())


def _lesion(block: Block, terms: Terms, which: int) -> pl.Series:
    levels = pl.Series([level.name for level in terms.levels]).gather(block.levels[:, which])
    return "<" + PATIENT + names(block) + "/" + levels + ">"


def _assessments(block: Block, terms: Terms) -> pl.Series:
    """The lines of each assessment, from the bearer to the date."""
    patients = len(block.number)
    repeated = np.repeat(np.arange(patients), ASSESSMENTS)
    name = names(block).gather(repeated)
    number = pl.Series(np.tile(np.arange(1, ASSESSMENTS + 1), patients)).cast(pl.String)
    lesion = block.lesion.ravel()
    level = block.levels[repeated, np.maximum(lesion, 0)]
    frame = pl.DataFrame(
        {
            "name": name,
            "place": pl.Series([level.name for level in terms.levels]).gather(level),
            "number": number,
            "blank": block.blank[repeated],
            "lesion": lesion,
            "finding": pl.Series(list(terms.iris)).gather(block.finding.ravel()),
            "status": pl.Series(list(terms.statuses)).gather(block.status.ravel()),
            "other": pl.Series(list(terms.statuses)).gather(np.where(block.status.ravel() == PRESENT, ABSENT, PRESENT)),
            "day": block.day.ravel(),
            "fault": block.fault.ravel(),
        }
    ).with_columns(
        patient=pl.concat_str(pl.lit(f"<{PATIENT}"), "name"),
        node=pl.when("blank")
        .then(pl.concat_str(pl.lit("_:p"), "name", pl.lit("a"), "number"))
        .otherwise(pl.concat_str(pl.lit(f"<{PATIENT}"), "name", pl.lit("/a"), "number", pl.lit(">"))),
    )
    fault = pl.col("fault")
    date = (
        pl.when(fault == Fault.WRONG_DATE)
        .then(pl.lit('2026-02-30" .\n'))
        .otherwise(pl.concat_str(dates(pl.col("day")), pl.lit(f'"^^<{Xsd.date}> .\n')))
    )
    return frame.select(
        pl.concat_str(
            "patient",
            pl.when(pl.col("lesion") == NONE)
            .then(pl.lit("> "))
            .otherwise(pl.concat_str(pl.lit("/"), "place", pl.lit("> "))),
            pl.lit(f"<{Vhkg.hasAssessment}> "),
            "node",
            pl.lit(" .\n"),
            "node",
            pl.lit(f"{_TYPE}<{Vhkg.Assessment}> .\n"),
            pl.when(fault != Fault.NO_FINDING).then(_line(Vhkg.ofFinding, "finding")).otherwise(pl.lit("")),
            pl.when(fault == Fault.TWO_STATUSES).then(_line(Vhkg.status, "other")).otherwise(pl.lit("")),
            pl.when((pl.col("day") != NONE) | (fault == Fault.WRONG_DATE))
            .then(pl.concat_str("node", pl.lit(f' <{Vhkg.assessedOn}> "'), date))
            .otherwise(pl.lit("")),
            "node",
            pl.lit(f" <{Vhkg.status}> <"),
            "status",
            pl.lit("> ."),
        ).alias("lines")
    )["lines"]


def _line(predicate: str, column: str) -> pl.Expr:
    return pl.concat_str("node", pl.lit(f" <{predicate}> <"), column, pl.lit("> .\n"))


def dates(day: pl.Expr) -> pl.Expr:
    """Days since 1970-01-01 as they are written."""
    return day.cast(pl.Int32).cast(pl.Date).cast(pl.String)


def write_shuffled(file: Path, source: Path, *, seed: int = SEED) -> None:
    """The lines of `source`, every order equally likely, in bounded memory: dealt at random to files that are each
    shuffled and put one after another."""
    buckets = source.stat().st_size // _PIECE + 1
    generator = np.random.default_rng([seed, buckets])
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        parts = [Path(folder) / str(number) for number in range(buckets)]
        outs = [part.open("wb") for part in parts]
        for lines in _pieces(source):
            dealt = generator.integers(0, buckets, len(lines))
            for number, out in enumerate(outs):
                _write_lines(out, lines.filter(dealt == number))
        for out in outs:
            out.close()
        with file.open("wb") as whole:
            for part in parts:
                lines = pl.concat([pl.Series("line", [], pl.String), *_pieces(part)])
                _write_lines(whole, lines.gather(generator.permutation(len(lines))))


def _pieces(file: Path) -> Iterator[pl.Series]:
    """The lines of a file, some at a time."""
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            text = (piece + source.readline()).decode().removesuffix("\n")
            yield pl.Series("line", [text]).str.split("\n").explode()


def _write_lines(out: BinaryIO, lines: pl.Series) -> None:
    lines.to_frame().write_csv(out, include_header=False, quote_style="never")
