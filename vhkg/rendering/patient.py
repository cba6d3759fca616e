"""The screen for a patient: plain labels, and each sentence of ours hung on the sentence it comes from.

No status word stands here. A treatment that is not settled says what it depends on; one that is held back by
a factor which the article does not address says so before anything else.
"""

from __future__ import annotations

from vhkg.model.answer import Answer, AnswerDocument, RecommendationAnswer, Status
from vhkg.model.content import Content
from vhkg.rendering.frame import colophon, for_audience, violations
from vhkg.rendering.layout import Page
from vhkg.rendering.screen import Detail, Screen
from vhkg.rendering.status import missing
from vhkg.rendering.who import grouped_by_day, recorded_facts
from vhkg.rendering.wording import Words, action_quote, capital, joined, quoted, sentence

_TEXT = "  "
_ITEM = "  - "
_QUOTE = "      "


def patient_screen(page: Page, document: AnswerDocument, answer: Answer, content: Content) -> None:
    words = Words(content, answer, plain=True)
    page.add("What one article says - to talk over with your doctor")
    page.gap()
    page.add(
        "This is not medical advice and not a plan for you. It shows what one web article says. "
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
        _questions(screen, words)
    else:
        violations(screen)
    page.gap()
    page.add("The plain words are ours, made from the quoted sentences; no clinician has reviewed them yet.")
    colophon(page, content, document.knowledge)


def _told(screen: Screen, words: Words) -> None:
    page, answer = screen.page, screen.answer
    page.add("What we were told")
    facts = [fact for group in recorded_facts(screen) for fact in group]
    for heading, status in (("Yes", "present"), ("No", "absent")):
        group = [fact for fact in facts if fact.status == status]
        if group:
            said = grouped_by_day(group, lambda fact: words.finding(fact.finding))
            page.add(f"{heading}: {said}", first=_TEXT, hang=4)
    unknown = [name for name, state in answer.findings.items() if state.recorded == "unknown"]
    if unknown:
        page.add(f"Written down as not known: {joined([words.finding(name) for name in unknown])}", first=_TEXT, hang=4)
    clashing = dict.fromkeys(fact.finding for conflict in answer.conflicts for fact in conflict.facts)
    if clashing:
        named = joined([words.finding(name) for name in clashing])
        page.add(f"Written down in ways that cannot all be right, so not counted: {named}", first=_TEXT, hang=4)
    page.add("If any of this is wrong or has changed, the answer below may be wrong.", first=_TEXT)


def _treatments(screen: Screen, words: Words) -> None:
    page = screen.page
    factors = screen.factors()
    if factors:
        named = words.factors(factors)
        page.add(f"It does not speak of {named}. So nothing of what follows is confirmed for you.", first=_TEXT, hang=2)
    listed = [] if screen.undecided() else screen.treatments()
    shown = [
        given for given in listed if given.status != Status.UNDETERMINED or (given.kind == "treatment" and not factors)
    ]
    for given in shown:
        _item(screen, given, words)
    left = len(listed) - len(shown)
    if left:
        page.add(f"{left} more that it names would depend on things that we were not told.", first=_ITEM, hang=4)
    for given in screen.cautions():
        if given.status == Status.ADVISED_AGAINST:
            page.add(f"It advises against this: {words.recommendation(given.id)}.", first=_TEXT, hang=4)
            page.add(f"In its words: {quoted(action_quote(given))}", first=_QUOTE)


def _item(screen: Screen, given: RecommendationAnswer, words: Words) -> None:
    page = screen.page
    facts = missing(given)
    depends = ""
    if given.status != Status.APPLIES and facts:
        named = "; ".join(dict.fromkeys(words.topic(fact.finding) for fact in facts))
        depends = f" - it depends on whether this is so: {named}"
    own = [name for name in given.not_addressed if name not in screen.factors()]
    if own:
        depends += f" - not confirmed for you: the article does not speak of {words.factors(own)}"
    page.add(f"{words.recommendation(given.id)} ({given.line}){depends}", first=_ITEM, hang=4)
    quote = action_quote(given)
    page.add(f"In its words: {quoted(quote)}", first=_QUOTE)
    for outcome in given.outcomes:
        if outcome.kind == "harm" and outcome.quote not in quote:
            note = f" What the article leaves open: {sentence(outcome.denominator)}" if outcome.denominator else ""
            page.add(f"A possible harm it names: {quoted(outcome.quote)}.{note}", first=_QUOTE)


def _not_said(screen: Screen) -> None:
    if not screen.answer.silent:
        return
    screen.page.gap()
    screen.page.add("What the article does not say")
    for silence in screen.answer.silent:
        nearest = f" The nearest it says: {quoted(silence.quote)}" if silence.quote else ""
        screen.page.add(f"{sentence(silence.question or silence.label)}{nearest}", first=_ITEM, hang=4)


def _questions(screen: Screen, words: Words) -> None:
    """What the record leaves open, as questions to take along; the article's silences stand above them."""
    if not screen.questions:
        return
    screen.page.gap()
    screen.page.add("Questions you could ask")
    for question in screen.questions:
        screen.page.add(f"{capital(words.finding(question.finding))}: is that so for me?", first=_ITEM, hang=4)
