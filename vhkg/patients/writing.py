"""The one writer of patient graphs: every reader's records become RDF here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from vhkg.intake import Iri, Literal, PatientGraph, Triple
from vhkg.model.record import Assertion, PatientRecord
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import Prov, Rdf, Rdfs, Vhkg, Xsd

_IRI = re.compile(r"(?:https?|urn|tag):[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)


def patient_graph(record: PatientRecord, vocabulary: Vocabulary) -> PatientGraph:
    """The record as a patient graph, the same for the same record.

    Names that are IRIs stay; others become urn:vhkg:patient:…, percent-encoded, so that no two names meet. An
    origin that is an IRI becomes prov:wasDerivedFrom as it is, another urn:vhkg:origin:….
    """
    return PatientGraph.of(_triples(record, vocabulary))


def _triples(record: PatientRecord, vocabulary: Vocabulary) -> Iterator[Triple]:
    statuses = {word: iri for iri, word in vocabulary.statuses.items()}
    patient = record.patient if _IRI.fullmatch(record.patient) else f"urn:vhkg:patient:{_encoded(record.patient)}"
    base = patient if patient.startswith("urn:vhkg:patient:") else f"urn:vhkg:patient:{_encoded(patient)}"
    yield Iri(patient), Rdf.type.value, Iri(Vhkg.Patient)
    yield from _assessments(patient, f"{base}:assessment", record.assertions, vocabulary, statuses)
    for lesion in record.presentations:
        name = lesion.name if _IRI.fullmatch(lesion.name) else f"{base}:lesion:{_encoded(lesion.name)}".rstrip(":")
        yield Iri(patient), Vhkg.hasPresentation.value, Iri(name)
        yield Iri(name), Rdf.type.value, Iri(Vhkg.Presentation)
        if lesion.label:
            yield Iri(name), Rdfs.label.value, Literal(lesion.label)
        path = name if name.startswith(base) else f"{base}:lesion:{_encoded(name)}"
        yield from _assessments(name, f"{path}:assessment", lesion.assertions, vocabulary, statuses)


def _assessments(
    bearer: str, path: str, assertions: Iterable[Assertion], vocabulary: Vocabulary, statuses: dict[str, str]
) -> Iterator[Triple]:
    for number, assertion in enumerate(assertions, start=1):
        node = Iri(f"{path}:{number}")
        yield Iri(bearer), Vhkg.hasAssessment.value, node
        yield node, Rdf.type.value, Iri(Vhkg.Assessment)
        yield node, Vhkg.ofFinding.value, Iri(vocabulary.findings[assertion.finding].iri)
        yield node, Vhkg.status.value, Iri(statuses[assertion.status.value])
        if assertion.date is not None:
            yield node, Vhkg.assessedOn.value, Literal(assertion.date.isoformat(), Xsd.date.value)
        if assertion.origin:
            yield node, Prov.wasDerivedFrom.value, Iri(_origin(assertion.origin))
        for code in assertion.codes:
            yield node, Vhkg.sourceCode.value, Literal(code)


def _origin(text: str) -> str:
    return text if _IRI.fullmatch(text) else f"urn:vhkg:origin:{_encoded(text)}"


def _encoded(text: str) -> str:
    return quote(text, safe="")
