"""Plain bundles: one Patient, and resources with different ids, nothing contained, that all are about that patient."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from vhkg.model.coded import CodeTables
from vhkg.patients.fhir.bundle import BUNDLES, MODIFIERS, URL_LENGTH, WRITES, is_plain_id
from vhkg.patients.fhir.flatten import Resource
from vhkg.patients.fhir.types import READ


class Plain(NamedTuple):
    """A plain bundle: its patient, the resources that are read by their origins, the kinds of the others, and all."""

    patient: str
    read: list[tuple[str, Resource]]
    others: list[str]
    all: list[tuple[str, Any]]


class PlainBundles:
    """Tells plain bundles from others. Immutable."""

    def __init__(self, tables: CodeTables) -> None:
        self._elements = tables.elements
        self._plain = {kind: model for kind, model in READ.items() if tables.elements.get(f"fhir|{kind}") == "read"}

    def bundle(self, value: Any) -> Plain | None:
        """The bundle if it is plain. Raises msgspec.ValidationError where a resource is not as FHIR has it."""
        if type(value) is not dict or value.get("resourceType") != "Bundle" or is_modified(value):
            return None
        entries = value.get("entry")
        if value.get("type") not in BUNDLES or type(entries) is not list:
            return None
        names: set[str] = set()
        own: list[str] = []
        found = Plain("", [], [], [])
        for entry in entries:
            resource, address = _entry(entry)
            kind = resource.get("resourceType") if resource else None
            if resource is None or type(kind) is not str or kind == "Bundle" or f"fhir|{kind}" not in self._elements:
                return None
            identity = resource.get("id")
            if type(identity) is not str or not is_plain_id(identity) or "contained" in resource:
                return None
            origin = f"{kind}/{identity}"
            if origin in names or address in names:
                return None
            names.add(origin)
            if address:
                names.add(address)
            found.all.append((origin, resource))
            if kind in self._plain:
                found.read.append((origin, msgspec.convert(resource, self._plain[kind])))
                continue
            found.others.append(kind)
            if kind == "Patient":
                if own or is_modified(resource):
                    return None
                own = [identity, origin, *([address] if address else [])]
        if not own or not all(_is_about(own, resource) for _, resource in found.read):
            return None
        return found._replace(patient=own[0])


def _entry(entry: Any) -> tuple[dict[str, Any] | None, str]:
    """The resource of an entry and its address, if they are plain; else none."""
    if type(entry) is not dict or entry.get("modifierExtension"):
        return None, ""
    resource, address = entry.get("resource"), entry.get("fullUrl", "")
    if type(resource) is not dict or type(address) is not str or len(address) > URL_LENGTH:
        return None, ""
    request = entry.get("request")
    if request is not None and (type(request) is not dict or request.get("method") not in WRITES):
        return None, ""
    return (resource, address) if address.isascii() and address.isprintable() else (None, "")


def is_modified(resource: dict[str, Any]) -> bool:
    return any(resource.get(modifier) for modifier in MODIFIERS)


def _is_about(own: list[str], resource: Resource) -> bool:
    """`own` are the patient's id, ``Patient/id`` and address."""
    reference = resource.subject.reference if resource.subject else ""
    return reference in own[1:] or reference.partition("/_history/")[0] in own[1:]
