"""An audit as text and as a table. It says how what was given relates to one article, never how good the care was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from vhkg.model.answer import FactShown
from vhkg.model.audit import AuditDocument, AuditEntry, AuditLabel, AuditMatch, AuditReason
from vhkg.model.content import Content
from vhkg.model.spreadsheet import harmless
from vhkg.rendering.frame import colophon
from vhkg.rendering.jsonout import without_surrogates
from vhkg.rendering.layout import Page, visible
from vhkg.rendering.rdf import reason_code
from vhkg.rendering.wording import cited, day, joined, quoted, sentence

LABELS = {
    AuditLabel.FIRST_LINE: "FIRST LINE",
    AuditLabel.OTHER_OPTION: "ANOTHER NAMED OPTION",
    AuditLabel.NOT_NAMED: "NOT NAMED",
    AuditLabel.ADVISED_AGAINST: "ADVISED AGAINST",
    AuditLabel.NOT_ASSESSABLE: "NOT ASSESSABLE",
}
COLUMNS = (
    "file", "patient", "presentation", "date", "given", "before", "label", "reason", "recommendation", "line",
    "because", "ask", "notAddressed", "missing", "notMatched", "undated", "later", "quote", "statement", "citations",
    "readings", "knowledgeVersion", "knowledgeDigest", "reviewStatus", "disclaimer",
)  # fmt: skip


def render_audit_text(document: AuditDocument, content: Content, *, width: int = 80) -> str:
    """One block for each entry, then what has nothing to audit, the counts, and the foot."""
    page, words = Page(width), _Words(content)
    for entry in document.audits:
        page.gap()
        _entry(page, entry, words)
    page.gap()
    for lesion in document.without_treatment:
        where = _where(lesion.file, lesion.patient, lesion.lesion or lesion.presentation)
        page.add(f"{where} · no treatment is recorded: nothing to audit", hang=2)
    page.gap()
    shown = [f"{LABELS[label].lower()} {count}" for label, count in document.counts.items() if count]
    if shown:
        page.add(f"{len(document.audits)} audited: {', '.join(shown)}", hang=2)
    page.add(
        "Held against what one web article says, on the facts recorded by that day; no judgement of the care.", hang=2
    )
    page.add(sentence(f"The article: {document.knowledge.review_status}"))
    colophon(page, content, document.knowledge)
    return page.text()


class _Words:
    def __init__(self, content: Content) -> None:
        self._content = content

    def name(self, finding: str) -> str:
        known = self._content.findings.get(finding)
        return known.label if known else visible(finding)

    def names(self, findings: Sequence[str]) -> str:
        return joined([self.name(each) for each in findings])

    def fact(self, fact: FactShown) -> str:
        status = "" if fact.status == "present" else f" {fact.status}"
        when = f" ({day(fact.date)})" if fact.date else ""
        return f"{self.name(fact.finding)}{status}{when}"

    def facts(self, facts: Iterable[FactShown]) -> str:
        return joined([self.fact(each) for each in facts])


def _where(file: str, patient: str, lesion: str) -> str:
    parts = [visible(file), f"patient {visible(patient)}", f"lesion {visible(lesion)}" if lesion else ""]
    return " · ".join(filter(None, parts))


def _entry(page: Page, entry: AuditEntry, words: _Words) -> None:
    where = _where(entry.file, entry.patient, entry.lesion or entry.presentation)
    page.add(f"{where} · {day(entry.date)} · given: {words.names(entry.given)}", hang=2)
    page.add(f"{LABELS[entry.label]}: {_why(entry, words)}", first="  ", hang=4)
    if entry.before:
        page.add(f"going on with: {words.names(entry.before)}", first="    ", hang=6)
    for reason in entry.because:
        page.add(f"known that day: {words.facts(reason)}", first="    ", hang=6)
    for statement in entry.statements:
        page.add(f"{quoted(statement.quote)} · {cited(statement.citations)}", first="    ", hang=6)
    for match in entry.matches:
        if match.recommendation != entry.recommendation:
            page.add(f"also {match.label} ({match.line}): {_match(match, words)}", first="    ", hang=6)
    if entry.not_matched and entry.reason not in (AuditReason.NOWHERE, AuditReason.ELSEWHERE):
        page.add(f"not named for these facts: {words.names(entry.not_matched)}", first="    ", hang=6)
    if entry.undated:
        text = f"counted although undated, so not shown to have been known: {words.facts(entry.undated)}"
        page.add(text, first="    ", hang=6)
    if entry.later:
        page.add(f"not counted, recorded later: {words.facts(entry.later)}", first="    ", hang=6)


def _why(entry: AuditEntry, words: _Words) -> str:
    """One sentence for each reason; the name of the recommendation where there is one."""
    named = next((match for match in entry.matches if match.recommendation == entry.recommendation), None)
    label = f"{named.label} ({named.line})" if named else ""
    texts = {
        AuditReason.IN_FORCE: f"the article names {label} for these facts",
        AuditReason.ADVISED_AGAINST: f"the article advises against {label} for these facts",
        AuditReason.OPEN: f"whether {label} is named depends on what was not recorded or not settled by that day: "
        f"{words.names(entry.ask) or 'its conditions'}",
        AuditReason.NOT_ADDRESSED: f"{label} would be named, but the article does not address "
        f"{words.names(entry.not_addressed)}",
        AuditReason.IN_PART: f"a part of {label}: {_missing(named, words)}",
        AuditReason.BROADER: f"the record does not say whether it was {label}",
        AuditReason.OUTSIDE: "the lesion is not one that the article is about, on the facts known that day",
        AuditReason.UNDATED: "the day of the treatment is not recorded, so what was known before it cannot be told",
        AuditReason.INVALID: "the record does not conform to the patient shapes (vhkg validate)",
        AuditReason.ELSEWHERE: f"the article names {label} for other presentations; it does not forbid it here",
        AuditReason.NOWHERE: "the article does not name it; it does not forbid it",
    }
    return sentence(texts[entry.reason])


def _missing(match: AuditMatch | None, words: _Words) -> str:
    found = match.missing if match else ()
    return joined([f"{words.name(fact.finding)} {_recorded(fact)}" for fact in found])


def _recorded(fact: FactShown) -> str:
    return {"not recorded": "is not recorded", "absent": "is recorded as not done"}.get(
        fact.status, f"is recorded as {fact.status}"
    )


def _match(match: AuditMatch, words: _Words) -> str:
    texts = {
        AuditReason.IN_FORCE: "named for these facts",
        AuditReason.ADVISED_AGAINST: "advised against for these facts",
        AuditReason.OPEN: "not settled on these facts",
        AuditReason.NOT_ADDRESSED: "a recorded factor is not addressed",
        AuditReason.IN_PART: f"in part, {_missing(match, words)}",
        AuditReason.BROADER: "the record does not say whether it was this",
        AuditReason.ELSEWHERE: "named for other presentations",
    }
    return texts.get(match.reason, "the article does not apply")


def render_audit_csv(document: AuditDocument) -> str:
    """One row for each entry, and each row stands alone (RFC 4180)."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for entry in document.audits:
        writer.writerow(
            {
                "file": harmless(without_surrogates(entry.file)),
                "patient": harmless(without_surrogates(entry.patient)),
                "presentation": harmless(without_surrogates(entry.presentation)),
                "date": entry.date.isoformat() if entry.date else "",
                "given": " ".join(entry.given),
                "before": " ".join(entry.before),
                "label": entry.label.value,
                "reason": entry.reason.value,
                "recommendation": entry.recommendation,
                "line": entry.line,
                "because": " | ".join(reason_code(reason) for reason in entry.because),
                "ask": " ".join(entry.ask),
                "notAddressed": " ".join(entry.not_addressed),
                "missing": " | ".join(
                    f"{m.recommendation}: {fact.finding}={fact.status}" for m in entry.matches for fact in m.missing
                ),
                "notMatched": " ".join(entry.not_matched),
                "undated": reason_code(entry.undated),
                "later": reason_code(entry.later),
                "quote": " | ".join(statement.quote for statement in entry.statements),
                "statement": " ".join(statement.id for statement in entry.statements),
                "citations": " ".join(dict.fromkeys(c for s in entry.statements for c in s.citations)),
                "readings": " ".join(f"{name}={option}" for name, option in sorted(entry.readings.items())),
                "knowledgeVersion": document.knowledge.version,
                "knowledgeDigest": document.knowledge.digest,
                "reviewStatus": document.knowledge.review_status,
                "disclaimer": document.disclaimer,
            }
        )
    return buffer.getvalue()
