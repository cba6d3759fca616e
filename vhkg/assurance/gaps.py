"""Presentations within scope without a branch, branches that are out of place, and where for and against meet.

A gap is a prime implicant of the gap class that the article's individual names; so the list is complete and each
line of it minimal. Every gap must be named by a silence: that the article has nothing there is itself an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from vhkg.answering.meetings import described
from vhkg.assurance.faults import Fault
from vhkg.decision.evaluation import Evaluator, Facts
from vhkg.model.content import Content, Recommendation
from vhkg.model.table import DecisionTable, Row


class Gap(msgspec.Struct, frozen=True):
    """`presentation` says the row in words; `silences` are those with vhkg:gap whose class the row entails."""

    literals: tuple[int, ...]
    presentation: str
    silences: tuple[str, ...]


class Meeting(msgspec.Struct, frozen=True):
    """A presentation in which something is recommended while something is advised against.

    `relation` compares what is recommended with what is advised against, steps of plans included: same, narrower
    (a kind of it), broader (it is a kind of that), or other. Only same and narrower contradict one another.
    """

    recommended: str
    against: str
    relation: str
    presentations: tuple[str, ...]


class Gaps(msgspec.Struct, frozen=True):
    gaps: tuple[Gap, ...]
    meetings: tuple[Meeting, ...]
    faults: tuple[Fault, ...]


def check_gaps(table: DecisionTable, content: Content) -> Gaps:
    """List the gaps and the meetings; faults are gaps without a silence, idle silences and misplaced treatments."""
    evaluator = Evaluator(table)
    gaps = named_gaps(table, content, evaluator)
    faults = [
        Fault("gap", gap.presentation, "no silence names this gap", "add one with vhkg:gap and vhkg:raisedBy")
        for gap in gaps
        if not gap.silences
    ]
    faults += _idle_silences(table, content, evaluator)
    faults += _outside_branches(table, content, evaluator)
    return Gaps(gaps, opposed(table, content, evaluator), tuple(faults))


def named_gaps(table: DecisionTable, content: Content, evaluator: Evaluator) -> tuple[Gap, ...]:
    """The general rows of the gap class, each with the silences that name it; none if no gap class is named."""
    goal = table.goals.get(content.article.gap)
    found = []
    for row in (row for row in goal.yes if row.general) if goal else ():
        facts = evaluator.facts(row.literals)
        silences = (
            silence.name
            for silence in content.silences
            if silence.gap and any(evaluator.holds(name, facts) for name in silence.raised_by)
        )
        found.append(Gap(row.literals, described(row.literals, table.atoms), tuple(silences)))
    return tuple(found)


def _idle_silences(table: DecisionTable, content: Content, evaluator: Evaluator) -> Iterator[Fault]:
    """A silence marked as a gap must be able to hold where every branch is refuted."""
    branch = table.goals.get(content.article.branch)
    for silence in (silence for silence in content.silences if silence.gap and branch):
        raised = [table.goals[name] for name in silence.raised_by if name in table.goals]
        if not _meet(evaluator, [row for goal in raised for row in goal.yes], branch.no if branch else ()):
            fault = "marked as a gap, and never met where there is no branch"
            yield Fault("gap", silence.name, fault, "remove vhkg:gap, or correct vhkg:raisedBy")


def _outside_branches(table: DecisionTable, content: Content, evaluator: Evaluator) -> Iterator[Fault]:
    """Every row of a treatment's condition must entail the union of the branches."""
    branch = content.article.branch
    if branch not in table.goals:
        return
    for recommendation in content.recommendations:
        if recommendation.kind != "treatment" or recommendation.condition not in table.goals:
            continue
        for row in table.goals[recommendation.condition].yes:
            if evaluator.holds(branch, evaluator.facts(row.literals)) is not True:
                fault = f"holds outside every branch: {described(row.literals, table.atoms)}"
                yield Fault("branch", recommendation.name, fault, f"narrow its condition, or add a branch to {branch}")


def opposed(table: DecisionTable, content: Content, evaluator: Evaluator) -> tuple[Meeting, ...]:
    """Every pair of a recommendation for and one against that can hold together, with the minimal presentations."""
    found = []
    for against in content.recommendations:
        if against.direction != "against":
            continue
        for recommended in content.recommendations:
            if recommended.direction == "for":
                mine, yours = (
                    [row for row in table.goals[name].yes if row.general] for name in (recommended.name, against.name)
                )
                shared = _meet(evaluator, mine, yours)
                if shared:
                    relation = _relation(content, recommended, against.target)
                    texts = tuple(described(literals, table.atoms) for literals in shared)
                    found.append(Meeting(recommended.name, against.name, relation, texts))
    return tuple(found)


def _meet(evaluator: Evaluator, some: Sequence[Row], others: Sequence[Row]) -> tuple[tuple[int, ...], ...]:
    """The minimal consistent unions of a row of each, without what the axioms imply anyway."""
    unions = {
        _unimplied(evaluator, facts)
        for mine in some
        for yours in others
        if evaluator.consistent(facts := evaluator.facts((*mine.literals, *yours.literals)))
    }
    ordered = sorted(unions, key=lambda literals: (len(literals), [(abs(n), n < 0) for n in literals]))
    minimal: list[tuple[int, ...]] = []
    for literals in ordered:
        if not any(set(smaller) <= set(literals) for smaller in minimal):
            minimal.append(literals)
    return tuple(minimal)


def _unimplied(evaluator: Evaluator, facts: Facts) -> tuple[int, ...]:
    kept = evaluator.literals(facts)
    for literal in kept:
        rest = tuple(other for other in kept if other != literal)
        if literal in evaluator.literals(evaluator.close(evaluator.facts(rest))):
            kept = rest
    return kept


def _relation(content: Content, recommended: Recommendation, avoided: str) -> str:
    plan = content.plans.get(recommended.target)
    targets = [step.intervention for step in plan.steps] if plan else [recommended.target]
    if avoided in targets:
        return "same"
    if any(avoided in content.above(target) for target in targets):
        return "narrower"
    return "broader" if set(targets) & content.above(avoided) else "other"
