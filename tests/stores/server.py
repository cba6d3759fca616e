"""A real Oxigraph server on a free loopback port, loaded, and stopped by its process id."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from pathlib import Path

from tests.support import ends


@contextlib.contextmanager
def oxigraph(parts: Iterable[bytes]) -> Iterator[str]:
    """The address of the query service of a server that holds these parts, each Turtle, in its default graph."""
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    port = free_port()
    with tempfile.TemporaryDirectory() as location:
        server = subprocess.Popen(
            [program, "serve", "--location", location, "--bind", f"127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with ends():
                waits_for(server, port)
                for part in parts:
                    _load(port, part)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            server.kill()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def waits_for(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(f"the server ended with code {server.returncode}")


def _load(port: int, turtle: bytes) -> None:
    """SPARQL 1.1 Graph Store Protocol: add to the default graph."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/store?default", turtle, {"Content-Type": "text/turtle"})
    reply = connection.getresponse()
    assert reply.status in (201, 204), reply.read()
    connection.close()
