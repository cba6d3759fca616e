"""The gate of the fragment: whatever OWL construct is not known to be decided exactly is refused by name and place.

An allow-list, so that constructs nobody thought of are refused too. What passes although it is not compiled is
harmless, each for the reason given beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from vhkg.errors import KnowledgeError, OutsideFragment
from vhkg.knowledge.graph import Graph, Node, Term, local_name
from vhkg.namespaces import Owl, Rdf, Rdfs, Vhkg

_OWL = Owl.Class.removesuffix("Class")
_RDFS = Rdfs.label.removesuffix("label")

_TYPES = frozenset(
    {
        "Class",
        "ObjectProperty",
        "AnnotationProperty",
        "DatatypeProperty",
        "NamedIndividual",
        "Ontology",
        "Restriction",
        "AllDisjointClasses",
        "AllDifferent",  # distinct names change nothing where nothing can make two individuals equal
        "Axiom",  # an annotated axiom; the axiom itself must be stated, which is checked
        "DeprecatedClass",
        "DeprecatedProperty",
    }
)
_AXIOM_PREDICATES = frozenset(
    {
        "equivalentClass",
        "disjointWith",
        "disjointUnionOf",
        "members",
        "distinctMembers",
        "unionOf",
        "intersectionOf",
        "complementOf",
        "onProperty",
        "someValuesFrom",
    }
)
_ANNOTATIONS = frozenset(
    {
        "annotatedSource",
        "annotatedProperty",
        "annotatedTarget",
        "backwardCompatibleWith",
        "deprecated",
        "incompatibleWith",
        "priorVersion",
        "versionIRI",
        "versionInfo",
    }
)
_CONSTRUCTORS = frozenset({"unionOf", "intersectionOf", "complementOf", "onProperty", "someValuesFrom"})


def refuse_outside(graph: Graph, roots: Mapping[str, str]) -> None:
    """Raise OutsideFragment for the first construct that is not allowed. `roots` maps the IRI of a role to its root."""
    gate = _Gate(graph, roots)
    for subject, predicate, value in graph:
        gate.check(subject, predicate, value)


def memberships(graph: Graph, roots: Mapping[str, str]) -> Iterator[tuple[Node, str, str]]:
    """(individual, class IRI, file) for class assertions, stated or by the domain or range of a property."""
    objects = set(graph.instances(Owl.ObjectProperty)) | set(graph.instances(Owl.DatatypeProperty))
    for subject, predicate, value in graph:
        file, place = graph.file_of_triple(subject, predicate, value), graph.name_of(subject)
        if predicate == Rdf.type:
            if isinstance(value, ox.BlankNode):
                raise OutsideFragment(
                    "an individual of an anonymous class",
                    file=file,
                    place=place,
                    mend="name the class",
                )
            if isinstance(value, ox.NamedNode) and graph.is_class(value.value):
                yield subject, value.value, file
        elif predicate in roots:
            raise OutsideFragment(
                f"{local_name(predicate)} relates individuals",
                file=file,
                place=place,
                mend="remove it",
            )
        elif predicate in objects:
            for domain in graph.values(predicate, Rdfs.domain):
                yield subject, domain.value, file
            for range_ in graph.values(predicate, Rdfs.range):
                if not isinstance(value, ox.Literal):
                    yield value, range_.value, file


class _Gate:
    def __init__(self, graph: Graph, roots: Mapping[str, str]) -> None:
        self._graph = graph
        self._roots = roots
        self._annotation = set(graph.instances(Owl.AnnotationProperty))
        self._data = set(graph.instances(Owl.DatatypeProperty))
        self._owners: defaultdict[Node, list[Node]] = defaultdict(list)
        for subject, _, value in graph:
            if isinstance(value, ox.BlankNode):
                self._owners[value].append(subject)
        for iri in sorted(self._annotation & (self._data | set(graph.instances(Owl.ObjectProperty)))):
            raise OutsideFragment(
                "declared as an annotation property and as another kind of property",
                file=graph.file_of(iri),
                place=local_name(iri),
                mend="leave one declaration",
            )

    def check(self, subject: Node, predicate: str, value: Term) -> None:
        if predicate == Rdf.type:
            self._check_type(subject, value)
        elif predicate == Rdfs.subPropertyOf:
            self._check_subproperty(subject, value)
        elif predicate in (Rdfs.domain, Rdfs.range):
            self._check_domain_or_range(subject, predicate, value)
        elif predicate.startswith(_OWL):
            name = local_name(predicate)
            if name not in _AXIOM_PREDICATES | _ANNOTATIONS:
                self._refuse(f"owl:{name}", subject, predicate, value)
            if name in _CONSTRUCTORS and isinstance(subject, ox.NamedNode):
                self._refuse(f"owl:{name} on a name", subject, predicate, value, "write it under owl:equivalentClass")

    def _check_type(self, subject: Node, value: Term) -> None:
        if not isinstance(value, ox.NamedNode):
            return
        if value.value.startswith(_OWL):
            name = local_name(value.value)
            if name not in _TYPES and value.value not in (Owl.Thing,):
                self._refuse(f"owl:{name}", subject, Rdf.type, value)
            if name == "Axiom":
                self._check_annotated(subject)
            if name == "AllDifferent":
                self._check_different(subject)
        elif value.value in (_RDFS + "Datatype", _RDFS + "Class"):
            self._refuse(f"rdfs:{local_name(value.value)}", subject, Rdf.type, value, "declare an owl:Class")

    def _check_annotated(self, subject: Node) -> None:
        source, property_, target = (
            self._graph.value(subject, _OWL + name)
            for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")
        )
        stated = (
            isinstance(source, (ox.NamedNode, ox.BlankNode))
            and isinstance(property_, ox.NamedNode)
            and target is not None
            and self._graph.has(source, property_.value, target)
        )
        if not stated:
            raise OutsideFragment(
                "owl:Axiom annotates an axiom that is not stated",
                file=self._graph.file_of(subject),
                place=self._place(subject),
                mend="state the axiom",
            )

    def _check_different(self, subject: Node) -> None:
        for predicate in (Owl.members.value, _OWL + "distinctMembers"):
            head = self._graph.value(subject, predicate)
            members = self._graph.members(head, place="owl:AllDifferent") if head is not None else ()
            if len(set(members)) < len(members):
                raise KnowledgeError("owl:AllDifferent lists a name twice", file=self._graph.file_of(subject))

    def _check_subproperty(self, subject: Node, value: Term) -> None:
        # Annotation properties have no model-theoretic semantics in OWL 2 DL.
        both = all(isinstance(node, ox.NamedNode) and node.value in self._annotation for node in (subject, value))
        if not both:
            self._refuse("rdfs:subPropertyOf", subject, Rdfs.subPropertyOf, value, "keep each role on its own")

    def _check_domain_or_range(self, subject: Node, predicate: str, value: Term) -> None:
        iri = subject.value if isinstance(subject, ox.NamedNode) else ""
        if iri in self._annotation:
            return
        construct = f"rdfs:{local_name(predicate)}"
        if iri in self._data and predicate == Rdfs.range:
            self._refuse("a data range", subject, predicate, value)
        if not isinstance(value, ox.NamedNode):
            self._refuse(f"{construct} of an anonymous class", subject, predicate, value, "name the class")
        root = self._roots.get(iri)
        if root is None:
            return  # no class expression mentions the property; what it says of individuals is checked with them
        # Every filler lies under the root already, and only presentations are asked about.
        harmless = (Vhkg.Presentation, Owl.Thing) if predicate == Rdfs.domain else (root, Owl.Thing)
        if value.value not in harmless:
            self._refuse(f"{construct} {local_name(value.value)}", subject, predicate, value)

    def _place(self, node: Node) -> str:
        seen: set[Node] = set()
        while isinstance(node, ox.BlankNode) and node not in seen and self._owners[node]:
            seen.add(node)
            node = self._owners[node][0]
        return self._graph.name_of(node)

    def _refuse(
        self, construct: str, subject: Node, predicate: str, value: Term, mend: str = "say it within the fragment"
    ) -> None:
        raise OutsideFragment(
            f"{construct} is outside the fragment that is decided exactly",
            file=self._graph.file_of_triple(subject, predicate, value),
            place=self._place(subject),
            mend=mend,
        )
