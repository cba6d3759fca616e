"""How long a connection may take to say what it wants, and to take what it gets.

The server underneath closes connections that are idle between two requests, and no others: a byte every few seconds
(slowloris) would keep one for ever, before a request, in a body that nobody reads, or in a response that is not taken.
Here each of these has an end, and when there are too many connections, the one that has been longest in
sending a request makes room.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Patient(H11Protocol):
    """One connection. The limits in seconds are set by `protocol`."""

    head = 10.0
    """From the connection, or the end of the response before, to the last line of a request's head."""
    body = 15.0
    """From there to the last byte of its body: longer than a route waits for it, which can still say so."""
    taking = 60.0
    """From the first byte of a response that the client does not take to the last."""
    period = 0.5
    """Between two looks at a connection."""
    most = 500
    """Connections at once: half of the handles that a process commonly has, since queries take some as well."""

    _since = 0.0
    _phase: tuple[str, int] = ("", 0)
    _requests = 0
    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as above it
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > self.most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._requests += 1
        super().on_response_complete()

    def _watch(self) -> None:
        """Look, and look again later, as long as there is a connection."""
        now = self.loop.time()
        phase = self._now_in()
        if (phase, self._requests) != self._phase:
            self._phase, self._since = (phase, self._requests), now
        limit = {"head": self.head, "body": self.body, "taking": self.taking}.get(phase)
        if limit is not None and now - self._since > limit:
            self.transport.abort()
            return
        self._look = self.loop.call_later(self.period, self._watch)

    def _now_in(self) -> str:
        """What the connection waits for; empty where that is the application."""
        if self.transport.get_write_buffer_size():
            return "taking"
        if self.conn.their_state is h11.IDLE:
            return "head"
        return "body" if self.conn.their_state is h11.SEND_BODY else ""

    def _make_room(self) -> None:
        others = [each for each in self.connections if isinstance(each, Patient) and each._phase[0] in ("head", "body")]
        min(others, key=lambda each: each._since, default=self).transport.abort()


def protocol(**limits: Any) -> type[Patient]:
    """The connections of a service, with other limits than those above by name."""
    return type("Patient", (Patient,), limits)
