"""The ledgers: statements, readings, decisions, silences, scope limits, notices and sources."""

from __future__ import annotations

import datetime

import pyoxigraph as ox

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, iris, local_name
from vhkg.knowledge.terms import flag, integer
from vhkg.model.content import (
    Alternative,
    Article,
    ModellingDecision,
    Reading,
    SafetyNotice,
    ScopeLimit,
    Silence,
    Source,
    Statement,
)
from vhkg.namespaces import Cito, Dcterms, Oa, Rdfs, Vhkg


def statements(graph: Graph) -> dict[str, Statement]:
    """Every statement, in the order of the text; a passage before its claims."""
    markers = {iri: graph.text(iri, Vhkg.marker) for iri in graph.instances(Vhkg.Source)}
    found = [
        _statement(graph, iri, local_name(subclass), markers)
        for subclass in graph.subclasses(Vhkg.Statement)[1:]
        for iri in graph.instances(subclass)
    ]
    found.sort(key=lambda statement: (statement.start, -statement.end, -statement.order, statement.name))
    return {statement.name: statement for statement in found}


def _statement(graph: Graph, iri: str, kind: str, markers: dict[str, str]) -> Statement:
    texts = {Oa.exact: "", Oa.prefix: "", Oa.suffix: ""}
    offsets = {Oa.start: -1, Oa.end: -1}
    for selector in iris(graph.values(iri, Oa.hasSelector)):
        texts = {predicate: graph.text(selector, predicate) or text for predicate, text in texts.items()}
        for predicate in offsets:
            if graph.text(selector, predicate):
                offsets[predicate] = integer(graph, selector, predicate)
    cited = [markers.get(source, "") for source in iris(graph.values(iri, Cito.citesAsEvidence))]
    return Statement(
        name=local_name(iri),
        kind=kind,
        section=graph.text(iri, Vhkg.section),
        line=integer(graph, iri, Vhkg.lineNumber),
        order=integer(graph, iri, Vhkg.passageOrder),
        start=offsets[Oa.start],
        end=offsets[Oa.end],
        quote=texts[Oa.exact],
        prefix=texts[Oa.prefix],
        suffix=texts[Oa.suffix],
        span_sha256=graph.text(iri, Vhkg.spanSha256),
        description=graph.text(iri, Vhkg.description),
        citations=tuple(sorted(marker for marker in cited if marker)),
        disposition=graph.text(iri, Vhkg.disposition),
        because=graph.text(iri, Vhkg.because),
        modelled_by=graph.names(iri, Vhkg.modelledBy),
        part_of=graph.names(iri, Dcterms.isPartOf),
    )


def readings(graph: Graph) -> dict[str, Reading]:
    found: list[tuple[int, Reading]] = []
    for iri in graph.instances(Vhkg.Reading):
        alternatives = tuple(
            Alternative(local_name(value), graph.label(value), graph.definition(value))
            for value in iris(graph.values(iri, Vhkg.hasAlternative))
        )
        reading = Reading(
            name=local_name(iri),
            label=graph.label(iri),
            question=graph.text(iri, Vhkg.question),
            alternatives=alternatives,
            default=graph.name(iri, Vhkg.defaultAlternative),
            tension=graph.text(iri, Vhkg.tension),
            concerns=graph.names(iri, Vhkg.concerns),
        )
        if reading.default not in {alternative.name for alternative in alternatives}:
            raise KnowledgeError(
                f"the default of {reading.name} is not one of its alternatives",
                file=graph.file_of(iri),
                mend="name one of them",
            )
        found.append((integer(graph, iri, Vhkg.order), reading))
    return {reading.name: reading for _, reading in sorted(found, key=lambda item: (item[0], item[1].name))}


def decisions(graph: Graph) -> dict[str, ModellingDecision]:
    return {
        local_name(iri): ModellingDecision(
            name=local_name(iri),
            label=graph.label(iri),
            tension=graph.text(iri, Vhkg.tension),
            decision=graph.text(iri, Vhkg.description),
            concerns=graph.names(iri, Vhkg.concerns),
        )
        for iri in sorted(graph.instances(Vhkg.ModellingDecision))
    }


def silences(graph: Graph) -> tuple[Silence, ...]:
    found = [
        (
            integer(graph, iri, Vhkg.order),
            Silence(
                name=local_name(iri),
                label=graph.label(iri),
                question=graph.text(iri, Vhkg.question),
                nearest=graph.name(iri, Vhkg.nearestStatement),
                raised_by=graph.names(iri, Vhkg.raisedBy),
                gap=flag(graph, iri, Vhkg.gap),
                concerns=graph.names(iri, Vhkg.concerns),
                plain=graph.text(iri, Vhkg.plainSentence),
            ),
        )
        for iri in graph.instances(Vhkg.Silence)
    ]
    return tuple(silence for _, silence in sorted(found, key=lambda item: (item[0], item[1].name)))


def scope_limits(graph: Graph) -> tuple[ScopeLimit, ...]:
    found = [
        ScopeLimit(
            name=local_name(iri),
            label=graph.label(iri),
            factor=graph.name(iri, Vhkg.factor),
            broader=_superclasses(graph, iris(graph.values(iri, Vhkg.factor))),
            raised_by=graph.name(iri, Vhkg.raisedBy),
            caps_within=graph.name(iri, Vhkg.capsWithin),
            limits=graph.names(iri, Vhkg.limits),
            nearest=graph.name(iri, Vhkg.nearestStatement),
        )
        for iri in graph.instances(Vhkg.ScopeLimit)
    ]
    return tuple(sorted(found, key=lambda limit: limit.name))


def _superclasses(graph: Graph, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The local names of all named classes strictly above, sorted."""
    above: set[str] = set()
    pending = list(classes)
    while pending:
        for parent in iris(graph.values(pending.pop(), Rdfs.subClassOf)):
            if parent not in above:
                above.add(parent)
                pending.append(parent)
    return tuple(sorted(map(local_name, above)))


def notices(graph: Graph) -> tuple[SafetyNotice, ...]:
    found = [
        SafetyNotice(
            name=local_name(iri),
            label=graph.label(iri),
            text=graph.text(iri, Vhkg.noticeText),
            audience=graph.text(iri, Vhkg.audience),
            shown_unless=graph.name(iri, Vhkg.shownUnless),
            stale_after_days=integer(graph, iri, Vhkg.staleAfterDays),
        )
        for iri in graph.instances(Vhkg.SafetyNotice)
    ]
    return tuple(sorted(found, key=lambda notice: notice.name))


def sources(graph: Graph) -> dict[str, Source]:
    """The cited sources, keyed by marker; the article itself has none."""
    found = {
        graph.text(iri, Vhkg.marker): Source(
            marker=graph.text(iri, Vhkg.marker),
            standing=graph.text(iri, Vhkg.standing),
            candidate=graph.text(iri, Vhkg.candidate),
            confidence=graph.text(iri, Vhkg.confidence),
            basis=graph.text(iri, Vhkg.basis),
            notes=tuple(value.value for value in graph.values(iri, Vhkg.sourceNote) if isinstance(value, ox.Literal)),
        )
        for iri in graph.instances(Vhkg.Source)
        if graph.text(iri, Vhkg.marker)
    }
    return dict(sorted(found.items()))


def article(graph: Graph) -> Article:
    """The one source without a marker: the article that the statements are taken from."""
    found = [iri for iri in graph.instances(Vhkg.Source) if not graph.text(iri, Vhkg.marker)]
    if len(found) != 1:
        raise KnowledgeError(
            f"{len(found)} sources without a marker", file="sources.ttl", mend="describe exactly one article"
        )
    iri = found[0]
    issued = graph.text(iri, Dcterms.issued)
    return Article(
        name=local_name(iri),
        title=graph.text(iri, Dcterms.title_),
        issued=datetime.date.fromisoformat(issued) if issued else None,
        sha256=graph.text(iri, Vhkg.sha256),
        review_status=graph.text(iri, Vhkg.reviewStatus),
        disclaimer=graph.text(iri, Vhkg.disclaimer),
        description=graph.text(iri, Vhkg.description),
        subject=graph.name(iri, Vhkg.subjectClass),
        scope=graph.name(iri, Vhkg.scopeClass),
        branch=graph.name(iri, Vhkg.branchClass),
        gap=graph.name(iri, Vhkg.gapClass),
    )
