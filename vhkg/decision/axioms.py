"""OWL axioms as formulas over letters: one for each named class and one for each `role some Class`."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import pyoxigraph as ox

from vhkg.errors import KnowledgeError, OutsideFragment
from vhkg.knowledge.graph import Graph, Node, Term, local_name
from vhkg.model.formula import FALSE, TRUE, Conjunction, Disjunction, Formula, Negation, Variable, implication
from vhkg.namespaces import Owl, Rdf, Rdfs


class Letter(NamedTuple):
    """`role` is empty for the class itself and an IRI for the existential restriction to it."""

    iri: str
    role: str = ""


class Origin(NamedTuple):
    """Where an axiom stands, for messages."""

    place: str
    file: str


class AxiomKind(StrEnum):
    SUBCLASS = "rdfs:subClassOf"
    EQUIVALENT = "owl:equivalentClass"
    DISJOINT = "disjoint classes"
    DISJOINT_UNION = "owl:disjointUnionOf"


class Axiom(NamedTuple):
    """Operands in the order of the OWL 2 structural specification: sub before super, union before its parts."""

    kind: AxiomKind
    operands: tuple[Formula, ...]
    origin: Origin

    def constraint(self) -> Formula:
        """What must be true of every element of the domain."""
        first, *others = self.operands
        if self.kind is AxiomKind.SUBCLASS:
            return implication(first, others[0])
        if self.kind is AxiomKind.EQUIVALENT:
            return _equivalence(first, others[0])
        if self.kind is AxiomKind.DISJOINT:
            return _disjointness(self.operands)
        return Conjunction((_equivalence(first, Disjunction(tuple(others))), _disjointness(tuple(others))))


class Letters:
    """The letters met so far, numbered from 1, each with the place where it was first used."""

    def __init__(self) -> None:
        self.all: list[Letter] = []
        self._origins: list[Origin] = []
        self._numbers: dict[Letter, int] = {}

    def number(self, letter: Letter, origin: Origin) -> int:
        if letter not in self._numbers:
            self.all.append(letter)
            self._origins.append(origin)
            self._numbers[letter] = len(self.all)
        return self._numbers[letter]

    def find(self, letter: Letter) -> int | None:
        return self._numbers.get(letter)

    def __getitem__(self, number: int) -> Letter:
        return self.all[number - 1]

    def origin(self, number: int) -> Origin:
        return self._origins[number - 1]

    def name(self, number: int) -> str:
        return local_name(self[number].iri)


class AxiomReader:
    """Reads class axioms of one graph. Assumes that `vhkg.decision.fragment` has let the graph pass."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.letters = Letters()

    def axioms(self) -> tuple[Axiom, ...]:
        graph = self._graph
        found = []
        for predicate, kind in (
            (Rdfs.subClassOf, AxiomKind.SUBCLASS),
            (Owl.equivalentClass, AxiomKind.EQUIVALENT),
            (Owl.disjointWith, AxiomKind.DISJOINT),
        ):
            for subject, value in graph.pairs(predicate):
                origin = Origin(graph.name_of(subject), graph.file_of_triple(subject, predicate, value))
                operands = (self.expression(subject, origin), self.expression(value, origin))
                if kind is not AxiomKind.SUBCLASS:
                    _check_distinct(operands, kind, origin)
                found.append(Axiom(kind, operands, origin))
        for subject, head in graph.pairs(Owl.disjointUnionOf):
            origin = Origin(graph.name_of(subject), graph.file_of_triple(subject, Owl.disjointUnionOf, head))
            parts = self._operands(head, "owl:disjointUnionOf", origin)
            whole = self.expression(subject, origin)
            found.append(Axiom(AxiomKind.DISJOINT_UNION, (whole, *parts), origin))
        for subject, value in graph.pairs(Rdf.type):
            if value == ox.NamedNode(Owl.AllDisjointClasses):
                found.append(self._all_disjoint(subject))
        return tuple(found)

    def _all_disjoint(self, subject: Node) -> Axiom:
        file = self._graph.file_of(subject)
        head = self._graph.value(subject, Owl.members)
        if head is None:
            raise KnowledgeError("owl:AllDisjointClasses has no owl:members", file=file, mend="list the classes")
        names = ", ".join(
            self._graph.name_of(member)
            for member in self._graph.members(head, place="owl:AllDisjointClasses")
            if not isinstance(member, ox.Literal)
        )
        origin = Origin(f"owl:AllDisjointClasses of {names}", file)
        return Axiom(AxiomKind.DISJOINT, self._operands(head, "owl:AllDisjointClasses", origin), origin)

    def expression(self, node: Term, origin: Origin, above: frozenset[Node] = frozenset()) -> Formula:
        if isinstance(node, ox.Literal):
            raise KnowledgeError("a literal stands where a class belongs", file=origin.file, place=origin.place)
        if isinstance(node, ox.NamedNode):
            return self._named(node.value, origin)
        if node in above:
            raise OutsideFragment("an anonymous class contains itself", file=origin.file, place=origin.place)
        graph, above = self._graph, above | {node}
        forms = [p for p in graph.predicates(node) if p in _CONSTRUCTORS]
        if len(forms) != 1:
            fault = "an anonymous class has no constructor" if not forms else "an anonymous class has two constructors"
            raise OutsideFragment(fault, file=origin.file, place=origin.place, mend="give it exactly one")
        value = graph.value(node, forms[0])
        assert value is not None
        if forms[0] == Owl.someValuesFrom:
            return self._restriction(node, value, origin)
        if forms[0] == Owl.complementOf:
            return Negation(self.expression(value, origin, above))
        operands = self._operands(value, f"owl:{local_name(forms[0])}", origin, above)
        return Conjunction(operands) if forms[0] == Owl.intersectionOf else Disjunction(operands)

    def _operands(
        self, head: Term, construct: str, origin: Origin, above: frozenset[Node] = frozenset()
    ) -> tuple[Formula, ...]:
        members = self._graph.members(head, place=origin.place)
        operands = tuple(self.expression(member, origin, above) for member in members)
        _check_distinct(operands, construct, origin)
        return operands

    def _named(self, iri: str, origin: Origin) -> Formula:
        if iri == Owl.Thing:
            return TRUE
        if iri == Owl.Nothing:
            return FALSE
        if not self._graph.is_class(iri):
            raise KnowledgeError(
                f"{local_name(iri)} is not declared as an owl:Class",
                file=origin.file,
                place=origin.place,
                mend="declare it or correct its name",
            )
        return Variable(self.letters.number(Letter(iri), origin))

    def _restriction(self, node: Node, filler: Term, origin: Origin) -> Formula:
        role = self._graph.value(node, Owl.onProperty)
        if not isinstance(role, ox.NamedNode):
            raise OutsideFragment(
                "a restriction is not on a named property", file=origin.file, place=origin.place, mend="name the role"
            )
        if not isinstance(filler, ox.NamedNode):
            raise OutsideFragment(
                f"the filler of {local_name(role.value)} is not a named class",
                file=origin.file,
                place=origin.place,
                mend="give the finding a name",
            )
        return Variable(self.letters.number(Letter(filler.value, role.value), origin))


_CONSTRUCTORS = (Owl.unionOf, Owl.intersectionOf, Owl.complementOf, Owl.someValuesFrom)


def _check_distinct(operands: tuple[Formula, ...], construct: str, origin: Origin) -> None:
    """OWL 2 wants two classes at least, structurally different: reasoners differ on fewer."""
    if len(operands) < 2 or len(set(operands)) < len(operands):
        raise OutsideFragment(
            f"{construct} has fewer than two classes, or one twice",
            file=origin.file,
            place=origin.place,
            mend="name each class once",
        )


def _equivalence(left: Formula, right: Formula) -> Formula:
    return Conjunction((implication(left, right), implication(right, left)))


def _disjointness(operands: tuple[Formula, ...]) -> Formula:
    return Conjunction(
        tuple(
            Negation(Conjunction((left, right)))
            for position, left in enumerate(operands)
            for right in operands[position + 1 :]
        )
    )
