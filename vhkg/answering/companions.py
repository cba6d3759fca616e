"""What accompanies the statuses: combinations, silences, notices of the software, and flags."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from vhkg.answering.placement import Placed
from vhkg.answering.verdicts import global_factors
from vhkg.decision.facts import EffectiveFacts
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Combination, FactShown, NoticeShown, RecommendationAnswer, SilenceShown, Status, Verdict
from vhkg.model.content import Content

ALWAYS = ("pending-review", "strength-not-stated", "citations-without-bibliography")
"""The flags of every answer for a record that conforms."""
NOT_ORDERED = "order not stated"
RANKED = "the second is listed after the first"


def combinations(recommendations: Sequence[RecommendationAnswer], content: Content) -> tuple[Combination, ...]:
    """Treatments that stand together: those that the article ranks, and those among which it states no order."""
    standing = [
        r.id
        for r in recommendations
        if r.kind == "treatment" and r.direction == "for" and r.status in (Status.APPLIES, Status.PROVISIONAL)
    ]
    after = {r.name: set(r.ranked_after) for r in content.recommendations}
    found = [
        Combination(recommendations=(first, second), relation=RANKED)
        for second in standing
        for first in standing
        if first in after[second]
    ]
    loose = [name for name in standing if any(_unordered(name, other, after) for other in standing if other != name)]
    if loose:
        found.append(Combination(recommendations=tuple(loose), relation=NOT_ORDERED))
    return tuple(found)


def _unordered(one: str, other: str, after: Mapping[str, set[str]]) -> bool:
    return one not in after[other] and other not in after[one]


def silences(situation: Situation) -> tuple[SilenceShown, ...]:
    """The silences that an entailed class raises, each with the nearest sentence."""
    content = situation.decider.content
    return tuple(
        SilenceShown(
            id=silence.name,
            label=silence.label,
            question=silence.question,
            quote=content.statements[silence.nearest].quote,
            statement=silence.nearest,
        )
        for silence in content.silences
        if any(situation.holds(raised) is True for raised in silence.raised_by)
    )


def notices(
    situation: Situation, facts: EffectiveFacts, recommendations: Sequence[RecommendationAnswer], found: Verdict
) -> tuple[NoticeShown, ...]:
    """The notices that are due, for every audience; renderers choose among them."""
    shown = []
    for notice in situation.decider.content.notices:
        text = notice.text
        if notice.stale_after_days:
            old = _stale(facts.as_of, recommendations, notice.stale_after_days)
            if not old:
                continue
            labels = situation.decider.content.findings
            named = ", ".join(f"{labels[f.finding].label} {f.status} ({f.date})" for f in old)
            text = f"{text} Older than {notice.stale_after_days} days: {named}."
        elif found is Verdict.NOT_APPLICABLE or situation.holds(notice.shown_unless) is True:
            continue
        shown.append(NoticeShown(id=notice.name, text=text, audience=notice.audience))
    return tuple(shown)


def _stale(
    as_of: datetime.date | None, recommendations: Sequence[RecommendationAnswer], days: int
) -> tuple[FactShown, ...]:
    """Facts behind a decided status that are older than so many days on the as-of date."""
    if as_of is None:
        return ()
    old = {
        fact
        for recommendation in recommendations
        for reason in recommendation.because
        for fact in reason
        if fact.date is not None and (as_of - fact.date).days > days
    }
    return tuple(sorted(old, key=lambda fact: (fact.date or as_of, fact.finding)))


def flags(facts: EffectiveFacts, situation: Situation, placed: Placed) -> tuple[str, ...]:
    """What holds for the answer as a whole."""
    found = [*ALWAYS]
    if facts.conflicts:
        found.append("conflict")
    if facts.superseded:
        found.append("superseded")
    if facts.future:
        found.append("later-facts-ignored")
    if placed.unplaced:
        found.append("lesion-not-recorded")
    found += [f"not-addressed:{factor}" for factor in global_factors(situation)]
    defaults = situation.decider.content.readings
    found += [
        f"reading:{name}={chosen}" for name, chosen in situation.readings.items() if chosen != defaults[name].default
    ]
    return tuple(found)
