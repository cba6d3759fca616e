"""The one writer of patient graphs: every reader's records become RDF here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from vhkg.intake import Iri, Literal, PatientGraph, Triple
from vhkg.model.record import Assertion, PatientRecord
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import RESERVED, Prov, Rdf, Rdfs, Vhkg, Xsd

_IRI = re.compile(r"(?:https?|urn|tag):(?:[A-Za-z0-9:/?#@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})+")


def patient_graph(record: PatientRecord, vocabulary: Vocabulary) -> PatientGraph:
    """The record as a patient graph, the same for the same record.

    Names become urn:vhkg:patient:…, percent-encoded: no two of them meet, and none can be an IRI of the vocabulary.
    An origin that is an IRI is kept for prov:wasDerivedFrom, any other becomes urn:vhkg:origin:….
    """
    return PatientGraph.of(_triples(record, vocabulary))


def patient_node(name: str) -> str:
    return f"urn:vhkg:patient:{_encoded(name)}"


def lesion_node(patient: str, name: str) -> str:
    """The node of a lesion of the patient whose node is given."""
    return f"{patient}:lesion:{_encoded(name)}" if name else f"{patient}:lesion"


def assessment_node(bearer: str, number: int) -> str:
    """The node of an assertion, counted from 1 among those of its bearer."""
    return f"{bearer}:assessment:{number}"


def _triples(record: PatientRecord, vocabulary: Vocabulary) -> Iterator[Triple]:
    statuses = {word: iri for iri, word in vocabulary.statuses.items()}
    patient = patient_node(record.patient)
    yield Iri(patient), Rdf.type.value, Iri(Vhkg.Patient)
    yield from _assessments(patient, record.assertions, vocabulary, statuses)
    for lesion in record.presentations:
        name = lesion_node(patient, lesion.name)
        yield Iri(patient), Vhkg.hasPresentation.value, Iri(name)
        yield Iri(name), Rdf.type.value, Iri(Vhkg.Presentation)
        if lesion.label:
            yield Iri(name), Rdfs.label.value, Literal(lesion.label)
        yield from _assessments(name, lesion.assertions, vocabulary, statuses)


def _assessments(
    bearer: str, assertions: Iterable[Assertion], vocabulary: Vocabulary, statuses: dict[str, str]
) -> Iterator[Triple]:
    for number, assertion in enumerate(assertions, start=1):
        node = Iri(assessment_node(bearer, number))
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
    kept = _IRI.fullmatch(text) and not text.startswith(RESERVED)
    return text if kept else f"urn:vhkg:origin:{_encoded(text)}"


def _encoded(text: str) -> str:
    return quote(text, safe="")
