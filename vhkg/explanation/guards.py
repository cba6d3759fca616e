"""The readings in the decision table: alternatives as literals, and the rows that hang on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from vhkg.decision.evaluation import Evaluator
from vhkg.decision.prime import term
from vhkg.decision.rows import RowIndex, positions
from vhkg.errors import UnknownName, UsageError
from vhkg.model.content import Reading
from vhkg.model.table import AtomKind, DecisionTable, Goal


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


class Guards:
    """Prepared once for a table. `whole` are the goals whose refutation counts; of others only what entails them."""

    def __init__(
        self,
        table: DecisionTable,
        evaluator: Evaluator,
        readings: Mapping[str, Reading],
        *,
        goals: Iterable[str],
        whole: Collection[str],
    ) -> None:
        self._evaluator = evaluator
        self._readings = readings
        self._of_reading = {n for n, atom in enumerate(table.atoms, start=1) if atom.kind is AtomKind.ALTERNATIVE}
        self.alternatives: dict[str, tuple[AlternativeMask, ...]] = {
            name: tuple(
                AlternativeMask(option.name, term(self.literals({name: option.name})))
                for option in reading.alternatives
            )
            for name, reading in readings.items()
        }
        self.masks: dict[str, int] = {
            name: union(option.mask for option in options) for name, options in self.alternatives.items()
        }
        rows = [row for goal in goals for row in self._split(table.goals[goal], goal in whole)]
        self._guarded = tuple(row for row in rows if row.guards)
        self._guarded_index = RowIndex([row.findings for row in self._guarded])
        free = [row for row in rows if not row.guards]
        self._free_index = RowIndex([row.findings for row in free])
        self._free = _by_goal(free)
        self.of_goal: Mapping[str, int] = _by_goal(self._guarded)

    def _split(self, goal: Goal, whole: bool) -> Iterator[GuardedRow]:
        for value, rows in ((True, goal.yes), (False, goal.no if whole else ())):
            for row in rows:
                guards = {literal for literal in row.literals if abs(literal) in self._of_reading}
                yield GuardedRow(goal.name, value, term(set(row.literals) - guards), term(guards))

    def chosen(self, given: Mapping[str, str]) -> dict[str, str]:
        """The alternative of every reading: the given ones, else the defaults.

        Raises UnknownName for a reading, and UsageError for an alternative, that does not exist.
        """
        full = {name: reading.default for name, reading in self._readings.items()}
        for name, alternative in given.items():
            if name not in full:
                raise UnknownName(name, "reading", full)
            options = [option.name for option in self._readings[name].alternatives]
            if alternative not in options:
                raise UsageError(f"{alternative!r} is no alternative of {name}", mend=f"choose {' or '.join(options)}")
            full[name] = alternative
        return full

    def literals(self, chosen: Mapping[str, str]) -> tuple[int, ...]:
        """Each alternative chosen as present and the others of its reading as absent, where the table has them."""
        return tuple(
            self._evaluator.literal(option.name, option.name == alternative)
            for name, alternative in chosen.items()
            for option in self._readings[name].alternatives
            if self._evaluator.has_atom(option.name)
        )

    def live(self, literals: Iterable[int]) -> int:
        """The rows that hang on a reading and whose findings are all among the literals, as a set of bits.

        A goal with such a row that has no guard is settled, whatever the readings, and its rows are left out. `of_goal`
        has the bits of each goal's rows.
        """
        known = term(literals)
        found, free = self._guarded_index.within(known), self._free_index.within(known)
        if free:
            for goal, mine in self.of_goal.items():
                if found & mine and free & self._free.get(goal, 0):
                    found &= ~mine
        return found

    def rows(self, live: int) -> dict[str, tuple[GuardedRow, ...]]:
        """The rows of a set of bits, by goal."""
        found: defaultdict[str, list[GuardedRow]] = defaultdict(list)
        for place in positions(live):
            row = self._guarded[place]
            found[row.goal].append(row)
        return {goal: tuple(rows) for goal, rows in found.items()}


def _by_goal(rows: Iterable[GuardedRow]) -> dict[str, int]:
    """The places of each goal's rows, as a set of bits."""
    found: dict[str, int] = {}
    for place, row in enumerate(rows):
        found[row.goal] = found.get(row.goal, 0) | 1 << place
    return found


def union(masks: Iterable[int]) -> int:
    """All bits of some masks."""
    found = 0
    for mask in masks:
        found |= mask
    return found
