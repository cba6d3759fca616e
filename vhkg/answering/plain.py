"""The headline for a patient: what the verdict means, in plain words. Its medical words come from the knowledge."""

from __future__ import annotations

from collections.abc import Sequence

from vhkg.decision.statuses import factors
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Question, RecommendationAnswer, Status, Verdict
from vhkg.model.content import Content

INVALID = "The file could not be used, so nothing can be said."
_STANDS = (Status.APPLIES, Status.PROVISIONAL)


def plain_headline(
    found: Verdict, situation: Situation, recommendations: Sequence[RecommendationAnswer], ask: Sequence[Question]
) -> str:
    """One or two short sentences; what was not told is never taken for no."""
    content = situation.decider.content
    if found is Verdict.NOT_APPLICABLE:
        subject = _class(content, content.article.subject)
        return f"The article is about {subject}. We were told that this is not what it is, so it says nothing for you."
    if found is Verdict.OUTSIDE:
        return _outside(situation)
    if found is Verdict.GAP:
        return "The article has no advice for what we were told."
    if found is Verdict.CONTRADICTION:
        return "What we were told cannot all be true. We left those points out, and the rest decides nothing."
    if found is Verdict.UNDECIDED:
        if not ask:
            return "What the article says for you cannot be read yet."
        finding = content.findings[ask[0].finding]
        question = finding.plain_question or f"Is this so: {finding.plain_label}?"
        return f"It depends first on something that we were not told: {question} Not told does not mean no."
    return _standing(recommendations)


def _outside(situation: Situation) -> str:
    content = situation.decider.content
    wide = [limit for limit in content.limits if not limit.limits and situation.holds(limit.caps_within) is True]
    named = [content.findings[factor].plain_label for factor in factors(wide, situation.holds)]
    if not named:
        scope = _class(content, content.article.scope)
        return f"The article is about {scope}. What we were told is something else, so it says nothing for you."
    return (
        f"The article does not speak of this: {' and '.join(named)}. So nothing that it says is confirmed for you. "
        "It is listed so that you can talk about it."
    )


def _standing(recommendations: Sequence[RecommendationAnswer]) -> str:
    named = [r for r in recommendations if r.kind == "treatment" and r.direction == "for" and r.status in _STANDS]
    first = [r for r in named if r.first_line]
    settled = any(r.status is Status.APPLIES for r in first)
    if first and settled:
        return "The article names a treatment that it puts first for this."
    if first:
        return "The article names a treatment that it puts first for this. Whether it suits you is not settled."
    if any(r.status is Status.APPLIES for r in named):
        return "What the article puts first is not for this. It names something else."
    return (
        "What the article puts first is not for this. It names something else, and whether it suits you is not settled."
    )


def _class(content: Content, name: str) -> str:
    return content.classes[name].plain_label
