"""DuckDB over Parquet answers as one by one, whatever the size of a word; a changed row or term is noticed."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from sqlglot import exp

from tests.engines.one_by_one import COLUMNS, Fact, chosen, consistent, contradictory, expected, unlike, write
from tests.records import random_readings
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.engines.chosen import ChosenTable, Rows
from vhkg.engines.sql.duck import DuckDbEngine
from vhkg.engines.sql.query import Statements, render
from vhkg.errors import EngineError, InputError

KNOWLEDGE = shipped()
FACTS = [*contradictory(range(60), KNOWLEDGE), *consistent(60, 1, KNOWLEDGE)]
SEEDS = [(0, 62, None), (1, 62, datetime.date(2026, 11, 1)), (2, 7, None), (6, 20, datetime.date(2026, 10, 5))]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(FACTS, tmp_path_factory.mktemp("facts") / "facts.parquet")


def engine(table: ChosenTable, **options: Any) -> DuckDbEngine:
    return DuckDbEngine(table, KNOWLEDGE.decider.evaluator, **options)


def answered(rows: Iterator[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[: len(COLUMNS)] for row in rows]


@pytest.mark.parametrize(("seed", "bits", "as_of"), SEEDS)
def test_answers_are_those_of_one_by_one(facts: Path, seed: int, bits: int, as_of: datetime.date | None) -> None:
    readings = random_readings(seed, KNOWLEDGE)
    found = answered(engine(chosen(KNOWLEDGE, readings), as_of=as_of, bits=bits).rows(facts))
    wanted = expected(FACTS, KNOWLEDGE, readings=readings, as_of=as_of)
    assert len(found) == len(wanted)
    assert not unlike(found, wanted)
    assert {row[3] for row in found} >= {"outside", "contradiction", "undecided"}
    assert len({row[7] for row in found}) == 5
    assert any(row[10] for row in found)


def test_another_article_is_decided_as_well(tmp_path: Path) -> None:
    """One without readings or scope limits."""
    kettle = Knowledge.load(str(ROOT / "docs" / "examples" / "kettle"))
    given = contradictory(range(60), kettle)
    answering = DuckDbEngine(chosen(kettle, {}), kettle.decider.evaluator)
    wanted = expected(given, kettle)
    assert len(wanted) > 60
    assert not unlike(answered(answering.rows(write(given, tmp_path / "facts.parquet"))), wanted)


def test_answers_are_in_order_whatever_the_threads(facts: Path) -> None:
    table = chosen(KNOWLEDGE, {})
    one, two = (list(engine(table, threads=threads).rows(facts)) for threads in (1, 2))
    assert one == two
    assert [row[:2] for row in one] == sorted(row[:2] for row in one)


def test_a_parquet_file_holds_the_same_rows(facts: Path, tmp_path: Path) -> None:
    answering = engine(chosen(KNOWLEDGE, {}))
    written = tmp_path / "answers.parquet"
    rows = list(answering.rows(facts))
    assert answering.write(facts, written) == len(rows)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{written}'").fetchall()
        assert tuple(each[0] for each in connection.description or ()) == answering.columns
    assert not unlike(found, rows)


def test_a_listed_lesion_without_facts_is_answered(tmp_path: Path) -> None:
    known = [Fact("a", "L1", "Pain", "present", None), Fact("b", None, "Pain", "present", None)]
    listed = tmp_path / "presentations.parquet"
    named = "SELECT * FROM (VALUES ('a', 'T9'), ('c', NULL)) v(patient, presentation)"
    duckdb.sql(f"COPY ({named}) TO '{listed}' (FORMAT parquet)")
    rows = engine(chosen(KNOWLEDGE, {})).rows(write(known, tmp_path / "facts.parquet"), listed)
    assert {row[:2] for row in rows} == {("a", "L1"), ("a", "T9"), ("b", ""), ("c", "")}


WRONG = {
    "finding": Fact("canary", None, "Nothing", "present", None),
    "no-finding": Fact("canary", None, None, "present", None),
    "status": Fact("canary", None, "Pain", "maybe", None),
    "own-status": Fact("canary", None, "Pain", "doubtful", None),
    "no-status": Fact("canary", None, "Pain", None, None),
    "no-patient": Fact("", None, "Pain", "present", None),
}


@pytest.mark.parametrize("fact", WRONG.values(), ids=WRONG)
def test_a_fact_that_is_not_understood_is_refused(fact: Fact, tmp_path: Path) -> None:
    given = write([Fact("a", "L1", "Pain", "present", None), fact], tmp_path / "facts.parquet")
    with pytest.raises(InputError, match="a fact is not understood") as raised:
        list(engine(chosen(KNOWLEDGE, {})).rows(given))
    assert "canary" not in str(raised.value)


def test_what_is_no_parquet_is_named(tmp_path: Path) -> None:
    answering = engine(chosen(KNOWLEDGE, {}))
    for name, content in (("none.parquet", None), ("text.parquet", b"patient,finding\n")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=re.escape(name)):
            list(answering.rows(tmp_path / name))
    other = tmp_path / "other.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS patient) TO '{other}' (FORMAT parquet)")
    with pytest.raises(InputError, match="columns patient, presentation"):
        list(answering.rows(other))


def test_a_place_that_cannot_be_written_is_named(facts: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nowhere"):
        engine(chosen(KNOWLEDGE, {})).write(facts, tmp_path / "nowhere" / "answers.parquet")


# --- the single statement that people are given


def single(table: ChosenTable, facts: Path, change: Any = None) -> list[tuple[Any, ...]]:
    query = Statements(table).answers()
    if change:
        change(query)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW facts AS SELECT * FROM '{facts}'")
        return connection.execute(render(query, "duckdb")).fetchall()


def test_the_single_statement_marks_what_it_cannot_decide_and_decides_the_rest(facts: Path) -> None:
    table = chosen(KNOWLEDGE, {})
    found = single(table, facts)
    marked = {row[:2] for row in found if row[12]}
    contradictory_ones = {
        (answer.patient, answer.presentation)
        for answer in KNOWLEDGE.recommend([{n: v or "" for n, v in fact._asdict().items()} for fact in FACTS])
        if answer.conflicts or answer.superseded
    }
    assert marked == contradictory_ones
    assert {row[12] for row in found} == {None, "contradictory"}
    wanted = [row for row in expected(FACTS, KNOWLEDGE) if row[:2] not in marked]
    assert not unlike([row[: len(COLUMNS)] for row in found if not row[12]], wanted)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW facts AS SELECT * FROM '{facts}'")
        to_weigh = connection.execute(render(Statements(table).to_weigh(), "duckdb")).fetchall()
        assert {row[:2] for row in to_weigh} == marked
        assert not connection.execute(render(Statements(table).unrecognised(), "duckdb")).fetchall()


def changed_row(table: ChosenTable) -> ChosenTable:
    """Without the one row that entails a recommendation."""
    name = min((rule.name for rule in table.rules), key=lambda name: len(table.goals[name].yes))
    goals = {**table.goals, name: Rows(table.goals[name].yes[1:], table.goals[name].no)}
    return msgspec.structs.replace(table, goals=goals)


def test_a_changed_row_of_the_table_is_noticed(facts: Path) -> None:
    wanted = expected(FACTS, KNOWLEDGE)
    assert unlike(answered(engine(changed_row(chosen(KNOWLEDGE, {}))).rows(facts)), wanted)


def _mask(query: exp.Query) -> None:
    """A row that refutes by what is recorded absent most often asks for no bit, and so never holds."""
    absent = Counter(fact.finding for fact in FACTS if fact.status == "absent")
    table = chosen(KNOWLEDGE, {})
    alone = {-row[0] for rule in table.rules for row in table.goals[rule.name].no if len(row) == 1 and row[0] < 0}
    finding = max(sorted(alone), key=lambda number: absent[table.findings[number - 1].name])
    (step,) = [cte for cte in query.find_all(exp.CTE) if cte.alias == "considered"]
    (fails,) = [each for each in step.find_all(exp.Alias) if each.alias == "fails"]
    wanted = f'"a0" & {1 << (finding - 1)}'
    masks = [each for each in fails.find_all(exp.BitwiseAnd) if each.sql("duckdb") == wanted]
    masks[0].set("expression", exp.Literal.number(0))


def _status(query: exp.Query) -> None:
    """A status in another word."""
    (step,) = [cte for cte in query.find_all(exp.CTE) if cte.alias == "decided"]
    next(each for each in step.find_all(exp.Literal) if each.this == "undetermined").set("this", "provisional")


def _placement(query: exp.Query) -> None:
    """What is present of a lesion that is not named, on none."""
    (step,) = [cte for cte in query.find_all(exp.CTE) if cte.alias == "placed"]
    next(each for each in step.find_all(exp.Column) if each.name == "sole").replace(exp.false())


@pytest.mark.parametrize("change", [_mask, _status, _placement], ids=lambda change: change.__name__)
def test_a_changed_term_of_the_sql_is_noticed(facts: Path, change: Any) -> None:
    table = chosen(KNOWLEDGE, {})
    found = single(table, facts, change)
    marked = {row[:2] for row in found if row[12]}
    wanted = [row for row in expected(FACTS, KNOWLEDGE) if row[:2] not in marked]
    assert unlike([row[: len(COLUMNS)] for row in found if not row[12]], wanted)
