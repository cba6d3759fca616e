"""What is written down of requests: the method, the pattern of the route, the status and the time. Nothing else.

Paths and queries are left out, since people paste anything into them. Of a fault of ours, the kinds of the exceptions
and the lines of code are kept, and their messages are not: those may hold what was being read.
"""

from __future__ import annotations

import logging
import time
import traceback
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vhkg.server.problems import Refused, respond

LOG = logging.getLogger("vhkg.server")
_DETAIL = "The service met a fault of its own; it is logged without anything of the request."


class Discreet(logging.Formatter):
    """Writes an exception as `told` does, whoever logs it."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is that of the class above
        return told(ei[1]) if ei[1] is not None else ""

    def formatStack(self, stack_info: str) -> str:  # noqa: ARG002, N802
        return ""


def begin(level: str) -> None:
    """Write what this package and the web server say to standard error.

    Other packages have nothing to say here: parsers of forms, say, log the bytes they stumble over.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(logging.NullHandler())
    for name, lowest in (("vhkg", level.upper()), ("uvicorn", "WARNING")):
        logger = logging.getLogger(name)
        logger.setLevel(lowest)
        logger.propagate = False
        logger.addHandler(handler)


class Logged:
    """Every request ends here as a line, and every exception as a line and a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            LOG.error("fault: %s", told(error))
            if status == 0:
                refused = Refused(HTTPStatus.INTERNAL_SERVER_ERROR, _DETAIL)
                await respond(Request(scope, receive), refused)(scope, receive, noted)
        finally:
            took = (time.perf_counter() - start) * 1000
            LOG.info("%s %s %d %.1f ms", _method(scope), _pattern(scope), status, took)


def told(error: BaseException) -> str:
    """Where and of what kind, innermost cause first; no message and no value."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < 5:
        frames = traceback.extract_tb(current.__traceback__)[-3:]
        places = ", ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
        parts.append(f"{type(current).__name__} at {places or 'no frame'}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; from ".join(parts)


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method.isascii() and method.isalpha() and len(method) < 10 else "?"


def _pattern(scope: Scope) -> str:
    """The route that took the request, as it was declared; a path that no route takes is not repeated."""
    route = scope.get("route")
    return str(getattr(route, "path", "-"))
