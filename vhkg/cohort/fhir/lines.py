"""Lines of NDJSON, one after another, into rows: what is plain at once, all else by the reader of one export.

Plain is a line with one resource of a kind that is read, with an id, a subject, and nothing contained.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.fhir.parts import PieceLine, Rows
from vhkg.errors import InputError
from vhkg.intake.json_values import is_plain_as
from vhkg.model.coded import CodedEntry
from vhkg.patients.fhir.bulk import LineReader, written
from vhkg.patients.fhir.bundle import is_id, is_plain_id, reference_parts
from vhkg.patients.fhir.types import READ
from vhkg.patients.tally import Tally

_decode = msgspec.json.Decoder().decode
_write = msgspec.json.Encoder(order="deterministic").encode
_MOST_SUBJECTS = 100_000


class Lines:
    """Reads the lines of one piece. `memory` may have seen others."""

    def __init__(self, knowledge: Knowledge, memory: Memory) -> None:
        self.rows = Rows()
        self.tally = Tally("FHIR NDJSON")
        self.has_patients = False
        self.origins: list[str] = []
        self.contents: list[bytes] = []
        self._memory = memory
        self._elements = knowledge.compiled.codes.elements
        self._exact = LineReader(knowledge.compiled.codes, self.tally, self)
        self._plain = {kind: model for kind, model in READ.items() if self._elements.get(f"fhir|{kind}") == "read"}
        self._subjects: dict[str, tuple[str, str] | None] = {}
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
            if type(value) is not dict or "contained" in value:
                return False
            kind: Any = value.get("resourceType")
            model = self._plain.get(kind) if type(kind) is str else None
            if model is None:
                return False
            text = _write(value)
            if not is_plain_as(content, text):
                return False
            resource = msgspec.convert(value, model)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return False
        found = self._subject(resource.subject.reference) if resource.subject else None
        if found is None or not is_plain_id(resource.id):
            return False
        server, patient = found
        origin = f"{kind}/{resource.id}"
        self._note(origin, text)
        self.rows.add(patient, server, number, origin, self._memory.understood(resource, origin))
        return True

    def _subject(self, reference: str) -> tuple[str, str] | None:
        """Server and name of the patient that is referred to, if one is."""
        if reference in self._subjects:
            return self._subjects[reference]
        server, kind, identity = reference_parts(reference)
        found = (server, identity) if kind == "Patient" and is_id(identity) and self._knows_patients else None
        if len(self._subjects) > _MOST_SUBJECTS:
            self._subjects.clear()
        self._subjects[reference] = found
        return found

    @property
    def _knows_patients(self) -> bool:
        return "fhir|Patient" in self._elements

    def _note(self, origin: str, text: bytes) -> None:
        self.origins.append(origin)
        self.contents.append(hashlib.sha256(text).digest()[:8])

    # --- what the exact reader finds: vhkg.patients.fhir.bulk.Sink

    def patient(self, name: str) -> None:
        if name:
            self.rows.known.add(name)

    def holds_patients(self) -> None:
        self.has_patients = True

    def resource(self, origin: str, value: dict[str, Any]) -> None:
        self._note(origin, written(value))

    def entries(self, patient: str, server: str, place: str, coded: list[CodedEntry]) -> None:  # noqa: ARG002 the line has it
        for entry in coded:
            origin = entry.origin.partition("#")[0]
            self.rows.add(patient, server, self._number, origin, list(self._memory.each([entry])))
