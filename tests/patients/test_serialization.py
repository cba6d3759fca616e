from __future__ import annotations

import pytest

from vhkg.errors import UsageError
from vhkg.intake import Format, Iri, Literal, PatientGraph
from vhkg.intake.document import document
from vhkg.intake.rdf import parse_triples
from vhkg.patients import serialize

TEXTS = ["", 'a"b\\c', "line\nbreak\r\ttab", "é 椎 👍", "\x01\x7f", "\\u0041", "'''", '"""']


@pytest.mark.parametrize("syntax", [Format.TURTLE, Format.NTRIPLES])
def test_every_text_survives(syntax: Format) -> None:
    graph = PatientGraph.of(
        (Iri("urn:a"), "urn:p", literal)
        for text in TEXTS
        for literal in (Literal(text), Literal(text, "urn:datatype"), Literal(text, language="en"))
    )
    graph = PatientGraph.of(
        (s, p, Literal(o.value, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", o.language))
        if isinstance(o, Literal) and o.language
        else (s, p, o)
        for s, p, o in graph.triples
    )
    name = "a.ttl" if syntax is Format.TURTLE else "a.nt"
    assert PatientGraph.of(parse_triples(document(name, serialize(graph, syntax).encode()))) == graph


def test_iris_that_are_no_prefixed_name_are_written_in_full() -> None:
    graph = PatientGraph.of([(Iri("urn:a"), "https://w3id.org/vhkg/ontology#a/b.", Iri("urn:b"))])
    assert "<https://w3id.org/vhkg/ontology#a/b.>" in serialize(graph)


def test_other_formats_are_not_written() -> None:
    with pytest.raises(UsageError, match="not written as CSV"):
        serialize(PatientGraph(()), Format.CSV)
