"""How much of requests' bodies is held at once, over all of them.

Each body has a limit of its own; some hundred clients that send as much as that, slowly, would still fill the memory.
What would go over the sum is refused at once, and those that are being served go on.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vhkg.server.problems import refuse

_DETAIL = "The service holds as much of other requests as it may; send it again in a moment."


class Weighed:
    """Counts what has come of each body until its response is over. Over `most` bytes: 503 with Retry-After."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = 0

        async def weighed() -> Message:
            nonlocal own
            message = await receive()
            size = len(message.get("body", b"")) if message["type"] == "http.request" else 0
            own += size
            self._held += size
            if self._held > self._most:
                refuse(HTTPStatus.SERVICE_UNAVAILABLE, _DETAIL, Retry_After="2", Connection="close")
            return message

        try:
            await self._app(scope, weighed, send)
        finally:
            self._held -= own
