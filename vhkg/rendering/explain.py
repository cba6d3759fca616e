"""One answer explained: why, why not, what would decide it, on which readings, from which sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vhkg.errors import UnknownName
from vhkg.model.answer import Answer, KnowledgeShown, RecommendationAnswer, StatementShown, Status
from vhkg.model.content import Content
from vhkg.rendering.frame import colophon
from vhkg.rendering.layout import Page, visible
from vhkg.rendering.ledger import changes_together, in_roles, numbered_outcomes, reading_words
from vhkg.rendering.status import status_words
from vhkg.rendering.whatif import render_what_if
from vhkg.rendering.wording import Words, capital, cited, is_capped, quoted, sentence

__all__ = ["render_explanation", "render_what_if"]

_HEAD = 18
_INDENT = "  "


class Part(NamedTuple):
    """A text with what stands in its margin, empty where it goes on with the part before."""

    heading: str
    text: str


def render_explanation(
    answer: Answer,
    content: Content,
    recommendation: str | None = None,
    width: int = 80,
    *,
    knowledge: KnowledgeShown | None = None,
) -> str:
    """All recommendations in the article's order, or the one named; `knowledge` adds the digest to the foot.

    Raises UnknownName if the answer has no recommendation of that name.
    """
    page, words = Page(width), Words(content, answer)
    chosen = [given for given in answer.recommendations if recommendation in (None, given.id)]
    if recommendation is not None and not chosen:
        raise UnknownName(recommendation, "recommendation", (given.id for given in answer.recommendations))
    lesion = answer.label or answer.presentation
    parts = [visible(answer.file), f"patient {visible(answer.patient)}"]
    parts += [f"lesion {visible(lesion)}"] if lesion else []
    parts += [answer.described_as] if answer.described_as else []
    page.add(" · ".join(parts), hang=2)
    page.add(answer.headline.clinician, first=_INDENT)
    for given in sorted(chosen, key=lambda given: given.order):
        page.gap()
        _recommendation(page, given, words)
    page.gap()
    page.add(f"The article: {sentence(content.article.review_status)}")
    colophon(page, content, knowledge)
    return page.text()


def _recommendation(page: Page, given: RecommendationAnswer, words: Words) -> None:
    name = f"{capital(given.label)} ({given.id})"
    page.row(name, status_words(given, {}, words), first="", hang=2, column=page.width // 2)
    page.add(
        f"{given.line}{f', {quoted(given.modality)}' if given.modality else ''} · {cited(given.sources)}", first=_INDENT
    )
    for heading, text in parts(given, words):
        _part(page, heading, text)


def parts(given: RecommendationAnswer, words: Words) -> Iterator[Part]:
    """All that is behind one recommendation, part after part."""
    yield from why(given, words)
    yield from deciding(given, words)
    yield from readings(given, words)
    yield from outcomes(given)
    yield from decisions(given, words)
    for roles, statement in in_roles(given):
        yield Part(roles, _sentence(statement, words.content))
    if given.scope_note:
        yield Part("note", given.scope_note)
    yield Part("evidence", f"strength {given.strength}; certainty {given.certainty}")
    if given.flags:
        yield Part("flags", ", ".join(flag.replace("-", " ") for flag in given.flags))


def _part(page: Page, heading: str, text: str) -> None:
    page.add(text, first=f"{_INDENT}{heading}  ".ljust(_HEAD), hang=_HEAD)


def why(given: RecommendationAnswer, words: Words) -> Iterator[Part]:
    """The reasons are those of the conditions; a cap says afterwards why they do not suffice."""
    refused = given.status == Status.DOES_NOT_APPLY
    for reason in given.because:
        yield Part("why not" if refused else "why", f"{words.dated(reason)}" if reason else "in every case")
    if refused and given.direction == "for":
        yield Part("", "The article offers it only otherwise; it does not forbid it.")
    if given.status == Status.UNDETERMINED:
        yield Part("why open", "the record neither confirms nor refutes its condition")
    if given.not_addressed:
        named = words.factors(given.not_addressed)
        text = f"{named} is recorded, and the article does not address it"
        if is_capped(given):
            text += "; its conditions are met as far as the article states them, and that is not enough here"
        yield Part("limit", sentence(text))


def deciding(given: RecommendationAnswer, words: Words) -> Iterator[Part]:
    """The least sets of facts that would settle it."""
    verbs = ("against it if", "falls away if") if given.direction == "against" else ("confirmed if", "falls away if")
    for heading, sets in zip(verbs, (given.confirm, given.refute), strict=True):
        for facts in sets:
            yield Part(heading, words.facts(facts))


def readings(given: RecommendationAnswer, words: Words, *, commands: bool = True) -> Iterator[Part]:
    """The readings it rests on, each with the tension that it settles and the sentences of that."""
    for reading in given.readings:
        yield Part("reading", reading_words(reading, words, commands=commands).removeprefix("reading "))
        known = words.content.readings.get(reading.id)
        if known is not None and known.tension:
            yield Part("", known.tension)
            yield from _tension_quotes(known.concerns, words)
    for text in changes_together(given, words, commands=commands):
        yield Part("readings", text)
    if given.holds_under_every_reading:
        yield Part("readings", "holds under every combination of readings")


def outcomes(given: RecommendationAnswer) -> Iterator[Part]:
    """What the article states of its effects, with what its numbers count."""
    for outcome in numbered_outcomes(given):
        note = f"; {outcome.denominator}" if outcome.denominator else ""
        yield Part(outcome.kind, f"{quoted(outcome.quote)}{note}")


def decisions(given: RecommendationAnswer, words: Words) -> Iterator[Part]:
    """The modelling decisions that concern a sentence this recommendation rests on."""
    used = {statement.id for statement in given.statements} | {given.id}
    for decision in words.content.decisions.values():
        if used.intersection(decision.concerns):
            yield Part("decision", f"{decision.label}: {sentence(decision.tension)} {decision.decision}")
            yield from _tension_quotes(decision.concerns, words)


def _tension_quotes(concerned: Sequence[str], words: Words) -> Iterator[Part]:
    """The sentences that pull against each other, side by side."""
    for name in concerned:
        statement = words.content.statements.get(name)
        if statement is not None and statement.quote:
            yield Part("", f"{name}: {quoted(statement.quote)} · {cited(statement.citations)}")


def _sentence(statement: StatementShown, content: Content) -> str:
    standing = "; ".join(
        f"{marker} {content.sources[marker].standing}" for marker in statement.citations if marker in content.sources
    )
    return (
        f"{quoted(statement.quote)} · {statement.id} · {statement.section} · {statement.start}-{statement.end} · "
        f"{cited(statement.citations)}{f' ({standing})' if standing else ''}"
    )
