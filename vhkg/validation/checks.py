"""Shapes become checks. What is not compiled is refused by name, so that no constraint is silently ignored."""

from __future__ import annotations

import re

import pyoxigraph as ox

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, Node, iris, local_name
from vhkg.knowledge.vocabulary import patient_shapes
from vhkg.model.checks import NodeCheck, PropertyCheck
from vhkg.namespaces import Rdf, Sh, Xsd

_WITHOUT_EFFECT = frozenset({Rdf.type.value, Sh.name.value, Sh.description.value, Sh.order.value})
_COMMON = _WITHOUT_EFFECT | {Sh.severity.value, Sh.message.value, Sh.class_.value, Sh.nodeKind.value}
_OF_NODE_SHAPES = _COMMON | {
    Sh.targetClass.value,
    Sh.targetSubjectsOf.value,
    Sh.targetObjectsOf.value,
    Sh.closed.value,
    Sh.ignoredProperties.value,
    Sh.property.value,
}
_OF_PROPERTY_SHAPES = _COMMON | {
    Sh.path.value,
    Sh.minCount.value,
    Sh.maxCount.value,
    Sh.datatype.value,
    Sh.in_.value,
    Sh.pattern.value,
    Sh.flags.value,
    Sh.maxLength.value,
}
_SEVERITIES = (Sh.Violation.value, Sh.Warning.value, Sh.Info.value)
_NODE_KINDS = (Sh.IRI.value, Sh.Literal.value, Sh.BlankNode.value, Sh.BlankNodeOrIRI.value)
_DATATYPES = (Xsd.boolean.value, Xsd.date.value, Xsd.decimal.value, Xsd.integer.value, Xsd.string.value)


def compile_checks(graph: Graph) -> tuple[NodeCheck, ...]:
    """The node shapes of shapes/patient.ttl with their property shapes, sorted by IRI."""
    return tuple(_node_check(graph, shape) for shape in patient_shapes(graph))


def _node_check(graph: Graph, shape: str) -> NodeCheck:
    _refuse_others(graph, shape, _OF_NODE_SHAPES)
    parts = graph.values(shape, Sh.property)
    checks = []
    for part in parts:
        if not isinstance(part, ox.NamedNode):
            raise _fault(graph, shape, "a property shape without an IRI", "name it")
        checks.append(_property_check(graph, part.value))
    checks.sort(key=lambda each: each.shape)
    targets = _iris(graph, shape, Sh.targetClass), _iris(graph, shape, Sh.targetSubjectsOf)
    objects = _iris(graph, shape, Sh.targetObjectsOf)
    if not any((*targets, objects)):
        raise _fault(graph, shape, "no target", "give it sh:targetClass")
    return NodeCheck(
        shape=shape,
        target_classes=targets[0],
        target_subjects_of=targets[1],
        target_objects_of=objects,
        severity=_severity(graph, shape),
        message=_message(graph, shape),
        closed=_closed(graph, shape, checks),
        class_=_iri(graph, shape, Sh.class_),
        node_kind=_one_of(graph, shape, Sh.nodeKind, _NODE_KINDS),
        properties=tuple(checks),
    )


def _property_check(graph: Graph, shape: str) -> PropertyCheck:
    _refuse_others(graph, shape, _OF_PROPERTY_SHAPES)
    path, inverse = _path(graph, shape)
    pattern, flags = graph.text(shape, Sh.pattern), graph.text(shape, Sh.flags)
    _refuse_pattern(graph, shape, pattern, flags)
    return PropertyCheck(
        shape=shape,
        path=path,
        inverse=inverse,
        severity=_severity(graph, shape),
        message=_message(graph, shape),
        min_count=_count(graph, shape, Sh.minCount),
        max_count=_count(graph, shape, Sh.maxCount),
        class_=_iri(graph, shape, Sh.class_),
        datatype=_one_of(graph, shape, Sh.datatype, _DATATYPES),
        node_kind=_one_of(graph, shape, Sh.nodeKind, _NODE_KINDS),
        values=_values(graph, shape),
        pattern=pattern,
        flags=flags,
        max_length=_count(graph, shape, Sh.maxLength),
    )


def _refuse_others(graph: Graph, shape: str, compiled: frozenset[str]) -> None:
    for predicate in sorted(graph.predicates(shape)):
        if predicate not in compiled:
            raise _fault(graph, shape, f"{_term(predicate)}, which is not compiled", "express it otherwise")


def _refuse_pattern(graph: Graph, shape: str, pattern: str, flags: str) -> None:
    """Patterns are XPath's; only what Python reads alike is let through."""
    if flags not in ("", "i"):
        raise _fault(graph, shape, f"sh:flags {flags!r}, which is not compiled", 'leave it out or write "i"')
    if re.search(r"\\[pPiIcCdDwWsSbB]|\(\?|[^\\]\$.|\[.*-\[|[*+?}][+?]", pattern):
        raise _fault(graph, shape, f"sh:pattern {pattern!r}, which XPath and Python read differently", "spell it out")
    try:
        re.compile(pattern)
    except re.error as error:
        raise _fault(graph, shape, f"sh:pattern {pattern!r}, which is malformed", "correct it") from error


def _path(graph: Graph, shape: str) -> tuple[str, bool]:
    path = graph.value(shape, Sh.path)
    if isinstance(path, ox.NamedNode):
        return path.value, False
    if isinstance(path, ox.BlankNode) and graph.predicates(path) == (Sh.inversePath.value,):
        inverse = graph.value(path, Sh.inversePath)
        if isinstance(inverse, ox.NamedNode):
            return inverse.value, True
    raise _fault(graph, shape, "a path that is not compiled", "use a property or its sh:inversePath")


def _closed(graph: Graph, shape: str, checks: list[PropertyCheck]) -> tuple[str, ...] | None:
    closed = graph.value(shape, Sh.closed)
    ignored = graph.value(shape, Sh.ignoredProperties)
    if closed is None or (isinstance(closed, ox.Literal) and closed.value in ("false", "0")):
        return None
    members = iris(graph.members(ignored, place=local_name(shape))) if ignored is not None else ()
    return tuple(sorted({*members, *(each.path for each in checks if not each.inverse)}))


def _values(graph: Graph, shape: str) -> tuple[str, ...]:
    head = graph.value(shape, Sh.in_)
    if head is None:
        return ()
    members = graph.members(head, place=local_name(shape))
    found = iris(members)
    if not found or len(found) != len(members):
        raise _fault(graph, shape, "sh:in with something other than IRIs", "list IRIs")
    return found


def _severity(graph: Graph, shape: str) -> str:
    """The local name; every shape states it, so that a reader of the file need not know the default."""
    found = _one_of(graph, shape, Sh.severity, _SEVERITIES)
    if not found:
        raise _fault(graph, shape, "no sh:severity", "state it")
    return local_name(found)


def _message(graph: Graph, shape: str) -> str:
    text = graph.text(shape, Sh.message)
    if not text:
        raise _fault(graph, shape, "no sh:message", "say in one sentence how to mend the data")
    return text


def _count(graph: Graph, shape: str, predicate: str) -> int | None:
    text = graph.text(shape, predicate)
    if text and not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _fault(graph, shape, f"{_term(predicate)} {text!r}", "write a whole number")
    return int(text) if text else None


def _one_of(graph: Graph, shape: str, predicate: str, known: tuple[str, ...]) -> str:
    found = _iri(graph, shape, predicate)
    if found and found not in known:
        raise _fault(graph, shape, f"{_term(predicate)} {local_name(found)}, which is not compiled", "use another")
    return found


def _iri(graph: Graph, shape: str, predicate: str) -> str:
    found = graph.value(shape, predicate)
    if found is None:
        return ""
    if not isinstance(found, ox.NamedNode):
        raise _fault(graph, shape, f"{_term(predicate)} with something other than an IRI", "write an IRI")
    return found.value


def _iris(graph: Graph, shape: str, predicate: str) -> tuple[str, ...]:
    return tuple(sorted(iris(graph.values(shape, predicate))))


def _term(iri: str) -> str:
    return f"sh:{local_name(iri)}" if iri.startswith(Sh.path.removesuffix("path")) else iri


def _fault(graph: Graph, shape: Node | str, fault: str, mend: str) -> KnowledgeError:
    return KnowledgeError(f"the shape {graph.name_of(shape)} has {fault}", file=graph.file_of(shape), mend=mend)
