"""Bundles, each a file and a source of its own, into rows: plain ones at once, others by the reader of one bundle."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.fhir.overall import digest
from vhkg.cohort.fhir.parts import Rows
from vhkg.cohort.fhir.plain import Plain, PlainBundles
from vhkg.errors import InputError
from vhkg.intake import Format, document, parse_json_fast
from vhkg.intake.json_values import is_plain
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.bundle import FhirRecord
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


class Bundles:
    """Reads one file after another. `memory` may have seen others; with `notes`, all resources are told by origin."""

    def __init__(self, knowledge: Knowledge, memory: Memory, *, notes: bool = False) -> None:
        self._notes = notes
        self.rows = Rows(scoped=True)
        self.tally = Tally("FHIR")
        self.has_patients = False
        self.origins: list[str] = []
        self.places: list[int] = []
        self._memory, self._knowledge = memory, knowledge
        self._plain = PlainBundles(knowledge.compiled.codes)
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
        self._note(found.patient, number, (origin for origin, _ in found.all))
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
        self._note(record.patient, number, (origin for origin, _ in record.resources()))
        return record.patient

    def contents(self, file: str, content: bytes) -> list[tuple[str, bytes]]:
        """The resources of a file that was read before, with digests of their contents."""
        value = parse_json_fast(document(file, content))
        record = FhirRecord(value, file, self._knowledge.compiled.codes, Tally("FHIR"))
        return [(self.rows.scope(record.patient, origin), digest(value)) for origin, value in record.resources()]

    def _note(self, patient: str, number: int, origins: Iterable[str]) -> None:
        """What stands in two files of a patient may have two contents."""
        for origin in origins if self._notes else ():
            self.origins.append(self.rows.scope(patient, origin))
            self.places.append(number)

    def _at_once(self, content: bytes) -> Plain | None:
        """A plain bundle; none for any other."""
        if _JSONLD in content or content.startswith(_GZIP) or len(content) > _LONG:
            return None
        try:
            value = _decode(content)
            return self._plain.bundle(value) if is_plain(content, value) else None
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return None
