"""Results of a server, read strictly."""

from __future__ import annotations

import json
from typing import NoReturn

import pytest

from vhkg.errors import EngineError
from vhkg.namespaces import BASE, Xsd
from vhkg.stores import Rows
from vhkg.stores.protocol import read_graph, read_table


def fail(fault: str, mend: str) -> NoReturn:
    raise EngineError(fault, mend=mend)


def table(*bindings: dict[str, dict[str, str]], columns: tuple[str, ...] = ("x", "y")) -> bytes:
    return json.dumps({"head": {"vars": columns, "link": []}, "results": {"bindings": bindings}}).encode()


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ({"type": "uri", "value": f"{BASE}BackPain"}, "BackPain"),
        ({"type": "uri", "value": "http://example.org/x"}, "http://example.org/x"),
        ({"type": "literal", "value": "local", "xml:lang": "en"}, "local"),
        ({"type": "literal", "value": "007", "datatype": Xsd.integer}, "007"),
        ({"type": "typed-literal", "value": "1", "datatype": Xsd.integer}, "1"),
        ({"type": "literal", "value": ""}, ""),
        ({"type": "bnode", "value": "b0"}, "_:b0"),
    ],
)
def test_terms_become_text(term: dict[str, str], shown: str) -> None:
    assert read_table(table({"x": term}), fail) == Rows(("x", "y"), ((shown, ""),))


def test_rows_keep_their_order_and_number() -> None:
    terms = [{"x": {"type": "literal", "value": text}} for text in ("b", "a", "b")]
    assert read_table(table(*terms, columns=("x",)), fail).rows == (("b",), ("a",), ("b",))
    assert read_table(table(columns=()), fail) == Rows((), ())


@pytest.mark.parametrize(
    ("links", "cut"),
    [([], False), (["http://e/about"], False), (["http://e/about", "http://e/sparql#truncated"], True)],
)
def test_a_result_that_says_that_it_was_cut_is_known_to_be(links: list[str], cut: bool) -> None:
    body = json.dumps({"head": {"vars": ["x"], "link": links}, "results": {"bindings": []}}).encode()
    assert read_table(body, fail).truncated is cut


@pytest.mark.parametrize(("value", "shown"), [(True, "true"), (False, "false")])
def test_a_truth_value_is_one_row(value: bool, shown: str) -> None:
    assert read_table(json.dumps({"head": {}, "boolean": value}).encode(), fail) == Rows(("answer",), ((shown,),))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b'{"head": {}}', b'{"head": {"vars": "x"}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal"}}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": 1}}]}}',
        b'{"head": {}, "boolean": "true"}', table({"x": {"type": "triple", "value": ""}}), table()[:-1],
        b'{"head": ' * 50_000,
    ],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(EngineError):
        read_table(body, fail)


def test_a_graph_is_rows_of_three() -> None:
    body = f'<{BASE}A> <{BASE}b> "x"@en .\n_:n <{BASE}b> <http://example.org/c> .\n'.encode()
    found = read_graph(body, fail)
    assert found.columns == ("subject", "predicate", "object")
    assert found.rows[0] == ("A", "b", "x")
    assert found.rows[1][0].startswith("_:")
    assert read_graph(b"", fail).rows == ()


@pytest.mark.parametrize("body", [b"<a", b"@prefix : <x> .", b"<html>", b"\xff"])
def test_what_is_no_graph_is_refused(body: bytes) -> None:
    with pytest.raises(EngineError, match="sent no N-Triples"):
        read_graph(body, fail)
