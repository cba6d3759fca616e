"""Calls of the hook as clients make them, from FHIR bundles; and the specification's tables of what comes back."""

from __future__ import annotations

import json
import uuid
from typing import Any

Json = dict[str, Any]
KEYS = {
    "Patient": "patient",
    "Condition": "conditions",
    "Observation": "observations",
    "Procedure": "procedures",
    "List": "lists",
    "DiagnosticReport": "reports",
}
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"


def searchset(*entries: Json, **rest: Any) -> Json:
    found = [{**each, "search": {"mode": "match"}} for each in entries]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": found, **rest}


def prefetch(bundle: Json) -> Json:
    """What a client would send of a bundle: the patient, and a search result for each other key."""
    entries: dict[str, list[Json]] = {key: [] for key in KEYS.values()}
    for entry in bundle["entry"]:
        if key := KEYS.get(entry["resource"]["resourceType"]):
            entries[key].append({name: entry[name] for name in ("fullUrl", "resource") if name in entry})
    found: Json = {key: searchset(*parts) if parts else None for key, parts in entries.items()}
    # a client reads the patient, and finds it again among what a search includes
    if entries["patient"]:
        found["patient"] = entries["patient"][0]["resource"]
        own = [each for each in entries["patient"] if "fullUrl" in each]
        if own:
            found["conditions"] = found["conditions"] or searchset()
            found["conditions"]["entry"].append({**own[0], "search": {"mode": "include"}})
    return found


def call(sent: Json | None, patient: str = "p", **rest: Any) -> bytes:
    context = {"userId": "Practitioner/example", "patientId": patient, "encounterId": "89284"}
    body = {"hook": "patient-view", "hookInstance": INSTANCE, "context": context, **rest}
    return json.dumps(body if sent is None else body | {"prefetch": sent}).encode()


def resource(kind: str, code: str, identity: str, patient: str = "p", **rest: Any) -> Json:
    coding = {"system": "https://w3id.org/vhkg/ontology#", "code": code}
    subject = {"reference": f"Patient/{patient}"}
    return {"resourceType": kind, "id": identity, "code": {"coding": [coding]}, "subject": subject, **rest}


def _object(required: Json, optional: Json | None = None, **rest: Any) -> Json:
    properties = {**required, **(optional or {})}
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
        **rest,
    }


TEXT = {"type": "string", "minLength": 1, "pattern": r"\S"}
URL = {"type": "string", "pattern": "^https?://[^ ]+$"}
CODING = _object({"code": TEXT}, {"system": TEXT, "display": TEXT})
DISCOVERY = _object(
    {
        "services": {
            "type": "array",
            "items": _object(
                {"hook": TEXT, "description": TEXT, "id": {"type": "string", "pattern": "^[A-Za-z0-9.-]+$"}},
                {
                    "title": TEXT,
                    "prefetch": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
                    "usageRequirements": TEXT,
                },
            ),
        }
    }
)
CARD = _object(
    {
        "summary": {**TEXT, "maxLength": 139},
        "indicator": {"enum": ["info", "warning", "critical"]},
        "source": _object({"label": TEXT}, {"url": URL, "icon": URL, "topic": CODING}),
    },
    {
        "uuid": TEXT,
        "detail": TEXT,
        "suggestions": {"type": "array", "minItems": 1},
        "selectionBehavior": {"enum": ["at-most-one", "any"]},
        "overrideReasons": {"type": "array", "minItems": 1, "items": CODING},
        "links": {
            "type": "array",
            "minItems": 1,
            "items": _object(
                {"label": TEXT, "url": URL, "type": {"enum": ["absolute", "smart"]}}, {"appContext": TEXT}
            ),
        },
    },
    dependentRequired={"suggestions": ["selectionBehavior"]},
)
CARDS = _object({"cards": {"type": "array", "items": CARD}}, {"systemActions": {"type": "array", "minItems": 1}})


def instance(number: int) -> str:
    return str(uuid.UUID(int=number, version=4))
