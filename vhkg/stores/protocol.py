"""What an endpoint sends, read strictly: SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/)."""

from __future__ import annotations

from typing import NoReturn, Protocol

import msgspec
import pyoxigraph as ox

from vhkg.stores.embedded import cell
from vhkg.stores.results import Rows, shown_iri

TABLE = ("application/sparql-results+json", "application/json")
TRUTH = TABLE
CUT = "#truncated"
"""How the link in the head of a result ends that `vhkg serve` has cut; elsewhere nothing says so."""
GRAPH = ("application/n-triples", "text/plain")


class Fail(Protocol):
    """Raises an EngineError that names the endpoint."""

    def __call__(self, fault: str, mend: str) -> NoReturn: ...


class _Term(msgspec.Struct, frozen=True):
    type: str
    value: str


class _Head(msgspec.Struct, frozen=True):
    vars: list[str] = []
    link: list[str] = []


class _Results(msgspec.Struct, frozen=True):
    bindings: list[dict[str, _Term]]


class _Document(msgspec.Struct, frozen=True):
    head: _Head
    results: _Results | None = None
    boolean: bool | None = None


def read_table(body: bytes, fail: Fail) -> Rows:
    """The rows of a SELECT, or the one row of an ASK; terms become text as in the embedded store."""
    try:
        document = msgspec.json.decode(body, type=_Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fail("sent no SPARQL results in JSON", "give the address of a SPARQL query service")
    if document.boolean is not None:
        return Rows(("answer",), (("true" if document.boolean else "false",),))
    if document.results is None:
        fail("sent neither rows nor a truth value", "give the address of a SPARQL query service")
    columns = tuple(document.head.vars)
    rows = tuple(
        tuple(_cell(found[column], fail) if column in found else "" for column in columns)
        for found in document.results.bindings
    )
    return Rows(columns, rows, any(link.endswith(CUT) for link in document.head.link))


def read_graph(body: bytes, fail: Fail) -> Rows:
    """The triples of a CONSTRUCT or DESCRIBE as rows."""
    try:
        triples = list(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError):
        fail("sent no N-Triples", "give the address of a SPARQL query service")
    return Rows(
        ("subject", "predicate", "object"),
        tuple((cell(each.subject), cell(each.predicate), cell(each.object)) for each in triples),
    )


def _cell(term: _Term, fail: Fail) -> str:
    if term.type == "uri":
        return shown_iri(term.value)
    if term.type == "bnode":
        return f"_:{term.value}"
    if term.type not in ("literal", "typed-literal"):
        fail("sent a kind of term that SPARQL 1.1 does not have", "give the address of a SPARQL 1.1 query service")
    return term.value
