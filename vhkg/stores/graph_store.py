"""A graph of a store, by the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

A graph is put as a whole, in one request, so that what stands there is of one version or is not there at all. It is
looked at before, since nothing is replaced unasked, and after, since a server that says yes to anything keeps nothing.
"""

from __future__ import annotations

import http
from typing import NoReturn
from urllib.parse import quote, urlsplit

import msgspec

from vhkg.errors import UsageError
from vhkg.stores.credentials import Credentials
from vhkg.stores.exchange import Exchange, Service, checked_graph, status_line

TURTLE = "text/turtle"
"""What every store takes; N-Triples are Turtle."""
_WANTED = "a SPARQL 1.1 Graph Store, as /store on Oxigraph and /sparql-graph-crud-auth on Virtuoso"
_SERVICE = Service(name="the graph store", wanted=_WANTED, sent="the graph")
_GIVEN = ("application/n-triples", "text/turtle", "text/plain", "application/x-turtle", "text/rdf+n3", "text/n3")
_ACCEPT = "application/n-triples, text/turtle;q=0.5"
_GLANCE = 1 << 14
"""Bytes of a graph that tell whether anything stands there."""
_NOT_THERE = (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.NO_CONTENT)
_TAKEN = (http.HTTPStatus.OK, http.HTTPStatus.CREATED, http.HTTPStatus.ACCEPTED, http.HTTPStatus.NO_CONTENT)


class Put(msgspec.Struct, frozen=True):
    """`replaced`: something stood there before. `graph` is None for the default graph."""

    store: str
    graph: str | None
    replaced: bool


class GraphStore:
    """One graph of a store."""

    def __init__(
        self,
        url: str,
        graph: str | None = None,
        *,
        credentials: Credentials | None = None,
        seconds: float = 300.0,
        size: int = 256 << 20,
    ) -> None:
        """`graph` None is the default graph; `seconds` and `size` are those of one request and of one answer.

        Raises UsageError for an address or a graph that is none.
        """
        self._graph = None if graph is None else checked_graph(graph)
        self._known = credentials is not None
        self._exchange = Exchange(url, _SERVICE, seconds=seconds, size=size, credentials=credentials)
        query = urlsplit(url).query
        if any(part.partition("=")[0] in ("graph", "default") for part in query.split("&")):
            raise UsageError("the address names a graph", place="--endpoint", mend="name it with --graph")
        chosen = "default" if graph is None else f"graph={quote(graph, safe='')}"
        self._url = f"{url}&{chosen}" if query else f"{url.removesuffix('?')}?{chosen}"

    def put(self, turtle: bytes, *, replace: bool) -> Put:
        """Make this what the graph holds.

        Raises EngineError where the server is no graph store, does not allow it or does not keep it, and UsageError
        where something stands there already and `replace` is false.
        """
        before = self._holds_anything()
        if before and not replace:
            raise UsageError(
                f"{self._called} of the store is not empty", place="--endpoint", mend="give --replace to replace it"
            )
        reply = self._exchange.send("PUT", {"Content-Type": TURTLE}, turtle, url=self._url)
        self._refused(reply.status)
        if reply.status not in _TAKEN:
            self._fail(f"answered {status_line(reply.status)} to the graph", f"give the address of {_WANTED}")
        # a part of it is enough: some give back no more of a graph than of any result
        if not self._holds_anything():
            self._fail("took the graph and does not give it back", f"give the address of {_WANTED}")
        parts = urlsplit(self._url)
        return Put(f"{parts.scheme}://{parts.netloc}{parts.path}", self._graph, before)

    @property
    def _called(self) -> str:
        return "the default graph" if self._graph is None else "the graph"

    def _holds_anything(self) -> bool:
        reply = self._exchange.send("GET", {"Accept": _ACCEPT}, url=self._url, enough=_GLANCE)
        self._refused(reply.status)
        if reply.status in _NOT_THERE:
            return False
        if reply.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR and self._graph is None:
            self._fail(f"answered {status_line(reply.status)} on its default graph", "name a graph with --graph")
        if reply.status != http.HTTPStatus.OK or reply.kind not in _GIVEN:
            self._fail("does not give a graph as Turtle or N-Triples", f"give the address of {_WANTED}")
        lines = (line.strip() for line in reply.body.splitlines())
        return any(line and not line.startswith((b"#", b"@prefix", b"PREFIX", b"@base")) for line in lines)

    def _refused(self, status: int) -> None:
        if status == http.HTTPStatus.UNAUTHORIZED and self._known:
            self._fail("does not take this name and password", "correct --username, or the password")
        if status == http.HTTPStatus.UNAUTHORIZED:
            self._fail("does not know who asks", "give --username, and the password by --password-file")
        if status == http.HTTPStatus.FORBIDDEN:
            self._fail("does not allow it", "give a name that may write there with --username")

    def _fail(self, fault: str, mend: str) -> NoReturn:
        self._exchange.fail(fault, mend)
