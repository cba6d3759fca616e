"""Class axioms and query classes as N-Triples that every reader in the chain takes as they are meant.

Written by hand because of two faults: owlready2's reader drops the last character of an IRI that is directly followed
by a full stop, and HermiT stops at dates. So there is a space before each full stop, and no literal is written at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from vhkg.knowledge.graph import Graph, Node
from vhkg.namespaces import Owl, Rdf, Rdfs
from vhkg.reasoner.query import Expression

QUERY = "urn:vhkg:query#"
_OWL = Owl.Class.removesuffix("Class")
_ONTOLOGY = "urn:vhkg:reference"
_NOT_AXIOMS = frozenset(
    _OWL + name
    for name in (
        "annotatedProperty",
        "annotatedSource",
        "annotatedTarget",
        "backwardCompatibleWith",
        "deprecated",
        "distinctMembers",
        "imports",
        "incompatibleWith",
        "priorVersion",
        "versionIRI",
        "versionInfo",
    )
)
_NOT_TERMS = frozenset(
    _OWL + name for name in ("AllDifferent", "AnnotationProperty", "Axiom", "NamedIndividual", "Ontology")
)
_ABOUT_TERMS = (Rdfs.subClassOf, Rdfs.subPropertyOf, Rdfs.domain, Rdfs.range)


def class_axioms(files: Mapping[str, bytes]) -> str:
    """The axioms on classes and properties of some Turtle files; annotations and individuals stay out."""
    graph = Graph.parse(files)
    annotation = {ox.NamedNode(iri) for iri in graph.instances(Owl.AnnotationProperty)}
    lines = [_line(f"<{_ONTOLOGY}>", Rdf.type, f"<{Owl.Ontology}>")]
    listed: list[Node] = []
    for subject, predicate, value in graph:
        if subject in annotation or isinstance(value, ox.Literal) or predicate in _NOT_AXIOMS:
            continue
        if predicate == Rdf.type:
            kept = isinstance(value, ox.NamedNode) and value.value.startswith(_OWL) and value.value not in _NOT_TERMS
        else:
            kept = predicate.startswith(_OWL) or predicate in _ABOUT_TERMS
        if kept:
            lines.append(_line(str(subject), predicate, str(value)))
            listed += [value] if predicate.startswith(_OWL) and isinstance(value, ox.BlankNode) else []
    lines += _list_cells(graph, listed)
    return "".join(lines)


def _list_cells(graph: Graph, heads: list[Node]) -> Iterator[str]:
    """The cells of lists that axioms use; those of other vocabularies stay out."""
    seen: set[Node] = set()
    pending = list(heads)
    while pending:
        cell = pending.pop()
        if cell in seen:
            continue
        seen.add(cell)
        for predicate in (Rdf.first, Rdf.rest):
            for value in graph.values(cell, predicate):
                yield _line(str(cell), predicate, str(value))
                if predicate == Rdf.rest and isinstance(value, ox.BlankNode):
                    pending.append(value)


def query_classes(queries: Sequence[Expression]) -> str:
    """One class per query, named QUERY + its number, under the query's expression."""
    lines: list[str] = []
    for number, query in enumerate(queries):
        name = f"<{QUERY}{number}>"
        lines.append(_line(name, Rdf.type, f"<{Owl.Class}>"))
        parts = query[1:] if query[0] == "and" else [query]
        for part in parts:
            lines.append(_line(name, Rdfs.subClassOf, _describe(part, lines)))
    return "".join(lines)


def _describe(query: Expression, lines: list[str]) -> str:
    """Append the triples of an expression and return the node that stands for it."""
    form = query[0]
    if form == "class":
        return f"<{query[1]}>"
    node = f"_:query{len(lines)}"
    if form == "some":
        lines += [
            _line(node, Rdf.type, f"<{Owl.Restriction}>"),
            _line(node, Owl.onProperty, f"<{query[1]}>"),
            _line(node, Owl.someValuesFrom, f"<{query[2]}>"),
        ]
        return node
    lines.append(_line(node, Rdf.type, f"<{Owl.Class}>"))
    if form == "not":
        lines.append(_line(node, Owl.complementOf, _describe(query[1], lines)))
        return node
    cells = [f"{node}x{position}" for position in range(len(query) - 1)]
    lines.append(_line(node, Owl.intersectionOf if form == "and" else Owl.unionOf, cells[0]))
    for cell, following, part in zip(cells, [*cells[1:], f"<{Rdf.nil}>"], query[1:], strict=True):
        lines += [_line(cell, Rdf.rest, following), _line(cell, Rdf.first, _describe(part, lines))]
    return node


def _line(subject: str, predicate: str, value: str) -> str:
    return f"{subject} <{predicate}> {value} .\n"
