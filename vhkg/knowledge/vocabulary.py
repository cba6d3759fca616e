"""What a patient graph may say, read from the finding classes and the patient shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, Node, iris, local_name
from vhkg.knowledge.terms import bearer
from vhkg.model.vocabulary import FindingTerm, Vocabulary
from vhkg.namespaces import Sh, Vhkg

PATIENT_SHAPES_FILE = "patient.ttl"
_PATIENT_SHAPES = re.compile(r"(?:^|/)shapes/patient(?:-[\w-]+)?\.ttl$|^patient(?:-[\w-]+)?\.ttl$")
"""A knowledge may add shapes of its own in shapes/patient-….ttl, beside those that are shipped."""


def vocabulary(graph: Graph) -> Vocabulary:
    """The allow-list of the front door.

    Findings are the classes under a root that names its role with vhkg:assertedThrough; the roots themselves
    assert nothing. Predicates, classes and datatypes are those that shapes/patient.ttl names.
    """
    shapes = patient_shapes(graph)
    return Vocabulary(
        classes=frozenset(iri for shape in shapes for iri in iris(graph.values(shape, Sh.targetClass))),
        predicates=frozenset(_paths(graph, shapes)),
        datatypes=frozenset(
            iri
            for shape in shapes
            for part in _properties(graph, shape)
            for iri in iris(graph.values(part, Sh.datatype))
        ),
        statuses={iri: local_name(iri).lower() for iri in sorted(graph.instances(Vhkg.AssessmentStatus))},
        findings=_findings(graph),
    )


def patient_shapes(graph: Graph) -> tuple[str, ...]:
    """The node shapes of shapes/patient.ttl and shapes/patient-….ttl, sorted; others are about the knowledge."""
    found = [
        shape
        for shape in graph.instances(Sh.NodeShape)
        if _PATIENT_SHAPES.search(graph.file_of(shape).replace("\\", "/"))
    ]
    if not found:
        raise KnowledgeError(
            "there are no patient shapes", file=f"shapes/{PATIENT_SHAPES_FILE}", mend="restore the file"
        )
    return tuple(sorted(found))


def patient_shapes_turtle(files: Mapping[str, bytes]) -> bytes:
    """The Turtle of all patient shapes as one document, for a validator."""
    return b"\n".join(text for name, text in sorted(files.items()) if _PATIENT_SHAPES.search(name))


def _properties(graph: Graph, shape: str) -> tuple[Node, ...]:
    return tuple(part for part in graph.values(shape, Sh.property) if not isinstance(part, ox.Literal))


def _paths(graph: Graph, shapes: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for shape in shapes:
        for part in _properties(graph, shape):
            for path in graph.values(part, Sh.path):
                if isinstance(path, ox.NamedNode):
                    found.add(path.value)
                elif isinstance(path, ox.BlankNode):
                    found.update(iris(graph.values(path, Sh.inversePath)))
    return found


def _findings(graph: Graph) -> dict[str, FindingTerm]:
    terms: dict[str, FindingTerm] = {}
    for root, role in graph.pairs(Vhkg.assertedThrough):
        if not isinstance(root, ox.NamedNode) or not isinstance(role, ox.NamedNode):
            raise KnowledgeError("assertedThrough relates a class to a property", file=graph.file_of(root))
        for iri in graph.subclasses(root.value)[1:]:
            name = local_name(iri)
            if name in terms:
                raise KnowledgeError(
                    f"{name} is named twice, or stands under two roots", file=graph.file_of(iri), mend="keep one root"
                )
            terms[name] = FindingTerm(name=name, iri=iri, bearer=bearer(graph, iri), role=local_name(role.value))
    return dict(sorted(terms.items()))
