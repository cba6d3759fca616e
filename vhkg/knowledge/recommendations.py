"""Recommendations with the statements that support them, and their outcomes."""

from __future__ import annotations

from itertools import pairwise

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, local_name
from vhkg.knowledge.terms import flag, integer
from vhkg.model.content import Outcome, Recommendation, Source, Statement, StatementUse
from vhkg.namespaces import Vhkg

_ROLES = {
    Vhkg.actionIn: "action",
    Vhkg.conditionIn: "condition",
    Vhkg.exclusionIn: "exclusion",
    Vhkg.lineIn: "line",
    Vhkg.modalityIn: "modality",
    Vhkg.supportedIn: "support",
}


def outcomes(graph: Graph, statements: dict[str, Statement]) -> dict[str, Outcome]:
    """The outcomes, each with the quotation of the first statement that states it."""
    found: dict[str, Outcome] = {}
    for subclass in graph.subclasses(Vhkg.Outcome)[1:]:
        for iri in graph.instances(subclass):
            stated = graph.names(iri, Vhkg.statedIn)
            name = local_name(iri)
            found[name] = Outcome(
                id=name,
                kind=local_name(subclass).lower(),
                label=graph.label(iri),
                number=graph.text(iri, Vhkg.number),
                unit=graph.text(iri, Vhkg.unit),
                denominator=graph.text(iri, Vhkg.denominator),
                quote=outcome_quote(stated, statements),
                statements=stated,
            )
    return dict(sorted(found.items()))


def outcome_quote(stated: tuple[str, ...], statements: dict[str, Statement]) -> str:
    """The exact text from the first to the last statement named, if they touch; else that of the first."""
    known = sorted((statements[name] for name in stated if name in statements), key=lambda s: s.start)
    if not known:
        return ""
    text = known[0].quote
    for before, after in pairwise(known):
        if after.start - before.end != 1:
            return statements[stated[0]].quote
        text += " " + after.quote
    return text


def recommendations(
    graph: Graph, statements: dict[str, Statement], sources: dict[str, Source]
) -> tuple[Recommendation, ...]:
    """All recommendations in the article's order."""
    found = [_recommendation(graph, iri, statements, sources) for iri in graph.instances(Vhkg.Recommendation)]
    return tuple(sorted(found, key=lambda recommendation: (recommendation.order, recommendation.name)))


def _recommendation(
    graph: Graph, iri: str, statements: dict[str, Statement], sources: dict[str, Source]
) -> Recommendation:
    name = local_name(iri)
    against = graph.name(iri, Vhkg.advisesAgainst)
    target = against or graph.name(iri, Vhkg.recommends)
    condition = graph.name(iri, Vhkg.appliesTo)
    if not target or not condition or (against and graph.name(iri, Vhkg.recommends)):
        raise KnowledgeError(
            f"{name} must have appliesTo and one of recommends and advisesAgainst",
            file=graph.file_of(iri),
            mend="state each once",
        )
    uses = tuple(StatementUse(used, role) for predicate, role in _ROLES.items() for used in graph.names(iri, predicate))
    return Recommendation(
        name=name,
        label=graph.label(iri),
        plain_label=graph.text(iri, Vhkg.plainLabel) or graph.label(iri),
        kind=graph.text(iri, Vhkg.recommendationKind),
        order=integer(graph, iri, Vhkg.order),
        line=graph.text(iri, Vhkg.line),
        first_line=flag(graph, iri, Vhkg.isFirstLine),
        modality=graph.text(iri, Vhkg.modality),
        direction="against" if against else "for",
        target=target,
        condition=condition,
        exclusion=graph.name(iri, Vhkg.excludedBy),
        uses=uses,
        outcomes=graph.names(iri, Vhkg.hasOutcome),
        readings=graph.names(iri, Vhkg.restsOnReading),
        ranked_after=graph.names(iri, Vhkg.rankedAfter),
        strength=graph.text(iri, Vhkg.strength),
        certainty=graph.text(iri, Vhkg.certainty),
        scope_note=graph.text(iri, Vhkg.scopeNote),
        flags=citation_flags(action_citations(uses, statements), sources),
    )


def action_citations(uses: tuple[StatementUse, ...], statements: dict[str, Statement]) -> tuple[str, ...]:
    """The citation markers of the statements that state the action, in order."""
    cited = {
        marker
        for use in uses
        if use.role == "action" and use.statement in statements
        for marker in statements[use.statement].citations
    }
    return tuple(sorted(cited))


def citation_flags(cited: tuple[str, ...], sources: dict[str, Source]) -> tuple[str, ...]:
    """What every reader must know of the evidence: uncited, single-source, unresolved-source, pending-review."""
    flags = []
    if not cited:
        flags.append("uncited")
    elif len(cited) == 1:
        flags.append("single-source")
    if any(marker not in sources or sources[marker].standing == "unidentified" for marker in cited):
        flags.append("unresolved-source")
    return (*flags, "pending-review")
