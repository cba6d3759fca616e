"""The rows of one answer, made from the answer itself: what the columns have to agree with."""

from __future__ import annotations

import datetime
from typing import TypeAlias

from vhkg.cohort.texts import facts_text, questions_text
from vhkg.model.answer import Answer, AnswerDocument, RecommendationAnswer
from vhkg.model.cohort import ANSWERS, COHORT_SCHEMA_VERSION, OUTCOMES
from vhkg.model.content import Content

Cell: TypeAlias = "str | int | bool | datetime.date | None"


def rows_of(answer: Answer, content: Content, document: AnswerDocument) -> list[dict[str, Cell]]:
    """The rows of table `answers` for one answer; `document` gives the provenance.

    `ambiguousCode` is not part of an answer, and null here.
    """
    own: dict[str, Cell] = {
        "file": answer.file,
        "patient": answer.patient,
        "presentation": answer.presentation,
        "asOf": answer.as_of,
        "verdict": answer.verdict.value,
        "flags": " ".join(answer.flags),
    }
    end = provenance(document)
    empty: dict[str, Cell] = dict.fromkeys(ANSWERS)
    found = [{**empty, **own, **_row(answer, each, content), **end} for each in answer.recommendations]
    return found or [{**empty, **own, **end}]


def outcome(verdict: str) -> str:
    """The member of `OUTCOMES` for a verdict."""
    return _OUTCOME[verdict]


_OUTCOME = {
    "invalid": OUTCOMES[0],
    "contradiction": OUTCOMES[1],
    "outside": OUTCOMES[2],
    "not-applicable": OUTCOMES[2],
    "gap": OUTCOMES[2],
    "undecided": OUTCOMES[3],
    "provisional": OUTCOMES[4],
    "first-line": OUTCOMES[4],
}


def provenance(document: AnswerDocument) -> dict[str, Cell]:
    """The columns `PROVENANCE`."""
    knowledge = document.knowledge
    return {
        "schemaVersion": COHORT_SCHEMA_VERSION,
        "knowledgeVersion": knowledge.version,
        "knowledgeDigest": knowledge.digest,
        "reviewStatus": knowledge.review_status,
        "disclaimer": document.disclaimer,
    }


def row_flags(own: tuple[str, ...], of_answer: str) -> str:
    """The flags of a recommendation and, after them, those of the answer that are not among them."""
    return " ".join((*own, *(flag for flag in of_answer.split() if flag not in own)))


def _row(answer: Answer, given: RecommendationAnswer, content: Content) -> dict[str, Cell]:
    action = next((statement for statement in given.statements if statement.role == "action"), None)
    days = [fact.date for reason in given.because for fact in reason]
    known = [day for day in days if day is not None]
    return {
        "recommendation": given.id,
        "order": given.order,
        "direction": given.direction,
        "status": given.status.value,
        "baseStatus": given.base_status.value,
        "because": facts_text(given.because),
        "decisiveSince": min(known) if known and len(known) == len(days) else None,
        "confirm": facts_text(given.confirm),
        "refute": facts_text(given.refute),
        "questions": questions_text(given.confirm, given.refute, content),
        "notAddressed": " ".join(given.not_addressed),
        "readings": " ".join(f"{reading.id}={reading.chosen}" for reading in given.readings),
        "holdsUnderEveryReading": given.holds_under_every_reading,
        "sources": " ".join(given.sources),
        "statement": action.id if action else "",
        "flags": row_flags(given.flags, " ".join(answer.flags)),
    }
