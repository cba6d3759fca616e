"""The tests of the W3C for the SPARQL 1.1 Protocol, read from their manifest."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from tests.support import ROOT
from vhkg.knowledge.graph import Graph
from vhkg.namespaces import Rdf

SUITE = ROOT.parent / "shared" / "suites" / "sparql11-protocol"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_PATH = "/sparql/"


class Wanted(NamedTuple):
    """One request, and what is expected of the response; `statuses` are first digits."""

    method: str
    query_string: str
    body: bytes
    headers: dict[str, str]
    statuses: frozenset[str]
    form: str
    truth: bool | None


class Entry(NamedTuple):
    name: str
    requests: tuple[Wanted, ...]


def entries(file: str) -> list[Entry]:
    """In the order of the manifest; no entry if the suite is not here."""
    path = SUITE / file
    if not path.is_file():
        return []
    graph = Graph.parse({path.name: b"@base <http://example.org/> .\n" + path.read_bytes()})
    (listed,) = [value for _, value in graph.pairs(_MF + "entries")]
    return [_entry(graph, each) for each in _members(graph, listed)]


def _entry(graph: Graph, node: ox.NamedNode | ox.BlankNode) -> Entry:
    action = graph.value(node, _MF + "action")
    requests = _members(graph, graph.value(_node(action), _HT + "requests")) if action else []
    return Entry(node.value.rpartition("#")[2], tuple(_wanted(graph, each) for each in requests))


def _wanted(graph: Graph, request: ox.NamedNode | ox.BlankNode) -> Wanted:
    path = graph.text(request, _HT + "absolutePath")
    assert path.startswith(_PATH)
    headers = {
        graph.text(each, _HT + "fieldName"): graph.text(each, _HT + "fieldValue")
        for each in _members(graph, graph.value(request, _HT + "headers"))
    }
    content = graph.value(request, _HT + "body")
    sent = b""
    if content is not None:
        sent = graph.text(_node(content), _CNT + "chars").encode(graph.text(_node(content), _CNT + "characterEncoding"))
    response = _node(graph.value(request, _HT + "resp"))
    truth = graph.value(response, _MF + "expectedBoolean")
    return Wanted(
        graph.text(request, _HT + "methodName"),
        path.removeprefix(_PATH),
        sent,
        headers,
        frozenset(str(each)[-4] for each in graph.values(response, _MF + "expectedStatus")),
        graph.text(response, _MF + "expectedFormat"),
        None if truth is None else truth.value == "true",
    )


def _node(term: object) -> ox.NamedNode | ox.BlankNode:
    assert isinstance(term, (ox.NamedNode, ox.BlankNode))
    return term


def _members(graph: Graph, head: object) -> list[ox.NamedNode | ox.BlankNode]:
    found: list[ox.NamedNode | ox.BlankNode] = []
    while isinstance(head, ox.BlankNode):
        (first,) = graph.values(head, Rdf.first)
        found.append(_node(first))
        head = graph.value(head, Rdf.rest)
    return found


def data(name: str) -> bytes:
    return Path(SUITE / name).read_bytes()
