"""The default engine: the knowledge, and answers if there are any, in one pyoxigraph store in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from vhkg.errors import EngineError, KnowledgeError
from vhkg.stores.results import Rows, shown_iri

FAULTS = (SyntaxError, ValueError, OSError, RuntimeError)
"""What the engine raises for a query that it cannot parse or answer."""


class EmbeddedStore:
    """Runs trusted queries: the shipped ones. Those of a user belong in `outside.run_outside`."""

    def __init__(self, knowledge: Mapping[str, bytes], answers: bytes = b"") -> None:
        """Load the Turtle among the knowledge files, and answers as Turtle or N-Triples, in the default graph."""
        self._store = load(knowledge, answers)

    def select(self, text: str) -> Rows:
        try:
            result = self._store.query(text)
        except FAULTS as error:
            raise EngineError(f"the query was not answered: {error}", mend="check the query") from error
        if not isinstance(result, ox.QuerySolutions):
            raise EngineError("the query is not a SELECT", mend="write it as one")
        columns = tuple(variable.value for variable in result.variables)
        return Rows(columns, tuple(tuple(cell(term) for term in solution) for solution in result))


def load(
    knowledge: Mapping[str, bytes], answers: bytes = b"", named: Mapping[str, Mapping[str, bytes]] | None = None
) -> ox.Store:
    """A store whose blank nodes have the same names each time, so that what rests on their order is repeatable.

    Knowledge and answers are in the default graph; `named` gives the parts of named graphs by IRI. A part that is in
    both has the same blank nodes there.
    """
    store = ox.Store()
    answered = (("answers", answers),) if answers else ()
    _fill(store, (*_turtle(knowledge), *answered), ox.DefaultGraph())
    for name, parts in sorted((named or {}).items()):
        _fill(store, _turtle(parts), ox.NamedNode(name))
    return store


def _turtle(files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    return [(name, content) for name, content in sorted(files.items()) if name.endswith(".ttl")]


def _fill(store: ox.Store, files: Iterable[tuple[str, bytes]], graph: ox.NamedNode | ox.DefaultGraph) -> None:
    numbers = itertools.count(1)
    for name, content in files:
        try:
            store.bulk_extend(_renamed(content, numbers, graph))
        except (SyntaxError, ValueError) as error:
            raise KnowledgeError(f"not Turtle: {error}", file=name, mend="correct the file") from error


def fault_of(error: Exception) -> str:
    """What an error of the engine says about the query that it was given."""
    if isinstance(error, SyntaxError):
        return f"not SPARQL: {error.msg}"
    return f"cannot be answered: {error}"


def _renamed(content: bytes, numbers: Iterator[int], graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def same(blank: ox.BlankNode) -> ox.BlankNode:
        if blank not in names:
            names[blank] = ox.BlankNode(f"b{next(numbers)}")
        return names[blank]

    for quad in ox.parse(content, format=ox.RdfFormat.TURTLE):
        subject = same(quad.subject) if isinstance(quad.subject, ox.BlankNode) else quad.subject
        value = same(quad.object) if isinstance(quad.object, ox.BlankNode) else quad.object
        yield ox.Quad(subject, quad.predicate, value, graph)


def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """A term as text: the text of a literal, a local name of the ontology, any other IRI in full."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return shown_iri(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
