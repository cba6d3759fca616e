"""RDF terms and patient graphs in plain values, so that no library's types leave the front door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from vhkg.namespaces import Xsd


class Iri(msgspec.Struct, frozen=True, order=True, tag=True):
    value: str

    def __str__(self) -> str:
        return self.value


class Blank(msgspec.Struct, frozen=True, order=True, tag=True):
    """`label` is ours (b0, b1, …) in every graph that is handed on; see `canonical`."""

    label: str

    def __str__(self) -> str:
        return f"_:{self.label}"


class Literal(msgspec.Struct, frozen=True, order=True, tag=True):
    value: str
    datatype: str = Xsd.string.value
    language: str = ""

    def __str__(self) -> str:
        return self.value


Node: TypeAlias = Iri | Blank
Term: TypeAlias = Iri | Blank | Literal
Triple: TypeAlias = tuple[Node, str, Term]


def order_of_term(term: Term) -> tuple[int, str, str, str]:
    """A sort key over all terms: IRIs, then blank nodes by number, then literals."""
    if isinstance(term, Literal):
        return 2, term.value, term.datatype, term.language
    if isinstance(term, Blank):
        return 1, term.label.rjust(12, "0"), "", ""
    return 0, term.value, "", ""


def order_of_triple(triple: Triple) -> tuple[tuple[int, str, str, str], str, tuple[int, str, str, str]]:
    return order_of_term(triple[0]), triple[1], order_of_term(triple[2])


class PatientGraph(msgspec.Struct, frozen=True):
    """The triples of one or more patients: a set, kept sorted."""

    triples: tuple[Triple, ...]

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> PatientGraph:
        return cls(tuple(sorted(set(triples), key=order_of_triple)))


class GraphIndex:
    """Look-up in both directions. Answers keep the order of the graph."""

    def __init__(self, graph: PatientGraph) -> None:
        self._out: dict[Node, dict[str, list[Term]]] = {}
        self._in: dict[Term, dict[str, list[Node]]] = {}
        for subject, predicate, value in graph.triples:
            self._out.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self._in.setdefault(value, {}).setdefault(predicate, []).append(subject)

    @property
    def subjects(self) -> tuple[Node, ...]:
        return tuple(self._out)

    @property
    def objects(self) -> tuple[Term, ...]:
        return tuple(self._in)

    def predicates(self, subject: Node) -> tuple[str, ...]:
        return tuple(self._out.get(subject, ()))

    def values(self, subject: Node, predicate: str) -> tuple[Term, ...]:
        return tuple(self._out.get(subject, {}).get(predicate, ()))

    def subjects_of(self, predicate: str, value: Term) -> tuple[Node, ...]:
        return tuple(self._in.get(value, {}).get(predicate, ()))


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


def quoted(text: str) -> str:
    """A literal's text as N-Triples and Turtle write it, quotation marks included."""
    escaped = _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(), f"\\u{ord(found.group()):04X}"), text)
    return f'"{escaped}"'
