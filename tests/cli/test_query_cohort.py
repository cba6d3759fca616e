"""`vhkg query NAME --cohort DIR`: the tables of a cohort run, asked as the knowledge is."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.support import DEMO, vhkg
from tests.cohort.written import random_answers, tables_of, with_end, write
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write(tmp_path_factory.mktemp("cohort") / "out", tables_of(random_answers(12))))


@pytest.mark.parametrize("name", ["36", "missing-findings", "39"])
def test_the_same_rows_in_every_format(name: str, tables: str) -> None:
    given = ("query", name, "--cohort", tables, "--limit", "500")
    rows = json.loads(vhkg(*given, "--format", "json").out)
    lines = list(csv.DictReader(io.StringIO(vhkg(*given, "--format", "csv").out)))
    text = vhkg(*given)
    assert (text.code, text.err) == (0, "")
    assert rows["rows"]
    assert [{column: line[column] for column in rows["columns"]} for line in lines] == rows["rows"]
    digest = shipped().compiled.digest
    assert rows["knowledge"]["digest"] == digest
    assert {line["knowledge_digest"] for line in lines} == {digest}
    end = f"{len(rows['rows'])} rows; knowledge {shipped().content.version} ({digest[:12]}); pending human review; "
    assert end in text.out


def test_rows_are_cut_at_the_limit(tables: str) -> None:
    cut = vhkg("query", "37", "--cohort", tables, "--limit", "2", "--format", "csv")
    assert (cut.code, cut.out.count("\r\n")) == (0, 3)
    assert cut.err == "vhkg: the rows were cut at the limit (2 shown)\n"


def test_no_row_for_an_input_is_said(tables: str) -> None:
    none = vhkg("query", "39", "--cohort", tables, "--input", "patient=nobody")
    assert none.code == 0
    assert none.err == "vhkg: no row matches patient=nobody; leave the input out to see what there is.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("36",), "attrition is about a cohort; name what `vhkg cohort -o` wrote with --cohort."),
        (("36", "--data", DEMO), "attrition is about a cohort; name what `vhkg cohort -o` wrote with --cohort."),
        (("1", "--cohort", "TABLES"), "first-line-without-deficit is not about a cohort; leave --cohort out."),
        (("36", "--cohort", "TABLES", "--data", DEMO), "--data: cannot be used with --cohort; leave it out."),
        (
            ("36", "--cohort", "TABLES", "--endpoint", "http://example.org/"),
            "--endpoint: cannot be used with --cohort; leave it out.",
        ),
        (("39", "--cohort", "TABLES", "--input", "days=old"), "the input days is not a whole number; give digits."),
        (
            ("39", "--cohort", "TABLES", "--input", "dys=4"),
            "unknown input of old-or-ambiguous-facts 'dys'; did you mean days?",
        ),
        (("atrition", "--cohort", "TABLES"), "unknown query 'atrition'; did you mean attrition or examinations?"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(arguments: tuple[str, ...], said: str, tables: str) -> None:
    refused = vhkg("query", *(tables if each == "TABLES" else each for each in arguments))
    assert (refused.code, refused.out, refused.err) == (2, "", f"vhkg: {said}\n")


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    refused = vhkg("query", "36", "--cohort", str(tmp_path))
    assert refused.code == 3
    said = "holds no tables of a cohort; give the folder that `vhkg cohort -o` wrote."
    assert refused.err == f"vhkg: {tmp_path}: {said}\n"


def test_tables_of_another_knowledge_are_refused(tmp_path: Path) -> None:
    row = with_end("refused", file="a", patient="", message="x") | {"knowledgeDigest": "0" * 64}
    refused = vhkg("query", "36", "--cohort", str(write(tmp_path / "out", {"refused": [row]})))
    assert refused.code == 2
    assert "(000000000000), not " in refused.err
    assert refused.err.count("\n") == 1


def test_the_list_has_questions_about_cohorts() -> None:
    listed = vhkg("query").out
    assert "cohort questions, about a cohort: give --cohort\n  attrition\n" in listed
    assert "--input days=… (integer; default: that of the notice on stale facts)" in listed


def test_another_article_is_asked_in_the_same_way(tmp_path: Path) -> None:
    """From the run itself to a row that is labelled by the article's own knowledge."""
    kettle = ROOT / "docs" / "examples" / "kettle"
    out = str(tmp_path / "out")
    knowledge = ("--knowledge", str(kettle))
    assert vhkg("cohort", str(kettle / "examples" / "demo.csv"), "-o", out, *knowledge).code == 0
    rows = json.loads(vhkg("query", "statuses-by-recommendation", "--cohort", out, "--format", "json", *knowledge).out)[
        "rows"
    ]
    labels = {each.name: each.label for each in Knowledge.load(str(kettle)).content.recommendations}
    assert {row["item"]: row["item_label"] for row in rows} == labels
    refused = vhkg("query", "36", "--cohort", out)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert f"not {shipped().content.version}" in refused.err
