"""A guard for the tests of what must fetch nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def no_network() -> Iterator[None]:
    """Whoever looks up a name or opens a connection fails the test; no handler of errors can hold it back."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the network was used")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        for name in ("getaddrinfo", "gethostbyname", "create_connection"):
            patch.setattr(socket, name, refuse)
        yield
