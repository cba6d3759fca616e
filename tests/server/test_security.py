"""What goes with each response, and who is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.support import shipped
from vhkg.server.app import create_app
from vhkg.server.security import HEADERS, POLICY
from vhkg.server.service import Service, Settings

ROUTES = sorted({route.path for route in create_app(Service(shipped())).routes if isinstance(route, Route)})
VALUES = {"{name}": "x", "{digest}": "x", "{ending}": "ttl", "{id}": "x"}


def filled(path: str) -> str:
    for name, value in VALUES.items():
        path = path.replace(name, value)
    assert "{" not in path, path
    return path


@pytest.mark.parametrize("path", [*ROUTES, "/nowhere", "/static/x/..%2f..%2fapp.py"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_each_response_has_the_headers(client: TestClient, path: str, method: str) -> None:
    reply = client.request(method, filled(path), follow_redirects=False)
    assert reply.status_code < 500
    for name, value in HEADERS.items():
        assert reply.headers[name] == value
    assert "accept" in reply.headers["vary"].lower()
    assert reply.headers["cache-control"]
    assert "set-cookie" not in reply.headers
    assert "server" not in reply.headers
    if method == "POST":
        assert reply.headers["cache-control"] == "no-store"
    if method == "HEAD":
        assert reply.content == b""
        assert reply.status_code == client.get(filled(path), follow_redirects=False).status_code
    if reply.status_code == 405:
        assert reply.headers["allow"]
    if method == "OPTIONS" and path != "/nowhere" and ".." not in path:
        assert reply.status_code == 405 or reply.headers["allow"]


def test_the_policy_lets_nothing_foreign_in() -> None:
    directives = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert all(set(sources.split()) <= {"'none'", "'self'", "data:"} for sources in directives.values())
    assert "data:" not in directives["script-src"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LocalHost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:80", 421),
        ("", 421),
    ],
)
def test_hosts(client: TestClient, host: str, status: int) -> None:
    assert client.get("/about", headers={"Host": host}).status_code == status


def test_any_host_if_told_so() -> None:
    with TestClient(create_app(Service(shipped(), Settings(hosts=("*",))))) as client:
        assert client.get("/about", headers={"Host": "anything.example"}).status_code == 200


@pytest.fixture(scope="module")
def holding() -> Iterator[TestClient]:
    """A service that holds answers about patients."""
    triple = b"<urn:a> <urn:b> <urn:c> .\n"
    with TestClient(create_app(Service(shipped(), Settings(hosts=("testserver",)), triple))) as client:
        yield client


@pytest.mark.parametrize("path", ["/about", "/queries", "/api/terms", "/sparql?query=ASK%20%7B%7D"])
def test_what_may_be_about_patients_is_not_stored(holding: TestClient, path: str) -> None:
    reply = holding.get(path)
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in reply.headers
