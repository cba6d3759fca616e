"""The default engine: the knowledge, and answers if there are any, in one pyoxigraph store in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from vhkg.errors import EngineError, KnowledgeError
from vhkg.stores.results import Rows, shown_iri


class EmbeddedStore:
    """Runs trusted queries: the shipped ones. Those of a user belong in `outside.run_outside`."""

    def __init__(self, knowledge: Mapping[str, bytes], answers: bytes = b"") -> None:
        """Load the Turtle among the knowledge files, and answers as Turtle or N-Triples, in the default graph."""
        self._store = load(knowledge, answers)

    def select(self, text: str) -> Rows:
        try:
            result = self._store.query(text)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise EngineError(f"the query was not answered: {error}", mend="check the query") from error
        if not isinstance(result, ox.QuerySolutions):
            raise EngineError("the query is not a SELECT", mend="write it as one")
        columns = tuple(variable.value for variable in result.variables)
        return Rows(columns, tuple(tuple(cell(term) for term in solution) for solution in result))


def load(knowledge: Mapping[str, bytes], answers: bytes = b"") -> ox.Store:
    """A store whose blank nodes have the same names each time, so that what rests on their order is repeatable."""
    store = ox.Store()
    files = {name: content for name, content in sorted(knowledge.items()) if name.endswith(".ttl")}
    if answers:
        files["answers"] = answers
    numbers = itertools.count(1)
    for name, content in files.items():
        try:
            store.bulk_extend(_renamed(content, numbers))
        except (SyntaxError, ValueError) as error:
            raise KnowledgeError(f"not Turtle: {error}", file=name, mend="correct the file") from error
    return store


def _renamed(content: bytes, numbers: Iterator[int]) -> Iterator[ox.Quad]:
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def same(blank: ox.BlankNode) -> ox.BlankNode:
        if blank not in names:
            names[blank] = ox.BlankNode(f"b{next(numbers)}")
        return names[blank]

    for quad in ox.parse(content, format=ox.RdfFormat.TURTLE):
        subject = same(quad.subject) if isinstance(quad.subject, ox.BlankNode) else quad.subject
        value = same(quad.object) if isinstance(quad.object, ox.BlankNode) else quad.object
        yield ox.Quad(subject, quad.predicate, value)


def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """A term as text: the text of a literal, a local name of the ontology, any other IRI in full."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return shown_iri(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
