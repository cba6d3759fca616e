"""Many seeded patients, the same ones in every format, a few of them with a fault.

A patient is one of tests/patients/many_formats: contradictions of one day, overruled facts, facts without a day,
unknown ones, several lesions and facts of the patient occur. Every format says of the others what it can.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyoxigraph as ox

from tests.patients.many_formats import generator as one
from tests.patients.many_formats.fhir import bundle, bundle_line, write_bulk, write_lines
from tests.patients.many_formats.omop import write_omop
from tests.patients.many_formats.patient import Patient
from tests.patients.many_formats.phenopackets import phenopacket
from tests.patients.many_formats.plain import coded_csv, turtle
from vhkg.intake import Document, document

COLUMNS = ("patient", "presentation", "finding", "status", "date")


class Form(StrEnum):
    """A format; the value is the name of the file or folder that `write` makes."""

    N_TRIPLES = "cohort.nt"
    N_QUADS = "cohort.nq"
    TURTLE = "cohort.ttl"
    TRIG = "cohort.trig"
    CSV = "cohort.csv"
    """In the plainest form: our names, our words for the status, no quotation marks."""
    CODED_CSV = "coded.csv"
    """With codes in place of names, and other words for the status."""
    PARQUET = "cohort.parquet"
    OMOP = "omop"
    PHENOPACKETS = "phenopackets"
    PHENOPACKET_LINES = "phenopackets.ndjson"
    FHIR_BULK = "bulk"
    FHIR_BUNDLES = "bundles.ndjson"


RDF = (Form.N_TRIPLES, Form.N_QUADS, Form.TURTLE, Form.TRIG)
TABLES = (Form.CSV, Form.CODED_CSV, Form.PARQUET)


class Fault(StrEnum):
    """What is wrong with a patient, said by one statement more, or one that is missing."""

    NO_STATUS = "no status"
    TWO_STATUSES = "two statuses"
    TWO_BEARERS = "two bearers"
    NO_LESION = "no lesion"
    FOREIGN_PREDICATE = "foreign predicate"
    NO_TYPE = "no type"
    UNKNOWN_FINDING = "unknown finding"
    UNKNOWN_STATUS = "unknown status"
    NO_SUCH_DAY = "no such day"


INVALID = (Fault.NO_STATUS, Fault.TWO_STATUSES, Fault.TWO_BEARERS, Fault.NO_LESION)
"""The patient shapes find these; only RDF can say them."""
_IN_RDF = {
    Fault.NO_STATUS: "{p} vhkg:hasAssessment [ a vhkg:Assessment ; vhkg:ofFinding vhkg:BackPain ] .",
    Fault.TWO_STATUSES: "{p} vhkg:hasAssessment [ a vhkg:Assessment ; vhkg:ofFinding vhkg:BackPain ;"
    " vhkg:status vhkg:Present , vhkg:Absent ] .",
    Fault.TWO_BEARERS: "{p} vhkg:hasPresentation {l} ; vhkg:hasAssessment {a} . {l} a vhkg:Presentation ;"
    " vhkg:hasAssessment {a} . {a} a vhkg:Assessment ; vhkg:ofFinding vhkg:BackPain ; vhkg:status vhkg:Present .",
    Fault.FOREIGN_PREDICATE: '{p} <urn:example:smokes> "no" .',
    Fault.NO_TYPE: "{p} vhkg:hasAssessment [ vhkg:ofFinding vhkg:BackPain ; vhkg:status vhkg:Present ] .",
    Fault.UNKNOWN_FINDING: "{p} vhkg:hasAssessment [ a vhkg:Assessment ; vhkg:ofFinding vhkg:BakcPain ;"
    " vhkg:status vhkg:Present ] .",
    Fault.UNKNOWN_STATUS: "{p} vhkg:hasAssessment [ a vhkg:Assessment ; vhkg:ofFinding vhkg:BackPain ;"
    " vhkg:status vhkg:Perhaps ] .",
    Fault.NO_SUCH_DAY: "{p} vhkg:hasAssessment [ a vhkg:Assessment ; vhkg:ofFinding vhkg:BackPain ;"
    ' vhkg:status vhkg:Present ; vhkg:assessedOn "2026-02-30"^^xsd:date ] .',
}
_IN_ROWS = {
    Fault.UNKNOWN_FINDING: ("", "BakcPain", "present", ""),
    Fault.UNKNOWN_STATUS: ("", "BackPain", "perhaps", ""),
    Fault.NO_SUCH_DAY: ("", "BackPain", "present", "2026-02-30"),
}


class Member(NamedTuple):
    patient: Patient
    fault: Fault | None = None

    @property
    def name(self) -> str:
        """As the facts CSV, FHIR and phenopackets have it."""
        return self.patient.name

    @property
    def iri(self) -> str:
        """As RDF has it."""
        return f"urn:example:{self.patient.name}"


def generate(seed: int, count: int, *, faulty: float = 0.02) -> list[Member]:
    """The same patients for the same seed and share of faults, each with a name of its own."""
    choice = random.Random(seed)
    first = seed * 1_000_000
    return [
        Member(one.generate(first + at), choice.choice(list(Fault)) if choice.random() < faulty else None)
        for at in range(count)
    ]


def fault_in(member: Member, form: Form) -> Fault | None:
    """The fault that a patient has in a format: those that it cannot say do not occur."""
    if form in RDF or (form in TABLES and member.fault in _IN_ROWS):
        return member.fault
    return None


def write(members: Sequence[Member], form: Form, folder: Path, *, shuffled: bool = False) -> Path:
    """All patients in one file or folder; `shuffled` scatters the statements of a patient, where a format has lines.

    The tables of OMOP and the files of a bulk export are scattered in any case.
    """
    path = folder / form.value
    choice = random.Random(len(members))
    if form in (Form.N_TRIPLES, Form.N_QUADS):
        lines = [line for member in members for line in ntriples(member)]
        _shuffle(lines, choice, shuffled=shuffled)
        path.write_text("".join(lines), encoding="utf-8")
    elif form in RDF:
        path.write_bytes(b"".join(map(_turtle, members)))
    elif form in TABLES:
        rows = [row for member in members for row in rows_of(member, form)]
        _shuffle(rows, choice, shuffled=shuffled)
        if form is Form.PARQUET:
            pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row").write_parquet(path)
        else:
            path.write_bytes(_csv(rows))
    elif form is Form.OMOP:
        write_omop((member.patient for member in members), path, 1)
    elif form is Form.PHENOPACKETS:
        path.mkdir()
        for member in members:
            (path / f"{member.name}.json").write_bytes(phenopacket(member.patient).content)
    elif form is Form.PHENOPACKET_LINES:
        write_lines(path, [json.dumps(json.loads(phenopacket(member.patient).content)) for member in members])
    elif form is Form.FHIR_BULK:
        write_bulk((member.patient for member in members), path, 1)
    else:
        write_lines(path, [bundle_line(member.patient).decode() for member in members])
    return path


def alone(member: Member, form: Form) -> Document:
    """One patient as `recommend` reads it, in the format; there is no such document of OMOP, bulk and Parquet."""
    if form in (Form.N_TRIPLES, Form.N_QUADS):
        return document(form.value, "".join(ntriples(member)).encode())
    if form in RDF:
        return document(form.value, _turtle(member))
    if form in (Form.CSV, Form.CODED_CSV):
        return document(form.value, _csv(rows_of(member, form)))
    if form in (Form.PHENOPACKETS, Form.PHENOPACKET_LINES):
        return document("p.json", phenopacket(member.patient).content)
    if form is Form.FHIR_BUNDLES:
        return document("p.json", bundle(member.patient))
    raise ValueError(form)


def rows_of(member: Member, form: Form = Form.CSV) -> list[tuple[str, ...]]:
    """The rows of the facts CSV, the one with the fault among them."""
    patient = member.patient
    if form is Form.CODED_CSV:
        rows = [tuple(line.split(",")) for line in coded_csv(patient).decode().splitlines()[1:]]
    else:
        rows = [(patient.name, fact.lesion, fact.finding, fact.status, fact.day) for fact in patient.facts]
    fault = fault_in(member, form)
    if fault is not None:
        rows.insert(patient.seed % (len(rows) + 1), (patient.name, *_IN_ROWS[fault]))
    return rows


def ntriples(member: Member) -> list[str]:
    """The patient's lines; blank nodes have labels of their own in the whole cohort."""
    labels: dict[ox.BlankNode, str] = {}

    def shown(term: object) -> str:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term, f"_:{member.name}b{len(labels)}")
        return str(term)

    return [
        f"{shown(quad.subject)} {quad.predicate} {shown(quad.object)} .\n"
        for quad in ox.parse(_turtle(member), format=ox.RdfFormat.TURTLE)
    ]


def _turtle(member: Member) -> bytes:
    patient = member.patient
    whole = turtle(patient.name, patient.facts, patient.seed)
    fault = fault_in(member, Form.TURTLE)
    if fault is None:
        return whole
    node = f"<{member.iri}>"
    if fault is Fault.NO_LESION:
        prefixes = b"".join(line for line in whole.splitlines(keepends=True) if line.startswith(b"@prefix"))
        return prefixes + f"{node} a vhkg:Patient .\n".encode()
    said = _IN_RDF[fault].format(p=node, l=f"<{member.iri}:further>", a=f"<{member.iri}:faulty>")
    return whole + said.encode() + b"\n"


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(f"{','.join(row)}\n" for row in (COLUMNS, *rows)).encode()


def _shuffle(items: list[str] | list[tuple[str, ...]], choice: random.Random, *, shuffled: bool) -> None:
    if shuffled:
        choice.shuffle(items)
