"""The compiled checks on a patient graph: the part of SHACL that the shapes use, and nothing else.

Constraint components are those of https://www.w3.org/TR/shacl/#core-components; pyshacl gives the same results
on every example and on random graphs (tests/validation/test_oracle.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vhkg.intake import Blank, GraphIndex, Iri, Literal, PatientGraph, Term
from vhkg.intake.lexical import has_form
from vhkg.model.checks import NodeCheck, PropertyCheck, ValidationReport, ValidationResult
from vhkg.namespaces import Rdf, Sh, Xsd
from vhkg.validation.report import finished_report, local, shown_term


def check(graph: PatientGraph, checks: tuple[NodeCheck, ...]) -> ValidationReport:
    """Validate; a graph in which no shape looked at a patient does not conform."""
    index = GraphIndex(graph)
    results: list[ValidationResult] = []
    hits: dict[str, int] = {}
    for shape in checks:
        nodes = _focus_nodes(index, shape)
        hits[shape.shape] = len(nodes)
        for part in shape.properties:
            hits[part.shape] = len(nodes)
        for node in nodes:
            results += _node_results(index, node, shape)
            for part in shape.properties:
                results += _property_results(index, node, part)
    return finished_report(results, hits, checks)


def _focus_nodes(index: GraphIndex, shape: NodeCheck) -> list[Term]:
    found: dict[Term, None] = {}
    for iri in shape.target_classes:
        found.update(dict.fromkeys(index.subjects_of(Rdf.type, Iri(iri))))
    for subject in index.subjects if shape.target_subjects_of else ():
        if any(index.values(subject, predicate) for predicate in shape.target_subjects_of):
            found[subject] = None
    for value in index.objects if shape.target_objects_of else ():
        if any(index.subjects_of(predicate, value) for predicate in shape.target_objects_of):
            found[value] = None
    return list(found)


def _node_results(index: GraphIndex, node: Term, shape: NodeCheck) -> Iterator[ValidationResult]:
    def result(component: str, path: str, value: Term) -> ValidationResult:
        return ValidationResult(
            focus_node=shown_term(node),
            result_path=path,
            severity=shape.severity,
            component=local(component),
            value=shown_term(value),
            message=shape.message,
            shape=shape.shape,
        )

    if shape.class_ and not _has_class(index, node, shape.class_):
        yield result(Sh.ClassConstraint, "", node)
    if shape.node_kind and not _has_kind(node, shape.node_kind):
        yield result(Sh.NodeKindConstraint, "", node)
    if shape.closed is not None and not isinstance(node, Literal):
        for predicate in index.predicates(node):
            if predicate not in shape.closed:
                for value in index.values(node, predicate):
                    yield result(Sh.ClosedConstraint, predicate, value)


def _property_results(index: GraphIndex, node: Term, part: PropertyCheck) -> Iterator[ValidationResult]:
    values: tuple[Term, ...]
    if part.inverse:
        values = index.subjects_of(part.path, node)
    else:
        values = () if isinstance(node, Literal) else index.values(node, part.path)
    path = f"^{part.path}" if part.inverse else part.path
    for component, value in _faults(index, values, part):
        yield ValidationResult(
            focus_node=shown_term(node),
            result_path=path,
            severity=part.severity,
            component=local(component),
            value=shown_term(value) if value is not None else "",
            message=part.message,
            shape=part.shape,
        )


def _faults(index: GraphIndex, values: tuple[Term, ...], part: PropertyCheck) -> Iterable[tuple[str, Term | None]]:
    if part.min_count is not None and len(values) < part.min_count:
        yield Sh.MinCountConstraint, None
    if part.max_count is not None and len(values) > part.max_count:
        yield Sh.MaxCountConstraint, None
    for value in values:
        if part.class_ and not _has_class(index, value, part.class_):
            yield Sh.ClassConstraint, value
        if part.datatype and not has_datatype(value, part.datatype):
            yield Sh.DatatypeConstraint, value
        if part.node_kind and not _has_kind(value, part.node_kind):
            yield Sh.NodeKindConstraint, value
        if part.values and not (isinstance(value, Iri) and value.value in part.values):
            yield Sh.InConstraint, value
        if part.max_length is not None and (isinstance(value, Blank) or len(str(value)) > part.max_length):
            yield Sh.MaxLengthConstraint, value
        if part.pattern and (isinstance(value, Blank) or not matches(str(value), part)):
            yield Sh.PatternConstraint, value


def _has_class(index: GraphIndex, value: Term, class_iri: str) -> bool:
    """Exactly typed: a patient graph cannot hold subclass axioms, and it is never merged with the knowledge."""
    return not isinstance(value, Literal) and Iri(class_iri) in index.values(value, Rdf.type)


def has_datatype(value: Term, datatype: str) -> bool:
    if not isinstance(value, Literal) or value.language or value.datatype != datatype:
        return False
    return datatype == Xsd.string or has_form(value.value, datatype)


def _has_kind(value: Term, kind: str) -> bool:
    if isinstance(value, Iri):
        return kind in (Sh.IRI, Sh.BlankNodeOrIRI)
    if isinstance(value, Blank):
        return kind in (Sh.BlankNode, Sh.BlankNodeOrIRI)
    return kind == Sh.Literal


def matches(text: str, part: PropertyCheck) -> bool:
    return re.search(part.pattern, text, re.IGNORECASE if "i" in part.flags else 0) is not None
