"""The screen for a patient: plain labels, and each sentence of ours hung on the sentence it comes from.

No status word stands here. A treatment that is not settled says what it depends on; one that is held back by
a factor which the article does not address says so before anything else.
"""

from __future__ import annotations

from vhkg.model.answer import Answer, AnswerDocument, FactShown, RecommendationAnswer, Status
from vhkg.model.content import Content
from vhkg.rendering.frame import for_audience, violations
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
    knowledge = document.knowledge
    page.add(f"{sentence(document.disclaimer)} Knowledge {knowledge.version} · {knowledge.digest[:12]}")


def _told(screen: Screen, words: Words) -> None:
    page, answer = screen.page, screen.answer
    page.add("What we were told")
    facts = [fact for group in recorded_facts(screen) for fact in group]
    for heading, status in (("Yes", "present"), ("No", "absent")):
        group = [FactShown(fact.finding, "present", fact.date) if False else fact for fact in facts if fact.status == status]
        if group:
            page.add(f"{heading}: {_plain_by_day(group, words)}", first=_TEXT, hang=4)
    unknown = [name for name, state in answer.findings.items() if state.recorded == "unknown"]
    if unknown:
        page.add(f"Written down as not known: {joined([words.finding(name) for name in unknown])}", first=_TEXT, hang=4)
    clashing = dict.fromkeys(fact.finding for conflict in answer.conflicts for fact in conflict.facts)
    if clashing:
        named = joined([words.finding(name) for name in clashing])
        page.add(f"Written down in ways that cannot all be right, so not counted: {named}", first=_TEXT, hang=4)
    page.add("If any of this is wrong or has changed, the answer below may be wrong.", first=_TEXT)
