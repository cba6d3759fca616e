"""What was sent, and what was not, however a client says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.cds.calls import resource, searchset
from vhkg.server.cds.prefetched import NEEDED, gather

PERSON = {"resourceType": "Patient", "id": "p"}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "forbidden"}]}
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational"}]}
ONE = {"resource": resource("Condition", "BackPain", "c1")}
ALL: dict[str, Any] = {"patient": PERSON, **dict.fromkeys(NEEDED)}


@pytest.mark.parametrize(
    ("conditions", "missing"),
    [
        (None, False),
        (searchset(), False),
        (searchset(ONE), False),
        (ONE["resource"], False),
        (searchset(ONE, link=[{"relation": "self", "url": "http://a"}]), False),
        ({**searchset(ONE), "entry": [*searchset(ONE)["entry"], {"resource": WARNING}]}, False),
        (OUTCOME, True),
        (WARNING, True),
        ({**searchset(ONE), "entry": [*searchset(ONE)["entry"], {"resource": OUTCOME}]}, True),
        (searchset(ONE, link=[{"relation": "next", "url": "http://a"}]), True),
        ({**searchset(ONE), "total": 2}, True),
        ({**searchset(ONE, ONE), "entry": [{**ONE, "search": {"mode": "include"}}], "total": 1}, True),
    ],
)
def test_a_key_is_missing_where_it_holds_less_than_there_is(conditions: Any, missing: bool) -> None:
    assert gather(ALL | {"conditions": conditions}, "p").missing == (("conditions",) if missing else ())


def test_a_key_that_is_not_sent_is_missing() -> None:
    assert gather({"patient": PERSON}, "p").missing == NEEDED
    assert gather({}, "p").missing == NEEDED
    assert gather(dict.fromkeys(NEEDED), "p").missing == ()


def test_the_bundle_holds_each_resource_once_and_nothing_else() -> None:
    other = {"resource": resource("Condition", "BackPain", "c2"), "fullUrl": "https://a.example/Condition/c2"}
    sent = ALL | {
        "conditions": searchset(ONE, other, ONE),
        "observations": searchset(ONE, {"resource": WARNING}),
        "mine": searchset({"resource": resource("Condition", "Pregnancy", "c3")}),
    }
    bundle = json.loads(gather(sent, "p").bundle.content)
    assert bundle["type"] == "collection"
    assert bundle["entry"] == [{"resource": PERSON}, ONE, {"fullUrl": other["fullUrl"], "resource": other["resource"]}]


@pytest.mark.parametrize(
    ("person", "foreign"),
    [(None, False), ({"resourceType": "Patient"}, False), (PERSON, False), ({**PERSON, "id": "q"}, True)],
)
def test_the_patient_is_the_one_of_the_context(person: Any, foreign: bool) -> None:
    found = gather(ALL | {"patient": person}, "p")
    assert found.foreign is foreign
    (entry,) = json.loads(found.bundle.content)["entry"]
    assert entry["resource"]["id"] == ("q" if foreign else "p")
