"""Bundles, each a file and a source of its own, into rows: what is plain at once, all else by the reader of one bundle.

Plain is a bundle of one Patient and resources with different ids, nothing contained, that all are about that patient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.fhir.parts import Rows
from vhkg.errors import InputError
from vhkg.intake import Format, document, parse_json_fast
from vhkg.intake.json_values import is_plain
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.bulk import written
from vhkg.patients.fhir.bundle import BUNDLES, MODIFIERS, URL_LENGTH, WRITES, FhirRecord, is_plain_id
from vhkg.patients.fhir.flatten import Resource
from vhkg.patients.fhir.types import READ
from vhkg.patients.phenopackets import is_phenopacket
from vhkg.patients.reading import no_source
from vhkg.patients.tally import Tally

_decode = msgspec.json.Decoder().decode
_JSONLD = b'"@'
"""With a keyword of JSON-LD, it is RDF."""
_GZIP = b"\x1f\x8b"
_MEND = "name a format by the end of the file's name, and give each format by itself"
_LONG = 2 << 20
"""What is longer goes through the front door, which has limits."""


class Plain(NamedTuple):
    """A plain bundle: its patient, the resources that are read by their origins, the kinds of the others, and all."""

    patient: str
    read: list[tuple[str, Resource]]
    others: list[str]
    all: list[tuple[str, Any]]


class Bundles:
    """Reads one file after another. `memory` may have seen others."""

    def __init__(self, knowledge: Knowledge, memory: Memory, *, contents: bool) -> None:
        self.rows = Rows(scoped=True)
        self.tally = Tally("FHIR")
        self.has_patients = False
        self.origins: list[str] = []
        self.contents: list[bytes] = []
        self._memory, self._knowledge, self._notes = memory, knowledge, contents
        self._elements = knowledge.compiled.codes.elements
        self._plain = {kind: model for kind, model in READ.items() if self._elements.get(f"fhir|{kind}") == "read"}
        self._names: set[str] = set()
        self.repeats = False
        """Whether a patient is in two of the files."""

    def read(self, file: str, content: bytes) -> None:
        """Read a file; one that cannot be read is counted and named."""
        self._memory.file = file
        number = len(self.rows.files)
        self.rows.files.append(file)
        found = self._at_once(content)
        try:
            patient = self._kept(found, number) if found else self._exactly(file, content, number)
        except InputError as error:
            self.tally.refuse(str(error))
            return
        if patient:
            self.repeats |= patient in self._names
            self._names.add(patient)
            self.rows.known.add(patient)

    def _kept(self, found: Plain, number: int) -> str:
        add, understood = self.rows.add, self._memory.understood
        for origin, resource in found.read:
            add(found.patient, "", number, origin, understood(resource, origin))
        for kind in found.others:
            self.tally.count(Fate.IRRELEVANT, kind)
        self._note(found.patient, found.all)
        return found.patient

    def _exactly(self, file: str, content: bytes, number: int) -> str:
        source = document(file, content)
        if source.format is not Format.JSON:
            raise InputError(f"it is {source.format}, not FHIR", file=file, mend=_MEND)
        value = parse_json_fast(source)
        if is_phenopacket(value):
            raise InputError("it is a phenopacket, not FHIR", file=file, mend=_MEND)
        if not isinstance(value, dict) or "resourceType" not in value:
            raise no_source(value, file)
        tally = Tally("FHIR")
        record = FhirRecord(value, file, self._knowledge.compiled.codes, tally)
        coded = record.coded()
        self.tally.add(tally)
        for entry in coded:
            origin = entry.origin.partition("#")[0]
            self.rows.add(record.patient, "", number, origin, list(self._memory.each([entry])))
        self._note(record.patient, record.resources())
        return record.patient

    def _note(self, patient: str, resources: Iterable[tuple[str, Any]]) -> None:
        """What stands in two files of a patient may have two contents."""
        for origin, value in resources if self._notes else ():
            self.origins.append(self.rows.scope(patient, origin))
            self.contents.append(hashlib.sha256(written(value)).digest()[:8])

    def _at_once(self, content: bytes) -> Plain | None:
        """A plain bundle; none for any other."""
        if _JSONLD in content or content.startswith(_GZIP) or len(content) > _LONG:
            return None
        try:
            value = _decode(content)
            return self._bundle(value) if is_plain(content, value) else None
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return None

    def _bundle(self, value: Any) -> Plain | None:
        if type(value) is not dict or value.get("resourceType") != "Bundle" or _is_modified(value):
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
                if own or _is_modified(resource):
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


def _is_modified(resource: dict[str, Any]) -> bool:
    return any(resource.get(modifier) for modifier in MODIFIERS)


def _is_about(own: list[str], resource: Resource) -> bool:
    """`own` are the patient's id, ``Patient/id`` and address."""
    reference = resource.subject.reference if resource.subject else ""
    return reference in own[1:] or reference.partition("/_history/")[0] in own[1:]
