"""The verdict of an answer, and its headline: one or two sentences in the words of the knowledge."""

from __future__ import annotations

from collections.abc import Sequence

from vhkg.answering.plain import plain_headline
from vhkg.decision.statuses import factors
from vhkg.explanation.situation import Situation
from vhkg.model.answer import FactShown, Headline, Question, RecommendationAnswer, Status, Verdict
from vhkg.model.content import Content

_RECORDED = {
    "": "not recorded",
    "unknown": "recorded as not known",
    "conflict": "recorded in contradiction",
    "unplaced": "recorded without a lesion",
}
_STANDS = (Status.APPLIES, Status.PROVISIONAL)


def verdict(situation: Situation, contradictory: bool) -> Verdict:
    """The verdict of a record that conforms. `contradictory`: facts were set aside because they conflict.

    A contradiction is the verdict only where what remains decides nothing; else it is a flag. `first-line` means
    that a treatment applies: the one that the article lists first, or another where that is excluded.
    """
    article = situation.decider.content.article
    if situation.holds(article.subject) is False:
        return Verdict.NOT_APPLICABLE
    if global_factors(situation) or situation.holds(article.scope) is False:
        return Verdict.OUTSIDE
    if situation.holds(article.branch) is False:
        return Verdict.CONTRADICTION if contradictory else Verdict.GAP
    treatments = [
        r for r in situation.decider.content.recommendations if r.kind == "treatment" and r.direction == "for"
    ]
    first = {situation.assessed[r.name].status for r in treatments if r.first_line}
    others = {situation.assessed[r.name].status for r in treatments}
    for among in (first, others):
        if Status.APPLIES in among:
            return Verdict.FIRST_LINE
        if Status.PROVISIONAL in among:
            return Verdict.PROVISIONAL
    return Verdict.CONTRADICTION if contradictory else Verdict.UNDECIDED


def global_factors(situation: Situation) -> tuple[str, ...]:
    """The factors of scope limits in force that concern every recommendation for something."""
    in_force = [each for each in situation.limits if not each.limits and situation.holds(each.caps_within) is True]
    return factors(in_force, situation.holds)


def described(found: Verdict, situation: Situation, ask: Sequence[Question]) -> str:
    """The presentation in words: the condition of the first line that is met, else what is known and what is not."""
    content = situation.decider.content
    words = ""
    for recommendation in content.recommendations:
        if recommendation.first_line and situation.holds(recommendation.condition) is True:
            words = content.classes[recommendation.condition].label
            break
    if not words:
        subject = content.classes.get(content.article.subject)
        label = subject.label if subject else content.title
        holds = situation.holds(content.article.subject)
        words = label if holds else f"{label} refuted" if holds is False else f"{label} not established"
        if holds and ask and found in (Verdict.UNDECIDED, Verdict.CONTRADICTION):
            words += f", {content.findings[ask[0].finding].label} {_RECORDED[ask[0].recorded]}"
    for factor in global_factors(situation):
        words += f", {content.findings[factor].label} recorded"
    return words


def headline(
    found: Verdict, situation: Situation, recommendations: Sequence[RecommendationAnswer], ask: Sequence[Question]
) -> Headline:
    """One or two sentences for clinicians, and the same in plain words."""
    return Headline(
        clinician=_sentences(found, situation, recommendations, ask),
        patient=plain_headline(found, situation, recommendations, ask),
    )


def _sentences(
    found: Verdict,
    situation: Situation,
    recommendations: Sequence[RecommendationAnswer],
    ask: Sequence[Question],
) -> str:
    content = situation.decider.content
    if found is Verdict.NOT_APPLICABLE:
        return f"The article does not apply: {_class(content, content.article.subject)} is refuted in the record."
    if found is Verdict.OUTSIDE:
        return _outside(situation)
    if found is Verdict.GAP:
        return "No branch of the article covers this: the record refutes the condition of each."
    if found is Verdict.CONTRADICTION:
        return "The record contradicts itself: the facts that cannot all hold are set aside; the rest decides nothing."
    if found is Verdict.UNDECIDED:
        if not ask:
            return "No treatment can be read from the article yet."
        finding = content.findings[ask[0].finding]
        label = finding.label
        sentence = f"it depends first on {label}, which is {_RECORDED[ask[0].recorded]}."
        silent = "" if ask[0].recorded else " Not recorded does not mean absent."
        return f"No treatment can be read from the article yet: {sentence}{silent}"
    return _standing(recommendations, content)


def _outside(situation: Situation) -> str:
    content = situation.decider.content
    recorded = [content.findings[factor] for factor in global_factors(situation)]
    if not recorded:
        return f"Outside the article: it is about {_class(content, content.article.scope)}."
    names = " and ".join(factor.label for factor in recorded)
    return (
        f"Outside the article: with {names} recorded, no treatment is marked as applying. "
        "What it says without regard to this is listed so that it can be checked."
    )


def _standing(recommendations: Sequence[RecommendationAnswer], content: Content) -> str:
    treatments = [r for r in recommendations if r.kind == "treatment" and r.direction == "for" and r.status in _STANDS]
    first = [r for r in treatments if r.first_line]
    lead = first[0] if first else min(treatments, key=lambda r: (r.status is not Status.APPLIES, r.order))
    label = lead.label
    if first:
        sentence = f"First line in the article: {label}"
    else:
        sentence = f"The first line falls away; the article names as {lead.line}: {label}"
    condition = _condition(lead.confirm, content) if lead.status is Status.PROVISIONAL else ""
    sentence += f" - if confirmed: {condition}." if condition else "."
    if lead.not_addressed and lead.base_status is Status.APPLIES and lead.status is Status.PROVISIONAL:
        named = ", ".join(_finding(content, factor) for factor in lead.not_addressed)
        sentence += f" Not confirmed: the article does not address {named}."
    others = [r for r in treatments if r is not lead and lead.id not in _after(content, r.id)]
    if others:
        count = "one further plan" if len(others) == 1 else f"{len(others)} further plans"
        sentence += f" It names {count} for what is recorded, and gives no order among them."
    return sentence


def _after(content: Content, name: str) -> tuple[str, ...]:
    return next(r.ranked_after for r in content.recommendations if r.name == name)


def _condition(confirm: tuple[tuple[FactShown, ...], ...], content: Content) -> str:
    if not confirm:
        return ""
    return " and ".join(
        _finding(content, fact.finding) + ("" if fact.status == "present" else " absent") for fact in confirm[0]
    )


def _finding(content: Content, name: str) -> str:
    return content.findings[name].label


def _class(content: Content, name: str) -> str:
    return content.classes[name].label
