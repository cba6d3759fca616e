"""A document becomes patients: for each, the record that is decided on and the graph that is validated."""

from __future__ import annotations

import msgspec

from vhkg.errors import InputError
from vhkg.intake import Document, Format, PatientGraph, read_graph, read_rows
from vhkg.model.record import PatientRecord
from vhkg.model.vocabulary import Vocabulary
from vhkg.patients.graphs import record_of, split_by_patient
from vhkg.patients.rows import records_of
from vhkg.patients.writing import patient_graph


class PatientData(msgspec.Struct, frozen=True):
    """`graph` holds the patient's own triples and no one else's; what is wrong with them is for SHACL to say."""

    record: PatientRecord
    graph: PatientGraph


def read_patients(document: Document, vocabulary: Vocabulary, *, context: bytes = b"") -> tuple[PatientData, ...]:
    """All patients of a document, sorted by name. What one of them says changes nothing in the others.

    `context` is the content of ontology/context.jsonld, needed for JSON-LD only. Nodes that no patient leads to
    join the patient if there is one only; else they come as a patient of their own that SHACL finds invalid.
    """
    if document.format is Format.CSV:
        records = records_of(read_rows(document, vocabulary), document.name)
        return tuple(PatientData(record, patient_graph(record, vocabulary)) for record in records)
    if document.format is Format.JSON:
        raise InputError(
            "this JSON is not JSON-LD",
            file=document.name,
            mend="give the patient as RDF or as a facts CSV",
        )
    graph = read_graph(document, vocabulary, context=context)
    data = [PatientData(record_of(node, own, document.name, vocabulary), own) for node, own in split_by_patient(graph)]
    return tuple(sorted(data, key=lambda each: each.record.patient))
