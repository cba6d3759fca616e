"""Shapes become checks, or are refused by name and file."""

from __future__ import annotations

import pytest

from tests.intake.support import SHAPES, patient_checks
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.validation import compile_checks

HEAD = """@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <urn:s:> .
s:N a sh:NodeShape ; sh:targetClass :Patient ; sh:severity sh:Violation ; sh:message "node"@en ; sh:property s:P .
s:P a sh:PropertyShape ; sh:path :status ; sh:severity sh:Info ; sh:message "part"@en .
"""


def compiled(text: str) -> None:
    compile_checks(Graph.parse({"shapes/patient.ttl": (HEAD + text).encode()}))


def test_the_shipped_shapes_compile() -> None:
    names = [check.shape.rsplit("#", 1)[1] for check in patient_checks()]
    assert names == ["Assessment", "Patient", "Presentation"]
    assert all(check.closed is not None for check in patient_checks())


def test_every_shipped_shape_has_an_iri_a_name_and_a_sentence() -> None:
    graph = Graph.parse({"patient.ttl": SHAPES})
    sh = "http://www.w3.org/ns/shacl#"
    shapes = graph.instances(f"{sh}NodeShape") + graph.instances(f"{sh}PropertyShape")
    assert len(shapes) == 17
    for shape in shapes:
        assert graph.text(shape, f"{sh}name")
        message = graph.value(shape, f"{sh}message")
        assert message is not None
        assert message.language == "en"  # type: ignore[union-attr]
        assert message.value.endswith(".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s:P sh:minLength 1 .", "the shape urn:s:P has sh:minLength, which is not compiled"),
        ("s:P sh:or ( [ sh:minCount 1 ] ) .", "sh:or, which is not compiled"),
        ("s:N sh:sparql [ sh:select 'x' ] .", "sh:sparql, which is not compiled"),
        ("s:N sh:targetNode s:x .", "sh:targetNode, which is not compiled"),
        ("s:N sh:deactivated true .", "sh:deactivated, which is not compiled"),
        ("s:P sh:hasValue 1 .", "sh:hasValue, which is not compiled"),
        ("s:P :other 1 .", "ontology#other, which is not compiled"),
        ("s:N sh:property [ sh:path :status ] .", "a property shape without an IRI"),
        ("s:N sh:property s:Q . s:Q sh:path ( :a :b ) ; sh:severity sh:Info ; sh:message 'x' .", "a path that is not"),
        ("s:N sh:property s:Q . s:Q sh:path [ sh:zeroOrMorePath :a ] .", "a path that is not"),
        ("s:N sh:property s:Q . s:Q sh:path :a ; sh:message 'x' .", "no sh:severity"),
        ("s:N sh:property s:Q . s:Q sh:path :a ; sh:severity sh:Info .", "no sh:message"),
        ("s:P sh:in ( 1 2 ) .", "sh:in with something other than IRIs"),
        ("s:P sh:minCount 'one' .", "sh:minCount 'one'"),
        ("s:P sh:nodeKind sh:IRIOrLiteral .", "sh:nodeKind IRIOrLiteral, which is not compiled"),
        ("s:P sh:datatype <urn:d> .", "sh:datatype urn:d, which is not compiled"),
        ("s:P sh:pattern '^\\\\p{L}' .", "which XPath and Python read differently"),
        ("s:P sh:pattern '[' .", "which is malformed"),
        ("s:P sh:pattern 'a' ; sh:flags 'x' .", "sh:flags 'x'"),
        ("s:M a sh:NodeShape ; sh:severity sh:Info ; sh:message 'x' .", "no target"),
    ],
)
def test_what_is_not_compiled_is_refused(text: str, expected: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        compiled(text)
    assert expected in str(caught.value)
    assert caught.value.file == "shapes/patient.ttl"


def test_no_shapes_at_all_is_an_error() -> None:
    with pytest.raises(KnowledgeError, match="there are no patient shapes"):
        compile_checks(Graph.parse({"shapes/knowledge.ttl": HEAD.encode()}))
