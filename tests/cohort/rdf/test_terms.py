"""What passes as it stands passes the parser and the gate too, as the same term."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.cohort.rdf.odd import token
from vhkg.cohort.rdf.terms import clean_literals, clean_nodes
from vhkg.intake import Document, Format
from vhkg.intake.gate import admit
from vhkg.intake.rdf import parse_triples
from vhkg.namespaces import BASE, RESERVED, Rdf, Rdfs, Xsd

_SCHEMES = (
    "urn:",
    "urn:a",
    "tag:x",
    "http://a.b/",
    "https://a",
    "http://a:80/",
    "file:///",
    "",
    "javascript:",
    "HTTP://a/",
)
_PIECES = st.text(st.sampled_from("ab:/?#[]@!$&'()*+,;=%4é<>\"{}|^`\\ \t._~-"), max_size=8)
_NODES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from((*_SCHEMES, *RESERVED)), _PIECES),
    st.builds("_:{}".format, st.text(st.sampled_from("ab1.-_é"), max_size=4)),
)
_DATATYPES = tuple(map(str, Xsd))
_TEXTS = st.text(st.sampled_from("ab \"\\é\t\u202e\ud800\x00'@^<>u{}2026-"), max_size=8)
_DAYS = st.sampled_from(("2026-02-28", "2026-02-30", "02026-01-01", "2026-1-1", "2024-02-29", "2026-01-01Z"))
_LITERALS = st.one_of(
    st.builds('"{}"'.format, _TEXTS),
    st.builds('"{}"@{}'.format, _TEXTS, st.sampled_from(("en", "EN", "en-GB", "", "x-y", "1"))),
    st.builds('"{}"^^<{}>'.format, st.one_of(_TEXTS, _DAYS), st.sampled_from((*_DATATYPES, Rdf.type, "urn:x", ""))),
)


def passes(line: str) -> object:
    """The value of the statement, as it comes through the door; an error if it does not."""
    document = Document(name="x", content=line.encode(errors="surrogatepass"), format=Format.NTRIPLES)
    patient = f"<urn:p> <{Rdf.type}> <{BASE}Patient> ."
    typed = Document(name="x", content=patient.encode(), format=Format.NTRIPLES)
    ((_, _, value),) = parse_triples(document)
    triples = (*parse_triples(typed), *parse_triples(document))
    admit(triples, document, shipped().compiled.vocabulary)
    return value


@given(_NODES)
def test_nodes(node: str) -> None:
    if clean_nodes(pl.Series([node]))[0]:
        value = passes(f"<urn:p> <{BASE}bodySite> {node} .")
        assert token(value) == node  # type: ignore[arg-type]  # a node


@pytest.mark.parametrize(
    "node",
    [
        "<urn:example:a>",
        "<http://a.example/b/c?d=1#e>",
        "<https://a.example/%C3%A9>",
        "<tag:a,2026:b>",
        "<http://a.example:8080/b>",
        "<http://a.example>",
        "<http://a.example#b>",
        "_:b1",
        "_:0",
    ],
)
def test_nodes_as_they_are_usually_written(node: str) -> None:
    assert clean_nodes(pl.Series([node]))[0]


@given(_LITERALS)
def test_texts(text: str) -> None:
    (found,) = clean_literals([text], shipped().compiled.vocabulary.datatypes)
    if found is not None:
        value = passes(f"<urn:p> <{Rdfs.label}> {text} .")
        assert value == found


@pytest.mark.parametrize("text", ['"T9"', '"näher"', '"left"@en', f'"2026-02-28"^^<{Xsd.date}>', '""'])
def test_texts_as_they_are_usually_written(text: str) -> None:
    assert clean_literals([text], shipped().compiled.vocabulary.datatypes)[0] is not None
