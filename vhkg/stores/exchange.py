"""One exchange over HTTP with a server that is not trusted: a request, and what came back within limits.

An answer is limited in time and size, and no redirection is followed. No error repeats what was sent or what came
back, since either may hold a patient's name, nor what follows the path of the address, which may hold a key.
The standard library is enough: one request, no session, and an opener with no handler but those for HTTP. It is
imported when it is used, with all that it brings.
"""

from __future__ import annotations

import http
import threading
import time
from collections.abc import Callable, Mapping
from typing import NoReturn
from urllib.parse import urlsplit

import msgspec

from vhkg.errors import EngineError, UsageError
from vhkg.stores.credentials import Challenge, Credentials, authorization, challenge

_CHUNK = 1 << 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Never asked through the proxy that the environment may name."""


class Reply(msgspec.Struct, frozen=True):
    """What a server sent, as far as it matters; `whole` is false where reading stopped because it was enough."""

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str]
    challenges: tuple[str, ...] = ()
    whole: bool = True


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is asked as, in the words of messages."""

    name: str
    wanted: str
    sent: str


class Exchange:
    """Requests to one address, or to that address with other parameters."""

    def __init__(
        self, url: str, service: Service, *, seconds: float, size: int, credentials: Credentials | None = None
    ) -> None:
        """`seconds` is for one request from connecting to its last byte, `size` for the bytes of one answer.

        Raises UsageError for an address that is not plain HTTP or HTTPS, or that holds a password.
        """
        self.url = checked_address(url)
        parts = urlsplit(url)
        self._named = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._local = parts.hostname in _LOOPBACK
        self._secret = self._local or parts.scheme == "https"
        self._service = service
        self._seconds = seconds
        self._size = size
        self._credentials = credentials
        self._challenge: Challenge | None = None
        self._answered = 0

    @property
    def secret(self) -> bool:
        """Whether nobody in between can read what is sent."""
        return self._secret

    def send(
        self,
        method: str,
        headers: Mapping[str, str],
        data: bytes | None = None,
        *,
        url: str | None = None,
        enough: int | None = None,
    ) -> Reply:
        """The answer, whatever its status below 300 or from 400; a challenge is answered once, if that is possible.

        Reading stops after `enough` bytes, if given. Raises EngineError.
        """
        url = url or self.url
        reply = self._once(method, url, headers, data, enough)
        if reply.status == http.HTTPStatus.UNAUTHORIZED and self._credentials:
            asked = challenge(reply.challenges, secret=self._secret)
            if asked is None and reply.challenges and not self._secret:
                self.fail("may ask for the password in the clear", "use https, or a server that takes Digest")
            if asked is not None:
                self._challenge, self._answered = asked, 0
                reply = self._once(method, url, headers, data, enough)
        if 300 <= reply.status < 400:
            self.fail(f"sends {self._service.sent} elsewhere, which is not followed", "give the address where it ends")
        return reply

    def fail(self, fault: str, mend: str) -> NoReturn:
        raise EngineError(fault, place=f"{self._service.name} {self._named}", mend=mend)

    def _once(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None, enough: int | None) -> Reply:
        given = dict(headers)
        if self._challenge and self._credentials:
            self._answered += 1
            parts = urlsplit(url)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            given["Authorization"] = authorization(self._challenge, self._credentials, method, target, self._answered)
        return self._within_time(lambda: self._exchange(method, url, given, data, enough))

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None, enough: int | None
    ) -> Reply:
        """Send and read; without an error processor, a redirection comes back as what it is."""
        from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

        opener = OpenerDirector()
        for handler in (ProxyHandler({} if self._local else None), HTTPHandler(), HTTPSHandler()):
            opener.add_handler(handler)
        request = Request(url, data=data, headers=dict(headers), method=method)
        deadline = time.monotonic() + self._seconds
        with opener.open(request, timeout=self._seconds) as response:
            body = bytearray()
            whole = True
            while chunk := response.read1(_CHUNK):
                body += chunk
                if enough is not None and len(body) >= enough:
                    whole = False
                    break
                if len(body) > self._size:
                    self.fail(f"answered with more than {self._size >> 20} MiB", "ask for less")
                if time.monotonic() > deadline:
                    raise TimeoutError
            return Reply(
                response.status,
                response.headers.get_content_type(),
                bytes(body),
                {name.lower(): value for name, value in response.headers.items()},
                tuple(response.headers.get_all("WWW-Authenticate") or ()),
                whole,
            )

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
            self.fail(f"did not answer within {self._seconds:g} s", "ask for less, or ask again later")
        if isinstance(reason, OSError):
            fault = (reason.strerror or type(reason).__name__).lower()
            self.fail(f"cannot be reached: {fault}", "check the address, and that the server runs")
        if isinstance(found, HTTPException):
            self.fail("did not answer in HTTP", f"give the address of {self._service.wanted}")
        raise found


def checked_address(url: str) -> str:
    """Raises UsageError for what is no address of a server, or holds what must not be in one."""
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


def checked_graph(iri: str) -> str:
    """Raises UsageError for what is no absolute IRI of a graph."""
    scheme, separator, rest = iri.partition(":")
    plain = separator and rest and scheme.isascii() and scheme[:1].isalpha() and scheme.replace("+", "").isalnum()
    if not plain or any(character <= " " or character in '<>"{}|^`\\\x7f' for character in iri):
        raise UsageError("the graph is no absolute IRI", place="--graph", mend="give one, as https://example.org/vhkg")
    return iri


def status_line(code: int) -> str:
    """The number of a status with its phrase, if it has one; never the server's own words."""
    try:
        return f"{code} {http.HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
