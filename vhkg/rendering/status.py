"""A status in words, and the questions that the words number.

    APPLIES · IF <fact> · ASK <n> · NOT CONFIRMED: <factor>          for a treatment
    ADVISED AGAINST · ADVISED AGAINST IF <fact> · ADVISED AGAINST? ASK <n>

The capped status is worded, never the status without the cap: a treatment under a scope limit, and one that
the article advises against, have no way to APPLIES.
"""

from __future__ import annotations

from vhkg.model.answer import Answer, FactShown, Question, RecommendationAnswer, Status
from vhkg.model.content import Content
from vhkg.rendering.wording import Words, is_capped, joined, smallest

MOST_ASKED = 3


def asked(answer: Answer, content: Content, most: int = MOST_ASKED) -> tuple[Question, ...]:
    """The questions to show: the first ones, with a finding that is always asked in place of the last."""
    shown = list(answer.ask[:most])
    always = [
        question
        for question in answer.ask[most:]
        if question.finding in content.findings and content.findings[question.finding].always_asked
    ]
    kept = always[:most]
    if kept:
        shown[most - len(kept) :] = kept
    return tuple(shown)


def numbering(questions: tuple[Question, ...]) -> dict[str, int]:
    return {question.finding: number for number, question in enumerate(questions, start=1)}


def missing(recommendation: RecommendationAnswer) -> tuple[FactShown, ...]:
    """The least facts that would settle it: those that would make it hold, or else those that would refute it."""
    return smallest(recommendation.confirm) or smallest(recommendation.refute)


def ask_words(recommendation: RecommendationAnswer, numbers: dict[str, int], words: Words) -> str:
    """``ASK 1, then FINDING``: numbers of the questions shown, then what else is missing."""
    findings = list(dict.fromkeys(fact.finding for fact in missing(recommendation)))
    known = sorted(numbers[name] for name in findings if name in numbers)
    others = [words.topic(name) for name in findings if name not in numbers]
    if not known:
        return f"ASK: {joined(others)}" if others else "ASK: more than is recorded"
    numbered = f"ASK {', '.join(map(str, known))}"
    return f"{numbered}, then {joined(others)}" if others else numbered


def if_words(recommendation: RecommendationAnswer, words: Words) -> str:
    facts = smallest(recommendation.confirm)
    return f"IF {words.facts(facts)}" if facts else "IF a further fact holds"


def status_words(recommendation: RecommendationAnswer, numbers: dict[str, int], words: Words) -> str:
    """The status on screen, with the factors that the article does not address."""
    factors = words.factors(recommendation.not_addressed)
    if recommendation.direction == "against":
        return _against(recommendation, numbers, words)
    if is_capped(recommendation):
        return f"NOT CONFIRMED: {factors or 'outside the article'}"
    if recommendation.status == Status.APPLIES:
        return f"APPLIES, {factors} NOT CONSIDERED" if factors else "APPLIES"
    if recommendation.status == Status.PROVISIONAL:
        own = if_words(recommendation, words)
    elif recommendation.status == Status.UNDETERMINED:
        own = ask_words(recommendation, numbers, words)
    else:
        return {
            Status.DOES_NOT_APPLY: "NOT FOR THIS PATIENT",
            Status.ADVISED_AGAINST: "ADVISED AGAINST",
        }[recommendation.status]
    return f"{own}; NOT CONFIRMED: {factors}" if factors else own


def _against(recommendation: RecommendationAnswer, numbers: dict[str, int], words: Words) -> str:
    if recommendation.status == Status.PROVISIONAL:
        return f"ADVISED AGAINST {if_words(recommendation, words)}"
    if recommendation.status == Status.UNDETERMINED:
        return f"ADVISED AGAINST? {ask_words(recommendation, numbers, words)}"
    if recommendation.status == Status.DOES_NOT_APPLY:
        return "NOT FOR THIS PATIENT"
    return "ADVISED AGAINST"
