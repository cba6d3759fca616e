"""The screen for a patient: plain labels, and each sentence of ours hung on the sentence it comes from.

No status word stands here. A treatment that is not settled says what it depends on; one that is held back by
a factor which the article does not address says so before anything else.
"""

from __future__ import annotations

from vhkg.model.answer import Answer, AnswerDocument, FactShown, RecommendationAnswer, Status
from vhkg.model.content import Content
from vhkg.rendering.frame import colophon, for_audience, violations
from vhkg.rendering.layout import Page
from vhkg.rendering.screen import Detail, Screen
from vhkg.rendering.status import missing
from vhkg.rendering.who import recorded_facts
from vhkg.rendering.wording import FINDING_ROLE, Words, action_quote, capital, day, joined, quoted, sentence

_TEXT = "  "
_ITEM = "  - "
_QUOTE = "      "


def patient_screen(page: Page, document: AnswerDocument, answer: Answer, content: Content) -> None:
    words = Words(content, answer, plain=True)
    page.add("What one article says - to talk over with your doctor")
    page.gap()
    page.add(
        "This is not medical advice and not a plan for you. It shows what one article says. "
        f"The status of the article: {sentence(document.knowledge.review_status)}"
    )
    for notice in for_audience(answer.notices, "patient"):
        page.gap()
        page.add(f"{sentence(notice.text)} (A safety notice of this software, not from the article.)", first="! ")
    page.gap()
    screen = Screen(page, document, answer, content, Detail.NORMAL)
    _told(screen, words)
    page.gap()
    page.add("What the article says for this")
    page.add(answer.headline.patient, first=_TEXT)
    if answer.conforms:
        _treatments(screen, words)
        _not_said(screen)
        _questions(screen)
    else:
        violations(screen)
    page.gap()
    page.add("The plain words are ours, made from the quoted sentences; no clinician has reviewed them yet.")
    colophon(page, content, document.knowledge)


def _told(screen: Screen, words: Words) -> None:
    page, answer = screen.page, screen.answer
    page.add("What we were told")
    facts = [fact for group in recorded_facts(screen) for fact in group]
    for fact in facts:
        page.add(f"{told(screen.content, fact)} ({day(fact.date)})", first=_ITEM, hang=4)
    unknown = [name for name, state in answer.findings.items() if state.recorded == "unknown"]
    if unknown:
        page.add(
            f"Written down as not known: {joined([words.finding(name) for name in unknown])}.", first=_ITEM, hang=4
        )
    clashing = dict.fromkeys(fact.finding for conflict in answer.conflicts for fact in conflict.facts)
    if clashing:
        named = joined([words.finding(name) for name in clashing])
        page.add(f"Written down in ways that cannot all be right, so not counted: {named}.", first=_ITEM, hang=4)
    if not facts and not unknown and not clashing:
        page.add("Nothing that counts here.", first=_ITEM, hang=4)
    page.add("If any of this is wrong or has changed, the answer below may be wrong.", first=_TEXT)


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


def _treatments(screen: Screen, words: Words) -> None:
    page = screen.page
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
            page.add(heading, first=_TEXT)
        for given in group:
            _item(screen, given, words)
    if len(others) > 1:
        page.add("It does not say which of the other options is better.", first=_TEXT)
    left = len(listed) - len(shown)
    if left:
        page.add(f"{left} more that it names would depend on things that we were not told.", first=_TEXT, hang=4)
    against = [given for given in screen.cautions() if given.status == Status.ADVISED_AGAINST]
    if against:
        page.add("It advises against this:", first=_TEXT)
    for given in against:
        page.add(sentence(capital(words.recommendation(given.id))), first=_ITEM, hang=4)
        page.add(f"In its words: {quoted(action_quote(given))}", first=_QUOTE)


def _item(screen: Screen, given: RecommendationAnswer, words: Words) -> None:
    page = screen.page
    page.add(sentence(capital(words.recommendation(given.id))), first=_ITEM, hang=4)
    quote = action_quote(given)
    page.add(f"In its words: {quoted(quote)}", first=_QUOTE)
    facts = missing(given) if given.status != Status.APPLIES else ()
    for name in dict.fromkeys(fact.finding for fact in facts):
        open_in = " The article does not explain this." if screen.content.findings[name].undefined_in else ""
        page.add(f"Whether it is named for you depends on this: {question_about(screen.content, name)}{open_in}",
                 first=_QUOTE)  # fmt: skip
    own = [name for name in given.not_addressed if name not in screen.factors()]
    if own:
        page.add(f"Not confirmed for you: the article does not speak of {words.factors(own)}.", first=_QUOTE)
    for outcome in given.outcomes:
        if outcome.kind == "harm" and outcome.quote not in quote:
            note = f" What the article leaves open: {sentence(outcome.denominator)}" if outcome.denominator else ""
            page.add(f"A possible harm it names: {quoted(outcome.quote)}.{note}", first=_QUOTE)


def _not_said(screen: Screen) -> None:
    if not screen.answer.silent:
        return
    plain = {silence.name: silence.plain for silence in screen.content.silences}
    screen.page.gap()
    screen.page.add("What the article does not say")
    for silence in screen.answer.silent:
        text = plain.get(silence.id) or silence.question or silence.label
        screen.page.add(sentence(text), first=_ITEM, hang=4)
        if silence.quote:
            screen.page.add(f"The nearest it says: {quoted(silence.quote)}", first=_QUOTE)


def _questions(screen: Screen) -> None:
    """What the record leaves open, as questions to take along; the article's silences stand above them."""
    if not screen.questions:
        return
    screen.page.gap()
    screen.page.add("Questions you could ask")
    for question in screen.questions:
        screen.page.add(question_about(screen.content, question.finding), first=_ITEM, hang=4)
