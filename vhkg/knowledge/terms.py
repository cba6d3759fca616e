"""Findings, interventions, plans and presentation classes, read from the ontology's graph."""

from __future__ import annotations

import pyoxigraph as ox

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, Node, iris, local_name
from vhkg.model.content import Finding, Plan, PlanStep, PresentationClass
from vhkg.namespaces import Prov, Rdfs, Vhkg

_BEARERS = ("lesion", "patient")


def flag(graph: Graph, subject: str, predicate: str) -> bool:
    return graph.text(subject, predicate) in ("true", "1")


def integer(graph: Graph, subject: str, predicate: str) -> int:
    """The integer, or 0 where there is none."""
    text = graph.text(subject, predicate)
    try:
        return int(text) if text else 0
    except ValueError as error:
        raise KnowledgeError(
            f"{local_name(subject)} has {text!r} for {local_name(predicate)}",
            file=graph.file_of(subject),
            mend="give an integer",
        ) from error


def findings(graph: Graph) -> dict[str, Finding]:
    """Every class under a root that names its role, the roots left out; in display order."""
    found: dict[str, Finding] = {}
    audited = {below for iri, _ in graph.pairs(Vhkg.audited) for below in _audited(graph, iri)}
    for root, role in graph.pairs(Vhkg.assertedThrough):
        if not isinstance(root, ox.NamedNode) or not isinstance(role, ox.NamedNode):
            continue
        for iri in graph.subclasses(root.value)[1:]:
            name = local_name(iri)
            found[name] = Finding(
                name=name,
                label=graph.label(iri),
                plain_label=graph.text(iri, Vhkg.plainLabel) or graph.label(iri),
                definition=graph.definition(iri),
                role=local_name(role.value),
                bearer=bearer(graph, iri),
                group=graph.text(iri, Vhkg.displayGroup),
                order=integer(graph, iri, Vhkg.order),
                question=graph.text(iri, Vhkg.question),
                always_asked=flag(graph, iri, Vhkg.askWhenNotRecorded),
                undefined_in=graph.name(iri, Vhkg.undefinedIn),
                scope_note=graph.text(iri, Vhkg.scopeNote),
                parents=graph.names(iri, Rdfs.subClassOf),
                derived_from=graph.names(iri, Prov.wasDerivedFrom),
                audited=iri in audited,
                plain_present=graph.text(iri, Vhkg.plainPresent),
                plain_absent=graph.text(iri, Vhkg.plainAbsent),
                plain_question=graph.text(iri, Vhkg.plainQuestion),
            )
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def _audited(graph: Graph, node: Node) -> tuple[str, ...]:
    """The class, if it says true, with all below it."""
    return (
        graph.subclasses(node.value) if isinstance(node, ox.NamedNode) and flag(graph, node.value, Vhkg.audited) else ()
    )


def bearer(graph: Graph, iri: str) -> str:
    """The bearer of the nearest ancestor that states one; two different ones at the same distance are an error."""
    level: tuple[str, ...] = (iri,)
    seen: set[str] = set()
    while level:
        stated = {graph.text(each, Vhkg.bearer) for each in level} - {""}
        if len(stated) > 1 or not stated.issubset(_BEARERS):
            raise KnowledgeError(
                f"the bearer of {local_name(iri)} is {' and '.join(sorted(stated))}",
                file=graph.file_of(iri),
                mend=f"state one of {' and '.join(_BEARERS)} on it",
            )
        if stated:
            return stated.pop()
        seen.update(level)
        level = tuple(
            dict.fromkeys(up for each in level for up in iris(graph.values(each, Rdfs.subClassOf)) if up not in seen)
        )
    raise KnowledgeError(
        f"{local_name(iri)} has no bearer", file=graph.file_of(iri), mend="state vhkg:bearer on it or above it"
    )


def plans(graph: Graph) -> dict[str, Plan]:
    found: dict[str, Plan] = {}
    for iri in graph.instances(Vhkg.Plan):
        steps = [_step(graph, step) for step in iris(graph.values(iri, Vhkg.hasStep))]
        name = local_name(iri)
        found[name] = Plan(
            name=name,
            label=graph.label(iri),
            plain_label=graph.text(iri, Vhkg.plainLabel) or graph.label(iri),
            steps=tuple(sorted(steps, key=lambda step: (step.order, step.name))),
        )
    return dict(sorted(found.items()))


def _step(graph: Graph, iri: str) -> PlanStep:
    return PlanStep(
        name=local_name(iri),
        order=integer(graph, iri, Vhkg.order),
        intervention=graph.name(iri, Vhkg.intervention),
        optional=flag(graph, iri, Vhkg.optional),
        alternative_to=graph.name(iri, Vhkg.alternativeTo),
        statements=graph.names(iri, Vhkg.statedIn),
    )


def presentation_classes(graph: Graph) -> dict[str, PresentationClass]:
    """Every class under Presentation, alternatives of readings included."""
    found: dict[str, PresentationClass] = {}
    for iri in graph.subclasses(Vhkg.Presentation)[1:]:
        name = local_name(iri)
        found[name] = PresentationClass(
            name=name,
            label=graph.label(iri),
            plain_label=graph.text(iri, Vhkg.plainLabel) or graph.label(iri),
            definition=graph.definition(iri),
        )
    return dict(sorted(found.items()))
