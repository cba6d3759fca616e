"""Sockets that take their time, against a server in this process: each has an end, and others are answered."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn

from tests.support import ends
from vhkg.server.patience import Patient, protocol
from vhkg.server.running import _listening

LIMITS = {"head": 0.5, "body": 0.5, "taking": 0.5, "period": 0.1, "most": 8}
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
BIG = b"x" * (16 << 20)


async def app(scope, receive, send):  # type: ignore[no-untyped-def]  # as small as ASGI can be
    """Answers without reading the body; /big is more than the system buffers; /slow takes longer than the limits."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/slow":
        import asyncio

        await asyncio.sleep(1.2)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": BIG if scope["path"] == "/big" else b"ok"})


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    config = uvicorn.Config(app, http=protocol(**LIMITS), port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join()


def _sent(opened: socket.socket, content: bytes) -> bool:
    """Whether the other side still takes it."""
    try:
        opened.sendall(content)
    except OSError:
        return False
    return True


def _dripped(opened: socket.socket, byte: bytes) -> None:
    """Returns when the connection is closed."""
    opened.settimeout(0.1)
    while _sent(opened, byte):
        with contextlib.suppress(TimeoutError):
            try:
                if not opened.recv(1 << 16):
                    return
            except ConnectionError:
                return


STARTS = {
    "nothing at all": (b"", b""),
    "a head without end": (b"GET / HTTP/1.1\r\nX-Long: ", b"a"),
    "a head without end after a request": (REQUEST + b"GET / HT", b"a"),
    "a body that nobody reads": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", b"a"),
    "a chunked body": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
}


@pytest.mark.parametrize("name", STARTS)
def test_what_is_dripped_has_an_end(name: str, address: tuple[str, int]) -> None:
    start, byte = STARTS[name]
    with ends(), socket.create_connection(address) as opened:
        opened.sendall(start)
        _dripped(opened, byte)


def test_a_response_that_is_not_taken_has_an_end(address: tuple[str, int]) -> None:
    with ends(), socket.create_connection(address) as opened:
        opened.sendall(REQUEST.replace(b"/ ", b"/big "))
        time.sleep(1.5)
        found = 0
        with contextlib.suppress(ConnectionError):
            while part := opened.recv(1 << 20):
                found += len(part)
    assert 0 < found < len(BIG)


def test_a_client_that_takes_its_response_gets_all_of_it(address: tuple[str, int]) -> None:
    assert httpx2.get(f"http://{address[0]}:{address[1]}/big", timeout=60).content == BIG


def test_a_request_that_the_application_takes_long_for_is_answered(address: tuple[str, int]) -> None:
    assert httpx2.get(f"http://{address[0]}:{address[1]}/slow", timeout=30).text == "ok"


def test_requests_one_after_another_stay_on_one_connection(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as opened:
        for _ in range(4):
            time.sleep(0.3)  # together longer than the limit for one
            opened.sendall(REQUEST)
            found = b""
            while not found.endswith(b"0\r\n\r\n"):
                part = opened.recv(1000)
                assert part
                found += part
            assert found.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("start", [b"", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"])
def test_the_longest_waiting_makes_room(start: bytes, address: tuple[str, int]) -> None:
    with ends(), contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(socket.create_connection(address)) for _ in range(int(LIMITS["most"] * 2))]
        for opened in waiting:
            _sent(opened, start)
        assert httpx2.get(f"http://{address[0]}:{address[1]}/", timeout=60).status_code == 200
        waiting[0].settimeout(0.5)
        with contextlib.suppress(ConnectionError):
            while waiting[0].recv(1000):
                pass


def test_replies_are_not_held_back() -> None:
    """The event loop turns off Nagle's algorithm only where the socket names its protocol."""
    with _listening("127.0.0.1", 0) as opened:
        assert opened.proto == socket.IPPROTO_TCP


def test_limits_belong_to_one_service() -> None:
    assert protocol(head=3.0).head == 3.0
    assert Patient.head == 10.0
