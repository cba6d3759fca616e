"""The decision table under one choice of readings, over findings alone: what the engines for other systems run.

A literal here is +i for finding number i (counted from 1, its place in `findings`) present, and -i for absent. Two
kinds of rows stand side by side: those of `goals` decide, and may be absorbed in one another; those of `reasons` are
shown, so they keep the conditions under which `vhkg.decision.evaluation.Evaluator.matching` shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from vhkg.decision.prime import literals, term
from vhkg.decision.quotient import Quotient
from vhkg.decision.restriction import restrict
from vhkg.decision.rows import Closure
from vhkg.decision.statuses import StatusRule, status_rules
from vhkg.errors import EngineError
from vhkg.model.content import Content, ScopeLimit
from vhkg.model.formula import absorbed
from vhkg.model.table import AtomKind, DecisionTable, Row

Literals: TypeAlias = tuple[int, ...]


class FindingColumn(msgspec.Struct, frozen=True):
    """`by_patient`: what is recorded of it is recorded of the patient, whatever the lesion."""

    name: str
    by_patient: bool


class Rows(msgspec.Struct, frozen=True):
    """The goal is entailed by facts that hold all literals of a row of `yes`, and refuted by those of one of `no`."""

    yes: tuple[Literals, ...]
    no: tuple[Literals, ...]


class Suppressor(msgspec.Struct, frozen=True):
    """Facts that hold `needs`, and none of `unless`, also hold a reason that takes the place of this one."""

    needs: Literals
    unless: tuple[Literals, ...] = ()


class Occasion(msgspec.Struct, frozen=True):
    """Facts that hold `needs` show the reason, unless a suppressor is there."""

    needs: Literals
    unless: tuple[Suppressor, ...] = ()


class Reason(msgspec.Struct, frozen=True):
    """`shown` are literals in display order; on any of the occasions the reason is among those shown."""

    shown: Literals
    occasions: tuple[Occasion, ...]


class Reasons(msgspec.Struct, frozen=True):
    """Why a recommendation holds, fails, or meets its condition; in the order in which they are shown."""

    holding: tuple[Reason, ...]
    failing: tuple[Reason, ...]
    meeting: tuple[Reason, ...]

    def findings(self) -> Literals:
        """The findings that a reason names, ascending."""
        parts = (*self.holding, *self.failing, *self.meeting)
        return tuple(sorted({abs(literal) for reason in parts for literal in reason.shown}))


class Ranked(msgspec.Struct, frozen=True):
    """What an answer says of a recommendation, whatever the patient."""

    name: str
    order: int
    direction: str
    treats: bool
    """Whether it is a treatment that the article is for: the verdict is about these."""
    first_line: bool


class ChosenTable(msgspec.Struct, frozen=True, kw_only=True):
    """`rules`, `recommendations` and `reasons` go together. A finding both present and absent is a conflict, too,
    which `conflicts` does not list. `subject`, `scope` and `branch` name goals."""

    readings: dict[str, str]
    findings: tuple[FindingColumn, ...]
    conflicts: tuple[Literals, ...]
    goals: dict[str, Rows]
    rules: tuple[StatusRule, ...]
    recommendations: tuple[Ranked, ...]
    reasons: dict[str, Reasons]
    limits: tuple[ScopeLimit, ...]
    subject: str
    scope: str
    branch: str

    def explaining(self) -> Literals:
        """The findings that a reason of any recommendation names, ascending."""
        return tuple(sorted({finding for reasons in self.reasons.values() for finding in reasons.findings()}))

    def limit_goals(self) -> frozenset[str]:
        """What a factor whose record contradicts itself still raises (see `vhkg.explanation.situation`)."""
        return frozenset(goal for limit in self.limits for goal in (limit.raised_by, limit.caps_within))


def chosen_table(table: DecisionTable, content: Content, readings: Mapping[str, str]) -> ChosenTable:
    """`readings` has the alternative of every reading, as `vhkg.explanation.guards.Guards.chosen` gives them."""
    atoms = {atom.name: number for number, atom in enumerate(table.atoms, 1)}
    chosen = tuple(
        atoms[option.name] if option.name == alternative else -atoms[option.name]
        for name, alternative in readings.items()
        for option in content.readings[name].alternatives
        if option.name in atoms
    )
    numbering = Numbering(table, {name: finding.bearer == "patient" for name, finding in content.findings.items()})
    rules = status_rules(content.recommendations, content.limits)
    article = content.article
    wanted = [goal for rule in rules for goal in (rule.name, rule.condition)]
    wanted += [goal for limit in content.limits for goal in (limit.raised_by, limit.caps_within)]
    wanted += [article.subject, article.scope, article.branch]
    small = restrict(table, chosen)
    reasoning = Reasoning(table, chosen, numbering)
    return ChosenTable(
        readings=dict(readings),
        findings=numbering.findings,
        conflicts=numbering.terms(small.conflicts),
        goals={
            goal: Rows(
                numbering.terms(row.literals for row in small.goals[goal].yes),
                numbering.terms(row.literals for row in small.goals[goal].no),
            )
            for goal in dict.fromkeys(wanted)
        },
        rules=rules,
        recommendations=tuple(
            Ranked(r.name, r.order, r.direction, r.kind == "treatment" and r.direction == "for", r.first_line)
            for r in content.recommendations
        ),
        reasons={
            rule.name: Reasons(
                holding=reasoning.of(table.goals[rule.name].yes),
                failing=reasoning.of(table.goals[rule.name].no),
                meeting=reasoning.of(table.goals[rule.condition].yes),
            )
            for rule in rules
        },
        limits=content.limits,
        subject=article.subject,
        scope=article.scope,
        branch=article.branch,
    )


class Numbering:
    """Findings in display order; those that the knowledge does not display, but decides on, after them."""

    def __init__(self, table: DecisionTable, displayed: Mapping[str, bool]) -> None:
        """`displayed` are the findings in order, each with whether the patient bears it."""
        decided_on = [atom.name for atom in table.atoms if atom.kind is AtomKind.FINDING]
        names = dict.fromkeys((*displayed, *decided_on))
        self.findings = tuple(FindingColumn(name, displayed.get(name, False)) for name in names)
        self.displayed = len(displayed)
        places = {name: number for number, name in enumerate(names, 1)}
        self._number = {n: places[a.name] for n, a in enumerate(table.atoms, 1) if a.kind is AtomKind.FINDING}

    def recordable(self, atoms: Iterable[int]) -> bool:
        """Whether facts can hold all these literals: nothing else than a finding is ever recorded."""
        return all(abs(literal) in self._number for literal in atoms)

    def literals(self, atoms: Iterable[int]) -> Literals:
        """Of literals of the table, in display order."""
        found = [self._number[abs(x)] * (1 if x > 0 else -1) for x in atoms]
        return tuple(sorted(found, key=lambda x: (abs(x), x < 0)))

    def terms(self, rows: Iterable[Sequence[int]]) -> tuple[Literals, ...]:
        return tuple(self.literals(row) for row in rows if self.recordable(row))


class Reasoning:
    """Which rows are shown, worked out before any facts are known."""

    def __init__(self, table: DecisionTable, chosen: Literals, numbering: Numbering) -> None:
        self._chosen = frozenset(chosen)
        self._numbering = numbering
        self._closure = Closure(table.conflicts)
        self._quotient = Quotient(len(table.atoms), table.conflicts)
        alternatives = {abs(literal) for literal in chosen}
        for conflict in table.conflicts:
            own = {abs(literal) in alternatives for literal in conflict}
            if len(own) > 1:
                raise EngineError("an axiom ties a reading to a finding", mend="decide patients one by one")

    def of(self, rows: Sequence[Row]) -> tuple[Reason, ...]:
        """The reasons that matched rows of one list give."""
        candidates = [self._candidate(row) for row in rows if self._possible(row.literals)]
        occasions: dict[Literals, list[Occasion]] = {}
        for place, mine in enumerate(candidates):
            occasion = self._occasion(place, mine, candidates)
            if occasion is not None:
                shown = tuple(x for x in mine.needs if abs(x) <= self._numbering.displayed)
                occasions.setdefault(shown, []).append(occasion)
        ordered = sorted(occasions, key=lambda shown: (len(shown), [(abs(x), x > 0) for x in shown]))
        return tuple(Reason(shown, tuple(occasions[shown])) for shown in ordered)

    def _possible(self, row: Literals) -> bool:
        return self._numbering.recordable(set(row) - self._chosen)

    def _candidate(self, row: Row) -> _Candidate:
        mask = term(row.literals)
        return _Candidate(
            needs=self._numbering.literals(set(row.literals) - self._chosen),
            general=row.general,
            mask=mask,
            closed=self._closure.close(mask),
            canonical=tuple(sorted(literals(term(self._quotient.term(row.literals))))),
        )

    def _occasion(self, place: int, mine: _Candidate, among: Sequence[_Candidate]) -> Occasion | None:
        found = []
        for other_place, other in enumerate(among):
            if other_place == place:
                continue
            if other.canonical == mine.canonical:
                if other.general if other_place > place else not mine.general:
                    found.append(Suppressor(other.needs))
            elif not other.mask & ~mine.closed:
                found.append(Suppressor(other.needs, self._equivalents_before(other_place, mine, other, among)))
        given = set(mine.needs)
        left = [
            Suppressor(
                tuple(x for x in each.needs if x not in given),
                tuple(tuple(x for x in term if x not in given) for term in each.unless),
            )
            for each in found
        ]
        if any(not each.needs and not each.unless for each in left):
            return None
        certain = absorbed(frozenset(each.needs) for each in left if not each.unless)
        kept = [Suppressor(tuple(sorted(needs, key=abs))) for needs in certain]
        kept += [each for each in left if each.unless and () not in each.unless]
        return Occasion(mine.needs, tuple(sorted(kept, key=lambda each: (len(each.needs), each.needs, each.unless))))

    def _equivalents_before(
        self, other_place: int, mine: _Candidate, other: _Candidate, among: Sequence[_Candidate]
    ) -> tuple[Literals, ...]:
        """Of two reasons that follow from each other, that of which a row stands first is shown."""
        if mine.mask & ~other.closed:
            return ()
        return tuple(
            each.needs for place, each in enumerate(among) if place < other_place and each.canonical == mine.canonical
        )


class _Candidate(msgspec.Struct, frozen=True):
    """A row of which all but findings is settled. `canonical` is the same where only equivalent literals differ."""

    needs: Literals
    general: bool
    mask: int
    closed: int
    canonical: Literals
