"""`vhkg compile` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest

from tests.cli.support import DEMO
from tests.cli.support import called as vhkg
from tests.support import shipped
from vhkg.engines.sparql import ANSWER_GRAPH
from vhkg.namespaces import Vhkg

KNOWLEDGE = shipped()
READING = next(iter(KNOWLEDGE.content.readings.values()))
OTHER = next(option.name for option in READING.alternatives if option.name != READING.default)
TOLD = (
    KNOWLEDGE.content.version,
    KNOWLEDGE.compiled.digest,
    KNOWLEDGE.content.article.review_status,
    KNOWLEDGE.content.article.disclaimer,
)


def test_sql_runs_as_it_is_written(tmp_path: Path) -> None:
    written = tmp_path / "decide.sql"
    run = vhkg("compile", "--to", "sql", "-o", str(written))
    assert (run.code, run.out, run.err) == (0, "", "")
    text = written.read_text(encoding="utf-8")
    head = text[: text.index("WITH")]
    assert all(line.startswith("--") for line in head.splitlines() if line)
    assert all(each in head for each in TOLD)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE facts(patient text, presentation text, finding text, status text, date date)")
        finding = next(iter(KNOWLEDGE.content.findings))
        connection.execute("INSERT INTO facts VALUES ('a', NULL, ?, 'present', NULL)", [finding])
        unrecognised, answers, to_weigh = (connection.execute(each).fetchall() for each in _statements(text))
    assert (unrecognised, to_weigh) == ([], [])
    assert [row[4] for row in answers] == [each.name for each in KNOWLEDGE.content.recommendations]


def _statements(text: str) -> list[str]:
    return [each.query for each in duckdb.extract_statements(text)]


def test_a_reading_and_a_day_are_written_into_it() -> None:
    plain = vhkg("compile", "--to", "sql", "--dialect", "spark").out
    choices = ("--reading", f"{READING.name}={OTHER}", "--as-of", "2026-02-01")
    run = vhkg("compile", "--to", "sql", "--dialect", "Spark", *choices)
    assert f"{READING.name}={OTHER}" in run.out
    assert "-- as of 2026-02-01" in run.out
    assert "CAST('2026-02-01' AS DATE)" in run.out
    assert "2026-02-01" not in plain
    assert OTHER not in plain


def test_sparql_runs_as_it_is_written(tmp_path: Path) -> None:
    graph = tmp_path / "demo.nt"
    assert vhkg("import", "csv", DEMO, "-o", str(graph)).code == 0
    run = vhkg("compile", "--to", "sparql")
    assert all(each in run.out for each in TOLD)
    store = ox.Store()
    store.load(graph.read_bytes(), format=ox.RdfFormat.N_TRIPLES)
    store.update(run.out)
    of, code = ox.NamedNode(Vhkg.ofRecommendation), ox.NamedNode(Vhkg.statusCode)
    found = {
        quad.object.value: next(store.quads_for_pattern(quad.subject, code, None, None)).object.value  # type: ignore[union-attr]
        for quad in store.quads_for_pattern(None, of, None, ox.NamedNode(ANSWER_GRAPH))
    }
    (answer,) = KNOWLEDGE.recommend(DEMO)
    iris = KNOWLEDGE.content.iris
    assert found == {iris[given.id]: given.status.value for given in answer.recommendations}


def test_json_is_the_table_under_the_readings() -> None:
    run = vhkg("compile", "--to", "json", "--reading", f"{READING.name}={OTHER}")
    found = json.loads(run.out)
    assert found["readings"][READING.name] == OTHER
    assert found["knowledge"]["digest"] == KNOWLEDGE.compiled.digest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "sql", "--dialect", "sparks"], "did you mean spark"),
        (["--to", "sql", "--dialect", "sqlite"], "cannot be written in sqlite"),
        (["--to", "json", "--dialect", "spark"], "--dialect: json has no such choice"),
        (["--to", "sparql", "--presentations"], "--presentations: sparql has no such choice"),
        (["--to", "json", "--as-of", "2026-01-01"], "--as-of: the table itself is of no day"),
        (["--to", "sql", "--as-of", "yesterday"], "no calendar date"),
        (["--to", "sql", "--reading", "Nothing=x"], "unknown reading"),
        ([], "--to"),
    ],
)
def test_a_wrong_call_is_told(arguments: list[str], said: str) -> None:
    run = vhkg("compile", *arguments)
    assert run.code == 2
    assert said in run.err
    assert not run.out
