"""The algorithm is derived, not drawn: from conditions, lines, order, silences and scope limits.

1.  Every recommendation has the terms of its condition without its exclusion: the rows of the decision table that
    hold under the readings chosen, each only if no more general one is among them.
2.  What the terms of all treatments share are the gates, in the declared order of the findings. A finding that the
    treatments of the first line need, some absent and some present, is the fork; its arms are ways of their own.
    A factor that is always asked is a gate too, which holds nothing back.
3.  Recommendations with the same remaining condition stand behind one door, doors with the same line in one tier.
4.  A silence is an empty room if what raises it is the condition of no recommendation and lies in no branch of the
    article, and if it does not say what a finding means. The factors of scope limits on everything are rooms too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from vhkg.answering.algorithm.terms import NOTHING, Terms
from vhkg.answering.algorithm.ways import Entry, Ways, entry
from vhkg.answering.knowledge import Knowledge
from vhkg.model.algorithm import Algorithm, Box, Condition, Gate, GateKind, Room
from vhkg.model.content import Content, Recommendation, ScopeLimit, Silence


def algorithm(knowledge: Knowledge, readings: Mapping[str, str] | None = None) -> Algorithm:
    """The article's algorithm under these readings, the defaults where they say nothing.

    Raises UnknownName and UsageError for a reading or alternative that does not exist.
    """
    content = knowledge.content
    chosen = knowledge.decider.guards.chosen(readings or {})
    terms = Terms(knowledge, chosen)
    limits = [limit for limit in content.limits if not limit.limits]
    asked = [limit for limit in limits if content.findings[limit.factor].always_asked]
    factors = [limit for limit in limits if limit not in asked]
    silent = {raised: silence for silence in content.silences for raised in silence.raised_by}
    of_factors = {silent[limit.raised_by].name for limit in factors if limit.raised_by in silent}
    entries = [*_boxes(content, terms), *(each for each in _rooms(content, terms) if each.what.name not in of_factors)]
    ranked = {each.name: each.ranked_after for each in content.recommendations}
    subject = terms.of(content.article.subject)
    way = Ways(terms, subject[0] if len(subject) == 1 else NOTHING, ranked).way("way", entries)
    return Algorithm(
        title=content.article.title or content.title,
        way=msgspec.structs.replace(way, gates=_with_limits(way.gates, asked, terms)),
        factors=tuple(_factor(limit, silent.get(limit.raised_by), terms) for limit in _kinds_first(factors, content)),
        readings=chosen,
        findings={name: terms.finding(name) for name in content.findings},
    )


def _boxes(content: Content, terms: Terms) -> list[Entry]:
    """In the article's order; none for what no presentation can meet under these readings."""
    ordered = sorted(content.recommendations, key=lambda each: each.order)
    found = ((_box(each, content), terms.of(each.name)) for each in ordered)
    return [entry(box, rows) for box, rows in found if rows]


def _box(recommendation: Recommendation, content: Content) -> Box:
    actions = tuple(use.statement for use in recommendation.uses if use.role == "action")
    return Box(
        name=recommendation.name,
        label=recommendation.label,
        kind=recommendation.kind,
        line=recommendation.line,
        modality=recommendation.modality,
        order=recommendation.order,
        first_line=recommendation.first_line,
        against=recommendation.direction == "against",
        actions=actions,
        statements=tuple(dict.fromkeys(use.statement for use in recommendation.uses)),
        citations=tuple(sorted({marker for name in actions for marker in content.statements[name].citations})),
    )


def _rooms(content: Content, terms: Terms) -> list[Entry]:
    defining = {finding.undefined_in for finding in content.findings.values()}
    answered = {recommendation.condition for recommendation in content.recommendations}
    branches = terms.of(content.article.branch)
    found = []
    for silence in content.silences:
        if silence.name in defining or not answered.isdisjoint(silence.raised_by):
            continue
        raising = terms.of(*silence.raised_by)
        if raising and not any(terms.within(term, branches) for term in raising):
            found.append(entry(_room(silence.label, silence.nearest, silence, silence.name), raising))
    return found


def _room(label: str, nearest: str, silence: Silence | None, name: str) -> Room:
    return Room(
        name=name,
        label=label,
        question=silence.question if silence else "",
        nearest=nearest,
        silence=silence.name if silence else "",
        condition=Condition(),
    )


def _factor(limit: ScopeLimit, silence: Silence | None, terms: Terms) -> Room:
    """The room of a factor, under the name of the limit."""
    room = _room(limit.label, limit.nearest, silence, limit.name)
    rows = terms.of(limit.raised_by)
    if not rows:
        return room
    placed = entry(room, rows)
    return msgspec.structs.replace(room, condition=terms.condition(placed.common, placed.choice))


def _kinds_first(limits: Sequence[ScopeLimit], content: Content) -> list[ScopeLimit]:
    """In the declared order of the factors, one of which others are kinds after them."""
    places = {name: place for place, name in enumerate(content.findings)}
    return sorted(
        limits, key=lambda limit: (any(limit.factor in other.broader for other in limits), places[limit.factor])
    )


def _with_limits(gates: Sequence[Gate], asked: Sequence[ScopeLimit], terms: Terms) -> tuple[Gate, ...]:
    """The gates of factors that are always asked, after those of the subject."""
    limits = []
    for limit in asked:
        rows = terms.of(limit.raised_by)
        literals = [-literal for literal in rows[0]] if len(rows) == 1 and len(rows[0]) == 1 else []
        if literals:
            condition = terms.condition(literals)
            limits.append(Gate(name=f"gate-{limit.name}", kind=GateKind.LIMIT, condition=condition))
    subject = [gate for gate in gates if gate.kind is GateKind.SUBJECT]
    return (*subject, *limits, *(gate for gate in gates if gate.kind is not GateKind.SUBJECT))
