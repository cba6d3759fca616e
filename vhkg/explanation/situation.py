"""One presentation under one choice of readings: facts, entailments and statuses, computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from vhkg.decision.evaluation import Evaluator, Facts
from vhkg.decision.statuses import Assessed, StatusRule, assess, concerned, status_rules
from vhkg.errors import UnknownName, UsageError
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content, Recommendation
from vhkg.model.table import AtomKind, DecisionTable

Gains: TypeAlias = tuple[tuple[str, bool], ...]
"""Goals with the value that they would newly have."""


class GuardedRow(NamedTuple):
    """A row of the table, split into the literals of findings and a mask of those of alternatives of readings."""

    goal: str
    value: bool
    findings: frozenset[int]
    mask: int


class AlternativeMask(NamedTuple):
    """An alternative of a reading, with the mask of the literals that hold when it is chosen."""

    name: str
    mask: int


def literal_mask(literal: int) -> int:
    """One bit for each literal: even for present, odd for absent."""
    return 1 << (2 * abs(literal) + (literal < 0))


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
        self.limit_goals = frozenset(
            goal for limit in self.content.limits for goal in (limit.raised_by, limit.caps_within)
        )
        self._askable_atoms = frozenset(self.askable.values())
        self._closed = {n: self.evaluator.close(self.evaluator.facts([n])) for n in self.askable.values()}
        self.alternative_of: dict[int, str] = {
            number: atom.reading
            for number, atom in enumerate(compiled.table.atoms, start=1)
            if atom.kind is AtomKind.ALTERNATIVE
        }

        self.alternatives: dict[str, tuple[AlternativeMask, ...]] = {
            name: tuple(
                AlternativeMask(option.name, sum(map(literal_mask, self.reading_literals({name: option.name}))))
                for option in reading.alternatives
            )
            for name, reading in self.content.readings.items()
        }
        self.reading_masks: dict[str, int] = {
            name: union(option.mask for option in options) for name, options in self.alternatives.items()
        }
        self.guarded_rows: dict[str, tuple[GuardedRow, ...]] = {
            rule.name: tuple(self._guarded(compiled.table, rule)) for rule in self.rules
        }

    def _guarded(self, table: DecisionTable, rule: StatusRule) -> Iterator[GuardedRow]:
        for goal in dict.fromkeys(rule.goals()):
            for value, rows in ((True, table.goals[goal].yes), (False, table.goals[goal].no)):
                for row in rows:
                    guards = {literal for literal in row.literals if abs(literal) in self.alternative_of}
                    mask = sum(map(literal_mask, guards))
                    yield GuardedRow(goal, value, frozenset(row.literals) - guards, mask)

    def asks_suffice(self, literals: Iterable[int]) -> bool:
        """Whether every literal is about a finding that people can be asked for."""
        return all(abs(literal) in self._askable_atoms for literal in literals)

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
        "_verdicts",
        "assessed",
        "closed",
        "decider",
        "facts",
        "limits",
        "literals",
        "readings",
        "recorded",
    )

    def __init__(self, decider: Decider, literals: Iterable[int], readings: Mapping[str, str]) -> None:
        self.decider = decider
        self.readings = dict(readings)
        self.literals: tuple[int, ...] = tuple(literals)
        self.recorded: frozenset[int] = frozenset(self.literals)
        evaluator = decider.evaluator
        self.facts: Facts = evaluator.facts((*self.literals, *decider.reading_literals(readings)))
        self.closed: Facts = evaluator.close(self.facts)
        self._verdicts: dict[str, bool | None] = evaluator.verdicts(self.facts)
        self._gains: dict[int, Gains] | None = None
        self.limits = concerned(decider.content.limits, self.holds)
        self.assessed: dict[str, Assessed] = {r.name: assess(r, self.holds, self.limits) for r in decider.rules}

    def holds(self, goal: str) -> bool | None:
        """Whether a presentation class, or a recommendation's condition without its exclusion, is entailed."""
        return self._verdicts.get(goal)

    def gains(self) -> dict[int, Gains]:
        """What each literal that is not decided would newly entail."""
        if self._gains is None:
            self._gains = self.decider.evaluator.gains(self.facts)
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
        names = self.decider.content.classes
        entailed = sorted(goal for goal, value in self._verdicts.items() if value is True and goal in names)
        open_ = sorted(goal for goal, value in self._verdicts.items() if value is None and goal in names)
        return tuple(entailed), tuple(open_)
