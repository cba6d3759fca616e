"""Problem documents and pages, by what the client prefers."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from starlette.testclient import TestClient

from vhkg.errors import EngineError, InputError, KnowledgeError, UsageError, VhkgError
from vhkg.server.problems import of_error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("it is empty"), HTTPStatus.UNPROCESSABLE_ENTITY),
        (UsageError("it is empty"), HTTPStatus.BAD_REQUEST),
        (EngineError("it is empty"), HTTPStatus.SERVICE_UNAVAILABLE),
        (KnowledgeError("it is empty"), HTTPStatus.INTERNAL_SERVER_ERROR),
    ],
)
def test_errors(error: VhkgError, status: HTTPStatus) -> None:
    refused = of_error(error)
    assert (refused.status, refused.detail) == (status, "It is empty.")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("image/png", "application/problem+json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_form_of_a_problem(client: TestClient, accept: str, kind: str) -> None:
    reply = client.get("/nowhere/Miller", headers={"Accept": accept})
    assert reply.status_code == 404
    assert reply.headers["content-type"] == kind
    assert "Miller" not in reply.text
    if kind.startswith("text/html"):
        assert "There is nothing at this address." in reply.text
    else:
        assert reply.json() == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at this address.",
        }
