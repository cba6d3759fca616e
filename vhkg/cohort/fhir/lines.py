"""Lines of NDJSON, one after another, into rows: what is plain at once, all else by the reader of one export.

Plain is a resource of a kind that is read, with an id, a subject, and nothing contained; a Patient with an id; a
resource of a kind that states nothing; and a plain bundle.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.fhir.overall import digest
from vhkg.cohort.fhir.parts import PieceLine, Rows, has_line
from vhkg.cohort.fhir.plain import PlainBundles, is_modified
from vhkg.errors import InputError
from vhkg.intake.json_values import is_plain
from vhkg.model.coded import CodedEntry
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.bulk import LineReader
from vhkg.patients.fhir.bundle import is_id, is_plain_id, reference_parts
from vhkg.patients.fhir.types import READ
from vhkg.patients.tally import Tally

_decode = msgspec.json.Decoder().decode
_MOST_SUBJECTS = 100_000


class Lines:
    """Reads the lines of one piece. `memory` may have seen others."""

    def __init__(self, knowledge: Knowledge, memory: Memory) -> None:
        self.rows = Rows()
        self.tally = Tally("FHIR NDJSON")
        self.has_patients = False
        self.origins: list[str] = []
        self.places: list[int] = []
        self._memory = memory
        self._elements = knowledge.compiled.codes.elements
        self._exact = LineReader(knowledge.compiled.codes, self.tally, self)
        self._plain = {kind: model for kind, model in READ.items() if self._elements.get(f"fhir|{kind}") == "read"}
        self._bundles = PlainBundles(knowledge.compiled.codes)
        self._subjects: dict[str, tuple[str, str]] = {}
        self._number = 0

    def line(self, file: str, number: int, content: bytes) -> None:
        """Read a line; one that cannot be read is counted and named, and a blank one passed over."""
        if self._at_once(number, content):
            return
        if not content.strip():
            return
        self._number = number
        try:
            self._exact.line(file, PieceLine(number), content)
        except InputError as error:
            self.tally.refuse(str(error))

    def refuse(self, file: str, number: int, fault: str, mend: str) -> None:
        """Count and name a line of which nothing is read."""
        self.tally.refuse(str(InputError(fault, file=file, place=f"line {PieceLine(number)}", mend=mend)))

    def _at_once(self, number: int, content: bytes) -> bool:
        """Read a plain line; false for any other, of which nothing is kept then."""
        try:
            value = _decode(content)
            kind: Any = value.get("resourceType") if type(value) is dict else None
            if type(kind) is not str:
                return False
            model = self._plain.get(kind)
            if model is None:
                return is_plain(content, value) and self._without_facts(number, kind, value)
            if "contained" in value:
                return False
            if not is_plain(content, value):
                return False
            resource = msgspec.convert(value, model)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return False
        reference = resource.subject.reference if resource.subject else ""
        found = self._subjects.get(reference) or self._subject(reference)
        if found is None or not is_plain_id(resource.id):
            return False
        server, patient = found
        origin = f"{kind}/{resource.id}"
        self.origins.append(origin)
        self.places.append(number)
        self.rows.add(patient, server, number, origin, self._memory.understood(resource, origin))
        return True

    def _without_facts(self, number: int, kind: str, value: dict[str, Any]) -> bool:
        """Read a line that states nothing by itself, or a bundle; false if it is not plain."""
        if kind == "Bundle":
            return self._bundle(number, value)
        treatment = self._elements.get(f"fhir|{kind}")
        if treatment == "patient":
            identity = value.get("id")
            if type(identity) is not str or not is_plain_id(identity) or is_modified(value):
                return False
            self.has_patients = True
            self.rows.known.add(identity)
        elif treatment is None or kind in READ or "contained" in value:
            return False
        self.tally.count(Fate.IRRELEVANT, kind)
        return True

    def _bundle(self, number: int, value: dict[str, Any]) -> bool:
        found = self._bundles.bundle(value)
        if found is None:
            return False
        for origin, read in found.read:
            self.rows.add(found.patient, "", number, origin, self._memory.understood(read, origin))
        for kind in found.others:
            self.tally.count(Fate.IRRELEVANT, kind)
        self._number = number
        for origin, resource in found.all:
            self.resource(origin, resource)
        self.patient(found.patient)
        return True

    def _subject(self, reference: str) -> tuple[str, str] | None:
        """Server and name of the patient that is referred to, if one is."""
        server, kind, identity = reference_parts(reference)
        if kind != "Patient" or not is_id(identity) or "fhir|Patient" not in self._elements:
            return None
        if len(self._subjects) > _MOST_SUBJECTS:
            self._subjects.clear()
        found = self._subjects[reference] = (server, identity)
        return found

    # --- what the exact reader finds: vhkg.patients.fhir.bulk.Sink

    def patient(self, name: str) -> None:
        if name:
            self.rows.known.add(name)

    def holds_patients(self) -> None:
        self.has_patients = True

    def resource(self, origin: str, value: dict[str, Any]) -> None:  # noqa: ARG002 read anew where it matters
        if not has_line(origin):  # else it is the only one of its name
            self.origins.append(origin)
            self.places.append(self._number)

    def entries(self, patient: str, server: str, place: str, coded: list[CodedEntry]) -> None:  # noqa: ARG002 the line has it
        for entry in coded:
            origin = entry.origin.partition("#")[0]
            self.rows.add(patient, server, self._number, origin, list(self._memory.each([entry])))


class Contents:
    """Lines that are read anew for the contents of their resources: `found` are origins and digests."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.found: list[tuple[str, bytes]] = []
        self._exact = LineReader(knowledge.compiled.codes, Tally("FHIR NDJSON"), self)

    def line(self, file: str, number: int, content: bytes) -> None:
        with suppress(InputError):
            self._exact.line(file, PieceLine(number), content)

    def patient(self, name: str) -> None:
        """Known already."""

    def holds_patients(self) -> None:
        """Known already."""

    def resource(self, origin: str, value: dict[str, Any]) -> None:
        self.found.append((origin, digest(value)))

    def entries(self, patient: str, server: str, place: str, coded: list[CodedEntry]) -> None:
        """Known already."""
