"""Blank nodes without their labels: equal graphs give equal triples, whatever the file calls its blank nodes.

The blank nodes of a patient graph form a forest (none is the value of two others, none of itself), or the
graph is refused. On a forest a node's own triples, its subtree and its ancestors identify it up to
automorphism, so that sorting by them is exact and takes no search; in general this is graph isomorphism, and
there are small graphs on which the standard algorithm (RDFC-1.0) runs for hours.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from vhkg.errors import InputError
from vhkg.intake.terms import Blank, Node, PatientGraph, Term, Triple, order_of_term

_Edges = dict[Blank, list[tuple[str, Blank]]]


def check_blank_nodes(graph: PatientGraph, file: str) -> None:
    """Refuse a blank node that two blank nodes share, and blank nodes that lead back to themselves."""
    parents: dict[Blank, Blank] = {}
    for subject, _, value in graph.triples:
        if isinstance(subject, Blank) and isinstance(value, Blank):
            if value in parents and parents[value] != subject:
                raise InputError(
                    "a blank node is the value of two blank nodes", file=file, mend="give it an IRI of its own"
                )
            parents[value] = subject
    safe: set[Blank] = set()
    for start in parents:
        path: set[Blank] = set()
        node: Blank | None = start
        while node is not None and node not in safe:
            if node in path:
                raise InputError("blank nodes lead back to themselves", file=file, mend="give them IRIs")
            path.add(node)
            node = parents.get(node)
        safe |= path


def canonical(graph: PatientGraph) -> PatientGraph:
    """The same graph with blank nodes b0, b1, … in an order that depends on their content only."""
    children: _Edges = defaultdict(list)
    own: dict[Blank, list[str]] = {}
    has_parent: set[Blank] = set()
    for subject, predicate, value in graph.triples:
        if isinstance(subject, Blank):
            own.setdefault(subject, [])
            if isinstance(value, Blank):
                children[subject].append((predicate, value))
                has_parent.add(value)
            else:
                own[subject].append(said(predicate, value))
        if isinstance(value, Blank):
            own.setdefault(value, [])
            if not isinstance(subject, Blank):
                own[value].append(borne(subject, predicate))
    if not own:
        return graph
    signature = _signatures(own, children)
    roots = sorted((node for node in own if node not in has_parent), key=signature.__getitem__)
    names: dict[Node, Blank] = {}
    pending = roots[::-1]
    while pending:
        node = pending.pop()
        if node not in names:
            names[node] = Blank(f"b{len(names)}")
            below = sorted(children[node], key=lambda edge: (edge[0], signature[edge[1]]))
            pending.extend(child for _, child in reversed(below))
    return PatientGraph.of(_renamed(triple, names) for triple in graph.triples)


def _signatures(own: dict[Blank, list[str]], children: _Edges) -> dict[Blank, str]:
    """A digest of each node's own triples and subtree, leaves first, without recursion."""
    found: dict[Blank, str] = {}
    pending = list(own)
    while pending:
        node = pending[-1]
        missing = [child for _, child in children[node] if child not in found]
        if missing and node not in found:
            pending.extend(missing)
            continue
        pending.pop()
        if node not in found:
            found[node] = signature(own[node], ((predicate, found[child]) for predicate, child in children[node]))
    return found


def said(predicate: str, value: Term) -> str:
    """What a statement about a blank node adds to what the node is known by."""
    return repr((predicate, order_of_term(value)))


def borne(subject: Term, predicate: str) -> str:
    """What a statement whose value is a blank node adds to what that node is known by."""
    return repr((order_of_term(subject), predicate))


def signature(own: Iterable[str], below: Iterable[tuple[str, str]]) -> str:
    """What a blank node is known by. `below` are predicates that lead to other blank nodes, with their signatures."""
    text = "\x00".join([*sorted(own), *sorted(f"{predicate} {child}" for predicate, child in below)])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _renamed(triple: Triple, names: dict[Node, Blank]) -> Triple:
    subject, predicate, value = triple
    renamed: Term = names.get(value, value) if isinstance(value, Blank) else value
    return names.get(subject, subject), predicate, renamed
