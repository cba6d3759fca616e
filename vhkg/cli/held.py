"""What a query store holds for a command: the published knowledge, and the answers for patient files."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from vhkg.answering.knowledge import Knowledge
from vhkg.answering.published import DERIVED, published
from vhkg.cli.answers import answer_files


def held_parts(knowledge: Knowledge, links: tuple[str, ...]) -> dict[str, bytes]:
    """Turtle by name: what is published, and the bridge if other ontologies are given."""
    held = published(knowledge)
    if links:
        from vhkg.cli.link import linked

        held[f"{DERIVED}bridge.ttl"] = linked(knowledge, links).ntriples
    return held


def answers_held(
    knowledge: Knowledge,
    data: tuple[str, ...],
    readings: Mapping[str, str],
    as_of: datetime.date | None,
    *,
    other: tuple[Knowledge, Mapping[str, str]] | None = None,
) -> tuple[bytes, int]:
    """The answers for patient files and what was given to these patients, as N-Triples, and the worst exit code.

    `other` is another knowledge with its readings: then also the answers under it, and which of ours each is compared
    with.
    """
    answers, worst = answer_files(knowledge, data, readings, as_of)
    if not answers:
        return b"", worst
    from vhkg.auditing import audit_document
    from vhkg.cli.audit import audit_files
    from vhkg.rendering.audit_rdf import audit_ntriples
    from vhkg.rendering.rdf import answer_ntriples, compared_ntriples

    document = knowledge.document(answers)
    audited, _ = audit_files(knowledge, data, readings, quiet=True)
    triples = answer_ntriples(document, knowledge.content)
    triples += audit_ntriples(audit_document(knowledge, audited), knowledge.content)
    if other is not None:
        theirs, chosen = other
        compared = theirs.document(answer_files(theirs, data, chosen, as_of)[0])
        triples += answer_ntriples(compared, theirs.content) + compared_ntriples(document, compared)
    return triples, worst
