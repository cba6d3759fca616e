"""The application on a socket of this machine, until it is told to stop."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

from vhkg.errors import UsageError
from vhkg.server.app import create_app
from vhkg.server.limits import PACE
from vhkg.server.logs import begin
from vhkg.server.service import Service

_BACKLOG = 256
_KEEP_ALIVE = 5
_GRACE = 5


def serve(service: Service, *, host: str, port: int, level: str, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. `port` 0 takes a free one; `ready` is called with the address in use,
    once all that is served has been loaded.

    Raises UsageError if the address cannot be had.
    """
    import uvicorn

    from vhkg.server.patience import protocol

    settings = service.settings
    listening = _listening(host, port)
    taken = listening.getsockname()[1]
    begin(level)
    config = uvicorn.Config(
        create_app(service),
        http=protocol(body=settings.patience + settings.upload / PACE + _GRACE),
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        ws="none",
    )
    address = f"http://{f'[{host}]' if ':' in host else host}:{taken}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                ready(address)

    with listening, _told_to_stop():
        Server(config).run(sockets=[listening])


@contextlib.contextmanager
def _told_to_stop() -> Iterator[None]:
    """SIGINT and SIGTERM are how it ends, no failure: the server raises them again once it has stopped."""
    before = {each: signal.signal(each, lambda *_: None) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with the protocol named, the event loop turns off Nagle's algorithm, which else delays every reply by 40 ms
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        opened.close()
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(
            f"nothing can listen there: {reason}", place=f"{host}:{port}", mend="choose another --host or --port"
        ) from error
    return opened
