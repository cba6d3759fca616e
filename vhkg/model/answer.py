"""The answer document: what `vhkg recommend --format json` prints, and what every renderer shows.

Field names are those of the JSON in camel case. The JSON Schema is generated from these types.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Any

import msgspec

from vhkg.model.checks import ValidationResult
from vhkg.model.content import Outcome

SCHEMA_VERSION = "1.0"


class Status(StrEnum):
    APPLIES = "applies"
    PROVISIONAL = "provisional"
    UNDETERMINED = "undetermined"
    DOES_NOT_APPLY = "does-not-apply"
    ADVISED_AGAINST = "advised-against"


class Verdict(StrEnum):
    FIRST_LINE = "first-line"
    PROVISIONAL = "provisional"
    UNDECIDED = "undecided"
    OUTSIDE = "outside"
    NOT_APPLICABLE = "not-applicable"
    GAP = "gap"
    CONTRADICTION = "contradiction"
    INVALID = "invalid"


class Document(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the parts of the document."""


class FactShown(Document, frozen=True):
    """A recorded fact as a reason: a finding's name with the status and date recorded."""

    finding: str
    status: str
    date: datetime.date | None = None


class FindingState(Document, frozen=True):
    """`status` is present, absent, unknown or conflict, after the axioms; `recorded` is what was written, or empty."""

    status: str
    recorded: str = ""
    date: datetime.date | None = None
    from_: str = msgspec.field(default="", name="from")


class StatementShown(Document, frozen=True):
    id: str
    role: str
    quote: str
    section: str
    start: int
    end: int
    citations: tuple[str, ...]


class ReadingShown(Document, frozen=True):
    """A reading that an answer rests on. `changes` maps another alternative to the status it alone would give.

    `matters`: it is part of some smallest change of readings that gives another status.
    """

    id: str
    chosen: str
    matters: bool
    changes: dict[str, Status]


class ReadingChange(Document, frozen=True):
    """A smallest change of readings that gives another status: what is taken instead, by reading."""

    readings: dict[str, str]
    status: Status


class RecommendationAnswer(Document, frozen=True):
    """`because` holds minimal sufficient reasons of `base_status`; `confirm` and `refute` the least sets of facts
    that would make the recommendation hold or fail (empty once that is decided). `reading_changes` is empty if and
    only if the status holds under every reading; else it lists every smallest change, single ones included."""

    id: str
    label: str
    plain_label: str
    intervention: str
    kind: str
    line: str
    modality: str
    order: int
    first_line: bool
    direction: str
    status: Status
    base_status: Status
    because: tuple[tuple[FactShown, ...], ...]
    confirm: tuple[tuple[FactShown, ...], ...]
    refute: tuple[tuple[FactShown, ...], ...]
    readings: tuple[ReadingShown, ...]
    holds_under_every_reading: bool
    reading_changes: tuple[ReadingChange, ...]
    outcomes: tuple[Outcome, ...]
    strength: str
    certainty: str
    not_addressed: tuple[str, ...]
    sources: tuple[str, ...]
    statements: tuple[StatementShown, ...]
    scope_note: str
    flags: tuple[str, ...]


class StatusChange(Document, frozen=True):
    recommendation: str
    before: Status
    after: Status


class Effect(Document, frozen=True):
    """What an answer to a question would do; `next` are the findings that would then be asked first."""

    gained: tuple[StatusChange, ...]
    lost: tuple[StatusChange, ...]
    next: tuple[str, ...] = ()


class Question(Document, frozen=True):
    """`decisive`: one of the answers settles a recommendation that is not settled now."""

    finding: str
    question: str
    recorded: str
    undefined: bool
    if_present: Effect
    if_absent: Effect
    decisive: bool


class Combination(Document, frozen=True):
    recommendations: tuple[str, ...]
    relation: str


class SilenceShown(Document, frozen=True):
    id: str
    label: str
    question: str
    quote: str
    statement: str


class NoticeShown(Document, frozen=True):
    """A notice of the software, not of the article."""

    id: str
    text: str
    audience: str


class ConflictShown(Document, frozen=True):
    """Assertions that cannot all hold; all of them were set aside."""

    facts: tuple[FactShown, ...]
    origins: tuple[str, ...]


class SupersededFact(Document, frozen=True):
    fact: FactShown
    by: tuple[FactShown, ...]


class Headline(Document, frozen=True):
    clinician: str
    patient: str


class Classes(Document, frozen=True):
    entailed: tuple[str, ...]
    undetermined: tuple[str, ...]


class Answer(Document, frozen=True):
    """The answer for one presentation of one patient in one file."""

    file: str
    patient: str
    presentation: str
    label: str
    as_of: datetime.date | None
    conforms: bool
    violations: tuple[ValidationResult, ...]
    verdict: Verdict
    headline: Headline
    described_as: str
    findings: dict[str, FindingState]
    classes: Classes
    recommendations: tuple[RecommendationAnswer, ...]
    combinations: tuple[Combination, ...]
    ask: tuple[Question, ...]
    which_lesion: tuple[str, ...]
    silent: tuple[SilenceShown, ...]
    notices: tuple[NoticeShown, ...]
    conflicts: tuple[ConflictShown, ...]
    superseded: tuple[SupersededFact, ...]
    later: tuple[FactShown, ...]
    readings: dict[str, str]
    flags: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready built-in types, with the names of the JSON Schema."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


class SourceShown(Document, frozen=True):
    standing: str
    candidate: str
    confidence: str
    basis: str
    notes: tuple[str, ...] = ()


class CodesShown(Document, frozen=True):
    """A file of codes that was added to those of the knowledge."""

    file: str
    sha256: str


class KnowledgeShown(Document, frozen=True):
    """The knowledge that an answer rests on, and the software, by name and version, that read it.

    `digest` is of the knowledge with `codes`, the files of codes that the user added.
    """

    software: str
    version: str
    digest: str
    review_status: str
    source: str
    sources: dict[str, SourceShown]
    codes: tuple[CodesShown, ...] = ()


class AnswerDocument(Document, frozen=True):
    schema_version: str
    knowledge: KnowledgeShown
    disclaimer: str
    answers: tuple[Answer, ...]
