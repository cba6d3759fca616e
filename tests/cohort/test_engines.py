"""Whichever engine decides a cohort, the same rows are written; an engine that decides otherwise stops the run."""

from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Mapping
from pathlib import Path

import msgspec
import polars as pl
import pytest

from tests.cli.support import called as vhkg
from tests.cohort.generator import Form, generate, write
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.deciding import Decision
from vhkg.cohort.engines import DUCKDB, OtherEngine
from vhkg.cohort.frames import Framer
from vhkg.cohort.records import batch_of
from vhkg.cohort.running import run
from vhkg.errors import EngineError
from vhkg.model.table import Goal

KETTLE = ROOT / "docs" / "examples" / "kettle"
EXAMPLE = ROOT / "docs" / "examples" / "cohort.csv"


def decided(
    path: Path, folder: Path, knowledge: Knowledge, readings: Mapping[str, str], as_of: datetime.date | None, **how: str
) -> dict[str, bytes]:
    """The tables of a run in pieces, by name."""
    of = str(KETTLE) if knowledge is not shipped() else None
    run([str(path)], folder, knowledge, folder=of, readings=readings, as_of=as_of, piece_size=1 << 18, **how)  # type: ignore[arg-type]
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*.parquet"))}


@pytest.mark.parametrize(
    ("as_of", "other"),
    [(None, False), (datetime.date(2026, 3, 1), True)],
    ids=["latest day, default readings", "a day, other readings"],
)
def test_duckdb_gives_the_same_bytes(tmp_path: Path, as_of: datetime.date | None, *, other: bool) -> None:
    knowledge = shipped()
    readings = dict(knowledge.decider.guards.chosen({}))
    if other:
        for name, reading in knowledge.content.readings.items():
            readings[name] = next(each.name for each in reading.alternatives if each.name != reading.default)
    path = write(generate(31, 400), Form.CSV, tmp_path)
    columns = decided(path, tmp_path / "columns", knowledge, readings, as_of)
    assert decided(path, tmp_path / "duckdb", knowledge, readings, as_of, engine=DUCKDB) == columns
    flags = pl.read_parquet(tmp_path / "columns" / "patients" / "*.parquet")["flags"].cast(pl.String)
    assert all(flags.str.contains(f"(^| ){flag}( |$)").any() for flag in ("conflict", "superseded"))


def test_every_format_is_read_and_then_given_as_facts(tmp_path: Path) -> None:
    readings = shipped().decider.guards.chosen({})
    path = write(generate(32, 20), Form.FHIR_BUNDLES, tmp_path)
    columns = decided(path, tmp_path / "columns", shipped(), readings, None)
    assert decided(path, tmp_path / "duckdb", shipped(), readings, None, engine=DUCKDB) == columns


def test_another_knowledge(tmp_path: Path) -> None:
    kettle = Knowledge.load(str(KETTLE))
    readings, path = kettle.decider.guards.chosen({}), KETTLE / "examples" / "demo.csv"
    columns = decided(path, tmp_path / "columns", kettle, readings, None)
    assert decided(path, tmp_path / "duckdb", kettle, readings, None, engine=DUCKDB) == columns


def _example() -> tuple[Batch, pl.DataFrame]:
    batch = batch_of("cohort.csv", shipped().read_source(EXAMPLE).patients, shipped())
    decision = Decision(shipped())
    return batch, Framer(shipped()).frames(batch, decision.decide(batch), decision.texts)["answers"]


def _duckdb(knowledge: Knowledge) -> OtherEngine:
    return OtherEngine(DUCKDB, knowledge, {}, None, master="", threads=1)


def test_the_table_that_decided_is_confirmed(tmp_path: Path) -> None:
    _duckdb(shipped()).confirm(*_example(), tmp_path / "work")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [rule.name for rule in shipped().decider.rules][:4:3])
def test_a_table_that_says_otherwise_stops_the_run(tmp_path: Path, name: str) -> None:
    batch, answers = _example()
    table = shipped().compiled.table
    turned = Goal(name, yes=table.goals[name].no, no=table.goals[name].yes)
    wrong = msgspec.structs.replace(table, goals={**table.goals, name: turned})
    mutant = Knowledge(shipped().files, msgspec.structs.replace(shipped().compiled, table=wrong))
    with pytest.raises(EngineError, match=rf"cohort\.csv: duckdb finds .* of {name} .*, the columns .*; report this"):
        _duckdb(mutant).confirm(batch, answers, tmp_path / "wrong")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("column", ["verdict", "because"])
def test_a_changed_row_stops_the_run(tmp_path: Path, column: str) -> None:
    batch, answers = _example()
    texts = answers[column].cast(pl.String).to_list()
    forged = answers.with_columns(pl.Series(column, [*texts[:-1], f"{texts[-1]}?"]))
    with pytest.raises(EngineError, match=f"duckdb finds {column} of "):
        _duckdb(shipped()).confirm(batch, forged, tmp_path / "work")


def test_days_at_the_ends_of_the_calendar(tmp_path: Path) -> None:
    """By these the statements say that there is no day; that is no difference."""
    rows = [
        {"patient": f"p{number}", "finding": "VertebralHemangioma", "status": "absent", "date": day}
        for number, day in enumerate(("0001-01-01", "9999-12-31"))
    ]
    batch = batch_of("rows", shipped().read_source(rows).patients, shipped())
    decision = Decision(shipped())
    answers = Framer(shipped()).frames(batch, decision.decide(batch), decision.texts)["answers"]
    _duckdb(shipped()).confirm(batch, answers, tmp_path / "work")


def test_the_command(tmp_path: Path) -> None:
    code, out, err = vhkg("cohort", str(EXAMPLE), "-o", str(tmp_path / "out"), "--engine", "duckdb", "--workers", "1")
    assert (code, err) == (0, "")
    assert "9 patients, 10 presentations" in out
    assert b'"engine": "duckdb"' in (tmp_path / "out" / "run.json").read_bytes()
    code, _, err = vhkg("cohort", str(EXAMPLE), "-o", str(tmp_path / "out"))
    assert (code, "holds something else than this run's output" in err) == (2, True), "another engine, another run"
    code, _, err = vhkg("cohort", str(EXAMPLE), "-o", str(tmp_path / "x"), "--master", "local[1]")
    assert (code, err) == (2, "vhkg: --master: only Spark has a master; add --engine spark, or leave it out.\n")


@pytest.mark.parametrize(
    ("engine", "package", "said"),
    [
        (
            "spark",
            "pyspark",
            "decided by spark needs pyspark; install it with pip install 'vhkg[cohort,spark]'",
        ),
        ("duckdb", "sqlglot", "decided by duckdb needs sqlglot; install it with pip install 'vhkg[cohort]'"),
        ("columns", "polars", "needs polars; install it with pip install 'vhkg[cohort]'"),
    ],
)
def test_what_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, package: str, said: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find(name))
    code, _, err = vhkg("cohort", str(EXAMPLE), "-o", str(tmp_path / "out"), "--engine", engine)
    assert (code, err) == (2, f"vhkg: cohort: a cohort {said}.\n")
