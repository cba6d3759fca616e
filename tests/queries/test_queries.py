"""Every shipped query, on three engines, against expected rows and against the article itself."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.evidence import record
from tests.queries import expected_rows
from tests.stores.server import oxigraph
from tests.support import shipped
from vhkg.errors import EngineError
from vhkg.model.spreadsheet import harmless
from vhkg.namespaces import BASE
from vhkg.resources import knowledge_files
from vhkg.stores import (
    Catalogue,
    EmbeddedStore,
    Endpoint,
    Engine,
    Provenance,
    Query,
    RdflibStore,
    Rows,
    rows_to_csv,
    rows_to_json,
    rows_to_text,
    run,
)
from vhkg.stores.catalogue import KNOWLEDGE_COLUMNS, PATIENT_COLUMNS
from vhkg.stores.output import PROVENANCE_COLUMNS

CATALOGUE = Catalogue(knowledge_files().queries)
QUERIES = pytest.mark.parametrize("query", list(CATALOGUE), ids=CATALOGUE.names())
SILENT = (14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 29)
PARTLY_SILENT = (2, 10, 11, 28)
LINKED = [query.name for query in CATALOGUE if query.linked]
ABOUT_OUR_TERMS = (33, 34)
"""Questions about the vocabulary and not the article: a grouping that only we made comes from no sentence."""
KINDS = {"stated", "derived", "reading", "candidate", "not-stated"}


@QUERIES
def test_three_engines_give_the_expected_rows(
    query: Query, embedded: EmbeddedStore, rdflib_store: RdflibStore, endpoint: Endpoint
) -> None:
    expected = expected_rows.read(query.name)
    engines: dict[str, Engine] = {"embedded": embedded, "rdflib": rdflib_store, "endpoint": endpoint}
    wrong = [name for name, engine in engines.items() if run(query, engine) != expected]
    record(
        "queries",
        query.name,
        cases=len(engines) * len(expected.rows),
        disagreements=wrong,
        command="pytest tests/queries -k three_engines",
    )
    assert not wrong


@QUERIES
def test_screen_and_download_are_the_same_rows_and_columns(query: Query) -> None:
    rows = expected_rows.read(query.name)
    provenance = Provenance("2026-11-23", "d" * 64, "pending human review")
    header, *lines = csv.reader(io.StringIO(rows_to_csv(rows, provenance)))
    assert header == [*rows.columns, *PROVENANCE_COLUMNS]
    assert [line[: len(rows.columns)] for line in lines] == [[harmless_cell(cell) for cell in row] for row in rows.rows]
    document = json.loads(rows_to_json(rows, provenance))
    assert document["columns"] == list(rows.columns)
    assert [tuple(row.items()) for row in document["rows"]] == [tuple(row.items()) for row in rows.dicts()]
    assert blocks(rows_to_text(rows, provenance, width=60)) == [
        {column: cell for column, cell in row.items() if cell} for row in rows.dicts()
    ]


def harmless_cell(text: str) -> str:
    """What a spreadsheet would run is quoted in the CSV; nothing else is changed."""
    return text if re.fullmatch(r"[+-]?[0-9.]+", text) else harmless(text)


def blocks(text: str) -> list[dict[str, str]]:
    """The rows of the text form, read back."""
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        if re.fullmatch(r"\[[0-9]+\]", line):
            found.append({})
        elif found and line and not re.match(r"[0-9]+ rows?; ", line):
            column, _, cell = line.partition(" ")
            found[-1][column] = cell.strip()
    return found


@QUERIES
def test_the_columns_are_those_of_the_header_and_of_the_contract(query: Query) -> None:
    before = PATIENT_COLUMNS if query.kind == "patient" else ()
    after = ("searched",) if query.number in SILENT + PARTLY_SILENT else ()
    assert query.columns == before + KNOWLEDGE_COLUMNS + after
    assert query.users.split()
    assert set(query.users.split()) <= {"R", "L", "P"}


@QUERIES
def test_rows_are_distinct_and_totally_ordered(query: Query) -> None:
    rows = expected_rows.read(query.name).rows
    assert rows
    assert len(set(rows)) == len(rows)
    assert "ORDER BY" in query.text
    assert not [cell for row in rows for cell in row if cell.startswith("_:")]


@pytest.mark.source
@QUERIES
def test_every_quote_is_the_articles_text_at_the_offsets_given(query: Query, article_path: Path) -> None:
    text = article_path.read_text(encoding="utf-8")
    for row in expected_rows.read(query.name).dicts():
        if row["quote"]:
            assert row["quote"] == text[int(row["start"]) : int(row["end"])]
        elif row["statement"]:
            assert "not-quoted" in row["flags"].split(" | ")


@pytest.mark.source
@QUERIES
def test_citations_are_those_that_the_quote_or_its_line_prints(query: Query, article_path: Path) -> None:
    text = article_path.read_text(encoding="utf-8")
    for row in expected_rows.read(query.name).dicts():
        if not row["start"]:
            continue
        end = text.find("\n", int(row["end"]))
        printed = re.search(r" ([1-4](?:, [1-4])*)$", text[int(row["start"]) : end])
        cited = set(row["citations"].split(" | ")) - {""}
        assert cited <= set(printed[1].split(", ") if printed else ())
        if row["quote"] and re.search(r" [1-4]$", row["quote"]):
            assert cited
        assert [mark.partition(":")[0] for mark in row["source_standing"].split(" | ")] == (
            row["citations"].split(" | ")
        )


@QUERIES
def test_the_kind_of_answer_is_one_of_five(query: Query) -> None:
    assert {row["answer_kind"] for row in expected_rows.read(query.name).dicts()} <= KINDS


@pytest.mark.parametrize("number", SILENT)
def test_a_question_without_an_answer_says_so(number: int) -> None:
    query = CATALOGUE.get(str(number))
    assert query.empty_is_error
    for row in expected_rows.read(query.name).dicts():
        assert row["answer_kind"] == "not-stated"
        assert row["quote"]
        assert row["searched"] == "63 of 63"


@pytest.fixture(scope="session")
def empty() -> Iterator[dict[str, Engine]]:
    """Three engines that hold nothing: what a ∅ question must never be asked of in vain."""
    with oxigraph([]) as url:
        yield {"embedded": EmbeddedStore({}), "rdflib": RdflibStore({}), "endpoint": Endpoint(url)}


@pytest.mark.parametrize("engine", ["embedded", "rdflib", "endpoint"])
@pytest.mark.parametrize("number", SILENT)
def test_a_question_without_an_answer_never_comes_back_empty(
    number: int, engine: str, empty: dict[str, Engine]
) -> None:
    with pytest.raises(EngineError, match="found nothing"):
        run(CATALOGUE.get(str(number)), empty[engine])


@pytest.mark.parametrize("number", PARTLY_SILENT)
def test_a_question_answered_in_part_says_which_part_is_not_stated(number: int) -> None:
    rows = expected_rows.read(CATALOGUE.get(str(number)).name).dicts()
    assert {row["answer_kind"] == "not-stated" for row in rows} == {True, False}
    assert all((row["searched"] == "63 of 63") == (row["answer_kind"] == "not-stated") for row in rows)


def test_all_forty_questions_are_there() -> None:
    files = knowledge_files()
    asked = Catalogue(files.queries | files.cohort_queries)
    assert len(asked) == len(files.queries) + len(files.cohort_queries)
    assert [query.number for query in asked if query.number] == list(range(1, 41))
    assert [query.number for query in asked if query.number and query.kind == "cohort"] == [36, 37, 39]


@QUERIES
def test_every_term_of_a_query_is_declared(query: Query, knowledge: Mapping[str, bytes]) -> None:
    declared = {
        subject.value
        for name, content in knowledge.items()
        if name.endswith(".ttl")
        for subject, _, _, _ in ox.parse(content, format=ox.RdfFormat.TURTLE)
        if isinstance(subject, ox.NamedNode)
    }
    assert {BASE + name for name in re.findall(r"\bvhkg:(\w+)", query.text)} <= declared


def found(number: int, store: EmbeddedStore, **values: str) -> list[dict[str, str]]:
    return run(CATALOGUE.get(str(number)), store, values).dicts()


def test_treatments_that_apply_to_a_patient_with_the_sources_that_support_them(embedded: EmbeddedStore) -> None:
    (row,) = found(12, embedded, patient="p1", status="applies")
    assert row["item"] == "PercutaneousVertebroplastyFirstLine"
    assert (row["statement"], row["citations"], row["source_standing"]) == ("S31", "1", "1: unidentified")
    assert row["because"].startswith("VertebralHemangioma=present@2026-11-02")
    assert row["ask"] == ""


def test_what_is_advised_against_never_applies(embedded: EmbeddedStore) -> None:
    assert not [row for row in found(12, embedded, status="applies") if row["answer"].startswith("against")]
    (row,) = found(12, embedded, status="advised-against")
    assert row["answer"] == "against: en bloc resection"


def test_a_capped_status_names_what_is_not_addressed(embedded: EmbeddedStore) -> None:
    (row,) = found(12, embedded, patient="p2", status="provisional")
    assert {"capped", "not-addressed:Pregnancy", "not-addressed:MultilevelDisease"} <= set(row["flags"].split(" | "))
    assert "applies" not in row["answer"]


def test_only_questions_that_move_the_recommendation_decide_it(embedded: EmbeddedStore) -> None:
    (row,) = found(13, embedded, patient="p2", recommendation="LaminectomyWithOrWithoutEmbolization")
    assert row["item"] == "SpinalInstability"
    assert row["ask"].endswith("=does-not-apply / LaminectomyWithOrWithoutEmbolization=provisional")


def test_without_answers_patient_questions_have_no_rows(embedded: EmbeddedStore) -> None:
    store = EmbeddedStore(knowledge_files().ontology)
    assert run(CATALOGUE.get("treatments-for-patient"), store) == Rows(CATALOGUE.get("12").columns, ())


def test_a_withdrawn_citation_leaves_fall_what_rests_on_it_alone(embedded: EmbeddedStore) -> None:
    rows = found(27, embedded, withdrawn="2")
    falls = {row["item"] for row in rows if ": falls" in row["answer"]}
    assert falls == {
        "TransarterialEmbolizationAlone",
        "EmbolizationThenLaminectomy",
        "VertebrectomyWithEmbolizationAndReconstruction",
    }
    assert [row["item"] for row in rows if "stands on 3" in row["answer"]] == [
        "DecompressionWithPreoperativeEmbolization"
    ]


@QUERIES
def test_no_row_is_without_an_item_an_answer_and_its_sentence(query: Query) -> None:
    for row in expected_rows.read(query.name).dicts():
        for column in ("item", "item_label", "answer", "answer_kind"):
            assert row[column], column
        sentence = [row[column] for column in ("section", "start", "end", "statement")]
        if (query.number in ABOUT_OUR_TERMS or query.linked) and "no-sentence" in row["flags"].split(" | "):
            assert not any(sentence)
        else:
            assert all(sentence)


def test_only_groupings_of_ours_and_what_the_article_does_not_mention_have_no_sentence() -> None:
    without = {
        row["item"]
        for number in ABOUT_OUR_TERMS
        for row in expected_rows.read(CATALOGUE.get(str(number)).name).dicts()
        if not row["statement"]
    }
    assert without
    for name in without:
        finding = shipped().content.findings[name]
        assert not finding.derived_from
        assert finding.scope_note.startswith(("A grouping", "The article does not mention it"))
