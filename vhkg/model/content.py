"""What the knowledge says, as values: terms, recommendations, statements, readings, silences, sources.

Names are local names of the ontology's IRIs; `Content.iris` maps them back. Texts are English, from the
ontology; an empty string or tuple means that the ontology says nothing there.
"""

from __future__ import annotations

import datetime

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding or intervention class. `bearer` is lesion or patient; `parents` are direct superclasses.

    `plain_present`, `plain_absent` and `plain_question` are sentences for patients; empty where there are none.
    `audited`: doing it is held against the recommendations by `vhkg audit`.
    """

    name: str
    label: str
    plain_label: str
    definition: str
    role: str
    bearer: str
    group: str
    order: int
    question: str
    always_asked: bool
    undefined_in: str
    scope_note: str
    parents: tuple[str, ...]
    derived_from: tuple[str, ...]
    audited: bool = False
    plain_present: str = ""
    plain_absent: str = ""
    plain_question: str = ""


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """Steps with the same `order` are done together, or stand in place of `alternative_to` (a step's name)."""

    name: str
    order: int
    intervention: str
    optional: bool
    alternative_to: str
    statements: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    plain_label: str
    steps: tuple[PlanStep, ...]


class Outcome(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A stated outcome. `kind` is benefit, harm, technique or purpose; `number` is the text of the decimal."""

    id: str
    kind: str
    label: str
    number: str
    unit: str
    denominator: str
    quote: str
    statements: tuple[str, ...]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A passage or claim. `start` and `end` count code points of the UTF-8 text, end exclusive.

    `kind` is the class's local name (Sentence, Heading, Bullet, PageElement, Claim); `disposition` is modelled,
    deferred or out-of-scope. `quote` is empty where only the span's hash is kept.
    """

    name: str
    kind: str
    section: str
    line: int
    order: int
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    span_sha256: str
    description: str
    citations: tuple[str, ...]
    disposition: str
    because: str
    modelled_by: tuple[str, ...]
    part_of: tuple[str, ...]


class StatementUse(msgspec.Struct, frozen=True):
    """A statement in the role it plays for a recommendation: action, condition, exclusion, line, modality, support."""

    statement: str
    role: str


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """`direction` is for or against; `target` names an intervention or a plan; `exclusion` may be empty.

    `kind` is treatment, surgical-option, workup or follow-up. `line` and `modality` are the article's words.
    """

    name: str
    label: str
    plain_label: str
    kind: str
    order: int
    line: str
    first_line: bool
    modality: str
    direction: str
    target: str
    condition: str
    exclusion: str
    uses: tuple[StatementUse, ...]
    outcomes: tuple[str, ...]
    readings: tuple[str, ...]
    ranked_after: tuple[str, ...]
    strength: str
    certainty: str
    scope_note: str
    flags: tuple[str, ...]


class Alternative(msgspec.Struct, frozen=True):
    name: str
    label: str
    definition: str


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    question: str
    alternatives: tuple[Alternative, ...]
    default: str
    tension: str
    concerns: tuple[str, ...]


class ModellingDecision(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    tension: str
    decision: str
    concerns: tuple[str, ...]


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """`raised_by` are presentation classes; `gap` marks one that leaves presentations without a branch."""

    name: str
    label: str
    question: str
    nearest: str
    raised_by: tuple[str, ...]
    gap: bool
    concerns: tuple[str, ...]
    plain: str = ""


class ScopeLimit(msgspec.Struct, frozen=True, kw_only=True):
    """Caps at provisional while `caps_within` holds; named while `raised_by` holds. Empty `limits`: everything.

    `broader` are the superclasses of `factor`: a limit that names one of them adds nothing where this one is raised.
    """

    name: str
    label: str
    factor: str
    broader: tuple[str, ...]
    raised_by: str
    caps_within: str
    limits: tuple[str, ...]
    nearest: str


class SafetyNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice of the software. `audience` is clinician, patient or both; `stale_after_days` 0 means: not about age."""

    name: str
    label: str
    text: str
    audience: str
    shown_unless: str
    stale_after_days: int


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A cited source. `standing` is unidentified or candidate; a candidate is never a fact."""

    marker: str
    standing: str
    candidate: str
    confidence: str
    basis: str
    notes: tuple[str, ...]


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """The article itself and the presentation classes that delimit it (local names; may be empty)."""

    name: str
    title: str
    issued: datetime.date | None
    sha256: str
    review_status: str
    disclaimer: str
    description: str
    subject: str
    scope: str
    branch: str
    gap: str


class PresentationClass(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    plain_label: str
    definition: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an answer may show. Dictionaries are keyed by name, sources by marker."""

    version: str
    title: str
    article: Article
    findings: dict[str, Finding]
    plans: dict[str, Plan]
    classes: dict[str, PresentationClass]
    recommendations: tuple[Recommendation, ...]
    outcomes: dict[str, Outcome]
    statements: dict[str, Statement]
    readings: dict[str, Reading]
    decisions: dict[str, ModellingDecision]
    silences: tuple[Silence, ...]
    limits: tuple[ScopeLimit, ...]
    notices: tuple[SafetyNotice, ...]
    sources: dict[str, Source]
    iris: dict[str, str]

    def above(self, name: str) -> frozenset[str]:
        """Everything above a finding or intervention in the hierarchy, without itself."""
        found: set[str] = set()
        pending = [name]
        while pending:
            finding = self.findings.get(pending.pop())
            fresh = set(finding.parents) - found if finding else set()
            found |= fresh
            pending += fresh
        return frozenset(found)
