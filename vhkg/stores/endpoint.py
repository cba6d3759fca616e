"""A SPARQL endpoint as an engine: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) over HTTP.

The server is not trusted: its answer is limited in time and size, must be of the type that was asked for, and is
never followed elsewhere. No error repeats what it sent or what was asked, since either may hold a patient's name, nor
what follows the path of its address, which may hold a key.
The standard library is enough: one POST, no session, and an opener with no handler but those for HTTP. It is
imported when it is used, with all that it brings.
"""

from __future__ import annotations

import http
import re
import threading
import time
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

import msgspec

from vhkg.errors import EngineError, UsageError
from vhkg.namespaces import Vhkg
from vhkg.stores.protocol import GRAPH, TABLE, TRUTH, read_graph, read_table
from vhkg.stores.results import Rows, shown_iri
from vhkg.stores.screening import form

_CHUNK = 1 << 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Never asked through the proxy that the environment may name."""
_HELD = f"""SELECT DISTINCT ?what ?version ?digest WHERE {{
  ?held a ?what ; <{Vhkg.knowledgeVersion}> ?version ; <{Vhkg.knowledgeDigest}> ?digest .
  FILTER(?what IN (<{Vhkg.PublishedKnowledge}>, <{Vhkg.Answer}>))
}} ORDER BY ?what ?version ?digest"""
_PUBLISHED, _ANSWER = shown_iri(Vhkg.PublishedKnowledge), shown_iri(Vhkg.Answer)
_PUBLISH = "load there what this version publishes, and nothing older"


class Reply(msgspec.Struct, frozen=True):
    """What a server sent, as far as it matters."""

    status: int
    kind: str
    body: bytes


class Endpoint:
    """The same contract as `EmbeddedStore`, on a server of the user's."""

    def __init__(self, url: str, *, seconds: float = 60.0, size: int = 64 << 20) -> None:
        """`seconds` is for one query from connecting to its last byte, `size` for the bytes of one answer.

        Raises UsageError for an address that is not plain HTTP or HTTPS, or that holds a password.
        """
        self.url = _address(url)
        parts = urlsplit(url)
        self._named = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._local = parts.hostname in _LOOPBACK
        self._seconds = seconds
        self._size = size

    def select(self, text: str) -> Rows:
        return read_table(self._post(text, TABLE), self._fail)

    def own(self, text: str, *, rows: int) -> Rows:
        """Answer a query that we did not write, as it is; the columns and order are those of `run_outside`.

        Raises UsageError for one that is no query, such as an update.
        """
        screened = form(text)
        if screened.form in ("CONSTRUCT", "DESCRIBE"):
            found = read_graph(self._post(text, GRAPH), self._fail)
        else:
            found = read_table(self._post(text, TRUTH if screened.form == "ASK" else TABLE), self._fail)
        ordered = found.rows if screened.ordered else tuple(sorted(found.rows))
        return Rows(found.columns, ordered[:rows], found.truncated or len(ordered) > rows)

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

    def _post(self, text: str, accept: tuple[str, ...]) -> bytes:
        reply = self._within_time(lambda: self._exchange(urlencode({"query": text}).encode(), ", ".join(accept)))
        if 300 <= reply.status < 400:
            self._fail("sends the query elsewhere, which is not followed", "give the address where it ends")
        if reply.status != http.HTTPStatus.OK:
            self._fail(f"answered {_status(reply.status)}", "check the address, and the server's own log")
        if reply.kind not in accept:
            self._fail(f"did not answer with {accept[0]}", "give the address of a SPARQL query service")
        return reply.body

    def _exchange(self, data: bytes, accept: str) -> Reply:
        """Send and read; without an error processor, a redirection comes back as what it is."""
        from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

        opener = OpenerDirector()
        for handler in (ProxyHandler({} if self._local else None), HTTPHandler(), HTTPSHandler()):
            opener.add_handler(handler)
        form_encoded = "application/x-www-form-urlencoded"
        request = Request(self.url, data=data, headers={"Accept": accept, "Content-Type": form_encoded})
        deadline = time.monotonic() + self._seconds
        with opener.open(request, timeout=self._seconds) as response:
            body = bytearray()
            while chunk := response.read1(_CHUNK):
                body += chunk
                if len(body) > self._size:
                    self._fail(f"answered with more than {self._size >> 20} MiB", "ask for less")
                if time.monotonic() > deadline:
                    raise TimeoutError
            kind = response.headers.get_content_type()
            return Reply(response.status, kind, bytes(body))

    def _within_time(self, work: Callable[[], Reply]) -> Reply:
        """Do the work in a thread that is given up when time is over: a socket's timeout covers no whole exchange."""
        from http.client import HTTPException

        outcome: list[Reply | BaseException] = []

        def run() -> None:
            try:
                outcome.append(work())
            except BaseException as error:  # handed to the caller below
                outcome.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._seconds)
        found = outcome[0] if outcome else TimeoutError()
        if isinstance(found, Reply):
            return found
        reason = getattr(found, "reason", found)
        if isinstance(reason, TimeoutError):
            self._fail(f"did not answer within {self._seconds:g} s", "ask for less, or ask again later")
        if isinstance(reason, OSError):
            fault = (reason.strerror or type(reason).__name__).lower()
            self._fail(f"cannot be reached: {fault}", "check the address, and that the server runs")
        if isinstance(found, HTTPException):
            self._fail("did not answer in HTTP", "give the address of a SPARQL query service")
        raise found

    def _fail(self, fault: str, mend: str) -> NoReturn:
        raise EngineError(fault, place=f"the endpoint {self._named}", mend=mend)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isascii()
    except ValueError:
        plain = False
    if not plain or any(character <= " " or character == "\x7f" for character in url):
        raise UsageError(
            "the endpoint is no address", place="--endpoint", mend="give http:// or https://, host and path"
        )
    if "@" in parts.netloc:
        raise UsageError(
            "the endpoint holds a name or password", place="--endpoint", mend="leave it out of the address"
        )
    if parts.fragment:
        raise UsageError("the endpoint has a fragment", place="--endpoint", mend="leave out what follows #")
    return url


def _status(code: int) -> str:
    try:
        return f"{code} {http.HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
