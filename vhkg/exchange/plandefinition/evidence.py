"""What a recommendation rests on: quotations, citations and their standing, strength and certainty."""

from __future__ import annotations

from collections.abc import Iterator

from vhkg.exchange.plandefinition.elements import Json, extension, filled, parts
from vhkg.model.content import Content, Recommendation, Source
from vhkg.namespaces import CPG_DIRECTION, CPG_DIRECTIONS, FHIR_QUALITY, FHIR_STRENGTH

QUOTATION = "quotation"
STANDING = "source-standing"


def documentation(recommendation: Recommendation, content: Content) -> list[Json]:
    """Each statement in its role, and those of outcomes in that of their kind; `display` is the exact quotation."""
    uses = [(use.role, use.statement) for use in recommendation.uses]
    for name in recommendation.outcomes:
        outcome = content.outcomes[name]
        uses += [(outcome.kind, statement) for statement in outcome.statements]
    return [_quotation(role, name, content) for role, name in dict.fromkeys(uses)]


def _quotation(role: str, name: str, content: Content) -> Json:
    statement = content.statements[name]
    return filled(
        extension=[
            extension(
                QUOTATION,
                *parts(
                    ("role", "Code", role),
                    ("statement", "Uri", content.iris[name]),
                    ("section", "String", statement.section),
                    ("start", "UnsignedInt", statement.start),
                    ("end", "UnsignedInt", statement.end),
                ),
                *(part for marker in statement.citations for part in parts(("citation", "String", marker))),
            )
        ],
        type="documentation",
        label=name,
        display=statement.quote,
    )


def related_artifacts(content: Content, markers: tuple[str, ...]) -> list[Json]:
    """The article, from which all is derived, and the citations that it gives as bare numbers."""
    article = content.article
    issued = f", {article.issued.isoformat()}" if article.issued else ""
    own = filled(
        type="derived-from",
        label=article.name,
        display=f"{article.title} (web article{issued}; sha256 {article.sha256}; {article.review_status})",
    )
    return [own, *(_citation(marker, content.sources.get(marker)) for marker in markers)]


def markers_of(recommendation: Recommendation, content: Content) -> tuple[str, ...]:
    names = [use.statement for use in recommendation.uses]
    names += [each for outcome in recommendation.outcomes for each in content.outcomes[outcome].statements]
    return tuple(sorted({marker for name in names for marker in content.statements[name].citations}))


def _citation(marker: str, source: Source | None) -> Json:
    """`citation` stays empty: a candidate is never asserted to be what was cited."""
    standing = source.standing if source else "unidentified"
    return filled(
        extension=[
            extension(
                STANDING,
                *parts(
                    ("standing", "Code", standing),
                    ("candidate", "String", source.candidate if source else ""),
                    ("confidence", "String", source.confidence if source else ""),
                    ("basis", "String", source.basis if source else ""),
                ),
            )
        ],
        type="citation",
        label=marker,
        display=f"Citation {marker} of the article, given as a bare number; "
        f"what it refers to is {_SAID.get(standing, standing)}.",
    )


_SAID = {"unidentified": "not identified", "candidate": "not confirmed (see the candidate and its basis)"}


def ratings(recommendation: Recommendation) -> Iterator[Json]:
    """Strength and quality in the words of the source, and the direction (https://hl7.org/fhir/uv/cpg/)."""
    yield {"url": FHIR_STRENGTH, "valueCodeableConcept": {"text": recommendation.strength}}
    yield {"url": FHIR_QUALITY, "valueCodeableConcept": {"text": recommendation.certainty}}
    direction = recommendation.direction
    yield {
        "url": CPG_DIRECTION,
        "valueCodeableConcept": {
            "coding": [{"system": CPG_DIRECTIONS, "code": direction, "display": direction.capitalize()}]
        },
    }
