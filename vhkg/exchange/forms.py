"""One document from the files of an ontology, in the forms that Protégé-like tools and query servers load.

The same bytes each time: files in the order of their names, triples in the order of the files, blank nodes numbered.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TypeVar

import pyoxigraph as ox

from vhkg.errors import KnowledgeError, UsageError
from vhkg.namespaces import PREFIXES

UPPER_VOCABULARY = "vhkg.ttl"
_FIRST = ("ontology.ttl", UPPER_VOCABULARY)
"""The header, by the name that it has where it is shipped, then the words that all others use."""

FORMS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def ontology_document(files: Mapping[str, bytes]) -> list[ox.Triple]:
    """The triples of the Turtle files of the ontology proper: no shapes, no derived parts.

    Raises KnowledgeError for a file that is not Turtle.
    """
    return list(_triples({name: text for name, text in files.items() if name.endswith(".ttl") and "/" not in name}))


def everything(published: Mapping[str, bytes]) -> list[ox.Triple]:
    """The triples of all files that a query store holds."""
    return list(_triples(published))


def write(triples: list[ox.Triple], form: str) -> bytes:
    """The document in one of `FORMS`; raises UsageError for another."""
    if form not in FORMS:
        raise UsageError(f"{form!r} is no form", mend=f"choose one of {', '.join(FORMS)}")
    prefixes = PREFIXES if form in ("ttl", "rdfxml") else None
    return ox.serialize(triples, format=FORMS[form], prefixes=prefixes) or b""


def _triples(files: Mapping[str, bytes]) -> Iterator[ox.Triple]:
    numbers = itertools.count(1)
    seen: set[ox.Triple] = set()
    for name, content in sorted(files.items(), key=lambda item: (item[0] not in _FIRST, item[0])):
        names: dict[str, ox.BlankNode] = {}
        try:
            for quad in ox.parse(content, format=ox.RdfFormat.TURTLE):
                triple = ox.Triple(
                    _renamed(quad.subject, names, numbers), quad.predicate, _renamed(quad.object, names, numbers)
                )
                if triple not in seen:
                    seen.add(triple)
                    yield triple
        except (SyntaxError, ValueError) as error:
            raise KnowledgeError(f"not Turtle: {error}", file=name, mend="correct the file") from error


_Any = TypeVar("_Any")


def _renamed(term: _Any, names: dict[str, ox.BlankNode], numbers: Iterator[int]) -> _Any | ox.BlankNode:
    if not isinstance(term, ox.BlankNode):
        return term
    if term.value not in names:
        names[term.value] = ox.BlankNode(f"b{next(numbers)}")
    return names[term.value]
