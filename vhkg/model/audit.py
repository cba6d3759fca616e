"""Audits: what was given to a lesion on a day, held against what the article says on the facts known that day."""

from __future__ import annotations

import datetime
from enum import StrEnum

from vhkg.model.answer import Document, FactShown, KnowledgeShown, StatementShown

AUDIT_SCHEMA_VERSION = "1.0"


class AuditLabel(StrEnum):
    FIRST_LINE = "first-line"
    OTHER_OPTION = "other-named-option"
    NOT_NAMED = "not-named"
    ADVISED_AGAINST = "advised-against"
    NOT_ASSESSABLE = "not-assessable"


class AuditReason(StrEnum):
    """Why a label was given."""

    IN_FORCE = "in-force"
    """The article names it for the facts known that day."""
    ADVISED_AGAINST = "advised-against"
    OPEN = "open"
    """A fact that decides was not recorded by that day, or its record contradicts itself."""
    NOT_ADDRESSED = "not-addressed"
    """A recorded factor is not addressed by the article."""
    IN_PART = "in-part"
    """Only a part of the plan is recorded."""
    BROADER = "broader"
    """The record names a wider class than the article does."""
    OUTSIDE = "outside"
    """The lesion is not one that the article is about."""
    UNDATED = "undated"
    INVALID = "invalid"
    ELSEWHERE = "elsewhere"
    """The article names it, for other presentations; it does not forbid it."""
    NOWHERE = "nowhere"
    """The article does not name it."""


class AuditMatch(Document, frozen=True):
    """A recommendation that what was given belongs to. `missing` are the steps of its plan that are not recorded as
    done, with what is recorded of them; `reason` is what this match alone would say."""

    recommendation: str
    label: str
    line: str
    reason: AuditReason
    missing: tuple[FactShown, ...] = ()


class AuditEntry(Document, frozen=True):
    """One lesion, one day. `matches` are in the article's order, the one that gave the label is `recommendation`.

    `because` are reasons of that recommendation's status, `ask` the findings that would have decided, `before` the
    earlier treatments of the same course, `not_matched` what belongs to no recommendation that is named for these
    facts, `undated` facts that were counted although the record does not show that they were known that day, and
    `later` facts that were not counted, since they are dated after the treatment.
    """

    file: str
    patient: str
    presentation: str
    lesion: str
    date: datetime.date | None
    given: tuple[str, ...]
    before: tuple[str, ...]
    label: AuditLabel
    reason: AuditReason
    recommendation: str
    line: str
    because: tuple[tuple[FactShown, ...], ...]
    ask: tuple[str, ...]
    not_addressed: tuple[str, ...]
    matches: tuple[AuditMatch, ...]
    not_matched: tuple[str, ...]
    undated: tuple[FactShown, ...]
    later: tuple[FactShown, ...]
    statements: tuple[StatementShown, ...]
    readings: dict[str, str]


class LesionShown(Document, frozen=True):
    file: str
    patient: str
    presentation: str
    lesion: str


class AuditDocument(Document, frozen=True):
    """`counts` are by label; `without_treatment` are the lesions for which no treatment is recorded."""

    schema_version: str
    knowledge: KnowledgeShown
    disclaimer: str
    audits: tuple[AuditEntry, ...]
    without_treatment: tuple[LesionShown, ...]
    counts: dict[AuditLabel, int]
