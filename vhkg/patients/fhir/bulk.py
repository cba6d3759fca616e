"""A bulk export: NDJSON, one resource or one bundle a line, many patients (https://hl7.org/fhir/uv/bulkdata/).

A line that cannot be read is named and set aside; nothing that it says reaches another patient.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import msgspec

from vhkg.errors import InputError
from vhkg.intake import Document, Format, parse_json_fast
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.bundle import FhirRecord, is_id, lower_first, reference_parts
from vhkg.patients.fhir.flatten import Flattener
from vhkg.patients.fhir.types import READ
from vhkg.patients.tally import Tally

Line = tuple[str, int, bytes]
"""File, number of the line, content."""


class Sink(Protocol):
    """Where the lines of an export go, one after another."""

    def patient(self, name: str) -> None:
        """A patient of the export; the empty string for a bundle that is about nobody."""
        ...

    def holds_patients(self) -> None:
        """The export has a Patient resource, readable or not."""
        ...

    def resource(self, origin: str, value: dict[str, Any]) -> None:
        """A resource with an id or address of its own."""
        ...

    def entries(self, patient: str, server: str, place: str, coded: list[CodedEntry]) -> None:
        """What is said of a patient at one place; `server` is that of the reference, if it names one."""
        ...


def read_bulk(lines: Iterable[Line], tables: CodeTables, tally: Tally) -> dict[str, list[CodedEntry]]:
    """The entries of each patient, by name, in the order of the lines.

    Where the export holds Patient resources, a subject that is none of them is refused; where it holds none, the
    reference is the name. The order of the lines does not matter: of a resource that stands twice with different
    content no version counts.
    """
    export = _Export(tally)
    reader = LineReader(tables, tally, export)
    for file, number, content in lines:
        try:
            reader.line(file, number, content)
        except InputError as error:
            tally.refuse(str(error))
    return export.patients()


class _Export:
    """All of an export, in memory."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._known: set[str] = set()
        self._holds_patients = False
        self._entries: dict[str, list[tuple[str, str, CodedEntry]]] = {}
        self._seen: dict[str, int] = {}
        self._contested: set[str] = set()
        self._servers: set[str] = set()

    def patient(self, name: str) -> None:
        self._known.add(name)

    def holds_patients(self) -> None:
        self._holds_patients = True

    def resource(self, origin: str, value: dict[str, Any]) -> None:
        content = hash(written(value))
        if self._seen.setdefault(origin, content) != content:
            self._contested.add(origin)

    def entries(self, patient: str, server: str, place: str, coded: list[CodedEntry]) -> None:
        self._servers.update({server} - {""})
        self._entries.setdefault(patient, []).extend([(place, server, entry) for entry in coded])

    def patients(self) -> dict[str, list[CodedEntry]]:
        """By patient; a subject that is not among the patients of the export is refused."""
        known = self._known - {""}
        listed = bool(known) or self._holds_patients
        scattered = len(self._servers) > 1
        found: dict[str, list[CodedEntry]] = {name: [] for name in sorted(known)}
        for name, entries in sorted(self._entries.items()):
            for place, server, entry in entries:
                resource = entry.origin.partition("#")[0]
                if resource in self._contested:
                    self._tally.refuse(not_read(place, twice(resource)))
                elif scattered and server:
                    self._tally.refuse(not_read(place, ON_SEVERAL_SERVERS))
                elif listed and name not in known:
                    self._tally.refuse(not_read(place, NOT_LISTED))
                else:
                    found.setdefault(name, []).append(entry)
        return found


ON_SEVERAL_SERVERS = "the subjects of the input are on several servers"
NOT_LISTED = "its subject is not among the patients of the input"


def twice(resource: str) -> str:
    return f"{resource} stands twice with different content"


def not_read(place: str, reason: str) -> str:
    return f"{place}: not read, since {reason}."


def written(value: Any) -> bytes:
    """The content of a resource, whatever the order of its keys."""
    return msgspec.json.encode(value, order="deterministic")


class LineReader:
    """Reads one line after another, each by itself. Raises InputError for one that cannot be read."""

    def __init__(self, tables: CodeTables, tally: Tally, sink: Sink) -> None:
        self._tables, self._tally, self._sink = tables, tally, sink
        self._elements = tables.elements
        self._flattener = Flattener(tables)

    def line(self, file: str, number: int, content: bytes) -> None:
        place = f"line {number}"
        value = _value(file, place, content)
        kind = value.get("resourceType") if isinstance(value, dict) else None
        if kind == "Bundle":
            self._sink.patient(self._record(value, file, place))
            return
        treatment = self._elements.get(f"fhir|{kind}")
        if treatment is None:
            raise InputError("it is no FHIR R4 resource", file=file, place=place, mend="correct its resourceType")
        if treatment == "patient":
            self._patient(value, file, place)
        elif value.get("contained"):
            self._record(value, file, place)
            return
        elif kind in READ:
            self._resource(value, kind, file, place)
            return
        self._tally.count(Fate.IRRELEVANT, str(kind))

    def _record(self, value: dict[str, Any], file: str, place: str) -> str:
        """A bundle, or a resource with what it contains; who the patient is."""
        record = FhirRecord(value, file, self._tables, self._tally, place=place)
        coded = record.coded()
        for origin, content in record.resources():
            self._sink.resource(origin, content)
        if coded:
            self._sink.entries(record.patient, record.server, f"{file}, {place}", coded)
        return record.patient

    def _patient(self, value: dict[str, Any], file: str, place: str) -> None:
        self._sink.holds_patients()
        identity = value.get("id")
        if not isinstance(identity, str) or not is_id(identity):
            raise InputError("a patient without an id", file=file, place=place, mend="give it one")
        if value.get("modifierExtension") or value.get("implicitRules"):
            fault = "the patient has a modifier extension or implicit rules"
            raise InputError(fault, file=file, place=place, mend="remove it if it does not change the meaning")
        self._sink.patient(identity)

    def _resource(self, value: dict[str, Any], kind: str, file: str, place: str) -> None:
        try:
            resource = msgspec.convert(value, READ[kind])
        except msgspec.ValidationError as error:
            raise InputError(lower_first(str(error)), file=file, place=place, mend="correct the resource") from error
        if resource.id and not is_id(resource.id):
            raise InputError("its id is none", file=file, place=place, mend="write letters, digits, hyphens and dots")
        origin = f"{kind}/{resource.id}" if resource.id else f"{file} {place}"
        server, subject, identity = reference_parts(resource.subject.reference if resource.subject else "")
        if f"fhir|{subject}" not in self._elements or not is_id(identity):
            raise InputError("it names no subject", file=file, place=place, mend="name the patient as Patient/id")
        if subject != "Patient":
            self._tally.count(Fate.IRRELEVANT, f"{kind} about a {subject}")
            return
        if resource.id:
            self._sink.resource(origin, value)
        self._sink.entries(identity, server, f"{file}, {place}", self._flattener.entries(resource, origin))


def _value(file: str, place: str, content: bytes) -> Any:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("it is not UTF-8", file=file, place=place, mend="save it as UTF-8") from error
    try:
        return parse_json_fast(Document(name=file, content=content, format=Format.JSON))
    except InputError as error:
        raise InputError(error.fault, file=file, place=place, mend=error.mend) from error
