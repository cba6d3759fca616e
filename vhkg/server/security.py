"""Headers that go with each response, and whom the service answers.

The pages use no inline script or style and nothing from elsewhere, and the policy holds the browser to that (Content
Security Policy Level 3). A name that is not ours in Host is refused, so that a page elsewhere cannot reach a service
on this machine by having its own name point here (DNS rebinding).
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vhkg.server.problems import Refused, respond

POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_DETAIL = "The service does not answer to this host name; allow it with --allow-host."


class Guarded:
    """Adds `HEADERS` where a route has not set them; outermost, so that no response goes without.

    What is made of a request's body is not stored: responses to POST say no-store, and so do all if the service
    holds answers about patients (`private`). What a client accepts decides the form of errors at least, so that
    caches are told.
    """

    def __init__(self, app: ASGIApp, *, private: bool = False) -> None:
        self._app = app
        self._private = private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                kept = scope["method"] in ("GET", "HEAD") and not self._private
                headers.setdefault("Cache-Control", "no-cache" if kept else "no-store")
                headers.add_vary_header("Accept")
            await send(message)

        await self._app(scope, receive, guarded)


class Addressed:
    """Refuses requests whose Host is a name that is not among `hosts`."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "*" not in self._hosts and _host(scope) not in self._hosts:
            await respond(Request(scope), Refused(HTTPStatus.MISDIRECTED_REQUEST, _DETAIL))(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host(scope: Scope) -> str:
    """The name in Host without its port."""
    for name, value in scope["headers"]:
        if name == b"host":
            text = str(value.decode("latin-1")).lower()
            return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]
    return ""
