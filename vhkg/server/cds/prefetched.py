"""Prefetched resources become one bundle about one patient, which is then read like any file.

A key that is not sent, an OperationOutcome in place of data, and a page of a longer result all say nothing of what is
not there: the service then does not know, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from vhkg.intake import Document, document
from vhkg.intake.document import JSON_FILE_LIMIT

PATIENT = "patient"
TEMPLATES = {
    PATIENT: "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}",
    "procedures": "Procedure?patient={{context.patientId}}",
    "lists": "List?patient={{context.patientId}}",
    "reports": "DiagnosticReport?patient={{context.patientId}}",
}
"""What clients are asked to send: the resources that the FHIR reader reads, and reports, for what they contain."""
NEEDED = ("conditions", "observations", "procedures")
"""Without these, that nothing is recorded of a finding cannot be told from its not being sent."""
_NAME = "prefetch.json"
_OUTCOME = "OperationOutcome"
_FAILED = ("error", "fatal")
Resource = dict[str, Any]


class Prefetched(msgspec.Struct, frozen=True):
    """`missing`: keys of `NEEDED` that were not sent as a whole. `foreign`: the patient is another than asked about."""

    bundle: Document
    missing: tuple[str, ...]
    foreign: bool


def gather(sent: Mapping[str, Resource | None], patient: str) -> Prefetched:
    """One bundle of what was sent under our keys, each resource once; keys that are not ours are passed over.

    Raises InputError for more than a file may hold.
    """
    entries: dict[str, Resource] = {}
    missing = []
    for key in TEMPLATES:
        found = sent.get(key)
        if key in NEEDED and not (key in sent and _whole(found)):
            missing.append(key)
        for entry in _entries(found):
            entries.setdefault(json.dumps(entry, sort_keys=True), entry)
    persons = [entry["resource"] for entry in entries.values() if _kind(entry) == "Patient"]
    for person in persons:
        person.setdefault("id", patient)
    if not persons:
        entries[""] = {"resource": {"resourceType": "Patient", "id": patient}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": list(entries.values())}
    content = json.dumps(bundle).encode()
    foreign = any(person["id"] != patient for person in persons)
    return Prefetched(document(_NAME, content, limit=JSON_FILE_LIMIT), tuple(missing), foreign)


def _entries(found: Resource | None) -> Iterator[Resource]:
    if not found or _is_outcome(found):
        return
    if found.get("resourceType") != "Bundle":
        yield {"resource": found}
        return
    entries = found.get("entry", [])
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict):
            yield {"resource": entry}
        elif not _is_outcome(entry.get("resource")):
            yield {key: entry[key] for key in ("fullUrl", "resource", "modifierExtension") if key in entry}


def _whole(found: Resource | None) -> bool:
    """Whether this is all that there is; null is the specification's word for nothing."""
    if found is None:
        return True
    if _is_outcome(found):
        return False
    if found.get("resourceType") != "Bundle":
        return True
    entries, links, total = found.get("entry", []), found.get("link", []), found.get("total")
    parts = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    if any(_failed(entry.get("resource")) for entry in parts):
        return False
    if isinstance(links, list) and any(isinstance(each, dict) and each.get("relation") == "next" for each in links):
        return False
    matches = [entry for entry in parts if _mode(entry) == "match"]
    return not isinstance(total, int) or len(matches) >= total


def _mode(entry: Resource) -> Any:
    search = entry.get("search")
    if isinstance(search, dict) and "mode" in search:
        return search["mode"]
    return "outcome" if _is_outcome(entry.get("resource")) else "match"


def _kind(entry: Resource) -> Any:
    resource = entry.get("resource")
    return resource.get("resourceType") if isinstance(resource, dict) else None


def _is_outcome(found: Any) -> bool:
    return isinstance(found, dict) and found.get("resourceType") == _OUTCOME


def _failed(found: Any) -> bool:
    issues = found.get("issue") if _is_outcome(found) else None
    return isinstance(issues, list) and any(
        isinstance(issue, dict) and issue.get("severity") in _FAILED for issue in issues
    )
