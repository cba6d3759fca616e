"""Questions in SQL over the tables of a run: the shipped ones, and inputs that are bound and never pasted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cohort.written import random_answers, tables_of, with_end, write
from tests.support import shipped
from vhkg.cohort.questions import Cohort, opened
from vhkg.errors import EngineError, InputError, KnowledgeError, UnknownName, UsageError
from vhkg.model.answer import Answer
from vhkg.model.cohort import TABLES
from vhkg.stores import Catalogue, Query, Rows

CATALOGUE = Catalogue(shipped().files.cohort_queries)
QUERIES = pytest.mark.parametrize("query", list(CATALOGUE), ids=CATALOGUE.names())
HOSTILE = "' OR 1=1; DROP TABLE patients; --"


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    return random_answers(40)


@pytest.fixture(scope="module")
def cohort(answers: list[Answer], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    rows = tables_of(answers)
    for place, row in enumerate(rows["answers"]):
        row["ambiguousCode"] = place % 7 == 0
    rows["refused"] = [with_end("refused", file="a.nt", patient=HOSTILE, message="is refused")]
    rows["unmapped"] = [with_end("unmapped", file="a.nt", code="x:1", entries=3)]
    with opened(write(tmp_path_factory.mktemp("cohort") / "out", rows), shipped().content) as found:
        yield found


def ask(cohort: Cohort, name: str, **values: str) -> Rows:
    return cohort.ask(CATALOGUE.get(name), values)


@QUERIES
def test_columns_are_those_of_the_header_and_rows_come_in_a_total_order(query: Query, cohort: Cohort) -> None:
    rows = cohort.ask(query)
    assert rows.columns == query.columns
    assert rows.rows
    assert len(set(rows.rows)) == len(rows.rows)
    assert "ORDER BY" in query.text
    assert rows == cohort.ask(query)


@QUERIES
def test_each_input_can_be_bound(query: Query, cohort: Cohort) -> None:
    samples = {"name": "Nothing", "text": HOSTILE, "integer": "1", "date": "2026-01-01"}
    for each in query.inputs:
        assert cohort.ask(query, {each.name: samples[each.form]}).columns == query.columns
        with pytest.raises(UsageError):
            cohort.ask(query, {each.name: "x" * 2000})


def test_a_hostile_input_is_a_value(cohort: Cohort) -> None:
    assert ask(cohort, "refused-records", patient=HOSTILE).rows == (("a.nt", HOSTILE, "is refused"),)
    assert not ask(cohort, "refused-records", patient="other").rows
    assert ask(cohort, "attrition").rows


def test_an_unknown_input_is_refused(cohort: Cohort) -> None:
    with pytest.raises(UnknownName, match="did you mean days"):
        ask(cohort, "39", dys="4")


@pytest.mark.parametrize("days", [None, 0, 20, 47])
def test_old_undated_and_ambiguous_facts(days: int | None, answers: list[Answer], cohort: Cohort) -> None:
    limit = 90 if days is None else days
    wanted = set()
    place = 0
    for answer in answers:
        for each in answer.recommendations:
            ambiguous, place = place % 7 == 0, place + 1
            dates = [fact.date for reason in each.because for fact in reason]
            if not dates:
                continue
            known = [day for day in dates if day is not None]
            age = None if len(known) < len(dates) or answer.as_of is None else (answer.as_of - min(known)).days
            said = [
                *([f"a decisive fact is {age} days old"] if age is not None and age > limit else []),
                *(["a decisive fact has no day"] if age is None else []),
                *(["a decisive fact comes from an ambiguous code"] if ambiguous else []),
            ]
            if said:
                wanted.add((answer.patient, answer.presentation, each.status.value, each.id, "; ".join(said)))
    given = {} if days is None else {"days": str(days)}
    rows = ask(cohort, "39", **given).dicts()
    assert len(rows) == len(wanted)
    assert {(r["patient"], r["presentation"], r["status"], r["item"], r["answer"]) for r in rows} == wanted
    assert any("days old" in row["answer"] for row in rows) == (limit < 50)


def test_an_answer_comes_with_its_sentence(cohort: Cohort) -> None:
    content = shipped().content
    for row in ask(cohort, "39", days="0").dicts():
        statement = content.statements[row["statement"]]
        assert (row["quote"], row["section"]) == (statement.quote, statement.section)
        assert (row["start"], row["end"]) == (str(statement.start), str(statement.end))
        assert row["citations"] == " | ".join(sorted(statement.citations))
        assert row["item_label"]
        assert row["because"]


def test_inputs_narrow(cohort: Cohort) -> None:
    whole = ask(cohort, "39", days="0").dicts()
    patient = whole[0]["patient"]
    assert ask(cohort, "39", days="0", patient=patient).dicts() == [r for r in whole if r["patient"] == patient]
    assert ask(cohort, "39", days="0", status="applies").dicts() == [r for r in whole if r["status"] == "applies"]


def test_rows_beyond_the_limit_are_cut_and_said(cohort: Cohort) -> None:
    query = CATALOGUE.get("37")
    whole = cohort.ask(query)
    cut = cohort.ask(query, limit=2)
    assert (cut.rows, cut.truncated) == (whole.rows[:2], True)
    assert not cohort.ask(query, limit=len(whole.rows)).truncated


def test_columns_that_differ_from_the_header_are_an_error(cohort: Cohort) -> None:
    text = CATALOGUE.get("unmapped-codes").text.replace("AS entries", "AS number").replace("BY entries", "BY number")
    with pytest.raises(EngineError, match="gave the columns item number files"):
        cohort.ask(Catalogue({"wrong": text}).get("wrong"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("-- inputs: none", "-- inputs: days = integer, default 1"),
        ("SELECT code", "SELECT $days, code"),
        ("-- kind: cohort", "-- kind: patient"),
        ("-- users: P L", "-- user: P L"),
    ],
)
def test_a_broken_header_is_named(before: str, after: str) -> None:
    text = CATALOGUE.get("unmapped-codes").text
    assert before in text
    with pytest.raises(KnowledgeError, match=r"queries/cohort/wrong\.sql"):
        Catalogue({"wrong": text.replace(before, after)})


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    with opened(write(tmp_path / "out", {}), shipped().content) as cohort:
        for query in CATALOGUE:
            assert cohort.ask(query).columns == query.columns
        assert {table: cohort.count(table) for table in TABLES} == dict.fromkeys(TABLES, 0)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="give the folder that `vhkg cohort -o` wrote"),
        opened(tmp_path, shipped().content),
    ):
        pass


def test_no_question_names_a_term_of_the_article() -> None:
    """They serve any article, so nothing of one may stand in them."""
    content = shipped().content
    names = {*content.findings, *content.classes, *(each.name for each in content.recommendations)}
    for query in CATALOGUE:
        assert not [name for name in names if f"'{name}'" in query.text]
