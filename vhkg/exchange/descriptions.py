"""Every term of the knowledge described: what it does first, then what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from vhkg.exchange.doing import Doing
from vhkg.exchange.expressions import words
from vhkg.knowledge.graph import Graph, Node, iris, local_name
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.description import Description, Line, Part, PartKind
from vhkg.namespaces import FOREIGN, Iao, Owl, Rdf, Rdfs, Vhkg

_DECLARED = (
    Owl.Class,
    Owl.NamedIndividual,
    Owl.ObjectProperty,
    Owl.DatatypeProperty,
    Owl.AnnotationProperty,
)
_TEXTS: tuple[tuple[str, str], ...] = (
    ("in plain words", Vhkg.plainLabel),
    ("definition", Iao.definition),
    ("tension", Vhkg.tension),
    ("question", Vhkg.question),
    ("standing", Vhkg.standing),
    ("candidate", Vhkg.candidate),
    ("confidence", Vhkg.confidence),
    ("basis", Vhkg.basis),
    ("note on it", Vhkg.sourceNote),
)
"""Headings, with the property whose texts stand under them."""

_CLASSES: tuple[tuple[str, str], ...] = (("equivalent to", Owl.equivalentClass), ("subclass of", Rdfs.subClassOf))


class Descriptions:
    """Made from the Turtle files of an ontology and what was compiled from them. Immutable."""

    def __init__(self, files: dict[str, bytes], compiled: CompiledKnowledge) -> None:
        self.graph = Graph.parse({name: text for name, text in files.items() if _is_ontology(name)})
        self._terms = _own_terms(self.graph)
        self._doing = Doing(self.graph, compiled, self.part)
        self._below: defaultdict[str, list[str]] = defaultdict(list)
        for below, above in self.graph.pairs(Rdfs.subClassOf):
            if isinstance(below, ox.NamedNode) and isinstance(above, ox.NamedNode):
                self._below[above.value].append(below.value)

    def __iter__(self) -> Iterator[str]:
        """The IRIs of the knowledge's own terms: those of no foreign vocabulary."""
        return iter(self._terms)

    @cached_property
    def names(self) -> dict[str, str]:
        """Local name to IRI, in the order of the files."""
        return {local_name(iri): iri for iri in self._terms}

    def of(self, iri: str) -> Description:
        """The description of one of these terms."""
        name = local_name(iri)
        return Description(
            iri=iri,
            name=name,
            label=self.graph.label(iri) or name,
            file=self.graph.file_of(iri),
            doing=tuple(self._doing.lines(iri)),
            being=tuple(self._being(iri)),
        )

    def definition(self, iri: str) -> tuple[Part, ...]:
        """What a class is equivalent to, as an expression; empty where it has no definition."""
        found = self.graph.values(iri, Owl.equivalentClass)
        return next((self.expression(value) for value in found if not isinstance(value, ox.Literal)), ())

    def expression(self, node: Node) -> tuple[Part, ...]:
        """A class expression with its terms as parts."""
        return tuple(self.part(word.text) if word.named else Part(word.text) for word in words(self.graph, node))

    def part(self, iri: str) -> Part:
        """The term as a part of a line."""
        return Part(local_name(iri), PartKind.TERM if iri in self._terms else PartKind.FOREIGN)

    def _being(self, iri: str) -> Iterator[Line]:
        graph = self.graph
        for heading, predicate in _TEXTS:
            for value in graph.values(iri, predicate):
                if isinstance(value, ox.Literal):
                    yield Line(heading, (Part(value.value),))
        for heading, predicate in _CLASSES:
            for value in graph.values(iri, predicate):
                if not isinstance(value, ox.Literal):
                    yield Line(heading, self.expression(value))
        if below := self._below.get(iri):
            yield self._listed("superclass of", below)
        for other in iris(graph.values(iri, Owl.disjointWith)):
            yield self._listed("disjoint with", (other,))
        kinds = [each for each in iris(graph.values(iri, Rdf.type)) if each not in set(_DECLARED)]
        if kinds:
            yield self._listed("is a", kinds)
        if note := graph.text(iri, Vhkg.scopeNote):
            yield Line("note", (Part(note),))

    def _listed(self, heading: str, terms: Iterable[str]) -> Line:
        return Line(heading, listed(map(self.part, terms)))


def listed(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Some parts with commas between."""
    found: list[Part] = []
    for part in parts:
        if found:
            found.append(Part(", "))
        found.append(part)
    return tuple(found)


def _is_ontology(name: str) -> bool:
    return name.endswith(".ttl") and "/" not in name


def _own_terms(graph: Graph) -> dict[str, None]:
    found: dict[str, None] = {}
    for kind in _DECLARED:
        for iri in graph.instances(kind):
            if graph.label(iri) and not iri.startswith(FOREIGN):
                found[iri] = None
    for iri in graph.instances(Vhkg.Statement):
        found.setdefault(iri, None)
    return found
