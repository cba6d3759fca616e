"""An ontology in RDF: a stream of triples, of which few are kept."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyoxigraph as ox

from vhkg.errors import InputError, VhkgError
from vhkg.intake.document import Document, Format
from vhkg.intake.turtle import check_turtle
from vhkg.mapping.hierarchy import Collector, Hierarchy, expanded
from vhkg.mapping.source import Stream, Syntax
from vhkg.namespaces import Iao, Oio, Owl, Rdf, Rdfs, Vhkg

_TRUE = ("true", "1")


def read_owl(stream: Stream) -> Hierarchy:
    """The hierarchy, and its version: the version IRI, else the IRI of the ontology.

    A bridge of ours gives each term the version that it was made from. Raises InputError.
    """
    found = Collector()
    ontologies: set[str] = set()
    versions: set[str] = set()
    defined: dict[str, str] = {}
    bridge = False
    for subject, predicate, value in _triples(stream):
        if predicate == Rdfs.subClassOf and isinstance(value, ox.NamedNode):
            found.parents[subject].add(value.value)
        elif predicate == Rdfs.label and isinstance(value, ox.Literal):
            found.label(subject, value.value, value.language or "")
        elif predicate == Rdf.type and isinstance(value, ox.NamedNode):
            if value.value == Owl.Class:
                found.classes.add(subject)
            elif value.value == Owl.Ontology:
                ontologies.add(subject)
            bridge = bridge or value.value == Vhkg.Bridge
        elif predicate == Owl.deprecated and isinstance(value, ox.Literal) and value.value in _TRUE:
            found.deprecated.add(subject)
        elif predicate == Iao.termReplacedBy and not isinstance(value, ox.BlankNode):
            found.replaced[subject].add(_id(value))
        elif predicate == Oio.hasAlternativeId and not isinstance(value, ox.BlankNode):
            found.absorbed[_id(value)].add(subject)
        elif predicate == Owl.versionIRI and isinstance(value, ox.NamedNode):
            versions.add(value.value)
        elif predicate == Rdfs.isDefinedBy and isinstance(value, ox.NamedNode):
            defined[subject] = value.value
    version = min(versions or ontologies, default="")
    if bridge:
        found.versions = {iri: defined.get(iri, "") for iri in found.classes}
    return found.hierarchy(stream.name, version)


def _id(value: ox.NamedNode | ox.Literal) -> str:
    return value.value if isinstance(value, ox.NamedNode) else expanded(value.value, {})


def _triples(stream: Stream) -> Iterator[tuple[str, str, ox.NamedNode | ox.BlankNode | ox.Literal]]:
    """Those about named things. Turtle is checked as a whole first, XML as it comes."""
    try:
        if stream.syntax is Syntax.TURTLE:
            content = stream.all()
            check_turtle(Document(name=stream.name, content=content, format=Format.TURTLE))
            quads = ox.parse(io.BytesIO(content), format=ox.RdfFormat.TURTLE)
        else:
            quads = ox.parse(stream, format=ox.RdfFormat.RDF_XML)  # type: ignore[arg-type]  # it only reads
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
                yield quad.subject.value, quad.predicate.value, quad.object
    except VhkgError:
        raise
    except (SyntaxError, ValueError, OSError) as error:
        if stream.fault is not None:
            raise stream.fault from error
        message = error.msg if isinstance(error, SyntaxError) and error.msg else str(error)
        fault = f"not {stream.syntax}: {' '.join(message.split())[:200].rstrip('.')}"
        raise InputError(fault, file=stream.name, mend="correct the syntax") from error
