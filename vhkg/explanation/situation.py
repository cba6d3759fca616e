"""One presentation under one choice of readings: facts, entailments and statuses, computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vhkg.decision.evaluation import ClosedFacts, Evaluator, Facts
from vhkg.decision.prime import term
from vhkg.decision.prospects import Gains
from vhkg.decision.rows import RowIndex, positions
from vhkg.decision.statuses import Assessed, StatusRule, assess, concerned, status_rules
from vhkg.errors import UnknownName, UsageError
from vhkg.model.answer import FactShown, ReadingShown
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content, Recommendation
from vhkg.model.table import AtomKind, Goal


class GuardedRow(NamedTuple):
    """A row of the table, as masks of its literals of findings and of alternatives of readings."""

    goal: str
    value: bool
    findings: int
    guards: int


class AlternativeMask(NamedTuple):
    """An alternative of a reading, with the mask of the literals that hold when it is chosen."""

    name: str
    mask: int


class Decider:
    """Everything about the knowledge that deciding needs, prepared once and never changed."""

    def __init__(self, compiled: CompiledKnowledge) -> None:
        self.content: Content = compiled.content
        self.evaluator = Evaluator(compiled.table)
        self.rules: tuple[StatusRule, ...] = status_rules(self.content.recommendations, self.content.limits)
        self.recommendation: dict[str, Recommendation] = {r.name: r for r in self.content.recommendations}
        open_to: defaultdict[str, list[StatusRule]] = defaultdict(list)
        for rule in self.rules:
            for goal in dict.fromkeys((rule.name, rule.condition)):
                open_to[goal].append(rule)
        self.rules_on: dict[str, tuple[StatusRule, ...]] = {goal: tuple(rules) for goal, rules in open_to.items()}
        self.askable: dict[str, int] = {
            finding.name: self.evaluator.literal(finding.name, True)
            for finding in self.content.findings.values()
            if finding.question and self.evaluator.has_atom(finding.name)
        }
        self.class_goals = tuple(sorted(goal for goal in compiled.table.goals if goal in self.content.classes))
        numbered = [(n, a.name) for n, a in enumerate(compiled.table.atoms, start=1) if a.name in self.content.findings]
        self.undated: dict[int, FactShown] = {
            sign * number: FactShown(finding=name, status="present" if sign > 0 else "absent")
            for number, name in numbered
            for sign in (1, -1)
        }
        self.place: dict[str, int] = {name: place for place, name in enumerate(self.content.findings)}
        self.place_of_atom: dict[int, int] = {number: self.place[name] for number, name in numbered}
        self.limit_goals = frozenset(
            goal for limit in self.content.limits for goal in (limit.raised_by, limit.caps_within)
        )
        self.askable_atoms = frozenset(self.askable.values())
        self.prospects = self.evaluator.prospects(self.limit_goals | set(self.rules_on), self.askable_atoms)
        self._closed = {n: self.evaluator.close(self.evaluator.facts([n])) for n in self.askable.values()}
        self.alternative_of: dict[int, str] = {
            number: atom.reading
            for number, atom in enumerate(compiled.table.atoms, start=1)
            if atom.kind is AtomKind.ALTERNATIVE
        }

        self.alternatives: dict[str, tuple[AlternativeMask, ...]] = {
            name: tuple(
                AlternativeMask(option.name, term(self.reading_literals({name: option.name})))
                for option in reading.alternatives
            )
            for name, reading in self.content.readings.items()
        }
        self.reading_masks: dict[str, int] = {
            name: union(option.mask for option in options) for name, options in self.alternatives.items()
        }
        self.goals: dict[str, tuple[str, ...]] = {rule.name: rule.goals() for rule in self.rules}
        goals = dict.fromkeys(goal for mine in self.goals.values() for goal in mine)
        self._guarded_rows = tuple(row for goal in goals for row in self._guarded(compiled.table.goals[goal]))
        self._rows_by_finding = RowIndex([row.findings for row in self._guarded_rows])

    def _guarded(self, goal: Goal) -> Iterator[GuardedRow]:
        """The rows of a goal; where only scope limits depend on it, those that entail it: nothing else counts."""
        for value, rows in ((True, goal.yes), (False, goal.no if goal.name in self.rules_on else ())):
            for row in rows:
                guards = {literal for literal in row.literals if abs(literal) in self.alternative_of}
                findings = set(row.literals) - guards
                yield GuardedRow(goal.name, value, term(findings), term(guards))

    def live_rows(self, literals: Iterable[int]) -> dict[str, tuple[GuardedRow, ...]]:
        """For each goal that hangs on a reading: its rows whose findings are all recorded.

        A goal with a recorded row that has no guard is settled, whatever the readings, and left out.
        """
        rows = [self._guarded_rows[place] for place in positions(self._rows_by_finding.within(term(literals)))]
        settled = {row.goal for row in rows if not row.guards}
        live: defaultdict[str, list[GuardedRow]] = defaultdict(list)
        for row in rows:
            if row.goal not in settled:
                live[row.goal].append(row)
        return {goal: tuple(found) for goal, found in live.items()}

    def implied(self, premise: int, conclusion: int) -> bool:
        """Whether the axioms entail one positive literal from another."""
        return bool(self._closed[premise].present >> (conclusion - 1) & 1)

    def readings(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """The alternative of every reading: the chosen ones, else the defaults.

        Raises UnknownName for a reading or an alternative that does not exist.
        """
        known = self.content.readings
        full = {name: reading.default for name, reading in known.items()}
        for name, alternative in chosen.items():
            if name not in known:
                raise UnknownName(name, "reading", known)
            options = [option.name for option in known[name].alternatives]
            if alternative not in options:
                raise UsageError(f"{alternative!r} is no alternative of {name}", mend=f"choose {' or '.join(options)}")
            full[name] = alternative
        return full

    def reading_literals(self, readings: Mapping[str, str]) -> tuple[int, ...]:
        """Each alternative chosen as present and the others as absent, where the table has them."""
        literals = []
        for name, chosen in readings.items():
            for option in self.content.readings[name].alternatives:
                if self.evaluator.has_atom(option.name):
                    literals.append(self.evaluator.literal(option.name, option.name == chosen))
        return tuple(literals)


def union(masks: Iterable[int]) -> int:
    """All bits of some masks."""
    found = 0
    for mask in masks:
        found |= mask
    return found


class Situation:
    """The state of one presentation. `facts` holds the recorded literals with those of the readings."""

    __slots__ = (
        "_gains",
        "_live",
        "_readings_shown",
        "_verdicts",
        "assessed",
        "closed",
        "decider",
        "facts",
        "limits",
        "literals",
        "readings",
    )

    def __init__(self, decider: Decider, literals: Iterable[int], readings: Mapping[str, str]) -> None:
        self.decider = decider
        self.readings = dict(readings)
        self.literals: tuple[int, ...] = tuple(literals)
        evaluator = decider.evaluator
        self.facts: Facts = evaluator.facts((*self.literals, *decider.reading_literals(readings)))
        self.closed: ClosedFacts = evaluator.close(self.facts)
        self._verdicts: dict[str, bool | None] = evaluator.verdicts(self.closed)
        self._readings_shown: dict[str, ReadingShown] = {}
        self._live: dict[str, tuple[GuardedRow, ...]] | None = None
        self._gains: dict[int, Gains] | None = None
        self.limits = concerned(decider.content.limits, self.holds)
        self.assessed: dict[str, Assessed] = {r.name: assess(r, self.holds, self.limits) for r in decider.rules}

    def holds(self, goal: str) -> bool | None:
        """Whether a presentation class, or a recommendation's condition without its exclusion, is entailed."""
        return self._verdicts.get(goal)

    def live_rows(self) -> dict[str, tuple[GuardedRow, ...]]:
        """The rows through which a reading could change something now (see `Decider.live_rows`)."""
        if self._live is None:
            self._live = self.decider.live_rows(self.literals)
        return self._live

    def reading_without_effect(self, name: str) -> ReadingShown:
        """The reading as shown where no alternative would change anything; made once for all recommendations."""
        shown = self._readings_shown.get(name)
        if shown is None:
            shown = ReadingShown(id=name, chosen=self.readings[name], matters=False, changes={})
            self._readings_shown[name] = shown
        return shown

    def gains(self) -> dict[int, Gains]:
        """What each literal of a finding that people can be asked for would newly entail, if it is not decided."""
        if self._gains is None:
            self._gains = self.decider.prospects.gains(self.closed.term)
        return self._gains

    def decided(self, literal: int) -> bool:
        """Whether the facts and the axioms settle the atom of a literal."""
        bit = 1 << (abs(literal) - 1)
        return bool((self.closed.present | self.closed.absent) & bit)

    def assume(self, literals: Iterable[int]) -> Situation:
        """The same presentation with further facts, which take the place of recorded ones that contradict them."""
        further = tuple(literals)
        assumed = set(further)
        kept = [literal for literal in self.literals if literal not in assumed and -literal not in assumed]
        evaluator = self.decider.evaluator
        while clash := evaluator.minimal_conflicts(evaluator.facts((*kept, *further))):
            contradicted = {literal for conflict in clash for literal in conflict} - assumed
            if not contradicted:
                raise UsageError("the assumptions contradict each other", place="what-if", mend="leave one out")
            kept = [literal for literal in kept if literal not in contradicted]
        return Situation(self.decider, (*kept, *further), self.readings)

    def read(self, readings: Mapping[str, str]) -> Situation:
        """The same facts under other readings."""
        return Situation(self.decider, self.literals, {**self.readings, **readings})

    def classes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The presentation classes entailed and those undetermined, sorted."""
        verdicts = self._verdicts
        entailed = tuple(name for name in self.decider.class_goals if verdicts[name] is True)
        return entailed, tuple(name for name in self.decider.class_goals if verdicts[name] is None)
