"""What the shapes of the knowledge say badly: terms declared once, and readings named exactly.

Everything else that must hold of the knowledge itself is in ontology/shapes/knowledge.ttl.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from vhkg.assurance.faults import Fault
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, Node, Term, iris, local_name
from vhkg.namespaces import BASE, Owl, Rdf, Rdfs, Vhkg, Xsd

_KINDS = (Owl.Class, Owl.ObjectProperty, Owl.DatatypeProperty, Owl.AnnotationProperty, Owl.NamedIndividual)
_BUILT_IN = tuple(str(term).partition("#")[0] + "#" for term in (Rdf.type, Rdfs.label, Owl.Class, Xsd.date))


def ontology_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The Turtle files that hold the knowledge itself: neither shapes, nor mappings, nor the JSON-LD context."""
    return {name: data for name, data in files.items() if name.endswith(".ttl") and "/" not in name}


def check_declarations(files: Mapping[str, bytes]) -> tuple[Fault, ...]:
    """Every term of ours that is used is declared exactly once, over all files; every foreign one at least once.

    A misspelt IRI is no error to OWL: HermiT takes it for a new name. Used means: in any position of a triple for
    a term of ours; as predicate, or as class, for a foreign one.
    """
    declared: Counter[str] = Counter()
    kinds: dict[str, set[str]] = {}
    used: dict[str, str] = {}
    for file, data in sorted(ontology_files(files).items()):
        for subject, predicate, value in _triples(file, data):
            if predicate == Rdf.type and isinstance(subject, ox.NamedNode) and value.value in _KINDS:
                declared[subject.value] += 1
                kinds.setdefault(subject.value, set()).add(local_name(value.value))
            for iri in _mentioned(subject, predicate, value):
                used.setdefault(iri, file)
    faults = []
    for iri, file in sorted(used.items()):
        place = f"{file}, {local_name(iri)}"
        if not declared[iri]:
            faults.append(Fault("declared", place, "used and not declared", "declare it, or correct the spelling"))
        elif iri.startswith(BASE) and declared[iri] > 1:
            fault = f"declared {declared[iri]} times, as {', '.join(sorted(kinds[iri]))}"
            faults.append(Fault("declared", place, fault, "leave one declaration"))
    return tuple(faults)


def _triples(file: str, data: bytes) -> Iterator[tuple[Node, str, Term]]:
    try:
        for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple):
                yield quad.subject, quad.predicate.value, quad.object
    except (SyntaxError, ValueError) as error:
        raise KnowledgeError(f"not Turtle: {error}", file=file, mend="correct the file") from error


def _mentioned(subject: Node, predicate: str, value: Term) -> Iterator[str]:
    for term in (subject, value):
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
            yield term.value
    foreign = predicate not in (Rdf.type, Rdfs.subClassOf, Rdfs.subPropertyOf)
    class_like = value.value if not foreign and isinstance(value, ox.NamedNode) else ""
    for iri in (predicate, class_like):
        if iri and not iri.startswith(_BUILT_IN):
            yield iri


def check_readings(graph: Graph) -> tuple[Fault, ...]:
    """vhkg:restsOnReading names exactly the readings whose alternatives are met.

    Of a presentation class: those in its definition, directly or through classes named there. Of a recommendation:
    those of its condition and exclusion and, if it is for something, of the scope limits that can cap it.
    """
    met = readings_of_classes(graph)
    faults: list[Fault] = []
    for iri, readings in met.items():
        faults += _compared(graph, iri, readings)
    limits = [
        (graph.names(iri, Vhkg.limits), met.get(graph.text(iri, Vhkg.capsWithin), frozenset()))
        for iri in graph.instances(Vhkg.ScopeLimit)
    ]
    for iri in graph.instances(Vhkg.Recommendation):
        expected: frozenset[str] = frozenset()
        for predicate in (Vhkg.appliesTo, Vhkg.excludedBy):
            for class_iri in iris(graph.values(iri, predicate)):
                expected |= met.get(class_iri, frozenset())
        if graph.values(iri, Vhkg.recommends):
            for limited, readings in limits:
                if not limited or local_name(iri) in limited:
                    expected |= readings
        faults += _compared(graph, iri, expected)
    return tuple(faults)


def _compared(graph: Graph, iri: str, expected: frozenset[str]) -> Iterator[Fault]:
    stated = frozenset(graph.names(iri, Vhkg.restsOnReading))
    place = f"{graph.file_of(iri)}, {local_name(iri)}"
    if missing := expected - stated:
        yield Fault("readings", place, f"rests on {', '.join(sorted(missing))} and does not say so", "name it")
    if idle := stated - expected:
        yield Fault("readings", place, f"names {', '.join(sorted(idle))} and does not rest on it", "remove it")


def readings_of_classes(graph: Graph) -> dict[str, frozenset[str]]:
    """The readings that each presentation class rests on, keyed by IRI; alternatives themselves left out."""
    reading_of = {
        alternative: local_name(reading)
        for reading in graph.instances(Vhkg.Reading)
        for alternative in iris(graph.values(reading, Vhkg.hasAlternative))
    }
    classes = [iri for iri in graph.subclasses(Vhkg.Presentation)[1:] if iri not in reading_of]
    return {iri: frozenset(reading_of[met] for met in _reached(graph, iri) if met in reading_of) for iri in classes}


def _reached(graph: Graph, class_iri: str) -> set[str]:
    """The named classes in a definition, and in theirs."""
    found: set[str] = set()
    seen: set[Node] = set()
    pending: list[Node] = [ox.NamedNode(class_iri)]
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, ox.NamedNode):
            found.add(node.value)
            parts = graph.values(node, Owl.equivalentClass)
        else:
            lists = (*graph.values(node, Owl.intersectionOf), *graph.values(node, Owl.unionOf))
            parts = (
                *(part for head in lists for part in graph.members(head, place=graph.name_of(class_iri))),
                *graph.values(node, Owl.complementOf),
            )
        pending += [part for part in parts if not isinstance(part, ox.Literal)]
    return found
