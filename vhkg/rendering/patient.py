"""The screen for a patient: plain labels, and each sentence of ours hung on the sentence it comes from.

No status word stands here. A treatment that is not settled says what it depends on; one that is held back by
a factor which the article does not address says so before anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vhkg.model.answer import Answer, AnswerDocument, FactShown, RecommendationAnswer, Status
from vhkg.model.content import Content
from vhkg.rendering.frame import colophon, for_audience, violations
from vhkg.rendering.layout import Page
from vhkg.rendering.screen import Detail, Screen
from vhkg.rendering.status import missing
from vhkg.rendering.who import recorded_facts
from vhkg.rendering.wording import FINDING_ROLE, Words, action_quote, capital, day, joined, quoted, sentence

_MARGINS = {"notice": "! ", "text": "  ", "item": "  - ", "under": "      "}
_HANGING = 4


class Line(NamedTuple):
    """A text of the screen. `kind` is title, preface, notice, heading, text, item, under (an item) or closing."""

    kind: str
    text: str


def patient_screen(page: Page, document: AnswerDocument, answer: Answer, content: Content) -> None:
    for line in patient_lines(document, answer, content):
        if line.kind == "closing" and not answer.conforms:
            violations(Screen(page, document, answer, content, Detail.NORMAL))
        if line.kind in ("preface", "notice", "heading", "closing"):
            page.gap()
        page.add(line.text, first=_MARGINS.get(line.kind, ""), hang=_HANGING if line.kind == "item" else None)
    colophon(page, content, document.knowledge)


def patient_lines(document: AnswerDocument, answer: Answer, content: Content) -> Iterator[Line]:
    """The screen line by line, without what the shapes say of a record that cannot be used."""
    words = Words(content, answer, plain=True)
    screen = Screen(Page(0), document, answer, content, Detail.NORMAL)
    yield Line("title", "What one article says - to talk over with your doctor")
    yield Line(
        "preface",
        "This is not medical advice and not a plan for you. It shows what one article says. "
        f"The status of the article: {sentence(document.knowledge.review_status)}",
    )
    for notice in for_audience(answer.notices, "patient"):
        yield Line("notice", f"{sentence(notice.text)} (A safety notice of this software, not from the article.)")
    yield from _told(screen, words)
    yield Line("heading", "What the article says for this")
    yield Line("text", answer.headline.patient)
    if answer.conforms:
        yield from _treatments(screen, words)
        yield from _not_said(screen)
        yield from _questions(screen)
    yield Line(
        "closing", "The plain words are ours, made from the quoted sentences; no clinician has reviewed them yet."
    )


def _told(screen: Screen, words: Words) -> Iterator[Line]:
    answer = screen.answer
    yield Line("heading", "What we were told")
    facts = [fact for group in recorded_facts(screen) for fact in group]
    for fact in facts:
        yield Line("item", f"{told(screen.content, fact)} ({day(fact.date)})")
    unknown = [name for name, state in answer.findings.items() if state.recorded == "unknown"]
    if unknown:
        yield Line("item", f"Written down as not known: {joined([words.finding(name) for name in unknown])}.")
    clashing = dict.fromkeys(fact.finding for conflict in answer.conflicts for fact in conflict.facts)
    if clashing:
        named = joined([words.finding(name) for name in clashing])
        yield Line("item", f"Written down in ways that cannot all be right, so not counted: {named}.")
    if not facts and not unknown and not clashing:
        yield Line("item", "Nothing that counts here.")
    yield Line("text", "If any of this is wrong or has changed, the answer below may be wrong.")


def told(content: Content, fact: FactShown) -> str:
    """The sentence that the knowledge has for a recorded fact; else one built from its label."""
    finding = content.findings[fact.finding]
    present = fact.status == "present"
    sentence_of_ours = finding.plain_present if present else finding.plain_absent
    if sentence_of_ours:
        return sentence_of_ours
    if finding.role != FINDING_ROLE:
        return f"This was done: {finding.plain_label}." if present else f"This was not done: {finding.plain_label}."
    return f"This is so: {finding.plain_label}." if present else f"This is not so: {finding.plain_label}."


def question_about(content: Content, name: str) -> str:
    """The question to take along; else one built from the label."""
    finding = content.findings[name]
    return finding.plain_question or f"Is this so for me: {finding.plain_label}?"


def _treatments(screen: Screen, words: Words) -> Iterator[Line]:
    factors = screen.factors()
    listed = [] if screen.undecided() else screen.treatments()
    shown = [
        given for given in listed if given.status != Status.UNDETERMINED or (given.kind == "treatment" and not factors)
    ]
    first = [given for given in shown if given.first_line]
    others = [given for given in shown if not given.first_line]
    for heading, group in (
        ("It puts this first:" if len(first) == 1 else "It puts these first:", first),
        ("It names one other option:" if len(others) == 1 else "It names other options:", others),
    ):
        if group:
            yield Line("text", heading)
        for given in group:
            yield from _item(screen, given, words)
    if len(others) > 1:
        yield Line("text", "It does not say which of the other options is better.")
    left = len(listed) - len(shown)
    if left:
        yield Line("text", f"{left} more that it names would depend on things that we were not told.")
    against = [given for given in screen.cautions() if given.status == Status.ADVISED_AGAINST]
    if against:
        yield Line("text", "It advises against this:")
    for given in against:
        yield Line("item", sentence(capital(words.recommendation(given.id))))
        yield Line("under", f"In its words: {quoted(action_quote(given))}")


def _item(screen: Screen, given: RecommendationAnswer, words: Words) -> Iterator[Line]:
    yield Line("item", sentence(capital(words.recommendation(given.id))))
    quote = action_quote(given)
    yield Line("under", f"In its words: {quoted(quote)}")
    facts = missing(given) if given.status != Status.APPLIES else ()
    for name in dict.fromkeys(fact.finding for fact in facts):
        open_in = " The article does not explain this." if screen.content.findings[name].undefined_in else ""
        yield Line(
            "under", f"Whether it is named for you depends on this: {question_about(screen.content, name)}{open_in}"
        )
    own = [name for name in given.not_addressed if name not in screen.factors()]
    if own:
        yield Line("under", f"Not confirmed for you: the article does not speak of {words.factors(own)}.")
    for outcome in given.outcomes:
        if outcome.kind == "harm" and outcome.quote not in quote:
            note = f" What the article leaves open: {sentence(outcome.denominator)}" if outcome.denominator else ""
            yield Line("under", f"A possible harm it names: {quoted(outcome.quote)}.{note}")


def _not_said(screen: Screen) -> Iterator[Line]:
    if not screen.answer.silent:
        return
    plain = {silence.name: silence.plain for silence in screen.content.silences}
    yield Line("heading", "What the article does not say")
    for silence in screen.answer.silent:
        text = plain.get(silence.id) or silence.question or silence.label
        yield Line("item", sentence(text))
        if silence.quote:
            yield Line("under", f"The nearest it says: {quoted(silence.quote)}")


def _questions(screen: Screen) -> Iterator[Line]:
    """What the record leaves open, as questions to take along; the article's silences stand above them."""
    if not screen.questions:
        return
    yield Line("heading", "Questions you could ask")
    for question in screen.questions:
        yield Line("item", question_about(screen.content, question.finding))
