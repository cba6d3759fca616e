"""A patient as a FHIR bundle; patients as a bulk export, or as bundles one a line."""

from __future__ import annotations

import gzip
import json
import random
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.patients.many_formats.fhir_parts import Resource
from tests.patients.many_formats.fhir_resources import ResourceWriter
from tests.patients.many_formats.patient import Patient

_BASE = "https://fhir.example/r4"


def bundle(patient: Patient) -> bytes:
    """References as they occur: relative, with a version, absolute, or by urn:uuid."""
    choice = random.Random(patient.seed)
    resources = [_person(patient), *ResourceWriter(patient, choice).resources()]
    style = choice.choice(("relative", "relative", "version", "absolute", "urn"))
    kind = choice.choice(("collection", "searchset", "transaction", "batch", "document"))
    entries = [_entry(resource, style, kind, choice) for resource in resources]
    me = entries[0].get("fullUrl", "")
    reference = {"version": f"Patient/{patient.name}/_history/3", "absolute": me, "urn": me}.get(style)
    for resource in resources[1:]:
        _refer(resource, reference or f"Patient/{patient.name}")
    if choice.random() < 0.2:
        entries.append(dict(choice.choice(entries)))
    choice.shuffle(entries)
    if kind == "document":
        entries.insert(0, {"resource": {"resourceType": "Composition", "id": "c", "status": "final"}})
    indent = choice.choice((None, 2))
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}, indent=indent).encode()


def bundle_line(patient: Patient) -> bytes:
    return json.dumps(json.loads(bundle(patient))).encode()


def bulk_resources(patient: Patient) -> list[Resource]:
    """What a bulk export holds of a patient: references relative or absolute."""
    choice = random.Random(patient.seed)
    resources = ResourceWriter(patient, choice).resources()
    me = choice.choice(
        (f"Patient/{patient.name}", f"{_BASE}/Patient/{patient.name}", f"Patient/{patient.name}/_history/1")
    )
    for resource in resources:
        _refer(resource, me)
    return [_person(patient), *resources]


def write_bulk(patients: Iterable[Patient], folder: Path, seed: int) -> None:
    """A folder of NDJSON: a file for each type, in several parts where there is much of it, one packed."""
    choice = random.Random(seed)
    by_file: dict[str, list[Resource]] = {}
    for patient in patients:
        for resource in bulk_resources(patient):
            part = choice.choice(("", ".1")) if resource["resourceType"] in ("Condition", "Observation") else ""
            by_file.setdefault(f"{resource['resourceType']}{part}.ndjson", []).append(resource)
    folder.mkdir()
    for name, resources in by_file.items():
        choice.shuffle(resources)
        write_lines(folder / name, [json.dumps(resource) for resource in resources], packed=name == "Condition.ndjson")


def write_lines(path: Path, lines: Sequence[str], *, packed: bool = False) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    if packed:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content))
    else:
        path.write_bytes(content)


def _person(patient: Patient) -> Resource:
    return {"resourceType": "Patient", "id": patient.name, "gender": "unknown", "birthDate": "1980-01-01"}


def _refer(resource: Resource, reference: str) -> None:
    """Name the patient, unless the resource is about something else."""
    for each in (resource, *resource.get("contained", ())):
        if each.get("subject", {}).get("reference", "").startswith("Patient/"):
            each["subject"]["reference"] = reference


def _entry(resource: Resource, style: str, kind: str, choice: random.Random) -> Resource:
    place = f"{resource['resourceType']}/{resource['id']}"
    found: Resource = {"resource": resource}
    if style == "urn":
        found["fullUrl"] = uuid.UUID(int=choice.getrandbits(128), version=4).urn
    elif style == "absolute" or choice.random() < 0.3:
        found["fullUrl"] = f"{_BASE}/{place}"
    if kind in ("transaction", "batch"):
        found["request"] = {"method": "PUT", "url": place}
    if kind == "searchset":
        found["search"] = {"mode": "match"}
    return found
