"""Answers written by hand, so that what a renderer shows can be compared with what was put in.

Statuses and reasons are given here, as in the four samples of the design; labels, quotations and citations come
from the knowledge. A recommendation that is not named does not apply.
"""

from __future__ import annotations

import datetime
from functools import cache

import msgspec

from vhkg.knowledge.content import read_content
from vhkg.knowledge.graph import Graph
from vhkg.model.answer import (
    SCHEMA_VERSION,
    Answer,
    AnswerDocument,
    Classes,
    Combination,
    Effect,
    FactShown,
    FindingState,
    Headline,
    KnowledgeShown,
    NoticeShown,
    Question,
    ReadingChange,
    ReadingShown,
    RecommendationAnswer,
    SilenceShown,
    SourceShown,
    StatementShown,
    Status,
    StatusChange,
    Verdict,
)
from vhkg.model.checks import ValidationResult
from vhkg.model.content import Content, Recommendation
from vhkg.resources import knowledge_files

DIGEST = "0123456789abcdef" * 4
_DAY = datetime.date(2026, 11, 20)


@cache
def content() -> Content:
    files = knowledge_files().ontology
    return read_content(Graph.parse({name: text for name, text in files.items() if name.endswith(".ttl")}))


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a sample says of one recommendation. `needs` are findings that would confirm it (``-`` before: absent)."""

    status: Status
    base: Status | None = None
    because: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    capped_by: tuple[str, ...] = ()
    reading: tuple[str, str, Status] | None = None


def fact(written: str, date: datetime.date | None = None) -> FactShown:
    return FactShown(
        finding=written.removeprefix("-"), status="absent" if written.startswith("-") else "present", date=date
    )


def document(*answers: Answer) -> AnswerDocument:
    known = content()
    return AnswerDocument(
        schema_version=SCHEMA_VERSION,
        knowledge=KnowledgeShown(
            software="vhkg 0.0.0",
            version=known.version,
            digest=DIGEST,
            review_status=known.article.review_status,
            source=known.article.title,
            sources={
                marker: SourceShown(
                    standing=source.standing,
                    candidate=source.candidate,
                    confidence=source.confidence,
                    basis=source.basis,
                )
                for marker, source in known.sources.items()
            },
        ),
        disclaimer=known.article.disclaimer,
        answers=answers,
    )


def question(finding: str, present: Effect, absent: Effect, *, recorded: str = "") -> Question:
    known = content().findings[finding]
    return Question(
        finding=finding,
        question=known.question,
        recorded=recorded,
        undefined=bool(known.undefined_in),
        if_present=present,
        if_absent=absent,
        decisive=True,
    )


def effect(*changes: tuple[str, Status, Status], then: tuple[str, ...] = ()) -> Effect:
    up = (Status.APPLIES, Status.PROVISIONAL, Status.ADVISED_AGAINST)
    made = [StatusChange(recommendation=name, before=before, after=after) for name, before, after in changes]
    return Effect(
        gained=tuple(c for c in made if c.after in up and c.before != Status.APPLIES),
        lost=tuple(c for c in made if c.after not in up or c.before == Status.APPLIES),
        next=then,
    )


def recommendation(
    known: Recommendation, given: Given, recorded: dict[str, datetime.date | None]
) -> RecommendationAnswer:
    statements = content().statements
    shown = tuple(
        StatementShown(
            id=use.statement,
            role=use.role,
            quote=statements[use.statement].quote,
            section=statements[use.statement].section,
            start=statements[use.statement].start,
            end=statements[use.statement].end,
            citations=statements[use.statement].citations,
        )
        for use in known.uses
    )
    because = tuple(fact(name, recorded.get(name)) for name in given.because)
    open_ = given.status in (Status.PROVISIONAL, Status.UNDETERMINED) and bool(given.needs)
    return RecommendationAnswer(
        id=known.name,
        label=known.label,
        plain_label=known.plain_label,
        intervention=known.target,
        kind=known.kind,
        line=known.line,
        modality=known.modality,
        order=known.order,
        first_line=known.first_line,
        direction=known.direction,
        status=given.status,
        base_status=given.base or given.status,
        because=(because,) if because else (),
        confirm=(tuple(map(fact, given.needs)),) if open_ else (),
        refute=(),
        readings=(
            (
                ReadingShown(
                    id=given.reading[0],
                    chosen=content().readings[given.reading[0]].default,
                    matters=True,
                    changes={given.reading[1]: given.reading[2]},
                ),
            )
            if given.reading
            else ()
        ),
        holds_under_every_reading=given.reading is None,
        reading_changes=(
            (ReadingChange(readings={given.reading[0]: given.reading[1]}, status=given.reading[2]),)
            if given.reading
            else ()
        ),
        outcomes=tuple(content().outcomes[name] for name in known.outcomes),
        strength=known.strength,
        certainty=known.certainty,
        not_addressed=given.capped_by,
        sources=tuple(sorted({m for s in shown if s.role == "action" for m in s.citations})),
        statements=shown,
        scope_note=known.scope_note,
        flags=known.flags,
    )


def answer(
    patient: str,
    lesion: str,
    *,
    file: str,
    verdict: Verdict,
    headline: str,
    described_as: str,
    facts: dict[str, datetime.date | None],
    given: dict[str, Given],
    ask: tuple[Question, ...] = (),
    silent: tuple[str, ...] = (),
    notices: tuple[str, ...] = (),
    combinations: tuple[Combination, ...] = (),
    refused_because: tuple[str, ...] = (),
    unknown: tuple[str, ...] = (),
) -> Answer:
    known = content()
    states = {
        written.removeprefix("-"): FindingState(status=fact(written).status, recorded=fact(written).status, date=date)
        for written, date in facts.items()
    }
    states |= {name: FindingState(status="unknown", recorded="unknown", date=_DAY) for name in unknown}
    others = Given(status=Status.DOES_NOT_APPLY, because=refused_because)
    return Answer(
        file=file,
        patient=patient,
        presentation=lesion,
        label=lesion,
        as_of=max((date for date in facts.values() if date), default=None),
        conforms=True,
        violations=(),
        verdict=verdict,
        headline=Headline(clinician=headline, patient=headline),
        described_as=described_as,
        findings=states,
        classes=Classes(entailed=("HasHemangioma",), undetermined=()),
        recommendations=tuple(
            recommendation(each, given.get(each.name, others), facts) for each in known.recommendations
        ),
        combinations=combinations,
        ask=ask,
        which_lesion=(),
        silent=tuple(
            SilenceShown(
                id=silence.name,
                label=silence.label,
                question=silence.question,
                quote=known.statements[silence.nearest].quote,
                statement=silence.nearest,
            )
            for silence in known.silences
            if silence.name in silent
        ),
        notices=tuple(
            NoticeShown(id=notice.name, text=notice.text, audience=notice.audience)
            for notice in known.notices
            if notice.name in notices
        ),
        conflicts=(),
        superseded=(),
        later=(),
        readings={name: reading.default for name, reading in known.readings.items()},
        flags=("pending-review",),
    )


def invalid() -> Answer:
    """A record that does not conform."""
    results = [
        ValidationResult(
            focus_node=f"urn:vhkg:assessment/{number}",
            result_path="https://w3id.org/vhkg/ontology#status",
            severity="Violation",
            component="MinCountConstraintComponent",
            value="",
            message="An assessment needs one status: add present, absent or unknown.",
            shape="https://w3id.org/vhkg/shapes#Assessment",
        )
        for number in range(7)
    ]
    empty = answer(
        "e",
        "",
        file="e.ttl",
        verdict=Verdict.INVALID,
        headline="The record cannot be used.",
        described_as="",
        facts={},
        given={},
    )
    return msgspec.structs.replace(
        empty,
        conforms=False,
        violations=tuple(results),
        recommendations=(),
        readings={},
        classes=Classes(entailed=(), undetermined=()),
    )
