"""A source becomes patients: for each, the record that is decided on and the graph that is validated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from vhkg.errors import InputError
from vhkg.intake import Document, Format, PatientGraph, parse_json_fast, read_graph, read_rows
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.record import PatientRecord
from vhkg.model.source_report import Fate, SourceReport
from vhkg.model.vocabulary import Vocabulary
from vhkg.patients.assembly import Assembler, name_fault
from vhkg.patients.fhir.bulk import read_bulk
from vhkg.patients.fhir.bundle import FhirRecord
from vhkg.patients.graphs import record_of, split_by_patient
from vhkg.patients.omop import read_omop
from vhkg.patients.phenopackets import is_phenopacket, read_phenopacket
from vhkg.patients.rows import records_of
from vhkg.patients.sources import BulkFiles, OmopFiles, Source
from vhkg.patients.tally import Tally
from vhkg.patients.writing import patient_graph


class PatientData(msgspec.Struct, frozen=True):
    """`graph` holds the patient's own triples and no one else's; what is wrong with them is for SHACL to say."""

    record: PatientRecord
    graph: PatientGraph


class SourceData(msgspec.Struct, frozen=True):
    """All patients of a source, sorted by name, and what became of its entries."""

    patients: tuple[PatientData, ...]
    report: SourceReport


def read_patients(source: Source, vocabulary: Vocabulary, tables: CodeTables, *, context: bytes = b"") -> SourceData:
    """Read a source in whichever format it is. What one patient's data say changes nothing in the others.

    `context` is the content of ontology/context.jsonld, needed for JSON-LD only. In RDF, nodes that no patient leads
    to join the patient if there is one only; else they come as a patient of their own that SHACL finds invalid.
    Raises InputError.
    """
    if isinstance(source, BulkFiles):
        tally = Tally("FHIR NDJSON")
        return patients_of(read_bulk(source.lines(), tables, tally), source.name, vocabulary, tables, tally)
    if isinstance(source, OmopFiles):
        tally = Tally("OMOP")
        return patients_of(read_omop(source.lines(), tables, tally), source.name, vocabulary, tables, tally)
    if source.format is Format.CSV:
        tally = Tally("CSV")
        records = records_of(read_rows(source, vocabulary, tables.systems), source.name, tables, tally)
        return _written(records, vocabulary, tally)
    if source.format in (Format.JSON, Format.NDJSON):
        return _json(source, vocabulary, tables)
    tally = Tally(source.format)
    graph = read_graph(source, vocabulary, context=context)
    data = [PatientData(record_of(node, own, source.name, vocabulary), own) for node, own in split_by_patient(graph)]
    for patient in data:
        of_lesions = (assertion for lesion in patient.record.presentations for assertion in lesion.assertions)
        for assertion in (*patient.record.assertions, *of_lesions):
            tally.count(Fate.UNKNOWN if assertion.status == "unknown" else Fate.READ, "Assessment")
    return SourceData(tuple(sorted(data, key=lambda each: each.record.patient)), tally.report(len(data)))


def _json(source: Document, vocabulary: Vocabulary, tables: CodeTables) -> SourceData:
    if source.format is Format.NDJSON:
        tally = Tally("FHIR NDJSON")
        lines = ((source.name, n, line) for n, line in enumerate(source.content.splitlines(), start=1) if line.strip())
        return patients_of(read_bulk(lines, tables, tally), source.name, vocabulary, tables, tally)
    value = parse_json_fast(source)
    if is_phenopacket(value):
        tally = Tally("phenopacket")
        patient, entries = read_phenopacket(value, source.name, tables, tally)
        return patients_of({patient: entries}, source.name, vocabulary, tables, tally)
    if isinstance(value, dict) and "resourceType" in value:
        tally = Tally("FHIR")
        record = FhirRecord(value, source.name, tables, tally)
        coded = record.coded()
        return patients_of({record.patient: coded} if record.patient else {}, source.name, vocabulary, tables, tally)
    raise no_source(value, source.name)


def no_source(value: object, name: str) -> InputError:
    """Of JSON that is of no format that is read."""
    fault = (
        "the JSON is an array" if isinstance(value, list) else "this JSON is no FHIR resource, phenopacket or JSON-LD"
    )
    mend = "give a FHIR Bundle or resource, NDJSON with one a line, a phenopacket, RDF or a facts CSV"
    return InputError(fault, file=name, mend=mend)


def patients_of(
    found: Mapping[str, list[CodedEntry]], file: str, vocabulary: Vocabulary, tables: CodeTables, tally: Tally
) -> SourceData:
    """The patients with these entries, by the name that the source has for each; the tally becomes the report."""
    assembler = Assembler(tables, vocabulary)
    records = [
        assembler.record(patient, entries, file, tally)
        for patient, entries in sorted(found.items())
        if _named(patient, entries, file, tally)
    ]
    return _written(records, vocabulary, tally)


def _named(patient: str, entries: list[CodedEntry], file: str, tally: Tally) -> bool:
    """Whether the patient's name can be shown to people; else all that is said of the patient is refused."""
    fault = name_fault(patient)
    if fault:
        tally.refuse(f"{file}: a patient is not read, since the name {fault}.")
        for _ in entries:
            tally.count(Fate.REFUSED)
    return not fault


def _written(records: Iterable[PatientRecord], vocabulary: Vocabulary, tally: Tally) -> SourceData:
    data = tuple(PatientData(record, patient_graph(record, vocabulary)) for record in records)
    return SourceData(data, tally.report(len(data)))
