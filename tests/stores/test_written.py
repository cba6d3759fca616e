"""Results as bytes: what another reader makes of them is what was to be written, and a cut is said."""

from __future__ import annotations

import csv
import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.namespaces import Xsd
from vhkg.stores.written import (
    GRAPHS,
    TABLES,
    Solution,
    Term,
    Unwritable,
    Written,
    write_graph,
    write_table,
    write_truth,
)

FORMS = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "tsv": ox.QueryResultsFormat.TSV}
LINK = "http://example.org/sparql#truncated"

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_in_xml = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\t\n\r<&>\"'"
)
_xml_text = st.text(_in_xml, max_size=6).filter(lambda text: not text or not text.isspace())
"""The reader here, not XML, takes a text of white space alone for none."""
_iris = st.sampled_from(["http://e/a", "http://e/ü?x=1&y=2#z", "urn:x:y", "http://e/a,b"]).map(ox.NamedNode)
_blank = st.sampled_from(["b1", "x"]).map(ox.BlankNode)


def _literals(text: st.SearchStrategy[str]) -> st.SearchStrategy[ox.Literal]:
    return st.one_of(
        text.map(ox.Literal),
        st.builds(ox.Literal, text, language=st.sampled_from(["en", "de-ch"])),
        st.builds(lambda value: ox.Literal(value, language="ar", direction=ox.BaseDirection.RTL), text),
        st.builds(ox.Literal, text, datatype=st.sampled_from([Xsd.date, "http://e/type&"]).map(ox.NamedNode)),
    )


def _terms(text: st.SearchStrategy[str]) -> st.SearchStrategy[Term]:
    simple = st.one_of(_iris, _blank, _literals(text))
    return simple | st.builds(ox.Triple, _iris | _blank, _iris, simple)


def _tables(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[Term | None, ...]]]:
    return st.lists(st.tuples(*[st.none() | _terms(text)] * 2), max_size=4)


def _write(form: str, solutions: list[tuple[Term | None, ...]], **limits: int) -> Written:
    bounds = {"rows": 100, "size": 1 << 20} | limits
    return write_table(["a", "b"], solutions, form, ordered=True, link=LINK, **bounds)


def _reread(form: str, written: Written) -> list[Solution]:
    found = ox.parse_query_results(written.body, FORMS[form])
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == ["a", "b"]
    return [tuple(solution) for solution in found]


@given(_tables(_text), st.sampled_from(["json", "tsv"]))
def test_another_reader_finds_the_same_terms(solutions: list[tuple[Term | None, ...]], form: str) -> None:
    assert _reread(form, _write(form, solutions)) == solutions


@given(_tables(_xml_text))
def test_another_reader_finds_the_same_terms_in_xml(solutions: list[tuple[Term | None, ...]]) -> None:
    assert _reread("xml", _write("xml", solutions)) == solutions


@given(_tables(_text))
def test_csv_has_the_texts_of_the_terms(solutions: list[tuple[Term | None, ...]]) -> None:
    wanted = [["a", "b"]]
    for solution in solutions:
        wanted.append(["" if term is None else _plain(term) for term in solution])
    assert list(csv.reader(io.StringIO(_write("csv", solutions).body.decode(), newline=""))) == wanted


def _plain(term: Term) -> str:
    if isinstance(term, ox.Triple):
        assert not isinstance(term.object, ox.Triple)
        return f"{_plain(term.subject)} {_plain(term.predicate)} {_plain(term.object)}"
    return str(term) if isinstance(term, ox.BlankNode) else term.value


@pytest.mark.parametrize("form", TABLES)
def test_the_engine_writes_much_the_same(form: str) -> None:
    """Where it can: the terms of SPARQL 1.1, without limits."""
    query = (
        """SELECT ?a ?b { VALUES (?a ?b) { ("x\\n\\"y\\"" UNDEF) (<http://e/a> "z"@en) (UNDEF "d"^^<http://e/t>) } }"""
    )
    result = ox.Store().query(query)
    assert isinstance(result, ox.QuerySolutions)
    theirs = result.serialize(format=getattr(ox.QueryResultsFormat, form.upper())) or b""
    again = ox.Store().query(query)
    assert isinstance(again, ox.QuerySolutions)
    ours = _write(form, [tuple(solution) for solution in again]).body
    assert _folded(ours) == _folded(theirs)


def _folded(body: bytes) -> bytes:
    """Without what leaves the meaning as it is: white space between elements, and a quotation mark as a reference."""
    return b"".join(body.split()).replace(b"&quot;", b'"')


@pytest.mark.parametrize("form", TABLES)
def test_rows_and_size_are_limited_and_a_cut_is_told_where_there_is_a_place(form: str) -> None:
    solutions: list[tuple[Term | None, ...]] = [(ox.Literal(str(number) * 10), None) for number in range(5)]
    whole = _write(form, solutions, rows=5)
    assert (whole.rows, whole.cut) == (5, False)
    assert LINK.encode() not in whole.body
    by_rows = _write(form, solutions, rows=4)
    assert (by_rows.rows, by_rows.cut) == (4, True)
    by_size = _write(form, solutions, size=len(whole.body) // 2)
    assert 0 < by_size.rows < 5
    assert by_size.cut
    assert (LINK.encode() in by_rows.body) == (form in ("json", "xml"))
    if form in FORMS:
        assert len(_reread(form, by_rows)) == 4


@pytest.mark.parametrize("form", TABLES)
def test_rows_without_an_order_get_one(form: str) -> None:
    solutions = [(ox.Literal(text), None) for text in "cab"]
    given_order = write_table(["a", "b"], solutions, form, rows=9, size=999, ordered=True, link="")
    none = [
        write_table(["a", "b"], each, form, rows=9, size=999, ordered=False, link="")
        for each in (solutions, solutions[::-1])
    ]
    assert none[0] == none[1] != given_order


@pytest.mark.parametrize("truth", [True, False])
def test_a_truth_is_read_again(truth: bool) -> None:
    for form in ("json", "xml"):
        found = ox.parse_query_results(write_truth(truth, form).body, FORMS[form])
        assert isinstance(found, ox.QueryBoolean)
        assert bool(found) is truth
    word = str(truth).lower().encode()
    assert write_truth(truth, "csv").body == b"answer\r\n" + word + b"\r\n"
    assert write_truth(truth, "tsv").body == b"?answer\n" + word + b"\n"


# --- graphs

TRIPLES = [
    ox.Triple(ox.NamedNode("http://e/b"), ox.NamedNode("http://e/p"), ox.Literal("x")),
    ox.Triple(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p"), ox.BlankNode("b1")),
    ox.Triple(
        ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p"), ox.Literal("1", datatype=ox.NamedNode(Xsd.integer))
    ),
]


@pytest.mark.parametrize("form", GRAPHS)
def test_a_graph_is_read_again_each_triple_once(form: str) -> None:
    written = write_graph([*TRIPLES, TRIPLES[0]], form, rows=3, size=999)
    assert (written.rows, written.cut) == (3, False)
    assert written == write_graph(TRIPLES[::-1], form, rows=3, size=999)
    found = ox.Dataset(ox.parse(written.body, format=GRAPHS[form]))
    wanted = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in TRIPLES)
    for graph in (found, wanted):
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert found == wanted


@pytest.mark.parametrize("form", GRAPHS)
def test_a_graph_is_limited(form: str) -> None:
    assert write_graph(TRIPLES, form, rows=2, size=999).cut
    by_size = write_graph(TRIPLES, form, rows=9, size=len(str(TRIPLES[0])) + 5)
    assert (by_size.rows, by_size.cut) == (1, True)


def test_prefixes_are_those_in_use() -> None:
    typed = [
        ox.Triple(
            ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p"), ox.Literal("2", datatype=ox.NamedNode(Xsd.date))
        )
    ]
    assert write_graph(typed, "turtle", rows=9, size=999).body.count(b"@prefix") == 1
    assert b"@prefix" not in write_graph(TRIPLES[:2], "turtle", rows=9, size=999).body


UNFIT: dict[str, tuple[str, ox.Literal | ox.Triple, str]] = {
    "a property that ends in a number": ("http://e/1", ox.Literal("x"), "XML name"),
    "a property that ends in a slash": ("http://e/", ox.Literal("x"), "XML name"),
    "a control character": ("http://e/p", ox.Literal("\x01"), "character"),
    "a triple term": ("http://e/p", TRIPLES[0], "triple term"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_rdf_xml_cannot_say_is_refused_and_not_written_wrong(name: str) -> None:
    predicate, value, reason = UNFIT[name]
    triples = [ox.Triple(ox.NamedNode("http://e/a"), ox.NamedNode(predicate), value)]
    with pytest.raises(Unwritable, match=reason):
        write_graph(triples, "rdfxml", rows=9, size=999)
    for form in ("turtle", "ntriples", "jsonld") if "triple" not in name else ("turtle", "ntriples"):
        written = write_graph(triples, form, rows=9, size=999).body
        (quad,) = ox.parse(written, format=GRAPHS[form])
        assert quad.object == value


def test_a_character_that_xml_does_not_allow_is_refused_in_a_table() -> None:
    with pytest.raises(Unwritable, match="JSON"):
        _write("xml", [(ox.Literal("\x0b"), None)])
