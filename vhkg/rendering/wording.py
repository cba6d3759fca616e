"""The words for facts, names, citations and effects. What they say of medicine comes from the content.

On screen the word "unknown" never stands alone: silence is "not recorded", and an assessment that says so is
"recorded as unknown".
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Sequence

from vhkg.model.answer import Answer, Effect, FactShown, RecommendationAnswer, Status, StatusChange
from vhkg.model.content import Content, Recommendation

FINDING_ROLE = "hasFinding"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LISTED = 3
_VERBS = {
    Status.APPLIES: ("applies", "apply"),
    Status.PROVISIONAL: ("is open if a further fact holds", "are open if further facts hold"),
    Status.UNDETERMINED: ("is open again", "are open again"),
    Status.DOES_NOT_APPLY: ("falls away", "fall away"),
    Status.ADVISED_AGAINST: ("is advised against", "are advised against"),
}
_KINDS = ("treatment", "surgical-option", "workup", "follow-up")


def day(date: datetime.date | None, *, year: bool = True) -> str:
    """A date in the same words under every locale."""
    if date is None:
        return "no date"
    return f"{date.day} {_MONTHS[date.month - 1]}{f' {date.year}' if year else ''}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """
    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def shortened(names: Sequence[str], limit: int = _LISTED) -> str:
    """Names that may hold commas, as a list with an end; one name more than the limit is still written out."""
    if len(names) <= limit + 1:
        return "; ".join(names)
    return f"{'; '.join(names[:limit])}; and {len(names) - limit} more"


def is_capped(recommendation: RecommendationAnswer) -> bool:
    """A scope limit keeps the status below what the conditions alone would give."""
    return recommendation.status != recommendation.base_status


def cited(sources: Sequence[str]) -> str:
    if not sources:
        return "no citation"
    return f"cites {sources[0]} only" if len(sources) == 1 else f"cites {', '.join(sources)}"


def action_quote(recommendation: RecommendationAnswer) -> str:
    """The one quotation of a line: the statement that states the action."""
    for statement in recommendation.statements:
        if statement.role == "action":
            return statement.quote
    return recommendation.statements[0].quote if recommendation.statements else ""


def quoted(text: str) -> str:
    return f'"{text}"'


def smallest(sets: Iterable[tuple[FactShown, ...]]) -> tuple[FactShown, ...]:
    """The shortest of some sets of facts, the first of equals; empty if there is none."""
    return min(sets, key=len, default=())


class Words:
    """The words of one answer. `plain` takes the labels in plain words, for patients."""

    def __init__(self, content: Content, answer: Answer, *, plain: bool = False) -> None:
        self.content = content
        self.answer = answer
        self.plain = plain
        self._known: dict[str, Recommendation] = {known.name: known for known in content.recommendations}
        self.given = {given.id: given for given in answer.recommendations}

    def finding(self, name: str) -> str:
        """The label of a finding, an intervention or a presentation class; a name that has none as it is."""
        term = self.content.findings.get(name) or self.content.classes.get(name)
        if term is None:
            return name
        return (self.plain and term.plain_label) or term.label or name

    def topic(self, name: str) -> str:
        """What is asked for: a finding, or that an intervention was done."""
        known = self.content.findings.get(name)
        done = known is not None and known.role != FINDING_ROLE
        return f"{self.finding(name)} done" if done else self.finding(name)

    def fact(self, fact: FactShown) -> str:
        label, topic = self.finding(fact.finding), self.topic(fact.finding)
        absent = f"{label} absent" if topic == label else f"{label} not done"
        return {"present": topic, "absent": absent}.get(fact.status, f"{label} recorded as {fact.status}")

    def facts(self, facts: Iterable[FactShown]) -> str:
        return joined([self.fact(fact) for fact in facts])

    def dated(self, facts: Iterable[FactShown]) -> str:
        return joined([f"{self.fact(fact)} ({day(fact.date)})" for fact in facts])

    def recommendation(self, name: str) -> str:
        given = self.given.get(name)
        if given is not None:
            return (self.plain and given.plain_label) or given.label
        known = self._known.get(name)
        return known.label if known is not None else name

    def factors(self, names: Iterable[str]) -> str:
        return joined([self.finding(name) for name in names])

    def alternative(self, reading: str, name: str) -> str:
        known = self.content.readings.get(reading)
        for alternative in known.alternatives if known is not None else ():
            if alternative.name == name:
                return alternative.label
        return name

    def reading(self, name: str) -> str:
        known = self.content.readings.get(name)
        return known.label if known is not None else name

    def order(self, name: str) -> tuple[int, int, str]:
        known = self._known.get(name)
        if known is None:
            return len(_KINDS), 0, name
        return (_KINDS.index(known.kind) if known.kind in _KINDS else len(_KINDS)), known.order, name

    def effect(self, effect: Effect, *, leaving_out: Container[str] = (), counted: bool = False) -> list[str]:
        """What an answer would do, as lines; treatments are named before options and examinations.

        `counted` gives numbers in place of several names, where `leaving_out` names those said already.
        """
        grouped: dict[tuple[str, str], list[str]] = {}
        changes = {change.recommendation: change for change in (*effect.gained, *effect.lost)}
        if not changes:
            return ["no change"]
        for change in sorted(changes.values(), key=lambda change: self.order(change.recommendation)):
            if change.recommendation not in leaving_out:
                grouped.setdefault(self._verbs(change), []).append(self._subject(change))
        single = [f"{names[0]} {verb}" for (verb, _), names in grouped.items() if len(names) == 1]
        several = [
            f"{len(names)} {verb}" if counted else f"{verb.removeprefix('are ')}: {shortened(names)}"
            for (_, verb), names in grouped.items()
            if len(names) > 1
        ]
        if counted:
            return ["; ".join((*single, *several))] if grouped else []
        return ["; ".join(single), *several] if single else several

    def _subject(self, change: StatusChange) -> str:
        name = self.recommendation(change.recommendation)
        known = self._known.get(change.recommendation)
        caution = known is not None and known.direction == "against"
        return f"the advice against {name}" if caution and change.after != Status.ADVISED_AGAINST else name

    def _verbs(self, change: StatusChange) -> tuple[str, str]:
        """Verbs for one name and for several. No verb says "applies" of what a scope limit holds back."""
        if change.after == Status.PROVISIONAL:
            given = self.given.get(change.recommendation)
            if change.before == Status.APPLIES:
                return "is no longer confirmed", "are no longer confirmed"
            if given is not None and given.not_addressed:
                return "is added, NOT CONFIRMED", "are added, NOT CONFIRMED"
        if change.after == Status.APPLIES and change.before == Status.PROVISIONAL:
            return "stands", "stand"
        return _VERBS[change.after]
