"""The description is OpenAPI 3.1, and what is answered is what it describes."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from tests.server.canaries import CSV, PACKET, TURTLE
from vhkg.server.openapi import description

INVALID = TURTLE.replace(":status :Present", ":status :Present , :Absent")
SENT: dict[str, dict[str, Any]] = {
    "facts": {"content": CSV, "headers": {"Content-Type": "text/csv"}},
    "rows": {"json": {"rows": [{"patient": "p", "finding": "BackPain", "status": "absent"}], "if": {}}},
    "phenopacket": {"json": PACKET},
    "does not conform": {"content": INVALID, "headers": {"Content-Type": "text/turtle"}},
    "a form": {"files": {"file": ("a.csv", CSV)}, "data": {"as-of": "2026-01-02"}},
    "unreadable": {"content": "x", "headers": {"Content-Type": "text/csv"}},
    "another type": {"content": "x", "headers": {"Content-Type": "image/png"}},
    "a reading that is none": {"content": CSV, "headers": {"Content-Type": "text/csv"}, "params": {"reading": "x=y"}},
    "not acceptable": {"content": CSV, "headers": {"Content-Type": "text/csv", "Accept": "image/png"}},
    "too large": {"content": b"x" * ((8 << 20) + 1), "headers": {"Content-Type": "text/csv"}},
}


def test_the_description_is_openapi() -> None:
    errors = list(OpenAPIV31SpecValidator(description("https://example.org/base")).iter_errors())
    assert errors == []


def test_it_names_the_address_that_was_given() -> None:
    assert description("https://example.org")["servers"] == [{"url": "https://example.org"}]
    assert description()["servers"] == [{"url": "/"}]


@pytest.mark.parametrize("path", ["/api/recommend", "/api/explain", "/api/validate"])
@pytest.mark.parametrize("name", SENT)
def test_answers_are_as_described(client: TestClient, path: str, name: str) -> None:
    reply = client.post(path, **SENT[name])
    _described(path, "post", reply)


@pytest.mark.parametrize("accept", ["application/json", "image/png"])
def test_terms_are_as_described(client: TestClient, accept: str) -> None:
    _described("/api/terms", "get", client.get("/api/terms", headers={"Accept": accept}))


def test_every_described_address_is_there(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document == description()
    for path, methods in document["paths"].items():
        for method in methods:
            assert client.request(method, path).status_code not in (404, 405)


def test_a_property_that_is_not_described_would_be_found(client: TestClient) -> None:
    """The check can fail."""
    answer = client.post("/api/recommend", **SENT["facts"]).json()
    answer["answers"][0]["verdict"] = "first line"
    assert not _validator("/api/recommend", "post", "200", "application/json").is_valid(answer)


def _described(path: str, method: str, reply: Any) -> None:
    kind = reply.headers["content-type"].partition(";")[0]
    _validator(path, method, str(reply.status_code), kind).validate(reply.json())


def _validator(path: str, method: str, status: str, kind: str) -> Draft202012Validator:
    document = description()
    schema = document["paths"][path][method]["responses"][status]["content"][kind]["schema"]
    return Draft202012Validator({**schema, "components": document["components"]})
