"""A patient graph becomes patients and records. Nothing here trusts the graph to be valid."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from vhkg.intake import Blank, GraphIndex, Iri, Literal, Node, PatientGraph, Term, Triple, calendar_date, canonical
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import Prov, Rdf, Rdfs, Vhkg, Xsd


def split_by_patient(graph: PatientGraph) -> tuple[tuple[Node, PatientGraph], ...]:
    """Each patient with all that it leads to, its blank nodes named anew.

    A statement whose object is such a node goes along, so that a lesion claimed by two patients is seen to be.
    """
    index = GraphIndex(graph)
    patients = [node for node in index.subjects_of(Rdf.type, Iri(Vhkg.Patient)) if isinstance(node, Iri)]
    found: dict[Node, set[Node]] = {patient: _reached(index, patient) for patient in patients}
    reached = set().union(*found.values())
    stray = [node for node in index.subjects if node not in reached]
    if len(patients) == 1:
        found[patients[0]].update(stray)
    else:
        found.update(_components(index, stray))
    return tuple((node, canonical(_part(graph, nodes))) for node, nodes in found.items())


def _reached(index: GraphIndex, start: Node) -> set[Node]:
    subjects = {start}
    pending = [start]
    while pending:
        node = pending.pop()
        for predicate in index.predicates(node):
            for value in index.values(node, predicate):
                if not isinstance(value, Literal) and value not in subjects and index.predicates(value):
                    subjects.add(value)
                    pending.append(value)
    return subjects


def _components(index: GraphIndex, stray: Iterable[Node]) -> dict[Node, set[Node]]:
    """Nodes that no patient leads to, each group under the first node that reaches it."""
    nodes = list(stray)
    pointed_at = {
        value for node in nodes for predicate in index.predicates(node) for value in index.values(node, predicate)
    }
    found: dict[Node, set[Node]] = {}
    covered: set[Node] = set()
    for node in [*(n for n in nodes if n not in pointed_at), *nodes]:
        if node not in covered:
            found[node] = _reached(index, node)
            covered |= found[node]
    return found


def _part(graph: PatientGraph, nodes: set[Node]) -> PatientGraph:
    def belongs(triple: Triple) -> bool:
        subject, predicate, value = triple
        return subject in nodes or (predicate != Rdf.type and not isinstance(value, Literal) and value in nodes)

    return PatientGraph(tuple(triple for triple in graph.triples if belongs(triple)))


def record_of(patient: Node, graph: PatientGraph, file: str, vocabulary: Vocabulary) -> PatientRecord:
    """The record as far as the graph states one; statements that cannot be read are left to SHACL."""
    index = GraphIndex(graph)
    findings = {term.iri: term.name for term in vocabulary.findings.values()}

    def assertions(bearer: Node) -> tuple[Assertion, ...]:
        nodes = [node for node in index.values(bearer, Vhkg.hasAssessment) if not isinstance(node, Literal)]
        found = [each for node in nodes for each in _assertion(index, node, findings, vocabulary.statuses)]
        return tuple(sorted(found, key=_order))

    lesions = [node for node in index.values(patient, Vhkg.hasPresentation) if not isinstance(node, Literal)]
    presentations = [
        PresentationRecord(name=str(node), label=_text(index.values(node, Rdfs.label)), assertions=assertions(node))
        for node in lesions
    ]
    return PatientRecord(
        file=file,
        patient=str(patient),
        presentations=tuple(sorted(presentations, key=lambda each: each.name)),
        assertions=assertions(patient),
    )


def _assertion(
    index: GraphIndex, node: Node, findings: dict[str, str], statuses: dict[str, str]
) -> Iterable[Assertion]:
    """One assertion, or none where finding or status is missing, twice or unreadable: such a graph is invalid."""
    finding = [
        findings[v.value] for v in index.values(node, Vhkg.ofFinding) if isinstance(v, Iri) and v.value in findings
    ]
    status = [statuses[v.value] for v in index.values(node, Vhkg.status) if isinstance(v, Iri) and v.value in statuses]
    if len(finding) != 1 or len(status) != 1:
        return
    codes = [v.value for v in index.values(node, Vhkg.sourceCode) if isinstance(v, Literal)]
    yield Assertion(
        finding=finding[0],
        status=AssertionStatus(status[0]),
        date=_date(index.values(node, Vhkg.assessedOn)),
        origin=_origin(node, index.values(node, Prov.wasDerivedFrom)),
        codes=tuple(sorted(codes)),
    )


def _origin(node: Node, sources: tuple[Term, ...]) -> str:
    """The record it was derived from; else the node, if it has a name that a reader can find in the file."""
    stated = [str(source) for source in sources if not isinstance(source, Blank)]
    return stated[0] if stated else str(node) if isinstance(node, Iri) else ""


def _date(values: tuple[Term, ...]) -> datetime.date | None:
    days = [calendar_date(v.value) for v in values if isinstance(v, Literal) and v.datatype == Xsd.date]
    return days[0] if len(days) == 1 else None


def _text(values: tuple[Term, ...]) -> str:
    texts = [v.value for v in values if isinstance(v, Literal)]
    return texts[0] if texts else ""


def _order(assertion: Assertion) -> tuple[str, str, str, str, tuple[str, ...]]:
    day = assertion.date.isoformat() if assertion.date else ""
    return assertion.finding, day, assertion.status.value, assertion.origin, assertion.codes
