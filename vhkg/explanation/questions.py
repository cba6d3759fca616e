"""What to ask: findings whose recording would change a status, with the effect of both answers.

Ranked by for how many undecided recommendations one of its answers refutes the condition, then by how many
the better answer decides, then by the order declared in the data. What changes nothing is not asked, but for
findings that the data mark as always asked. Recommendations that no answer could confirm do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vhkg.decision.prospects import Gains
from vhkg.decision.statuses import assess, concerned
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Effect, Question, Status, StatusChange

_OPEN = (Status.UNDETERMINED, Status.PROVISIONAL)
_STRENGTH = {
    Status.DOES_NOT_APPLY: 0,
    Status.UNDETERMINED: 1,
    Status.PROVISIONAL: 2,
    Status.APPLIES: 3,
    Status.ADVISED_AGAINST: 3,
}


class _Candidate(NamedTuple):
    """A finding that may be asked, with the base statuses that each answer would change."""

    finding: str
    literal: int
    present: dict[str, Status]
    absent: dict[str, Status]
    rank: tuple[int, int, int, int, str]


def questions(situation: Situation, recorded: dict[str, str], *, previews: int = 0) -> tuple[Question, ...]:
    """The questions in their order. `recorded` maps a finding to what was written: unknown, conflict or unplaced.

    For the first `previews` questions the effects name what would be asked next.
    """
    content = situation.decider.content
    asked = []
    gains = situation.gains()
    for place, candidate in enumerate(_ranked(situation)):
        finding = content.findings[candidate.finding]
        if candidate.literal in situation.doubtful:
            present, absent = (_differences(situation, sign * candidate.literal) for sign in (1, -1))
        else:
            present = _changes(situation, gains.get(candidate.literal, ()))
            absent = _changes(situation, gains.get(-candidate.literal, ()))
        asked.append(
            Question(
                finding=finding.name,
                question=finding.question,
                recorded=recorded.get(finding.name, ""),
                undefined=bool(finding.undefined_in),
                if_present=_effect(situation, candidate.literal, present, place < previews),
                if_absent=_effect(situation, -candidate.literal, absent, place < previews),
                decisive=any(c.before in _OPEN and c.after not in _OPEN for c in (*present, *absent)),
            )
        )
    return tuple(asked)


def next_findings(situation: Situation, limit: int) -> tuple[str, ...]:
    """The findings that would be asked first, without the effects."""
    return tuple(candidate.finding for candidate in _ranked(situation)[:limit])


def effect(changes: Sequence[StatusChange], following: tuple[str, ...] = ()) -> Effect:
    """Changes of statuses as gains and losses; `following` are the findings that would then be asked first."""
    return Effect(
        gained=tuple(c for c in changes if _STRENGTH[c.after] > _STRENGTH[c.before]),
        lost=tuple(c for c in changes if _STRENGTH[c.after] < _STRENGTH[c.before]),
        next=following,
    )


def _effect(situation: Situation, literal: int, changes: tuple[StatusChange, ...], further: bool) -> Effect:
    return effect(changes, next_findings(situation.assume([literal]), 4) if further and changes else ())


def _ranked(situation: Situation) -> list[_Candidate]:
    decider = situation.decider
    findings = decider.content.findings
    reach = _within_reach(situation)
    gains = situation.gains()
    subject_known = situation.holds(decider.content.article.subject) is True
    feared = situation.doubtful & decider.factor_atoms
    found = []
    for name, literal in decider.askable.items():
        finding = findings[name]
        always = (finding.always_asked and subject_known) or literal in feared
        if not (always or literal in gains or -literal in gains) or situation.decided(literal):
            continue
        present = _base_changes(situation, gains.get(literal, ()), reach)
        absent = _base_changes(situation, gains.get(-literal, ()), reach)
        if not (present or absent or always):
            continue
        refuted = {n for side in (present, absent) for n, after in side.items() if after is Status.DOES_NOT_APPLY}
        settled = sorted(sum(after not in _OPEN for after in side.values()) for side in (present, absent))
        rank = (-len(refuted), -settled[1], -settled[0], finding.order, name)
        found.append(_Candidate(name, literal, present, absent, rank))
    found.sort(key=lambda candidate: candidate.rank)
    return _without_repetition(situation, found)


def _within_reach(situation: Situation) -> frozenset[str]:
    """Undecided recommendations that answers to askable findings alone could still confirm."""
    open_ = [name for name, assessed in situation.assessed.items() if assessed.base in _OPEN]
    decider = situation.decider
    return frozenset(decider.evaluator.attainable(open_, situation.closed, decider.askable_atoms))


def _base_changes(situation: Situation, gained: Gains, reach: frozenset[str]) -> dict[str, Status]:
    """The base statuses that change, among recommendations within reach, when these goals become entailed."""
    changed: dict[str, Status] = {}
    rules_on = situation.decider.rules_on
    for goal, value in gained:
        for rule in rules_on.get(goal, ()):
            if rule.name not in reach:
                continue
            if goal == rule.name:
                holding = Status.ADVISED_AGAINST if rule.against else Status.APPLIES
                changed[rule.name] = holding if value else Status.DOES_NOT_APPLY
            elif value and situation.assessed[rule.name].base is Status.UNDETERMINED:
                changed.setdefault(rule.name, Status.PROVISIONAL)
    return changed


def _changes(situation: Situation, gained: Gains) -> tuple[StatusChange, ...]:
    """Every status, scope limits included, that changes when these goals become entailed."""
    if not gained:
        return ()
    new = dict(gained)
    decider = situation.decider
    holds = {**situation.verdicts, **new}.get
    if decider.limit_goals.isdisjoint(new):
        limits, names = situation.limits, {rule.name for goal in new for rule in decider.rules_on.get(goal, ())}
    else:
        limits, names = concerned(decider.content.limits, holds), set(situation.assessed)
    changed = []
    for rule in decider.rules:
        if rule.name in names:
            before = situation.assessed[rule.name].status
            after = assess(rule, holds, limits).status
            if after is not before:
                changed.append(StatusChange(recommendation=rule.name, before=before, after=after))
    return tuple(changed)


def _differences(situation: Situation, literal: int) -> tuple[StatusChange, ...]:
    """Every status that changes when a fact takes the place of a contradictory record."""
    then = situation.assume([literal]).assessed
    return tuple(
        StatusChange(recommendation=name, before=now.status, after=then[name].status)
        for name, now in situation.assessed.items()
        if then[name].status is not now.status
    )


def _without_repetition(situation: Situation, ranked: list[_Candidate]) -> list[_Candidate]:
    """Leave out a question whose effects an earlier one has, when one answer follows from the other by the axioms."""
    kept: list[_Candidate] = []
    for candidate in ranked:
        if not any(_repeats(situation, candidate, earlier) for earlier in kept):
            kept.append(candidate)
    return kept


def _repeats(situation: Situation, candidate: _Candidate, earlier: _Candidate) -> bool:
    decider = situation.decider
    if decider.content.findings[candidate.finding].always_asked or candidate.literal in situation.doubtful:
        return False
    if not (
        candidate.present.items() <= earlier.present.items() and candidate.absent.items() <= earlier.absent.items()
    ):
        return False
    return decider.implied(candidate.literal, earlier.literal) or decider.implied(earlier.literal, candidate.literal)
