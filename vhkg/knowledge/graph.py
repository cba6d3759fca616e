"""The ontology's triples in memory, each remembering the file it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import pyoxigraph as ox

from vhkg.errors import KnowledgeError
from vhkg.namespaces import Iao, Owl, Rdf, Rdfs

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


class Graph:
    """An index over trusted triples: ours, or those of a folder given as knowledge.

    Subjects and predicates are asked for as IRI strings or as nodes; answers keep the order of the files.
    """

    def __init__(self) -> None:
        self._by_subject: dict[Node, dict[str, list[Term]]] = {}
        self._by_predicate: defaultdict[str, list[tuple[Node, Term]]] = defaultdict(list)
        self._file: dict[Node, str] = {}
        self._files_of_axiom: dict[tuple[Node, str, Term], str] = {}

    @classmethod
    def parse(cls, files: Mapping[str, bytes]) -> Graph:
        """Read Turtle files, keyed by the name that errors will give."""
        graph = cls()
        for name, content in sorted(files.items()):
            try:
                for quad in ox.parse(content, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                    graph._add(quad.subject, quad.predicate.value, quad.object, name)
            except (SyntaxError, ValueError) as error:
                raise KnowledgeError(f"not Turtle: {error}", file=name, mend="correct the file") from error
        return graph

    def _add(self, subject: Node, predicate: str, value: Term, file: str) -> None:
        values = self._by_subject.setdefault(subject, {}).setdefault(predicate, [])
        if value in values:
            return
        values.append(value)
        self._by_predicate[predicate].append((subject, value))
        self._file.setdefault(subject, file)
        self._files_of_axiom[subject, predicate, value] = file

    def __iter__(self) -> Iterator[tuple[Node, str, Term]]:
        for subject, predicates in self._by_subject.items():
            for predicate, values in predicates.items():
                for value in values:
                    yield subject, predicate, value

    def __len__(self) -> int:
        return len(self._files_of_axiom)

    def values(self, subject: Node | str, predicate: str) -> tuple[Term, ...]:
        """The objects of a subject and a predicate, in file order."""
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        return tuple(self._by_subject.get(node, {}).get(predicate, ()))

    def value(self, subject: Node | str, predicate: str) -> Term | None:
        """The only object, or None; an error if there are several."""
        found = self.values(subject, predicate)
        if len(found) > 1:
            raise KnowledgeError(
                f"{self.name_of(subject)} has {len(found)} values for {local_name(predicate)}",
                file=self.file_of(subject),
                mend="leave one",
            )
        return found[0] if found else None

    def text(self, subject: Node | str, predicate: str) -> str:
        """The only literal's text, or the empty string."""
        found = self.value(subject, predicate)
        return found.value if isinstance(found, (ox.Literal, ox.NamedNode)) else ""

    def names(self, subject: Node | str, predicate: str) -> tuple[str, ...]:
        """The local names of the IRIs that are objects, in file order."""
        return tuple(local_name(v.value) for v in self.values(subject, predicate) if isinstance(v, ox.NamedNode))

    def name(self, subject: Node | str, predicate: str) -> str:
        """The local name of the only IRI that is an object, or the empty string."""
        found = self.value(subject, predicate)
        return local_name(found.value) if isinstance(found, ox.NamedNode) else ""

    def predicates(self, subject: Node | str) -> tuple[str, ...]:
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        return tuple(self._by_subject.get(node, {}))

    def pairs(self, predicate: str) -> tuple[tuple[Node, Term], ...]:
        """All (subject, object) pairs of a predicate, in file order."""
        return tuple(self._by_predicate.get(predicate, ()))

    def instances(self, class_iri: str) -> tuple[str, ...]:
        """The IRIs typed with exactly this class, in file order."""
        wanted = ox.NamedNode(class_iri)
        return tuple(
            subject.value
            for subject, value in self._by_predicate.get(Rdf.type, ())
            if value == wanted and isinstance(subject, ox.NamedNode)
        )

    def has(self, subject: Node | str, predicate: str, value: Term) -> bool:
        return value in self.values(subject, predicate)

    def members(self, head: Term, *, place: str = "") -> tuple[Term, ...]:
        """The members of an RDF list; an error if it is not well formed."""
        found: list[Term] = []
        seen: set[Term] = set()
        node: Term = head
        while not (isinstance(node, ox.NamedNode) and node.value == Rdf.nil):
            if isinstance(node, ox.Literal) or node in seen:
                raise KnowledgeError("a list is broken", place=place, mend="close it with rdf:nil")
            seen.add(node)
            first, rest = self.value(node, Rdf.first), self.value(node, Rdf.rest)
            if first is None or rest is None:
                raise KnowledgeError("a list is broken", place=place, mend="write it as ( … )")
            found.append(first)
            node = rest
        return tuple(found)

    def file_of(self, subject: Node | str) -> str:
        """The file in which the subject was first described, or the empty string."""
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        return self._file.get(node, "")

    def file_of_triple(self, subject: Node, predicate: str, value: Term) -> str:
        return self._files_of_axiom.get((subject, predicate, value), "")

    def name_of(self, subject: Node | str) -> str:
        """A short name for messages."""
        if isinstance(subject, str):
            return local_name(subject)
        return local_name(subject.value) if isinstance(subject, ox.NamedNode) else "an anonymous class"

    def label(self, subject: Node | str) -> str:
        return self.text(subject, Rdfs.label)

    def definition(self, subject: Node | str) -> str:
        return self.text(subject, Iao.definition)

    def subclasses(self, class_iri: str) -> tuple[str, ...]:
        """The named classes under a class by asserted subclass and named equivalence, itself first."""
        below: dict[str, None] = {class_iri: None}
        children: defaultdict[str, list[str]] = defaultdict(list)
        for subject, value in self.pairs(Rdfs.subClassOf):
            if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
                children[value.value].append(subject.value)
        pending = [class_iri]
        while pending:
            for child in children[pending.pop(0)]:
                if child not in below:
                    below[child] = None
                    pending.append(child)
        return tuple(below)

    def is_class(self, subject: str) -> bool:
        return self.has(subject, Rdf.type, ox.NamedNode(Owl.Class))


def local_name(iri: str) -> str:
    """What follows the last # or /."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def iris(terms: Iterable[Term]) -> tuple[str, ...]:
    """The IRIs among some terms."""
    return tuple(term.value for term in terms if isinstance(term, ox.NamedNode))
