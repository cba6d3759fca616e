"""The catalogue: headers, look-up, inputs, and the rule that silence of the engine is no silence of the article."""

from __future__ import annotations

import pytest

from vhkg.errors import EngineError, KnowledgeError, UnknownName, UsageError
from vhkg.resources import knowledge_files
from vhkg.stores import Catalogue, EmbeddedStore, run

HEADER = """# question: 7. What?
# users: R P
# inputs: {inputs}
# columns: x
# kind: knowledge
{more}
SELECT ?x WHERE {{
  {values}
  ?x a <http://www.w3.org/2002/07/owl#Ontology> .
}} ORDER BY ?x
"""


def one(inputs: str = "none", values: str = "", more: str = "") -> Catalogue:
    return Catalogue({"what": HEADER.format(inputs=inputs, values=values, more=more)})


def test_a_header_is_read() -> None:
    query = one(
        "x = name, default all; y = text, default p1", "VALUES ?x { UNDEF } # input\nVALUES ?y { 'p1' } # input"
    )
    what = query.get("what")
    assert (what.number, what.question, what.users, what.kind) == (7, "What?", "R P", "knowledge")
    assert [(each.name, each.form, each.default) for each in what.inputs] == [("x", "name", "all"), ("y", "text", "p1")]
    assert query.get("7") is what


def test_an_unknown_query_names_its_neighbours() -> None:
    with pytest.raises(UnknownName, match="treatments-for-patient"):
        Catalogue(knowledge_files().queries).get("treatment-for-patients")


def test_an_unknown_input_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean patient"):
        Catalogue(knowledge_files().queries).get("12").bound({"pateint": "p1"})


def test_only_the_marked_line_is_filled_in() -> None:
    values = "VALUES ?x { UNDEF } # input\n  VALUES ?y { 1 } # not one"
    assert '{ "z" } # input\n  VALUES ?y { 1 }' in one("x = text, default all", values).get("what").bound({"x": "z"})


def test_a_backslash_in_an_input_is_no_replacement_pattern() -> None:
    query = one("x = text, default all", "VALUES ?x { UNDEF } # input").get("what")
    assert '"\\\\1 \\\\g<0>"' in query.bound({"x": "\\1 \\g<0>"})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        HEADER.format(inputs="x = thing, default all", values="VALUES ?x { UNDEF } # input", more=""),
        HEADER.format(inputs="x = text, default all", values="", more=""),
        HEADER.format(inputs="none", values="", more="").replace("knowledge", "other"),
    ],
)
def test_a_broken_header_is_named(text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"queries/what\.rq"):
        Catalogue({"what": text})


def test_no_row_is_an_error_where_the_article_is_silent() -> None:
    query = one(more="# empty-is-error: true").get("what")
    with pytest.raises(EngineError, match="found nothing"):
        run(query, EmbeddedStore({}))


def test_every_silent_question_fails_on_knowledge_without_its_silence() -> None:
    files = knowledge_files()
    without = {name: content for name, content in files.ontology.items() if name != "silences.ttl"}
    store = EmbeddedStore(without)
    for query in Catalogue(files.queries):
        if query.empty_is_error and query.number < 29:
            with pytest.raises(EngineError):
                run(query, store)


def test_columns_that_differ_from_the_header_are_an_error() -> None:
    text = HEADER.format(inputs="none", values="", more="").replace("SELECT ?x", "SELECT ?x (1 AS ?y)")
    with pytest.raises(EngineError, match="columns"):
        run(Catalogue({"what": text}).get("what"), EmbeddedStore({}))


def test_each_input_of_each_query_can_be_bound(embedded: EmbeddedStore) -> None:
    samples = {"name": "Nothing", "text": "nothing", "integer": "1", "date": "2026-01-01"}
    for query in Catalogue(knowledge_files().queries):
        for each in query.inputs:
            bound = query.bound({each.name: samples[each.form]})
            assert bound != query.text
            assert embedded.select(bound).columns == query.columns
            with pytest.raises(UsageError):
                query.bound({each.name: "x" * 2000})
