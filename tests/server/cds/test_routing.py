"""The addresses over HTTP: statuses, origins, and what never leaves: values, requests to others, suggestions."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import jsonschema
import pytest
from starlette.testclient import TestClient

from tests.server.cds.calls import CARDS, DISCOVERY, KEYS, call, prefetch, resource, searchset
from tests.support import ROOT, shipped
from vhkg.server.app import create_app
from vhkg.server.cds.answering import ID
from vhkg.server.service import Service, Settings

URL = f"/cds-services/{ID}"
JSON = {"content-type": "application/json"}
CANARY = "zqmill"
ORIGIN = "https://ehr.example"
TOKEN = {"access_token": CANARY, "token_type": "Bearer", "expires_in": 300, "scope": "a", "subject": "b"}
EXAMPLE = json.loads((ROOT / "docs" / "examples" / "bundle.json").read_bytes())
STATUSES = {"verificationStatus": "confirmed", "clinicalStatus": "active"}
CODED = {name: {"coding": [{"code": code}]} for name, code in STATUSES.items()}


@pytest.fixture(scope="module")
def allowing() -> Iterator[TestClient]:
    settings = Settings(hosts=("testserver",), origins=(ORIGIN,), base="https://vhkg.example")
    with TestClient(create_app(Service(shipped(), settings)), raise_server_exceptions=False) as found:
        yield found


def known(patient: str = "p") -> dict[str, Any]:
    lesion = resource("Condition", "VertebralHemangioma", "c1", patient, **CODED)
    return {"conditions": searchset({"resource": lesion}), "observations": None, "procedures": None}


def test_discovery(client: TestClient) -> None:
    found = client.get("/cds-services")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
    jsonschema.validate(found.json(), DISCOVERY, cls=jsonschema.Draft202012Validator)
    assert set(found.json()["services"][0]["prefetch"]) == set(KEYS.values())


def test_a_call_of_the_example_is_answered_and_not_stored(client: TestClient) -> None:
    given = prefetch(EXAMPLE)
    found = client.post(URL, content=call(given, given["patient"]["id"]), headers=JSON)
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    jsonschema.validate(found.json(), CARDS, cls=jsonschema.Draft202012Validator)
    again = client.post(URL, content=call(given, given["patient"]["id"]), headers=JSON)
    assert again.content == found.content


def test_a_card_leads_to_the_page_in_the_address_of_the_settings(allowing: TestClient, client: TestClient) -> None:
    (card,) = allowing.post(URL, content=call(known()), headers=JSON).json()["cards"]
    assert card["links"][0]["url"].startswith("https://vhkg.example/#k=")
    assert card["links"][0]["url"].endswith("&f=VertebralHemangioma.p")
    (card,) = client.post(URL, content=call(known()), headers=JSON).json()["cards"]
    assert card["source"]["url"] == "http://testserver/article"


class Refusal(NamedTuple):
    method: str
    url: str
    body: bytes | None
    headers: dict[str, str]
    status: int


@pytest.mark.parametrize(
    "case",
    [
        Refusal("POST", "/cds-services/another", call(known()), JSON, 404),
        Refusal("POST", "/cds-services/another/feedback", b"{}", JSON, 404),
        Refusal("GET", URL, None, {}, 405),
        Refusal("PUT", URL, b"{}", JSON, 405),
        Refusal("POST", URL, call(known()), {"content-type": "text/plain"}, 415),
        Refusal("POST", URL, b"{", JSON, 400),
        Refusal("POST", URL, b"{}", JSON, 400),
        Refusal("POST", URL, call(None), JSON, 412),
        Refusal("POST", URL, call(known("q")), JSON, 422),
        Refusal("POST", URL, b" " * (9 << 20), JSON, 413),
        Refusal("POST", f"{URL}/feedback", b"{}", JSON, 400),
    ],
    ids=lambda case: f"{case.method} {case.url} {case.status}",
)
def test_refusals_are_problem_documents(case: Refusal, client: TestClient) -> None:
    found = client.request(case.method, case.url, content=case.body, headers=case.headers)
    assert found.status_code == case.status
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json()["status"] == case.status


def test_feedback_is_taken(client: TestClient) -> None:
    said = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2020-12-11T00:00:00Z"}
    found = client.post(f"{URL}/feedback", content=json.dumps({"feedback": [said]}), headers=JSON)
    assert (found.status_code, found.content) == (200, b"")


@pytest.mark.parametrize("url", ["/cds-services", URL, f"{URL}/feedback"])
def test_only_origins_that_are_allowed_are_told_so(url: str, client: TestClient, allowing: TestClient) -> None:
    asking = {"access-control-request-method": "POST"}
    for who, origin, allowed in [
        (client, ORIGIN, None),
        (allowing, "https://x.example", None),
        (allowing, ORIGIN, ORIGIN),
    ]:
        preflight = who.options(url, headers=asking | {"origin": origin})
        assert preflight.status_code == 204
        assert preflight.headers.get("access-control-allow-origin") == allowed
        refused = who.post(url, content=b"{", headers=JSON | {"origin": origin})
        if url != "/cds-services":
            assert refused.status_code == 400
            assert refused.headers.get("access-control-allow-origin") == allowed
        assert "access-control-allow-credentials" not in preflight.headers
    assert "Origin" in allowing.options(url, headers=asking).headers["vary"]
    assert client.get("/cds-services", headers={"origin": ORIGIN}).headers.get("access-control-allow-origin") is None


def test_nothing_is_fetched_and_the_token_is_never_used(client: TestClient) -> None:
    """A FHIR server that is named, with a token for it, gets no connection."""
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)

        def listen() -> None:
            with contextlib.suppress(TimeoutError):
                asked.append(server.accept())

        thread = threading.Thread(target=listen)
        thread.start()
        body = call(
            {"conditions": None},
            fhirServer=f"http://127.0.0.1:{server.getsockname()[1]}",
            fhirAuthorization={
                "access_token": CANARY,
                "token_type": "Bearer",
                "expires_in": 300,
                "scope": "a",
                "subject": "b",
            },
        )
        found = client.post(URL, content=body, headers=JSON)
        thread.join()
    assert found.status_code == 412
    assert CANARY not in found.text
    assert not asked


def _tainted(value: Any) -> Iterator[Any]:
    """The value with one text in it at a time made a canary; names of members, too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {**{name: each for name, each in value.items() if name != key}, CANARY: inner}
            for changed in _tainted(inner):
                yield {**value, key: changed}
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            for changed in _tainted(inner):
                yield [*value[:place], changed, *value[place + 1 :]]
    else:
        yield CANARY
        yield f"{CANARY} <b>\n{CANARY}"


def test_no_value_stands_in_an_error_or_a_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    whole = json.loads(call(known()))
    statuses = set()
    with caplog.at_level(logging.DEBUG):
        for changed in _tainted(whole):
            found = client.post(URL, content=json.dumps(changed), headers=JSON | {"authorization": f"Bearer {CANARY}"})
            statuses.add(found.status_code)
            if found.status_code == 200:
                jsonschema.validate(found.json(), CARDS, cls=jsonschema.Draft202012Validator)
                assert f"#{CANARY}" not in found.text
            else:
                assert CANARY not in found.text
    assert {200, 400, 412, 422} <= statuses
    assert not statuses & {500}
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("httpx2")]
    assert ours
    assert not [line for line in ours if CANARY in line]
