"""`vhkg cohort`: many patients into Parquet tables and a report."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from vhkg.cli.options import codes_option, knowledge_option, load, parse_date, parse_readings, reading_options
from vhkg.errors import UsageError
from vhkg.model.cohort import OUTCOMES, CohortReport

if TYPE_CHECKING:
    from vhkg.answering.knowledge import Knowledge
    from vhkg.cohort.tallies import Tallies

REPORT = "report.json"
_NEEDED = ("duckdb", "numpy", "polars")
_OF_ENGINE = {"columns": (), "duckdb": ("sqlglot",), "spark": ("sqlglot", "pyspark")}
_SHOWN = 20
"""Refusals on standard error; all are in the table."""


def _processors() -> int:
    """Those that this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IN…")
@click.option("-o", "--output", required=True, metavar="DIR", help="The folder of the output, which is not there yet.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=_processors,
    show_default="one for each processor",
    help="How many processes share the work; the output does not depend on it.",
)
@click.option(
    "--piece-size",
    type=click.IntRange(1 << 10, 1 << 30),
    default=32 << 20,
    show_default=True,
    metavar="BYTES",
    help="How much of a file is read at a time: memory grows with it, and so does what an interruption costs.",
)
@click.option(
    "--engine",
    type=click.Choice(["columns", "duckdb", "spark"]),
    default="columns",
    show_default=True,
    help="What decides. With another than the columns, both do, and a difference stops the run.",
)
@click.option("--master", metavar="URL", help="The master of Spark: spark://host:7077, yarn, …; otherwise local[*].")
@reading_options
@codes_option
@knowledge_option
def cohort(
    inputs: tuple[str, ...],
    output: str,
    workers: int,
    piece_size: int,
    engine: str,
    master: str | None,
    readings: tuple[str, ...],
    as_of: str | None,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """Decide many patients: answers, validation results, conflicts and a report, in the folder DIR.

    IN is a file or folder: N-Triples, N-Quads, Turtle, TriG, a facts CSV, Parquet with the same columns, FHIR (NDJSON,
    bundles), phenopackets or OMOP tables. A record that cannot be read is named and set aside; the others are answered.
    A run that was interrupted goes on where it was when the same command is run again.

    Exit codes: 0 done; 1 done, and a record does not conform or was refused; 2 usage; 3 unreadable input; 4 a failure.
    """
    _confirm_installed(engine)
    if master and engine != "spark":
        raise UsageError("only Spark has a master", place="--master", mend="add --engine spark, or leave it out")
    from vhkg.cohort.report import report
    from vhkg.cohort.running import run

    knowledge = load(folder, codes)
    chosen = knowledge.decider.guards.chosen(parse_readings(readings, knowledge.content))
    quiet = not sys.stderr.isatty()
    with click.progressbar(length=1, label="deciding", file=sys.stderr, hidden=quiet) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        def finish(tables: Path, fates: Mapping[str, int], counted: Tallies) -> None:
            bar.label = "summing up"
            found = report(tables, knowledge, inputs=inputs, fates=fates, readings=chosen, counted=counted)
            _write_reports(tables, found, knowledge)

        run(
            inputs,
            Path(output),
            knowledge,
            folder=folder,
            codes=codes,
            readings=chosen,
            as_of=parse_date(as_of),
            workers=workers,
            piece_size=piece_size,
            engine=engine,
            master=master or "local[*]",
            progress=progress,
            finish=finish,
        )
    found = msgspec.json.decode((Path(output) / REPORT).read_bytes(), type=CohortReport)
    click.echo(f"{output}: {summary(found)}")
    for refused in found.refusals[:_SHOWN]:
        click.echo(f"vhkg: {refused.message}", err=True)
    if found.refused > _SHOWN:
        click.echo(f"vhkg: {found.refused - _SHOWN} more are in {output}/refused", err=True)
    return 1 if found.refused or _invalid(found) else 0


def _confirm_installed(engine: str) -> None:
    """Raises UsageError with the extra that brings what is missing."""
    needed = (*_NEEDED, *_OF_ENGINE[engine])
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        fault = f"a cohort {f'decided by {engine} ' if engine != 'columns' else ''}needs {' and '.join(missing)}"
        extras = "cohort,spark" if engine == "spark" else "cohort"
        raise UsageError(fault, place="cohort", mend=f"install it with pip install 'vhkg[{extras}]'")


def _write_reports(tables: Path, found: CohortReport, knowledge: Knowledge) -> None:
    from vhkg.rendering.cohort_page import render_cohort_page
    from vhkg.rendering.jsonout import render_cohort_json

    (tables / REPORT).write_text(render_cohort_json(found), encoding="utf-8")
    (tables / "report.html").write_text(render_cohort_page(found, knowledge.content), encoding="utf-8")


def summary(found: CohortReport) -> str:
    """Patients and presentations, and what became of these, in a line."""
    counts = {count.name: count.presentations or 0 for count in found.attrition}
    parts = [f"{counts[name]:,} {name}" for name in OUTCOMES[::-1] if counts.get(name)]
    if found.refused:
        parts.append(f"{found.refused:,} refused")
    read = f"{_counted(found.patients, 'patient')}, {_counted(found.presentations, 'presentation')}"
    return f"{read}: {', '.join(parts) or 'nothing'}; read report.html first"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _invalid(found: CohortReport) -> bool:
    return any(count.name == OUTCOMES[0] and count.patients for count in found.attrition)
