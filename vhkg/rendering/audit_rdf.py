"""Audits as RDF, for the query store; the terms are declared in ontology/vhkg.ttl."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from vhkg.model.audit import AuditDocument, AuditEntry
from vhkg.model.content import Content
from vhkg.namespaces import AUDITS, BASE, Rdf, Vhkg, Xsd
from vhkg.rendering.jsonout import without_surrogates
from vhkg.rendering.rdf import hashed_iri, literal, reason_code


def audit_iri(entry: AuditEntry, digest: str) -> str:
    """A hash of what makes it that audit: file, patient, lesion, day, knowledge and readings."""
    return hashed_iri(AUDITS, (entry.file, entry.patient, entry.presentation), entry.date, digest, entry.readings)


def audit_ntriples(document: AuditDocument, content: Content) -> bytes:
    """One node for each entry, one triple a line."""
    digest = document.knowledge.digest
    return "".join(
        f"<{audit_iri(entry, digest)}> <{predicate}> {value} .\n"
        for entry in document.audits
        for predicate, value in _properties(entry, digest, document.knowledge.version, content)
    ).encode()


def _properties(entry: AuditEntry, digest: str, version: str, content: Content) -> Iterator[tuple[str, str]]:
    yield Rdf.type, f"<{Vhkg.Audit}>"
    yield Vhkg.forPatient, literal(entry.patient)
    yield Vhkg.forPresentation, literal(entry.presentation)
    yield Vhkg.inFile, literal(entry.file)
    if entry.date:
        yield Vhkg.auditedOn, f'"{entry.date.isoformat()}"^^<{Xsd.date}>'
    yield Vhkg.auditLabel, literal(entry.label)
    yield Vhkg.auditReason, literal(entry.reason)
    for name in entry.given:
        yield Vhkg.given, _term(name, content)
    for match in entry.matches:
        if match.recommendation == entry.recommendation:
            yield Vhkg.heldAgainst, _term(match.recommendation, content)
    for reason in dict.fromkeys(entry.because):
        yield Vhkg.becauseOf, literal(reason_code(reason))
    for name in entry.ask:
        yield Vhkg.asksFor, _term(name, content)
    for name in entry.not_matched:
        yield Vhkg.notMatched, _term(name, content)
    yield Vhkg.knowledgeVersion, literal(version)
    yield Vhkg.knowledgeDigest, literal(digest)


def _term(name: str, content: Content) -> str:
    return f"<{content.iris.get(name) or BASE + quote(without_surrogates(name), safe='')}>"
