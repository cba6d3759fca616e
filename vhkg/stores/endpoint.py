"""A SPARQL endpoint as an engine: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) over HTTP.

The server is not trusted: `exchange` limits what it may do, and its answer must be of the type that was asked for.
"""

from __future__ import annotations

import http
import re
from typing import NoReturn
from urllib.parse import urlencode

from vhkg.namespaces import Vhkg
from vhkg.stores.exchange import Exchange, Reply, Service, checked_graph, status_line
from vhkg.stores.protocol import GRAPH, TABLE, TRUTH, read_graph, read_table
from vhkg.stores.results import Rows, shown_iri
from vhkg.stores.screening import form

_SERVICE = Service(name="the endpoint", wanted="a SPARQL query service", sent="the query")
_CUT = "x-sparql-maxrows"
"""With this header, and with no status or word in the results, Virtuoso says that it left rows out."""
_HELD = f"""SELECT DISTINCT ?what ?version ?digest WHERE {{
  ?held a ?what ; <{Vhkg.knowledgeVersion}> ?version ; <{Vhkg.knowledgeDigest}> ?digest .
  FILTER(?what IN (<{Vhkg.PublishedKnowledge}>, <{Vhkg.Answer}>))
}} ORDER BY ?what ?version ?digest"""
_PUBLISHED, _ANSWER = shown_iri(Vhkg.PublishedKnowledge), shown_iri(Vhkg.Answer)
_PUBLISH = "put there what this version publishes, with `vhkg publish --replace`"


class Endpoint:
    """The same contract as `EmbeddedStore`, on a server of the user's."""

    def __init__(self, url: str, *, graph: str | None = None, seconds: float = 60.0, size: int = 64 << 20) -> None:
        """`seconds` is for one query from connecting to its last byte, `size` for the bytes of one answer.

        `graph` is the graph there that queries are about, if it is not the server's default one. Raises UsageError for
        an address that is not plain HTTP or HTTPS, or that holds a password, and for a graph that is no IRI.
        """
        self._exchange = Exchange(url, _SERVICE, seconds=seconds, size=size)
        self._graph = {} if graph is None else {"default-graph-uri": checked_graph(graph)}

    def select(self, text: str) -> Rows:
        reply = self._post(text, TABLE)
        if _CUT in reply.headers:
            self._fail("left rows out, by a limit of its own", "raise ResultSetMaxRows there")
        return read_table(reply.body, self._fail)

    def own(self, text: str, *, rows: int) -> Rows:
        """Answer a query that we did not write, as it is; the columns and order are those of `run_outside`.

        Raises UsageError for one that is no query, such as an update.
        """
        screened = form(text)
        graph = screened.form in ("CONSTRUCT", "DESCRIBE")
        reply = self._post(text, GRAPH if graph else TRUTH if screened.form == "ASK" else TABLE)
        found = (read_graph if graph else read_table)(reply.body, self._fail)
        ordered = found.rows if screened.ordered else tuple(sorted(found.rows))
        return Rows(found.columns, ordered[:rows], found.truncated or _CUT in reply.headers or len(ordered) > rows)

    def published(self) -> tuple[tuple[str, str], ...]:
        """Version and digest of each knowledge that is published there."""
        return tuple((version, digest) for what, version, digest in self._held() if what == _PUBLISHED)

    def confirm(self, version: str, digest: str) -> None:
        """Raises EngineError unless the endpoint holds this knowledge, no other, and no answers made with another."""
        held = self._held()
        published = [(v, d) for what, v, d in held if what == _PUBLISHED]
        if not published:
            self._fail("holds no published vhkg knowledge", _PUBLISH)
        if len(published) > 1:
            self._fail(f"holds {len(published)} published knowledges", "leave one")
        if published[0] != (version, digest):
            found, theirs = (re.sub(r"[^\w.-]", "?", text, flags=re.ASCII) for text in published[0])
            self._fail(f"holds knowledge {found[:40]} ({theirs[:12]}), not {version} ({digest[:12]})", _PUBLISH)
        if any(what == _ANSWER and found != digest for what, _, found in held):
            self._fail("holds answers that were made with another knowledge", "load the answers of this version")

    def _held(self) -> tuple[tuple[str, ...], ...]:
        found = self.select(_HELD)
        if found.columns != ("what", "version", "digest"):
            self._fail("gave other columns than were asked for", "give the address of a SPARQL query service")
        return found.rows

    def _post(self, text: str, accept: tuple[str, ...]) -> Reply:
        data = urlencode({"query": text, **self._graph}).encode()
        form_encoded = "application/x-www-form-urlencoded"
        headers = {"Accept": ", ".join(accept), "Content-Type": form_encoded}
        reply = self._exchange.send("POST", headers, data)
        if reply.status != http.HTTPStatus.OK:
            self._fail(f"answered {status_line(reply.status)}", "check the address, and the server's own log")
        if reply.kind not in accept:
            self._fail(f"did not answer with {accept[0]}", "give the address of a SPARQL query service")
        return reply

    def _fail(self, fault: str, mend: str) -> NoReturn:
        self._exchange.fail(fault, mend)
