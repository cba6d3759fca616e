"""One presentation under one choice of readings: facts, entailments and statuses, computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vhkg.decision.evaluation import ClosedFacts, Facts
from vhkg.decision.prospects import Gains
from vhkg.decision.statuses import Assessed, assess, concerned
from vhkg.errors import UsageError
from vhkg.explanation.decider import Decider
from vhkg.explanation.guards import GuardedRow
from vhkg.model.answer import ReadingShown


class Situation:
    """The state of one presentation. `facts` holds the recorded literals with those of the readings.

    `verdicts` says of every goal whether it is entailed, and is not to be changed.
    `doubtful` are literals of factors whose record contradicts itself: they assert nothing, but a scope limit that
    one of them would raise is raised, since setting a fact aside must not strengthen a status.
    """

    __slots__ = (
        "_gains",
        "_live",
        "_live_rows",
        "_readings_shown",
        "assessed",
        "closed",
        "decider",
        "doubtful",
        "facts",
        "limits",
        "literals",
        "readings",
        "verdicts",
    )

    def __init__(
        self,
        decider: Decider,
        literals: Iterable[int],
        readings: Mapping[str, str],
        doubtful: frozenset[int] = frozenset(),
    ) -> None:
        self.decider = decider
        self.readings = dict(readings)
        self.literals: tuple[int, ...] = tuple(literals)
        evaluator = decider.evaluator
        self.facts: Facts = evaluator.facts((*self.literals, *decider.guards.literals(readings)))
        self.closed: ClosedFacts = evaluator.close(self.facts)
        self.verdicts: dict[str, bool | None] = evaluator.verdicts(self.closed)
        self.doubtful = frozenset(literal for literal in doubtful if not self.decided(literal))
        for literal in self.doubtful:
            feared = evaluator.verdicts(evaluator.further(self.facts, (literal,)))
            self.verdicts |= {goal: True for goal in decider.limit_goals if feared[goal] is True}
        self._readings_shown: dict[tuple[str, ...], tuple[ReadingShown, ...]] = {}
        self._live: int | None = None
        self._live_rows: dict[str, tuple[GuardedRow, ...]] | None = None
        self._gains: dict[int, Gains] | None = None
        holds = self.verdicts.get
        self.limits = concerned(decider.content.limits, holds)
        self.assessed: dict[str, Assessed] = {r.name: assess(r, holds, self.limits) for r in decider.rules}

    def holds(self, goal: str) -> bool | None:
        """Whether a presentation class, or a recommendation's condition without its exclusion, is entailed."""
        return self.verdicts.get(goal)

    def live_rows(self) -> dict[str, tuple[GuardedRow, ...]]:
        """The rows through which a reading could change something now (see `Guards.live`)."""
        if self._live_rows is None:
            self._live_rows = self.decider.guards.rows(self.live())
        return self._live_rows

    def live(self) -> int:
        """The same rows as a set of bits."""
        if self._live is None:
            guards = self.decider.guards
            self._live = guards.live(self.literals)
            if self.doubtful:
                feared = guards.live((*self.literals, *self.doubtful))
                for goal in self.decider.limit_goals:
                    mine = guards.of_goal.get(goal, 0)
                    if feared & mine:
                        self._live = self._live & ~mine | feared & mine
        return self._live

    def readings_without_effect(self, names: tuple[str, ...]) -> tuple[ReadingShown, ...]:
        """The readings as shown where no alternative would change anything; made once for all recommendations."""
        shown = self._readings_shown.get(names)
        if shown is None:
            shown = tuple(ReadingShown(id=n, chosen=self.readings[n], matters=False, changes={}) for n in names)
            self._readings_shown[names] = shown
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
        doubtful = frozenset(literal for literal in self.doubtful if literal not in assumed and -literal not in assumed)
        return Situation(self.decider, (*kept, *further), self.readings, doubtful)

    def read(self, readings: Mapping[str, str]) -> Situation:
        """The same facts under other readings."""
        return Situation(self.decider, self.literals, {**self.readings, **readings}, self.doubtful)

    def classes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The presentation classes entailed and those undetermined, sorted."""
        verdicts = self.verdicts
        entailed = tuple(name for name in self.decider.class_goals if verdicts[name] is True)
        return entailed, tuple(name for name in self.decider.class_goals if verdicts[name] is None)
