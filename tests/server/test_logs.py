"""What is written down of requests and of faults of ours."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from vhkg.server.app import create_app
from vhkg.server.logs import Discreet, Logged, told
from vhkg.server.service import Service

CANARY = "Zqmiller"


def crash(_: Request) -> Response:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise RuntimeError(f"while reading {CANARY}") from error


async def late(_: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one"
        raise RuntimeError(CANARY)

    return StreamingResponse(parts())


@pytest.fixture
def crashing(service: Service) -> Starlette:
    app = create_app(service)
    app.router.routes[:0] = [Route("/crash/{what}", crash, methods=["GET", "POST"]), Route("/late", late)]
    return app


def test_a_crash_is_told_without_what_was_read(crashing: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with TestClient(crashing, raise_server_exceptions=False) as client:
        for accept in ("text/html", "application/json"):
            url, headers = f"/crash/{CANARY}?{CANARY}={CANARY}", {"Accept": accept, "X-Name": CANARY}
            reply = client.post(url, content=CANARY, headers=headers)
            assert reply.status_code == 500
            assert CANARY not in reply.text
            assert "content-security-policy" in reply.headers
    written = [record for record in caplog.records if record.name.startswith("vhkg")]
    assert any("RuntimeError at test_logs.py" in record.getMessage() for record in written)
    assert any("POST /crash/{what} 500" in record.getMessage() for record in written)
    assert not any(CANARY in record.getMessage() or record.exc_info for record in written)


def test_a_crash_in_the_middle_of_a_response(crashing: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with TestClient(crashing, raise_server_exceptions=False) as client:
        client.get("/late")
    messages = [record.getMessage() for record in caplog.records if record.name == "vhkg.server"]
    assert any("RuntimeError" in message for message in messages)
    assert CANARY not in "".join(messages)


def test_of_what_no_route_takes_nothing_is_repeated(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.get(f"/{CANARY}/{CANARY}?{CANARY}")
    client.request(CANARY, "/about")
    lines = [record.getMessage() for record in caplog.records if record.name == "vhkg.server"]
    assert any(line.startswith("GET - 404 ") for line in lines)
    assert CANARY not in "".join(lines)


def test_the_chain_of_causes_is_told() -> None:
    with pytest.raises(RuntimeError) as caught:
        crash(Request({"type": "http"}))
    said = told(caught.value)
    assert said.startswith("RuntimeError at test_logs.py:")
    assert "; from KeyError at test_logs.py:" in said
    assert CANARY not in said


def test_exceptions_that_others_log_are_told_alike() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Discreet("%(message)s"))
    logger = logging.Logger("any")
    logger.addHandler(handler)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logger.exception("a fault", stack_info=True)
    assert stream.getvalue().startswith("a fault\nValueError at test_logs.py:")
    assert CANARY not in stream.getvalue()


def test_what_is_not_http_passes(service: Service) -> None:
    """The lifespan, for one."""
    seen: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    asyncio.run(Logged(inner)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
