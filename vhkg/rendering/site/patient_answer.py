"""The answer as values for a template: the ten blocks of the text, in its words, with a card for each line.

What the text leaves to its options (every sentence, the reasons, what was folded) is here in closed parts.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from vhkg.model.answer import Question, RecommendationAnswer, Status, Verdict
from vhkg.rendering import asking, explain, frame, lines, who
from vhkg.rendering.ledger import in_roles, readings_of
from vhkg.rendering.screen import Screen
from vhkg.rendering.status import status_words
from vhkg.rendering.text import verdict_words
from vhkg.rendering.wording import action_quote, capital, cited, is_capped, joined


class SourceView(msgspec.Struct, frozen=True):
    """A cited source: an opaque marker, and what is only a candidate for it."""

    marker: str
    standing: str
    candidate: str
    confidence: str
    basis: str
    notes: tuple[str, ...]


class Chip(msgspec.Struct, frozen=True):
    label: str
    sources: tuple[SourceView, ...]


class SentenceView(msgspec.Struct, frozen=True):
    id: str
    roles: str
    quote: str
    place: str
    chip: Chip


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`tone` only repeats the status, for colour."""

    name: str
    title: str
    line: str
    status: str
    tone: str
    modality: str
    chip: Chip
    quote: str
    harms: tuple[str, ...]
    readings: tuple[str, ...]
    why: tuple[explain.Part, ...]
    deciding: tuple[explain.Part, ...]
    ledger: tuple[explain.Part, ...]
    sentences: tuple[SentenceView, ...]
    note: str
    evidence: str


class SideView(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a question; `more` and `fewer` count what it gains and loses.

    `named` says by name what `lines` only count. `names` are the lines gained, or else lost: the branch it leads to.
    """

    answer: str
    more: int
    fewer: int
    lines: tuple[str, ...]
    named: tuple[str, ...]
    next: str
    names: tuple[str, ...]


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """`note` follows the question; `silence` names the silence on what the finding means."""

    number: int
    finding: str
    label: str
    text: str
    note: str
    silence: str
    sides: tuple[SideView, ...]


class SilenceView(msgspec.Struct, frozen=True):
    name: str
    label: str
    question: str
    quote: str
    telling: bool


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """`left` are open lines that the text only counts, `left_words` what it says of them."""

    bar: str
    open: int
    who: str
    record: tuple[str, ...]
    headline: str
    flipped: tuple[str, ...]
    rests: str
    notices: tuple[str, ...]
    settled: str
    questions: tuple[QuestionView, ...]
    further: tuple[QuestionView, ...]
    lesion_asked: str
    nothing: str
    heading: str
    treatments: tuple[Card, ...]
    left: tuple[Card, ...]
    left_words: str
    order: tuple[str, ...]
    shared: str
    companions: tuple[Card, ...]
    companions_open: tuple[Card, ...]
    cautions: tuple[Card, ...]
    caution_kept: bool
    refused: str
    refused_cards: tuple[Card, ...]
    silences: tuple[SilenceView, ...]
    closing: str


def answer_view(screen: Screen) -> AnswerView:
    """The answer for a record that conforms, or the little that there is to say of one that does not."""
    treatments = screen.treatments()
    open_ = [given for given in treatments if screen.folded and given.status is Status.UNDETERMINED]
    undecided = screen.undecided()
    named = [] if undecided else [given for given in treatments if given not in open_]
    shared = lines.shared_readings([given for given in named if given.kind != "surgical-option"])
    companions = screen.companions()
    later = [given for given in companions if given.status is Status.UNDETERMINED]
    usable = screen.answer.conforms
    return AnswerView(
        bar=capital(verdict_words(screen.answer, screen.content)),
        open=len(screen.questions) + bool(screen.answer.which_lesion),
        who=who.who_words(screen),
        record=tuple(who.record_words(screen)) if usable else (),
        headline=screen.answer.headline.clinician,
        flipped=tuple(frame.flipped(screen)),
        rests=frame.rests_on(screen),
        notices=tuple(frame.notice_words(screen)),
        settled=asking.nothing_settles(screen) if screen.folded else "",
        questions=_questions(screen, screen.questions),
        further=_questions(screen, asking.further(screen), start=len(screen.questions) + 1),
        lesion_asked=asking.which_lesion_words(screen) if screen.answer.which_lesion else "",
        nothing=lines.nothing_for(screen) if usable and (undecided or not treatments) else "",
        heading=lines.without_regard(screen),
        treatments=tuple(card(screen, given, shared) for given in named),
        left=tuple(card(screen, given) for given in (treatments if undecided else open_)),
        left_words=lines.further_words(screen, open_) if open_ and not undecided else "",
        order=tuple(lines.order_words(screen, treatments)) if not undecided else (),
        shared=joined([f"{screen.words.reading(name)} ({name})" for name in shared]),
        companions=tuple(card(screen, given) for given in companions if given not in later),
        companions_open=tuple(card(screen, given) for given in later)
        if screen.answer.verdict is not Verdict.NOT_APPLICABLE
        else (),
        cautions=tuple(card(screen, given) for given in screen.cautions()),
        caution_kept=bool(screen.factors()),
        refused=lines.refused_words(screen) if screen.refused() else "",
        refused_cards=tuple(card(screen, given) for given in screen.refused()),
        silences=_silences(screen),
        closing=closing(screen),
    )


def closing(screen: Screen) -> str:
    """Strength and certainty, readings that matter, what is not recorded."""
    parts = (frame.strength(screen.answer.recommendations), frame.readings(screen), frame.records(screen))
    return " ".join(filter(None, parts))


def card(screen: Screen, given: RecommendationAnswer, said: list[str] | None = None) -> Card:
    """One recommendation. `said` are readings that are named elsewhere for several lines together."""
    words = screen.words
    ledger = (*explain.readings(given, words, commands=screen.commands), *explain.decisions(given, words))
    return Card(
        name=given.id,
        title=capital(given.label),
        line=given.line,
        status=status_words(given, screen.numbers, words),
        tone=_tone(given),
        modality=lines.modality_words(given),
        chip=chip(screen, given.sources),
        quote=action_quote(given),
        harms=tuple(lines.harms(given)),
        readings=tuple(readings_of(screen, given, leaving_out=said or ())),
        why=tuple(explain.why(given, words)),
        deciding=tuple(explain.deciding(given, words)),
        ledger=ledger,
        sentences=tuple(
            SentenceView(
                statement.id,
                roles,
                statement.quote,
                f"{statement.section} · {statement.start}-{statement.end}",
                chip(screen, statement.citations),
            )
            for roles, statement in in_roles(given)
        ),
        note=given.scope_note,
        evidence=f"strength {given.strength}; certainty {given.certainty}",
    )


def chip(screen: Screen, markers: tuple[str, ...]) -> Chip:
    """What a line or sentence cites, with what is known of each source."""
    known = screen.document.knowledge.sources
    return Chip(
        cited(markers),
        tuple(
            SourceView(marker, source.standing, source.candidate, source.confidence, source.basis, source.notes)
            for marker in markers
            if (source := known.get(marker)) is not None
        ),
    )


def _tone(given: RecommendationAnswer) -> str:
    if given.direction == "against":
        return "bad"
    if is_capped(given):
        return "warn"
    return {Status.APPLIES: "good", Status.PROVISIONAL: "strong"}.get(given.status, "")


def _questions(screen: Screen, asked: Sequence[Question], *, start: int = 1) -> tuple[QuestionView, ...]:
    shown = []
    for number, question in enumerate(asked, start=start):
        opening = number == 1 and screen.undecided()
        known = screen.content.findings.get(question.finding)
        text, mark, note = asking.question_words(screen, question).partition("?")
        sides = tuple(
            SideView(
                answer=side.answer,
                more=len(side.effect.gained),
                fewer=len(side.effect.lost),
                lines=tuple(side.lines),
                named=tuple(screen.words.effect(side.effect))
                if opening and len(side.effect.gained) + len(side.effect.lost) > 1
                else (),
                next=side.next,
                names=tuple(change.recommendation for change in side.effect.gained or side.effect.lost),
            )
            for side in asking.sides(screen, question, opening=opening)
        )
        shown.append(
            QuestionView(
                number=number,
                finding=question.finding,
                label=screen.words.topic(question.finding),
                text=text + mark,
                note=note.strip(),
                silence=known.undefined_in if known is not None else "",
                sides=sides,
            )
        )
    return tuple(shown)


def _silences(screen: Screen) -> tuple[SilenceView, ...]:
    telling = {silence.id for silence in frame.telling(screen)}
    return tuple(
        SilenceView(silence.id, silence.label, silence.question, silence.quote, silence.id in telling)
        for silence in screen.answer.silent
    )
