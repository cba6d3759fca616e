"""Bodies together have a limit; what is over is given back, however a request ends."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.support import shipped
from vhkg.server.app import create_app
from vhkg.server.memory import Weighed
from vhkg.server.problems import Refused
from vhkg.server.service import Service, Settings

ROWS = b"patient,finding,status\n"
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE
CSV = {"content-type": "text/csv"}


def messages(*bodies: bytes) -> Receive:
    left = [{"type": "http.request", "body": each, "more_body": True} for each in bodies]

    async def receive() -> Message:
        await asyncio.sleep(0)
        return left.pop(0) if left else {"type": "http.disconnect"}

    return receive


async def nothing(message: Message) -> None:
    del message


def test_two_bodies_share_the_limit() -> None:
    asyncio.run(share())


async def share() -> None:
    refused: list[tuple[str, HTTPStatus]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del send
        try:
            while (await receive())["type"] == "http.request":
                pass
        except Refused as error:
            refused.append((scope["path"], error.status))

    weighed = Weighed(app, most=100)

    def sent(name: str, *bodies: bytes) -> asyncio.Task[None]:
        return asyncio.ensure_future(weighed({"type": "http", "path": name}, messages(*bodies), nothing))

    await asyncio.gather(sent("a", b"x" * 60, b"x" * 30), sent("b", b"x" * 5, b"x" * 60))
    assert refused == [("b", UNAVAILABLE)]
    await sent("c", b"x" * 100)
    assert refused == [("b", UNAVAILABLE)], "what the others held was given back"
    await sent("d", b"x" * 101)
    assert refused == [("b", UNAVAILABLE), ("d", UNAVAILABLE)]


@pytest.mark.parametrize("path", ["/api/recommend", "/api/validate", "/validate", "/sparql", "/"])
def test_it_is_said_as_a_problem_and_the_next_one_is_served(path: str) -> None:
    service = Service(shipped(), Settings(hosts=("testserver",), held=4096))
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        kind = {"/sparql": "application/sparql-query"}.get(path, "application/x-www-form-urlencoded")
        if path.startswith("/api"):
            kind = "text/csv"
        found = client.post(path, content=ROWS + b"x" * 5000, headers={"content-type": kind})
        assert found.status_code == UNAVAILABLE
        assert found.headers["retry-after"] == "2"
        small = client.post("/api/recommend", content=ROWS + b"p,VertebralHemangioma,present\n", headers=CSV)
        assert small.status_code == HTTPStatus.OK
