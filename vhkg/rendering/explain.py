"""One answer explained: why, why not, what would decide it, on which readings, from which sentences."""

from __future__ import annotations

from collections.abc import Sequence

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
    _why(page, given, words)
    _deciding(page, given, words)
    _readings(page, given, words)
    for outcome in numbered_outcomes(given):
        _part(page, outcome.kind, f"{quoted(outcome.quote)}{f'; {outcome.denominator}' if outcome.denominator else ''}")
    _decisions(page, given, words)
    for roles, statement in in_roles(given):
        _part(page, roles, _sentence(statement, words.content))
    if given.scope_note:
        _part(page, "note", given.scope_note)
    _part(page, "evidence", f"strength {given.strength}; certainty {given.certainty}")
    if given.flags:
        _part(page, "flags", ", ".join(flag.replace("-", " ") for flag in given.flags))


def _part(page: Page, heading: str, text: str) -> None:
    page.add(text, first=f"{_INDENT}{heading}  ".ljust(_HEAD), hang=_HEAD)


def _why(page: Page, given: RecommendationAnswer, words: Words) -> None:
    """The reasons are those of the conditions; a cap says afterwards why they do not suffice."""
    refused = given.status == Status.DOES_NOT_APPLY
    for reason in given.because:
        _part(page, "why not" if refused else "why", f"{words.dated(reason)}" if reason else "in every case")
    if refused and given.direction == "for":
        _part(page, "", "The article offers it only otherwise; it does not forbid it.")
    if given.status == Status.UNDETERMINED:
        _part(page, "why open", "the record neither confirms nor refutes its condition")
    if given.not_addressed:
        named = words.factors(given.not_addressed)
        text = f"{named} is recorded, and the article does not address it"
        if is_capped(given):
            text += "; its conditions are met as far as the article states them, and that is not enough here"
        _part(page, "limit", sentence(text))


def _deciding(page: Page, given: RecommendationAnswer, words: Words) -> None:
    verbs = ("against it if", "falls away if") if given.direction == "against" else ("confirmed if", "falls away if")
    for heading, sets in zip(verbs, (given.confirm, given.refute), strict=True):
        for facts in sets:
            _part(page, heading, words.facts(facts))


def _readings(page: Page, given: RecommendationAnswer, words: Words) -> None:
    for reading in given.readings:
        _part(page, "reading", reading_words(reading, words).removeprefix("reading "))
        known = words.content.readings.get(reading.id)
        if known is not None and known.tension:
            _part(page, "", known.tension)
            _tension_quotes(page, known.concerns, words)
    for text in changes_together(given, words):
        _part(page, "readings", text)
    if given.holds_under_every_reading:
        _part(page, "readings", "holds under every combination of readings")


def _decisions(page: Page, given: RecommendationAnswer, words: Words) -> None:
    """The modelling decisions that concern a sentence this recommendation rests on."""
    used = {statement.id for statement in given.statements} | {given.id}
    for decision in words.content.decisions.values():
        if used.intersection(decision.concerns):
            _part(page, "decision", f"{decision.label}: {sentence(decision.tension)} {decision.decision}")
            _tension_quotes(page, decision.concerns, words)


def _tension_quotes(page: Page, concerned: Sequence[str], words: Words) -> None:
    """The sentences that pull against each other, side by side."""
    for name in concerned:
        statement = words.content.statements.get(name)
        if statement is not None and statement.quote:
            _part(page, "", f"{name}: {quoted(statement.quote)} · {cited(statement.citations)}")


def _sentence(statement: StatementShown, content: Content) -> str:
    standing = "; ".join(
        f"{marker} {content.sources[marker].standing}" for marker in statement.citations if marker in content.sources
    )
    return (
        f"{quoted(statement.quote)} · {statement.id} · {statement.section} · {statement.start}-{statement.end} · "
        f"{cited(statement.citations)}{f' ({standing})' if standing else ''}"
    )
