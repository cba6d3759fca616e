"""Class expressions in words, as the Manchester syntax has them (https://www.w3.org/TR/owl2-manchester-syntax/)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from vhkg.knowledge.graph import Graph, Node, local_name
from vhkg.namespaces import Owl, Rdf

_JOINED = {Owl.intersectionOf.value: "and", Owl.unionOf.value: "or"}
Shown = Callable[[str], str]
"""How a named class or property is written: as it is, or as a link."""


def expression(graph: Graph, node: Node, shown: Shown, *, nested: bool = False) -> str:
    """The expression; parentheses stand where it is part of another one."""
    if isinstance(node, ox.NamedNode):
        return shown(node.value)
    for predicate, word in _JOINED.items():
        for head in _nodes(graph, node, predicate):
            parts = [expression(graph, each, shown, nested=True) for each in members(graph, head)]
            text = f" {word} ".join(parts)
            return f"({text})" if nested and len(parts) > 1 else text
    for operand in _nodes(graph, node, Owl.complementOf):
        return f"not {expression(graph, operand, shown, nested=True)}"
    for filler in _nodes(graph, node, Owl.someValuesFrom):
        (role,) = _nodes(graph, node, Owl.onProperty)
        text = f"{expression(graph, role, shown)} some {expression(graph, filler, shown, nested=True)}"
        return f"({text})" if nested else text
    return "an expression of another kind"


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
