"""Where each term is used: by which recommendation, plan, reading, silence or limit, and in which part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from vhkg.model.content import Content, Recommendation

Use = tuple[str, str, str]
"""A term, the part in which it is used, and what uses it."""


def uses(content: Content) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each term, by part, the names of what uses it; in the order of the content."""
    found: defaultdict[str, defaultdict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for term, part, user in _all(content):
        if term:
            found[term][part][user] = None
    return {term: {part: tuple(users) for part, users in parts.items()} for term, parts in found.items()}


def _all(content: Content) -> Iterator[Use]:
    for recommendation in content.recommendations:
        yield from _of_recommendation(recommendation)
    for plan in content.plans.values():
        yield from ((step.intervention, "step of", plan.name) for step in plan.steps)
    for silence in content.silences:
        yield from ((term, "silence", silence.name) for term in (*silence.concerns, *silence.raised_by))
    for limit in content.limits:
        yield limit.factor, "limit", limit.name
    for reading in content.readings.values():
        yield from ((term, "tension", reading.name) for term in reading.concerns)
    for decision in content.decisions.values():
        yield from ((term, "tension", decision.name) for term in decision.concerns)


def _of_recommendation(given: Recommendation) -> Iterator[Use]:
    yield given.condition, "condition of", given.name
    yield given.exclusion, "excludes from", given.name
    yield given.target, "action of", given.name
    yield from ((use.statement, f"{use.role} of", given.name) for use in given.uses)
    yield from ((reading, "reading of", given.name) for reading in given.readings)
    yield from ((outcome, "outcome of", given.name) for outcome in given.outcomes)
