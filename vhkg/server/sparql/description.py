"""What the endpoint says about itself and about what it holds, as RDF.

SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/) and VoID
(https://www.w3.org/TR/void/). Answers about patients are not described or counted: only the knowledge is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from vhkg.knowledge.graph import Graph, Term
from vhkg.namespaces import KNOWLEDGE, Dcterms, Foaf, Owl, Rdf, Rdfs, Sd, Vhkg, Void, Xsd
from vhkg.server.service import Service
from vhkg.server.sparql.formats import ALL_FORMATS, GRAPH_FORMATS
from vhkg.stores.written import graph_bytes

_COPIED = (Dcterms.title_, Dcterms.description, Dcterms.creator, Dcterms.license, Dcterms.rights)
_Said = tuple[ox.NamedNode, str, Term]


class Describer:
    """Counts once, when it is first asked."""

    def __init__(self, service: Service) -> None:
        self.of = service
        self._dataset = ox.NamedNode(KNOWLEDGE + service.stamp.digest[:16])

    def service(self, base: str, form: str) -> bytes:
        """The description of the endpoint under this address, in a format of `written.GRAPHS`."""
        endpoint = f"{base}/sparql"
        service, dataset, everything, named, knowledge = (
            ox.NamedNode(f"{endpoint}#{part}") for part in ("service", "dataset", "default", "named", "knowledge")
        )
        said: list[_Said] = [
            (service, Rdf.type, ox.NamedNode(Sd.Service)),
            (service, Sd.endpoint, ox.NamedNode(endpoint)),
            (service, Sd.supportedLanguage, ox.NamedNode(Sd.SPARQL11Query)),
            *((service, Sd.resultFormat, ox.NamedNode(each)) for each in ALL_FORMATS),
            (service, Sd.defaultDataset, dataset),
            (service, Rdfs.comment, _english(self._limits())),
            (service, Rdfs.seeAlso, ox.NamedNode(f"{base}/.well-known/void")),
            (dataset, Rdf.type, ox.NamedNode(Sd.Dataset)),
            (dataset, Sd.defaultGraph, everything),
            (dataset, Sd.namedGraph, named),
            (everything, Rdf.type, ox.NamedNode(Sd.Graph)),
            (named, Rdf.type, ox.NamedNode(Sd.NamedGraph)),
            (named, Sd.name_, self._dataset),
            (named, Sd.graph, knowledge),
            (knowledge, Rdf.type, ox.NamedNode(Sd.Graph)),
            *self._counted(knowledge),
        ]
        return _serialized(said, form)

    def void(self, base: str, form: str) -> bytes:
        """The description of the knowledge as a data set that is asked under this address."""
        document = ox.NamedNode(f"{base}/.well-known/void")
        shown = self.of.stamp
        held = self._dataset
        said: list[_Said] = [
            (document, Rdf.type, ox.NamedNode(Void.DatasetDescription)),
            (document, Foaf.primaryTopic, held),
            (held, Rdf.type, ox.NamedNode(Void.Dataset)),
            *((held, predicate, value) for predicate, value in self._header),
            (held, Owl.versionInfo, ox.Literal(shown.version)),
            (held, Vhkg.knowledgeVersion, ox.Literal(shown.version)),
            (held, Vhkg.knowledgeDigest, ox.Literal(shown.digest)),
            (held, Vhkg.reviewStatus, _english(shown.review_status)),
            (held, Vhkg.disclaimer, _english(self.of.disclaimer)),
            (held, Void.sparqlEndpoint, ox.NamedNode(f"{base}/sparql")),
            *((held, Void.feature, ox.NamedNode(each)) for each in GRAPH_FORMATS),
            *self._counted(held),
        ]
        return _serialized(said, form)

    def _limits(self) -> str:
        settings = self.of.settings
        limits = settings.sparql
        return (
            f"Read-only. SERVICE, FROM and updates are refused. A query may take {limits.seconds:g} seconds and"
            f" {limits.memory >> 20} MiB; a result has at most {settings.sparql_rows} rows, or as many as the parameter"
            f" limit says, up to {limits.rows}, and {limits.size >> 10} KiB. A result in JSON or XML that was cut links"
            f" to #truncated in its head, and the header VHKG-Truncated says so; other formats are refused instead."
        )

    def _counted(self, held: ox.NamedNode) -> Iterator[_Said]:
        for predicate, count in zip((Void.triples, Void.classes, Void.properties), self._counts, strict=True):
            yield held, predicate, ox.Literal(str(count), datatype=ox.NamedNode(Xsd.integer))

    @cached_property
    def _graph(self) -> Graph:
        return Graph.parse(self.of.published)

    @cached_property
    def _counts(self) -> tuple[int, int, int]:
        """As VoID counts: triples, distinct objects of rdf:type, distinct predicates."""
        found = list(self._graph)
        classes = {value for _, predicate, value in found if predicate == Rdf.type}
        return len(found), len(classes), len({predicate for _, predicate, _ in found})

    @cached_property
    def _header(self) -> tuple[tuple[str, Term], ...]:
        """What the ontology says about itself as a work: title, licence and the like."""
        works = [node for node, kind in self._graph.pairs(Rdf.type) if kind == ox.NamedNode(Owl.Ontology)]
        return tuple(
            (predicate, value)
            for work in works
            for predicate in _COPIED
            for value in self._graph.values(work, predicate)
            if isinstance(value, (ox.NamedNode, ox.Literal))
        )


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _serialized(said: Iterable[_Said], form: str) -> bytes:
    triples = [ox.Triple(subject, ox.NamedNode(predicate), value) for subject, predicate, value in said]
    return graph_bytes(triples, form)
