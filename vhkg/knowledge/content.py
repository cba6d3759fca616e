"""The knowledge as values: everything that an answer may show, read once from the ontology's graph."""

from __future__ import annotations

import pyoxigraph as ox

from vhkg.errors import KnowledgeError
from vhkg.knowledge import ledgers, terms
from vhkg.knowledge.graph import Graph, local_name
from vhkg.knowledge.recommendations import outcomes, recommendations
from vhkg.model.content import Content
from vhkg.namespaces import Dcterms, Owl, Rdf


def read_content(graph: Graph) -> Content:
    """Assemble the content.

    Raises KnowledgeError if a part is missing or doubled, or if two terms share a local name.
    """
    statements = ledgers.statements(graph)
    sources = ledgers.sources(graph)
    header = graph.instances(Owl.Ontology)
    if not header:
        raise KnowledgeError(
            "no file has an ontology header", mend="declare an owl:Ontology with dcterms:title and owl:versionInfo"
        )
    return Content(
        version=graph.text(header[0], Owl.versionInfo),
        title=graph.text(header[0], Dcterms.title_),
        article=ledgers.article(graph),
        findings=terms.findings(graph),
        plans=terms.plans(graph),
        classes=terms.presentation_classes(graph),
        recommendations=recommendations(graph, statements, sources),
        outcomes=outcomes(graph, statements),
        statements=statements,
        readings=ledgers.readings(graph),
        decisions=ledgers.decisions(graph),
        silences=ledgers.silences(graph),
        limits=ledgers.scope_limits(graph),
        notices=ledgers.notices(graph),
        sources=sources,
        iris=_iris(graph),
    )


def _iris(graph: Graph) -> dict[str, str]:
    """Local name to IRI of every class, property and individual; refuses two IRIs with one local name."""
    found: dict[str, str] = {}
    for subject, value in graph.pairs(Rdf.type):
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        if value.value not in (Owl.Class, Owl.NamedIndividual, Owl.ObjectProperty):
            continue
        name = local_name(subject.value)
        if found.setdefault(name, subject.value) != subject.value:
            raise KnowledgeError(
                f"{found[name]} and {subject.value} share the local name {name}",
                file=graph.file_of(subject),
                mend="rename one",
            )
    return dict(sorted(found.items()))
