"""Mutants of a knowledge: one small change each, of what a recommendation says or of what its classes mean.

A mutant that no test notices is a fact that nobody watches. What can be changed is found in the ontology, so that a
recommendation that is added is mutated as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from vhkg.model.content import Content, Recommendation
from vhkg.namespaces import Cito, Oa, Owl, Rdf, Rdfs, Vhkg, Xsd
from vhkg.resources import KnowledgeFiles

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Triple: TypeAlias = tuple[Node, str, Term]

_ROLES = (Vhkg.actionIn, Vhkg.conditionIn, Vhkg.exclusionIn, Vhkg.lineIn, Vhkg.modalityIn, Vhkg.supportedIn)
_OTHER = {Owl.intersectionOf: Owl.unionOf, Owl.unionOf: Owl.intersectionOf}
_TRUE = ox.Literal("true", datatype=ox.NamedNode(Xsd.boolean))


class Mutant(NamedTuple):
    """The ontology without some triples and with others; `of` names a recommendation or a class."""

    of: str
    kind: str
    change: str
    ontology: Ontology
    drop: list[Triple]
    add: list[Triple]

    @property
    def files(self) -> KnowledgeFiles:
        """The whole knowledge with the change in it."""
        return self.ontology.changed(self.drop, self.add)

    def __str__(self) -> str:
        return f"{self.of}: {self.kind}: {self.change}"


class Ontology:
    """The triples of a knowledge, indexed, and changed copies of it."""

    def __init__(self, files: KnowledgeFiles) -> None:
        self._files = files
        self._triples: dict[Triple, None] = {}
        self._values: defaultdict[tuple[Node, str], list[Term]] = defaultdict(list)
        for name, text in files.ontology.items():
            if name.endswith(".ttl") and not name.startswith("shapes/"):
                for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                    assert isinstance(quad.subject, (ox.NamedNode, ox.BlankNode))
                    assert not isinstance(quad.object, ox.Triple)
                    self._triples[quad.subject, quad.predicate.value, quad.object] = None
                    self._values[quad.subject, quad.predicate.value].append(quad.object)

    def values(self, subject: Node, predicate: str) -> list[Term]:
        return list(self._values[subject, predicate])

    def nodes(self, subject: Node, predicate: str) -> list[Node]:
        return [each for each in self.values(subject, predicate) if not isinstance(each, ox.Literal)]

    def axioms(self, predicates: Collection[str]) -> list[Triple]:
        """The triples with these predicates, but for those that only place a class under Presentation."""
        presentation = ox.NamedNode(Vhkg.Presentation)
        return [triple for triple in self._triples if triple[1] in predicates and triple[2] != presentation]

    def weakened(self, axiom: Triple) -> KnowledgeFiles:
        """Without the axiom; what it placed under another class stands under the root of that class instead."""
        subject, predicate, value = axiom
        root = value
        while predicate == Rdfs.subClassOf and isinstance(root, ox.NamedNode):
            above = self.nodes(root, Rdfs.subClassOf)
            if not above:
                break
            root = above[0]
        return self.changed([axiom], [(subject, predicate, root)] if root != value else [])

    def subjects(self, predicate: str) -> list[Node]:
        return [subject for subject, own, _ in self._triples if own == predicate]

    def changed(self, drop: list[Triple], add: list[Triple]) -> KnowledgeFiles:
        missing = [triple for triple in drop if triple not in self._triples]
        assert not missing, f"nothing to drop: {missing}"
        gone = set(drop)
        triples = [triple for triple in self._triples if triple not in gone] + add
        merged = ox.serialize(
            (ox.Triple(subject, ox.NamedNode(predicate), value) for subject, predicate, value in triples),
            format=ox.RdfFormat.N_TRIPLES,
        )
        kept = {
            name: text
            for name, text in self._files.ontology.items()
            if not name.endswith(".ttl") or name.startswith("shapes/")
        }
        assert merged is not None
        return KnowledgeFiles({**kept, "merged.ttl": merged}, self._files.queries, digest="mutant")


def of_recommendation(ontology: Ontology, content: Content, given: Recommendation) -> Iterator[Mutant]:
    """Condition, exclusion, line, action, citation and quotation of one recommendation, each changed in turn."""

    def mutant(kind: str, change: str, drop: list[Triple], add: list[Triple]) -> Mutant:
        return Mutant(given.name, kind, change, ontology, drop, add)

    def instead(kind: str, predicate: str, new: list[Term]) -> Iterator[Mutant]:
        old = ontology.values(subject, predicate)
        for value in [each for each in dict.fromkeys(new) if each not in old][:3]:
            drop: list[Triple] = [(subject, predicate, each) for each in old]
            yield mutant(kind, f"{shown(value)} instead", drop, [(subject, predicate, value)])
        if old and kind != "action":
            yield mutant(kind, "dropped", [(subject, predicate, each) for each in old], [])

    subject = ox.NamedNode(content.iris[given.name])
    others = [other for other in content.recommendations if other.name != given.name]

    def terms(names: list[str]) -> list[Term]:
        return [ox.NamedNode(content.iris[name]) for name in names]

    yield from instead("condition", Vhkg.appliesTo, terms([other.condition for other in others]))
    yield from instead("exclusion", Vhkg.excludedBy, terms([other.exclusion or other.condition for other in others]))
    yield from instead("line", Vhkg.line, [ox.Literal(other.line, language="en") for other in others])
    first: list[Triple] = [(subject, Vhkg.isFirstLine, _TRUE)]
    yield mutant("line", "first or not", first if given.first_line else [], [] if given.first_line else first)
    before, after = Vhkg.recommends, Vhkg.advisesAgainst
    if given.direction == "against":
        before, after = after, before
    (target,) = ontology.values(subject, before)
    yield mutant("action", "turned round", [(subject, before, target)], [(subject, after, target)])
    yield from instead("action", before, terms([other.target for other in others]))
    for role in _ROLES:
        for statement in ontology.nodes(subject, role):
            for kind, change, drop, add in _of_statement(ontology, statement):
                yield mutant(kind, change, drop, add)


def _of_statement(ontology: Ontology, statement: Node) -> Iterator[tuple[str, str, list[Triple], list[Triple]]]:
    name, cites = shown(statement), Cito.citesAsEvidence
    cited = ontology.values(statement, cites)
    for source in cited:
        yield "citation", f"{name} without {shown(source)}", [(statement, cites, source)], []
    for source in [each for each in ontology.subjects(Vhkg.marker) if each not in cited][:1]:
        yield "citation", f"{name} with {shown(source)}", [], [(statement, cites, source)]
    for selector in ontology.nodes(statement, Oa.hasSelector):
        for predicate in (Oa.exact, Oa.start, Oa.end):
            for value in ontology.values(selector, predicate):
                assert isinstance(value, ox.Literal)
                text = f"{value.value}x" if predicate == Oa.exact else str(int(value.value) + 1)
                other = (
                    ox.Literal(text, language=value.language)
                    if value.language
                    else (ox.Literal(text, datatype=value.datatype))
                )
                change = f"{shown(predicate)} of {name}"
                yield "quotation", change, [(selector, predicate, value)], [(selector, predicate, other)]


def of_class(ontology: Ontology, content: Content, name: str) -> Iterator[Mutant]:
    """Each operand of a definition dropped, each complement taken back, each union exchanged with an intersection."""
    subject = ox.NamedNode(content.iris[name])
    pending = ontology.nodes(subject, Owl.equivalentClass)
    while pending:
        node = pending.pop()
        if isinstance(node, ox.NamedNode):
            continue
        for predicate, other in _OTHER.items():
            for head in ontology.nodes(node, predicate):
                cells = _cells(ontology, head)
                if len(cells) > 1:
                    change = f"{shown(other)} for {shown(predicate)}"
                    yield Mutant(name, "definition", change, ontology, [(node, predicate, head)], [(node, other, head)])
                    yield from _without_one(ontology, name, (node, predicate), cells)
                pending += [member for cell in cells for member in ontology.nodes(cell, Rdf.first)]
        for operand in ontology.nodes(node, Owl.complementOf):
            change, drop = f"not {_said(ontology, operand)} turned round", [(node, str(Owl.complementOf), operand)]
            yield Mutant(name, "definition", change, ontology, [*drop], [*_alone(node, operand)])
            pending.append(operand)


def _without_one(ontology: Ontology, name: str, start: tuple[Node, str], cells: list[Node]) -> Iterator[Mutant]:
    links = [start, *((cell, str(Rdf.rest)) for cell in cells[:-1])]
    for (before, link), cell in zip(links, cells, strict=True):
        (member,), (rest,) = ontology.nodes(cell, Rdf.first), ontology.nodes(cell, Rdf.rest)
        drop: list[Triple] = [(before, link, cell), (cell, Rdf.first, member), (cell, Rdf.rest, rest)]
        change = f"without {_said(ontology, member)}"
        yield Mutant(name, "definition", change, ontology, drop, [(before, link, rest)])


def _alone(node: Node, operand: Node) -> Iterator[Triple]:
    """The class itself, written as its intersection with itself."""
    cells: list[Node] = [ox.BlankNode(), ox.BlankNode(), ox.NamedNode(Rdf.nil)]
    yield (node, Owl.intersectionOf, cells[0])
    for cell, rest in pairwise(cells):
        yield (cell, Rdf.first, operand)
        yield (cell, Rdf.rest, rest)


def classes_behind(ontology: Ontology, content: Content, names: list[str]) -> list[str]:
    """The defined presentation classes that these classes use, themselves included, by name."""
    by_iri = {content.iris[name]: name for name in content.classes}
    pending: list[Node] = [ox.NamedNode(content.iris[name]) for name in names if name]
    seen = dict.fromkeys(pending)
    while pending:
        node = pending.pop()
        for predicate in (Owl.equivalentClass, *_OTHER, Owl.complementOf, Rdf.first, Rdf.rest):
            for fresh in ontology.nodes(node, predicate):
                if fresh not in seen:
                    seen[fresh] = None
                    pending.append(fresh)
    named = {node.value for node in seen if isinstance(node, ox.NamedNode)}
    return sorted(by_iri[iri] for iri in named if iri in by_iri)


def _cells(ontology: Ontology, head: Node) -> list[Node]:
    cells: list[Node] = []
    while head != ox.NamedNode(Rdf.nil):
        cells.append(head)
        (head,) = ontology.nodes(head, Rdf.rest)
    return cells


def _said(ontology: Ontology, node: Node) -> str:
    if isinstance(node, ox.NamedNode):
        return shown(node)
    for predicate in (Owl.someValuesFrom, Owl.complementOf):
        for value in ontology.nodes(node, predicate):
            return f"{shown(predicate)} {_said(ontology, value)}"
    return "an operand"


def shown(term: Term | str) -> str:
    text = term if isinstance(term, str) else str(term.value)
    return text.rpartition("#")[2]
