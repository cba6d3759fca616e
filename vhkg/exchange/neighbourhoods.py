"""A term with what is stated of it and around it, as triples of the published knowledge and of nothing else.

of it      its own triples, with the anonymous expressions and the selectors in them
around it  the triples that name it, with the whole expression in which they do
beside     of every other term named: its type and label, and the words of a sentence
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

import pyoxigraph as ox

from vhkg.namespaces import Dcterms, Oa, Rdf, Rdfs, Sssom

_Node: TypeAlias = ox.NamedNode | ox.BlankNode
_TELLING = (Rdf.type, Rdfs.label, Oa.hasSelector, Dcterms.license, Dcterms.title_)


class Neighbourhoods:
    """An index over the triples of a knowledge. Immutable."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._order: dict[ox.Triple, int] = {}
        self._out: defaultdict[_Node, list[ox.Triple]] = defaultdict(list)
        self._in: defaultdict[_Node, list[ox.Triple]] = defaultdict(list)
        for place, triple in enumerate(triples):
            self._order[triple] = place
            if isinstance(triple.subject, (ox.NamedNode, ox.BlankNode)):
                self._out[triple.subject].append(triple)
            if isinstance(triple.object, (ox.NamedNode, ox.BlankNode)):
                self._in[triple.object].append(triple)

    def of(self, iri: str) -> list[ox.Triple]:
        """In the order of the knowledge; empty for an IRI that it does not have."""
        term = ox.NamedNode(iri)
        found: dict[ox.Triple, None] = {}
        for triple in self._out.get(term, ()):
            self._downward(triple, found)
        for triple in self._in.get(term, ()):
            for stated in self._upward(triple, set()):
                self._downward(stated, found)
        for node in {node for triple in found for node in (triple.subject, triple.object)} - {term}:
            if isinstance(node, ox.NamedNode):
                for triple in self._out.get(node, ()):
                    if triple.predicate.value in _TELLING:
                        self._downward(triple, found)
        return sorted(found, key=self._order.__getitem__)

    def _downward(self, triple: ox.Triple, found: dict[ox.Triple, None]) -> None:
        """The triple, and what its object says if that has no name or is a selector."""
        pending = [triple]
        while pending:
            each = pending.pop()
            if each in found:
                continue
            found[each] = None
            inner = isinstance(each.object, ox.BlankNode) or each.predicate.value == Oa.hasSelector
            if inner and isinstance(each.object, (ox.NamedNode, ox.BlankNode)):
                pending += self._out.get(each.object, ())

    def _upward(self, triple: ox.Triple, seen: set[_Node]) -> list[ox.Triple]:
        """The triples of named subjects that lead to this one through anonymous nodes; a mapping in full."""
        subject = triple.subject
        if isinstance(subject, ox.NamedNode) and triple.predicate.value == Sssom.subject_id:
            return self._out[subject]
        if not isinstance(subject, ox.BlankNode):
            return [triple]
        if subject in seen:
            return []
        seen.add(subject)
        above = [root for each in self._in.get(subject, ()) for root in self._upward(each, seen)]
        return above or self._out.get(subject, [])
