"""The audit of a patient: one entry for each lesion and each day on which something was done to it.

What was done on that day is not a fact known before it; nor is what was done earlier in the same course, that is,
as earlier steps of a plan that goes on that day. Facts dated later never count. Undated facts count, as they do in
every answer, and are named, because the record does not show that they were known.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vhkg.answering.knowledge import Knowledge, Patient
from vhkg.answering.placement import Placed, place
from vhkg.auditing.matching import Belongs, Matcher
from vhkg.model.answer import Answer, FactShown, RecommendationAnswer, Status, Verdict
from vhkg.model.audit import (
    AUDIT_SCHEMA_VERSION,
    AuditDocument,
    AuditEntry,
    AuditLabel,
    AuditMatch,
    AuditReason,
    LesionShown,
)
from vhkg.model.record import Assertion, AssertionStatus

_UNSETTLED = {AuditReason.NOT_ADDRESSED, AuditReason.OPEN, AuditReason.IN_PART, AuditReason.BROADER}


class Audited(NamedTuple):
    """The entries of a patient, and the lesions for which no treatment is recorded."""

    entries: tuple[AuditEntry, ...]
    without_treatment: tuple[LesionShown, ...]


def audit(knowledge: Knowledge, patient: Patient, readings: Mapping[str, str] | None = None) -> Audited:
    """Audit every lesion of a patient; a record that does not conform has one entry that says so."""
    chosen = knowledge.decider.guards.chosen(readings or {})
    matcher = Matcher(knowledge.content)
    entries: list[AuditEntry] = []
    without: list[LesionShown] = []
    for placed in place(patient.record, knowledge.content.findings):
        lesion = _Lesion(knowledge, patient, placed, matcher, chosen)
        found = lesion.entries()
        entries += found
        if not found:
            where = placed.presentation
            without.append(LesionShown(patient.record.file, patient.record.patient, where.name, where.label))
    return Audited(tuple(entries), tuple(without))


def audit_document(knowledge: Knowledge, audited: Iterable[Audited]) -> AuditDocument:
    """The entries with what must accompany them, and their counts by label."""
    parts = list(audited)
    entries = tuple(entry for part in parts for entry in part.entries)
    shell = knowledge.document(())
    counted = Counter(entry.label for entry in entries)
    return AuditDocument(
        schema_version=AUDIT_SCHEMA_VERSION,
        knowledge=shell.knowledge,
        disclaimer=shell.disclaimer,
        audits=entries,
        without_treatment=tuple(lesion for part in parts for lesion in part.without_treatment),
        counts={label: counted[label] for label in AuditLabel},
    )


class _Lesion:
    """One lesion while it is audited, from its first treatment day to its last."""

    def __init__(
        self, knowledge: Knowledge, patient: Patient, placed: Placed, matcher: Matcher, readings: dict[str, str]
    ) -> None:
        self._knowledge, self._patient, self._placed = knowledge, patient, placed
        self._matcher, self._readings = matcher, readings
        treatments = matcher.treatments()
        self._done = [a for a in placed.assertions if a.finding in treatments and a.status is AssertionStatus.PRESENT]
        self._others = [a for a in placed.assertions if a not in self._done]

    def entries(self) -> list[AuditEntry]:
        found: list[AuditEntry] = []
        undated = self._matcher.most_specific(a.finding for a in self._done if a.date is None)
        if undated:
            found.append(self._unassessed(None, undated, AuditReason.UNDATED))
        course: tuple[str, ...] = ()
        days: list[datetime.date] = []
        for day in sorted({a.date for a in self._done if a.date is not None}):
            given = self._matcher.most_specific(a.finding for a in self._done if a.date == day)
            if not self._matcher.continues(given, course):
                course, days = (), []
            found.append(self._entry(day, given, course, days))
            course, days = (*course, *given), [*days, day]
        return found

    def _entry(
        self, day: datetime.date, given: tuple[str, ...], before: tuple[str, ...], days: Sequence[datetime.date]
    ) -> AuditEntry:
        if not self._patient.report.conforms:
            return self._unassessed(day, given, AuditReason.INVALID)
        earlier = [a for a in self._done if a.date is not None and a.date < day and a.date not in days]
        known = [a for a in self._others if a.date is None or a.date <= day] + earlier
        answer = self._knowledge.composer.compose(
            self._patient.record,
            self._placed._replace(assertions=tuple(known)),
            readings=self._readings,
            as_of=day,
            warnings=(),
        )
        belongs = self._matcher.belongs(given, before)
        statuses = {r.id: r for r in answer.recommendations}
        matches = [_match(each, statuses[each.recommendation.name], answer, known) for each in belongs]
        label, deciding = _label(matches, answer)
        decided = statuses[deciding.recommendation] if deciding else None
        if deciding:
            reason = deciding.reason
        else:
            reason = AuditReason.OUTSIDE if label is AuditLabel.NOT_ASSESSABLE else AuditReason.NOWHERE
        named = {
            name
            for each, match in zip(belongs, matches, strict=True)
            if match.reason is not AuditReason.ELSEWHERE
            for name in (*each.covered, *each.broader)
        }
        return self._written(
            day,
            given,
            before=before,
            label=label,
            reason=reason,
            decided=decided,
            matches=tuple(matches),
            not_matched=tuple(name for name in given if name not in named),
            undated=tuple(_fact(a) for a in known if a.date is None and a.status is not AssertionStatus.UNKNOWN),
            later=tuple(_fact(a) for a in self._others if a.date is not None and a.date > day),
        )

    def _unassessed(self, day: datetime.date | None, given: tuple[str, ...], reason: AuditReason) -> AuditEntry:
        return self._written(day, given, label=AuditLabel.NOT_ASSESSABLE, reason=reason)

    def _written(
        self,
        day: datetime.date | None,
        given: tuple[str, ...],
        *,
        label: AuditLabel,
        reason: AuditReason,
        before: tuple[str, ...] = (),
        decided: RecommendationAnswer | None = None,
        matches: tuple[AuditMatch, ...] = (),
        not_matched: tuple[str, ...] = (),
        undated: tuple[FactShown, ...] = (),
        later: tuple[FactShown, ...] = (),
    ) -> AuditEntry:
        open_now = decided is not None and reason is AuditReason.OPEN
        asked = (
            [f.finding for facts in (*decided.confirm, *decided.refute) for f in facts] if decided and open_now else []
        )
        return AuditEntry(
            file=self._patient.record.file,
            patient=self._patient.record.patient,
            presentation=self._placed.presentation.name,
            lesion=self._placed.presentation.label,
            date=day,
            given=given,
            before=before,
            label=label,
            reason=reason,
            recommendation=decided.id if decided else "",
            line=decided.line if decided else "",
            because=decided.because if decided else (),
            ask=tuple(dict.fromkeys(asked)),
            not_addressed=decided.not_addressed if decided else (),
            matches=matches,
            not_matched=not_matched,
            undated=undated,
            later=later,
            statements=tuple(s for s in decided.statements if s.role == "action") if decided else (),
            readings=self._readings,
        )


def _match(belongs: Belongs, given: RecommendationAnswer, answer: Answer, known: Sequence[Assertion]) -> AuditMatch:
    recorded = {a.finding: a for a in known}
    missing = tuple(
        _fact(recorded[name]) if name in recorded else FactShown(name, "not recorded") for name in belongs.missing
    )
    return AuditMatch(given.id, given.label, given.line, _reason(belongs, given, answer), missing)


def _reason(belongs: Belongs, given: RecommendationAnswer, answer: Answer) -> AuditReason:
    if given.status is Status.DOES_NOT_APPLY:
        return AuditReason.OUTSIDE if _outside(answer) else AuditReason.ELSEWHERE
    if belongs.broader:
        return AuditReason.BROADER
    if given.status is Status.UNDETERMINED:
        return AuditReason.OPEN
    if belongs.missing:
        return AuditReason.IN_PART
    if given.status is Status.ADVISED_AGAINST:
        return AuditReason.ADVISED_AGAINST
    if given.status is Status.PROVISIONAL:
        return AuditReason.NOT_ADDRESSED if given.base_status is not Status.PROVISIONAL else AuditReason.OPEN
    return AuditReason.IN_FORCE


def _label(matches: Sequence[AuditMatch], answer: Answer) -> tuple[AuditLabel, AuditMatch | None]:
    """The label, and the match that gives it: what is advised against first, then what is named in whole for these
    facts, the first line before other options; what is open keeps anything from being called not named."""
    first_line = {r.id for r in answer.recommendations if r.first_line}
    for match in matches:
        if match.reason is AuditReason.ADVISED_AGAINST:
            return AuditLabel.ADVISED_AGAINST, match
    in_force = [match for match in matches if match.reason is AuditReason.IN_FORCE]
    for match in sorted(in_force, key=lambda match: match.recommendation not in first_line):
        first = match.recommendation in first_line
        return (AuditLabel.FIRST_LINE if first else AuditLabel.OTHER_OPTION), match
    unsettled = [match for match in matches if match.reason in _UNSETTLED]
    for match in sorted(unsettled, key=lambda match: match.reason is AuditReason.BROADER):
        return AuditLabel.NOT_ASSESSABLE, match
    if _outside(answer):
        return AuditLabel.NOT_ASSESSABLE, None
    return AuditLabel.NOT_NAMED, matches[0] if matches else None


def _outside(answer: Answer) -> bool:
    """Whether the article is not about the lesion at all; a factor that it does not address is another matter."""
    named = any(given.not_addressed for given in answer.recommendations)
    return answer.verdict is Verdict.NOT_APPLICABLE or (answer.verdict is Verdict.OUTSIDE and not named)


def _fact(assertion: Assertion) -> FactShown:
    return FactShown(assertion.finding, assertion.status.value, assertion.date)
