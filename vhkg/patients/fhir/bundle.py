"""A FHIR bundle, or a single resource with what it contains: one patient, references resolved inside it only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from vhkg.errors import InputError
from vhkg.intake import unprintable
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.flatten import Flattener, Resource
from vhkg.patients.fhir.types import READ, Reference
from vhkg.patients.tally import Tally

BUNDLES = ("batch", "collection", "document", "searchset", "transaction")
"""Types whose entries are resources as they stand (https://hl7.org/fhir/R4/bundle.html); a history holds versions."""
WRITES = (None, "POST", "PUT")
_ID = re.compile(r"[^\s/#?|]{1,64}")
_PLAIN_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
URL_LENGTH = 500


def is_id(value: object) -> bool:
    """Whether it can be an id: wider than FHIR's letters, digits, ``-`` and ``.``, but no part of a reference."""
    if not isinstance(value, str):
        return False
    return is_plain_id(value) or (_ID.fullmatch(value) is not None and not unprintable(value))


def is_plain_id(value: str) -> bool:
    return _PLAIN_ID.fullmatch(value) is not None


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A resource as JSON. `origin` is ``Type/id``, or the fullUrl; `owner` is the resource that contains it, if any."""

    resource: dict[str, Any]
    kind: str
    origin: str
    full_url: str = ""
    owner: str = ""


class FhirRecord:
    """What is said of the one patient of an input. Raises InputError for what cannot be read as such.

    `patient` is empty where nothing in the input is about a patient: its resources are counted all the same. `server`
    is that of the references to a patient who is not in the input, if they name one.
    """

    def __init__(self, value: Any, name: str, tables: CodeTables, tally: Tally, *, place: str = "") -> None:
        self._name, self._place = name, place
        self._elements = tables.elements
        self._flattener = Flattener(tables)
        self._tally = tally
        self._entries: list[Entry] = []
        self._read(value)
        self._by_reference = self._referable()
        self.server = ""
        self.patient = self._patient()
        self._subjects: dict[str, str] = {}

    def coded(self) -> list[CodedEntry]:
        """The entries of the resources that are read, in their order."""
        found: list[CodedEntry] = []
        for entry in self._entries:
            kind = self._elements[f"fhir|{entry.kind}"]
            if kind == "read" and entry.kind in READ:
                found += self._flattened(entry)
            else:
                self._tally.count(Fate.IRRELEVANT, entry.kind)
        return found

    def resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Origin and content of each resource that has an id or an address of its own."""
        return ((each.origin, each.resource) for each in self._entries if not each.owner and "/" in each.origin)

    def _flattened(self, entry: Entry) -> list[CodedEntry]:
        try:
            resource: Resource = msgspec.convert(entry.resource, READ[entry.kind], strict=True)
        except msgspec.ValidationError as error:
            self._refuse(entry, lower_first(str(error)))
            return []
        subject = self._subject(entry, resource.subject)
        return self._flattener.entries(resource, entry.origin) if subject and subject == self.patient else []

    def _subject(self, entry: Entry, subject: Reference | None) -> str:
        """The patient that a resource is about, or the empty string where it is not read."""
        reference = subject.reference if subject else ""
        if not reference:
            self._refuse(entry, "it names no subject")
            return ""
        if reference in self._subjects:
            return self._subjects[reference]
        found = self._resolved(entry, reference)
        if found is not None and found.kind != "Patient":
            self._tally.count(Fate.IRRELEVANT, f"{entry.kind} about a {found.kind}")
            return ""
        if found is not None:
            name = _name_of(found)
            if not reference.startswith("#"):  # what is contained is meant within its own resource
                self._subjects[reference] = name
            return name
        server, kind, identity = reference_parts(reference)
        if f"fhir|{kind}" not in self._elements or not is_id(identity) or server not in ("", self.server):
            raise self._fault(f"the subject of {entry.origin} is not in the input", _CONTAIN)
        if kind != "Patient":
            self._tally.count(Fate.IRRELEVANT, f"{entry.kind} about a {kind}")
            return ""
        if identity != self.patient:
            raise self._fault(f"the subject of {entry.origin} is another patient, who is not in the input", _CONTAIN)
        return identity

    def _resolved(self, entry: Entry, reference: str) -> Entry | None:
        if reference.startswith("#"):
            return self._by_reference.get(f"{entry.owner or entry.origin}{reference}")
        return self._by_reference.get(reference) or self._by_reference.get(_local(reference))

    def _patient(self) -> str:
        """The patient of the input; without a Patient resource, the one that its resources name."""
        patients = {_name_of(entry): entry for entry in self._entries if entry.kind == "Patient"}
        if len(patients) > 1:
            raise self._fault("there are two patients in it", "give one bundle for each patient, or NDJSON")
        for entry in patients.values():
            for modifier in MODIFIERS:
                if entry.resource.get(modifier):
                    raise self._fault(f"{entry.origin} has {modifier}", _IF_NOT_MEANT)
        if patients:
            return next(iter(patients))
        subjects = (entry.resource.get("subject") for entry in self._entries if entry.kind in READ)
        references = (subject.get("reference") for subject in subjects if isinstance(subject, dict))
        parts = [reference_parts(reference) for reference in references if isinstance(reference, str)]
        named = {(server, identity) for server, kind, identity in parts if kind == "Patient" and is_id(identity)}
        if len({identity for _, identity in named}) > 1 or len({server for server, _ in named} - {""}) > 1:
            raise self._fault("its resources are about two patients", "give one bundle for each patient, or NDJSON")
        self.server = max((server for server, _ in named), default="")
        return next((identity for _, identity in named), "")

    def _read(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise self._fault("the JSON is no FHIR resource", "give a Bundle, a resource, or NDJSON with one a line")
        if self._kind(value) != "Bundle":
            self._resource(value, "")
            return
        for modifier in MODIFIERS:
            if value.get(modifier):
                raise self._fault(f"the Bundle has {modifier}", _IF_NOT_MEANT)
        bundle = value.get("type")
        if bundle not in BUNDLES:
            fault = f"a Bundle of type {str(bundle)[:40]!r} is not read" if bundle else "the Bundle has no type"
            raise self._fault(fault, f"give one of {', '.join(BUNDLES)}")
        entries = value.get("entry", [])
        if not isinstance(entries, list):
            raise self._fault("the entry of the Bundle is no array", "correct it")
        for number, entry in enumerate(entries, start=1):
            if not isinstance(entry, dict):
                raise self._fault(f"entry {number} is none", "remove it")
            self._entry(entry, number)

    def _entry(self, entry: dict[str, Any], number: int) -> None:
        request, resource, full_url = entry.get("request"), entry.get("resource"), entry.get("fullUrl", "")
        method = request.get("method") if isinstance(request, dict) else None
        if method == "DELETE":
            raise self._fault(f"entry {number} deletes a resource", "give the resources that remain")
        if not isinstance(resource, dict):
            raise self._fault(f"entry {number} holds no resource", "remove it, or add the resource")
        if method not in WRITES:
            raise self._fault(f"entry {number} changes a resource that is elsewhere", "give the resource as it is")
        if entry.get("modifierExtension"):
            raise self._fault(f"entry {number} has modifierExtension", _IF_NOT_MEANT)
        if self._kind(resource) == "Bundle":
            raise self._fault(f"entry {number} is a Bundle itself", "give its entries")
        if not isinstance(full_url, str) or len(full_url) > URL_LENGTH or unprintable(full_url):
            raise self._fault(f"the fullUrl of entry {number} is none", "correct it")
        self._resource(resource, full_url, number)

    def _resource(self, resource: dict[str, Any], full_url: str, number: int = 1) -> None:
        kind, identity = self._kind(resource), self._identity(resource)
        line = f"{self._name}, {self._place}, " if self._place else ""
        origin = f"{kind}/{identity}" if identity else full_url or f"{line}entry {number}"
        self._entries.append(Entry(resource, kind, origin, full_url))
        contained = resource.get("contained")
        if contained is None:
            return
        if not isinstance(contained, list) or not all(isinstance(inner, dict) for inner in contained):
            raise self._fault(f"{origin} contains what is no resource", "correct its contained")
        for place, inner in enumerate(contained, start=1):
            kind = self._kind(inner)
            if kind == "Bundle" or inner.get("contained"):
                raise self._fault(f"{origin} contains what holds resources itself", "give them as entries")
            address = f"{origin}#{self._identity(inner) or f'contained {place}'}"
            self._entries.append(Entry(inner, kind, address, "", origin))

    def _identity(self, resource: dict[str, Any]) -> str:
        identity = resource.get("id")
        if identity is not None and not is_id(identity):
            fault = f"the id of a resource of type {resource['resourceType']} is none"
            raise self._fault(fault, "write letters, digits, hyphens and dots")
        return identity or ""

    def _kind(self, resource: dict[str, Any]) -> str:
        kind = resource.get("resourceType")
        if not isinstance(kind, str) or f"fhir|{kind}" not in self._elements:
            shown = f"the resource type {kind[:40]!r}" if isinstance(kind, str) else "a resource without its type"
            raise self._fault(f"{shown} is not one of FHIR R4", "correct its resourceType")
        return kind

    def _referable(self) -> dict[str, Entry]:
        """Every resource under its fullUrl, its ``Type/id`` and, if contained, its owner and fragment."""
        found: dict[str, Entry] = {}
        once: list[Entry] = []
        for entry in self._entries:
            keys = (entry.origin, entry.full_url) if entry.full_url else (entry.origin,)
            others = [found[key] for key in keys if key in found]
            if not others:
                once.append(entry)
            elif all(other.resource == entry.resource for other in others):
                self._tally.note("a resource stands twice, and counts once")
            else:
                raise self._fault(f"{entry.origin} stands twice with different content", "leave one version")
            for key in keys:
                found.setdefault(key, entry)
        self._entries = once
        return found

    def _refuse(self, entry: Entry, reason: str) -> None:
        where = ", ".join(part for part in (self._name, self._place, entry.origin) if part)
        self._tally.refuse(f"{where}: not read, since {reason}.")

    def _fault(self, fault: str, mend: str) -> InputError:
        return InputError(fault, file=self._name, place=self._place or None, mend=mend)


MODIFIERS = ("modifierExtension", "implicitRules")
_IF_NOT_MEANT = "remove it if it does not change the meaning"
_CONTAIN = "put the patient into the same file, since nothing is fetched"


def _name_of(entry: Entry) -> str:
    """What a patient is called: one that is contained by its place, since its id names it in that resource only."""
    return (entry.resource.get("id") if not entry.owner else "") or entry.full_url or entry.origin


def reference_parts(reference: str) -> tuple[str, str, str]:
    """The server, empty where the reference is relative, the type and the id."""
    rest, _, identity = _local(reference).rpartition("/")
    server, _, kind = rest.rpartition("/")
    return server, kind, identity


def _local(reference: str) -> str:
    """Without a version; an absolute address stays absolute."""
    return reference.partition("/_history/")[0]


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
