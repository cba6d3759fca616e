"""Class expressions in words, as the Manchester syntax has them (https://www.w3.org/TR/owl2-manchester-syntax/)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from vhkg.knowledge.graph import Graph, Node, local_name
from vhkg.namespaces import Owl, Rdf

_JOINED = {Owl.intersectionOf.value: "and", Owl.unionOf.value: "or"}
Shown = Callable[[str], str]
"""How a named class or property is written: as it is, or as a link."""


class Word(NamedTuple):
    """A piece of an expression: a named class or property by its IRI, or what stands between them."""

    text: str
    named: bool = False


def expression(graph: Graph, node: Node, shown: Shown) -> str:
    """The expression; parentheses stand where it is part of another one."""
    return "".join(shown(word.text) if word.named else word.text for word in words(graph, node))


def words(graph: Graph, node: Node, *, nested: bool = False) -> Iterator[Word]:
    """The pieces of an expression, in order."""
    if isinstance(node, ox.NamedNode):
        yield Word(node.value, named=True)
        return
    for predicate, word in _JOINED.items():
        for head in _nodes(graph, node, predicate):
            parts = list(members(graph, head))
            bracket = nested and len(parts) > 1
            yield from _bracketed(_joined(graph, parts, word), bracket)
            return
    for operand in _nodes(graph, node, Owl.complementOf):
        yield Word("not ")
        yield from words(graph, operand, nested=True)
        return
    for filler in _nodes(graph, node, Owl.someValuesFrom):
        (role,) = _nodes(graph, node, Owl.onProperty)
        yield from _bracketed(_some(graph, role, filler), nested)
        return
    yield Word("an expression of another kind")


def _joined(graph: Graph, parts: list[Node], word: str) -> Iterator[Word]:
    for place, each in enumerate(parts):
        if place:
            yield Word(f" {word} ")
        yield from words(graph, each, nested=True)


def _some(graph: Graph, role: Node, filler: Node) -> Iterator[Word]:
    yield from words(graph, role)
    yield Word(" some ")
    yield from words(graph, filler, nested=True)


def _bracketed(inner: Iterator[Word], bracket: bool) -> Iterator[Word]:
    if bracket:
        yield Word("(")
    yield from inner
    if bracket:
        yield Word(")")


def members(graph: Graph, head: Node) -> Iterator[Node]:
    """The members of an RDF list that are nodes."""
    while head != ox.NamedNode(Rdf.nil):
        yield from _nodes(graph, head, Rdf.first)
        rest = _nodes(graph, head, Rdf.rest)
        if not rest:
            return
        head = rest[0]


def plain(iri: str) -> str:
    return local_name(iri)


def _nodes(graph: Graph, node: Node, predicate: str) -> list[Node]:
    return [each for each in graph.values(node, predicate) if not isinstance(each, ox.Literal)]
