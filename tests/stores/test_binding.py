"""Inputs: what comes in as text is that text, on all three engines, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence import record
from vhkg.errors import UsageError
from vhkg.namespaces import BASE
from vhkg.resources import knowledge_files
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, Engine, RdflibStore, run
from vhkg.stores.binding import sparql, term

HOSTILE = (
    'p" } . ?s ?p ?o . { VALUES ?x { "',
    "p\\u0022 } SERVICE <http://127.0.0.1:9/> {} #",
    "\\u00220022",
    "\\\\u0022 }",
    "\\U00000022",
    "ends in \\",
    "a\x07" + "0022",
    "line\nfeed \r\t # not a comment",
    "'''\"\"\"",
    "{ UNDEF }",
    "\x7f\u2028\U0001f600",
)


def echo(text: str) -> str:
    return f"SELECT ?x WHERE {{ VALUES ?x {{ {sparql(term('text', text, name='x'))} }} }}"


def read_back(text: str, endpoint: Endpoint) -> list[str]:
    """The engines that give anything but the text."""
    engines: dict[str, Engine] = {"embedded": EmbeddedStore({}), "rdflib": RdflibStore({}), "endpoint": endpoint}
    return [name for name, engine in engines.items() if engine.select(echo(text)).rows != ((text,),)]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_back_as_it_is(text: str, endpoint: Endpoint) -> None:
    assert not read_back(text, endpoint)


TEXT = st.text(
    st.one_of(st.sampled_from('\\uU"0022\n{}<>#?$&=+%'), st.characters(exclude_categories=["Cs"])), max_size=20
)


def test_any_text_is_read_back_as_it_is(endpoint: Endpoint) -> None:
    wrong: list[str] = []
    cases = 0

    @settings(max_examples=150, deadline=None)
    @given(TEXT)
    def each(text: str) -> None:
        nonlocal cases
        cases += 1
        found = read_back(text, endpoint)
        wrong.extend(f"{name}: {text!r}" for name in found)
        assert not found

    try:
        each()
    finally:
        record("inputs", "text", cases=cases, disagreements=wrong, command="pytest tests/stores/test_binding.py")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_patient_name_finds_nothing_and_harms_nothing(text: str, embedded: EmbeddedStore) -> None:
    query = Catalogue(knowledge_files().queries).get("treatments-for-patient")
    assert run(query, embedded, {"patient": text}).rows == ()


def test_a_hostile_patient_name_is_found_if_it_is_there(knowledge: Mapping[str, bytes], answers: bytes) -> None:
    name = HOSTILE[1]
    renamed = answers.replace(b'"p1"', str(ox.Literal(name)).encode())
    store = EmbeddedStore(knowledge, renamed)
    rows = run(Catalogue(knowledge_files().queries).get("treatments-for-patient"), store, {"patient": name})
    assert {row[0] for row in rows.rows} == {name}


@pytest.mark.parametrize("text", ["", "a b", "x> ?p ?o . <y", "../x", "9x", "é", "x" * 201])
def test_a_name_is_a_local_name(text: str) -> None:
    with pytest.raises(UsageError):
        term("name", text, name="item")


@pytest.mark.parametrize("text", ["C20", "vhkg:C20", BASE + "C20"])
def test_a_name_may_be_given_in_three_ways(text: str) -> None:
    assert term("name", text, name="item") == ox.NamedNode(BASE + "C20")


def test_other_forms_are_checked() -> None:
    assert sparql(term("integer", "007", name="n")) == '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert sparql(term("date", "2026-11-23", name="d")) == '"2026-11-23"^^<http://www.w3.org/2001/XMLSchema#date>'
    for form, text in (("integer", "1e9"), ("integer", "9" * 40), ("date", "23.11.2026"), ("text", "x" * 1001)):
        with pytest.raises(UsageError):
            term(form, text, name="x")
    with pytest.raises(UsageError):
        term("text", "\ud800", name="x")
