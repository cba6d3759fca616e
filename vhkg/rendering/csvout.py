"""Answers as a table: one row per recommendation of each answer, and each row stands alone (RFC 4180).

An answer without recommendations (its record cannot be used) still has a row, so that no patient vanishes.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula. In the cells that a patient
file chooses (file, patient, presentation) such a value is written with an apostrophe before it; so is one that
already begins with apostrophes before such a sign, so that taking one apostrophe off gives the value back.
Cells of the knowledge are written exactly, because quotations must stay exact.

There is no column for the status before scope limits: `status` is the capped one.
"""

from __future__ import annotations

import csv
import io

from vhkg.model.answer import Answer, AnswerDocument, Question, RecommendationAnswer
from vhkg.model.content import Content
from vhkg.model.spreadsheet import harmless
from vhkg.rendering.jsonout import without_surrogates
from vhkg.rendering.rdf import reason_code

COLUMNS = (
    "file",
    "patient",
    "presentation",
    "asOf",
    "verdict",
    "recommendation",
    "label",
    "intervention",
    "line",
    "order",
    "direction",
    "status",
    "because",
    "ask",
    "notAddressed",
    "readings",
    "citations",
    "sourceStanding",
    "quote",
    "statement",
    "section",
    "start",
    "end",
    "strength",
    "certainty",
    "flags",
    "knowledgeVersion",
    "knowledgeDigest",
    "reviewStatus",
    "disclaimer",
)


def render_csv(document: AnswerDocument, content: Content) -> str:
    """The table with its header line; lines end in CRLF."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    knowledge = document.knowledge
    common = {
        "knowledgeVersion": knowledge.version,
        "knowledgeDigest": knowledge.digest,
        "reviewStatus": knowledge.review_status,
        "disclaimer": document.disclaimer,
    }
    for answer in document.answers:
        own = {
            "file": harmless(without_surrogates(answer.file)),
            "patient": harmless(without_surrogates(answer.patient)),
            "presentation": harmless(without_surrogates(answer.presentation)),
            "asOf": answer.as_of.isoformat() if answer.as_of else "",
            "verdict": answer.verdict.value,
            "flags": " ".join(answer.flags),
        }
        rows = [_row(answer, given, content) for given in answer.recommendations]
        writer.writerows({**own, **row, **common} for row in rows or [{}])
    return buffer.getvalue()


def _row(answer: Answer, given: RecommendationAnswer, content: Content) -> dict[str, str]:
    action = next((statement for statement in given.statements if statement.role == "action"), None)
    standing = {marker: content.sources[marker].standing for marker in given.sources if marker in content.sources}
    return {
        "recommendation": given.id,
        "label": given.label,
        "intervention": given.intervention,
        "line": given.line,
        "order": str(given.order),
        "direction": given.direction,
        "status": given.status.value,
        "because": " | ".join(reason_code(reason) for reason in given.because),
        "ask": " | ".join(filter(None, (_asked(question, given.id) for question in answer.ask))),
        "notAddressed": " ".join(given.not_addressed),
        "readings": " ".join(f"{reading.id}={reading.chosen}" for reading in given.readings),
        "citations": " ".join(given.sources),
        "sourceStanding": " ".join(f"{marker}={text}" for marker, text in standing.items()),
        "quote": action.quote if action else "",
        "statement": action.id if action else "",
        "section": action.section if action else "",
        "start": str(action.start) if action else "",
        "end": str(action.end) if action else "",
        "strength": given.strength,
        "certainty": given.certainty,
        "flags": " ".join((*given.flags, *(flag for flag in answer.flags if flag not in given.flags))),
    }


def _asked(question: Question, recommendation: str) -> str:
    """``Finding (present: status, absent: status)`` where an answer changes this recommendation; else empty."""
    sides = []
    for name, effect in (("present", question.if_present), ("absent", question.if_absent)):
        after = {change.recommendation: change.after for change in (*effect.gained, *effect.lost)}
        sides.append(f"{name}: {after[recommendation].value}" if recommendation in after else f"{name}: no change")
    return "" if all(side.endswith("no change") for side in sides) else f"{question.finding} ({', '.join(sides)})"
