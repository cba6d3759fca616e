"""What of a presentation matters to a recommendation: which findings, and which rows of the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.decision.statuses import StatusRule
from vhkg.explanation.decider import Decider
from vhkg.model.answer import Status
from vhkg.model.table import DecisionTable, Row

Places = npt.NDArray[np.intp]
Guards = tuple[tuple[str, frozenset[str]], ...]


class Group(NamedTuple):
    """Rows of a goal that hang on the same readings, of which it does not matter which one has all its findings.

    `side` is of the goal, or of its complement. `guards` are the alternatives that each reading leaves: one that is
    taken, and others that are not, come to the same.
    """

    side: str
    goal: str
    guards: Guards
    terms: Places

    def wider(self, other: Group) -> bool:
        """Whether it holds wherever another of the same goal does, and elsewhere."""
        mine, others = dict(self.guards), dict(other.guards)
        return mine != others and all(name in others and others[name] <= mine[name] for name in mine)


class Lacking(NamedTuple):
    """A row through which the matter could be settled: the columns in `Scene.known` of its literals, and of theirs.

    `holding`: it would hold then, and not fall away.
    """

    holding: bool
    literals: Places
    complements: Places
    tied: Places
    """Of the literals, those of findings that the axioms tie to two others: while one is open, what is known of all of
    these matters."""


class Plain(NamedTuple):
    """The same for one presentation."""

    holding: bool
    literals: list[int]
    complements: list[int]
    tied: list[int]


class Matter(NamedTuple):
    """All that words are functions of: what is recorded of some findings, and known of these and others, as masks of
    words, and whether any of some rows matches, of whose findings nothing else matters."""

    recorded: tuple[int, ...]
    known: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


class Scope(NamedTuple):
    """What the words of a rule are functions of.

    `sides` are, by base status, the rows that may match; `tied` are columns in `Scene.known` (`Lacking.tied`).
    Of `groups`, `free` are the places of those without guards; `guarded` has the others, each with those that settle
    its goal whatever the readings; `wider` has the places of those that are wider than one; `of_readings` are those
    that hang on each reading.
    """

    matter: Matter
    sides: tuple[tuple[Status, Places], ...]
    groups: tuple[Group, ...]
    open_rows: tuple[Lacking, ...]
    plain_rows: tuple[Plain, ...]
    tied: Places
    free: list[int]
    guarded: dict[int, list[int]]
    wider: dict[int, list[int]]
    of_readings: list[list[int]]


class Relevance:
    """For one table and one choice of readings. It numbers the rows that are asked for."""

    def __init__(
        self, decider: Decider, table: DecisionTable, chosen: Iterable[int], places: Mapping[int, int]
    ) -> None:
        """`chosen` are the literals of the readings, `places` those of the findings' atoms."""
        self._table, self._places, self._chosen = table, places, frozenset(chosen)
        self._width = len(decider.content.findings)
        self._column: dict[tuple[int, ...], int] = {}
        self._alternatives = {
            name: frozenset(option.name for option in reading.alternatives)
            for name, reading in decider.content.readings.items()
        }

    @property
    def terms(self) -> list[tuple[int, ...]]:
        """The rows that `Scene.hits` has to have, in the order of its columns."""
        return list(self._column)

    def of(self, rule: StatusRule) -> Scope:
        """What matters to a recommendation."""
        table = self._table
        own, condition = table.goals[rule.name], table.goals[rule.condition]
        holding = Status.ADVISED_AGAINST if rule.against else Status.APPLIES
        sides = ((holding, own.yes), (Status.DOES_NOT_APPLY, own.no), (Status.PROVISIONAL, condition.yes))
        # What hangs on an alternative that is not chosen is refuted: of each reading all literals are among the chosen.
        general = [
            (value, row)
            for value, rows in ((True, own.yes), (False, own.no))
            for row in rows
            if row.general and self._of_readings(row) <= self._chosen
        ]
        atoms = {abs(x) for _, row in general for x in row.literals}
        # A conflict of two acts through what follows from its one literal, which is known then.
        long = [conflict for conflict in table.conflicts if len(conflict) > 2]
        tied = {abs(x) for conflict in long if atoms & {abs(x) for x in conflict} for x in conflict}
        open_rows = tuple(
            Lacking(
                value,
                self._known(found),
                self._known([-x for x in found]),
                self._known([x for x in found if abs(x) in tied]),
            )
            for value, found in sorted({(value, tuple(sorted(self._of_findings(row)))) for value, row in general})
        )
        groups = self._groups(rule)
        free = [at for at, group in enumerate(groups) if not group.guards]
        wider = {
            at: [at for at, other in enumerate(groups) if other[:2] == group[:2] and other.wider(group)]
            for at, group in enumerate(groups)
        }
        return Scope(
            matter=self._matter(rule, groups, tied),
            sides=tuple(
                (
                    status,
                    self._columns(self._of_findings(row) for row in rows if self._of_readings(row) <= self._chosen),
                )
                for status, rows in sides
            ),
            groups=groups,
            open_rows=open_rows,
            plain_rows=tuple(Plain(row[0], *(places.tolist() for places in row[1:])) for row in open_rows),
            tied=self._known([sign * x for x in sorted(tied & self._places.keys()) for sign in (1, -1)]),
            free=free,
            guarded={
                at: [other for other in free if groups[other].goal == group.goal]
                for at, group in enumerate(groups)
                if group.guards
            },
            wider={at: wider for at, wider in wider.items() if wider},
            of_readings=[
                [at for at, group in enumerate(groups) if name in dict(group.guards)]
                for name in sorted({name for group in groups for name, _ in group.guards})
            ],
        )

    def _matter(self, rule: StatusRule, groups: Iterable[Group], tied: Iterable[int]) -> Matter:
        goals = [self._table.goals[name] for name in (rule.name, rule.condition)]
        own = {abs(x) for goal in goals for row in (*goal.yes, *goal.no) for x in self._of_findings(row)}
        terms = self.terms
        return Matter(
            recorded=self._mask(own),
            known=self._mask({*own, *tied} & self._places.keys()),
            rows=tuple(
                tuple(group.terms.tolist())
                for group in groups
                if any(abs(x) not in own for at in group.terms.tolist() for x in terms[at])
            ),
        )

    def _mask(self, atoms: Iterable[int]) -> tuple[int, ...]:
        """The bits of findings, word by word, as the masks of `ColumnsEngine` have them."""
        found = sum(1 << self._places[atom] for atom in set(atoms))
        return tuple(found >> 64 * word & 0xFFFFFFFFFFFFFFFF for word in range(self._width // 64 + 1))

    def _groups(self, rule: StatusRule) -> tuple[Group, ...]:
        goals = self._table.goals
        groups: defaultdict[tuple[str, str, Guards], set[frozenset[int]]] = defaultdict(set)
        for name in dict.fromkeys((rule.name, rule.condition)):
            for side, rows in (("yes", goals[name].yes), ("no", goals[name].no)):
                for row in rows:
                    groups[name, side, self._guards(row)].add(self._of_findings(row))
        for limit in rule.limits:
            capping = goals[limit.caps_within].yes
            alike = len({self._guards(row) for row in capping}) == 1
            for row in capping:
                guards = self._guards(row)
                groups["" if alike else limit.caps_within, "yes", guards].add(self._of_findings(row))
        order = sorted(groups, key=lambda key: (key[0], key[1], [(name, sorted(left)) for name, left in key[2]]))
        return tuple(
            Group(side, goal, guards, self._columns(groups[goal, side, guards])) for goal, side, guards in order
        )

    def _guards(self, row: Row) -> Guards:
        """The alternatives of readings that a row's literals leave, by reading."""
        left: dict[str, frozenset[str]] = {}
        for literal in self._of_readings(row):
            atom = self._table.atoms[abs(literal) - 1]
            one = frozenset((atom.name,))
            among = left.get(atom.reading, self._alternatives[atom.reading])
            left[atom.reading] = among & one if literal > 0 else among - one
        return tuple(sorted(left.items()))

    def _columns(self, rows: Iterable[frozenset[int]]) -> Places:
        """Where `Scene.hits` has the rows."""
        terms = sorted(tuple(sorted(row)) for row in set(rows))
        return np.array([self._column.setdefault(term, len(self._column)) for term in terms], np.intp)

    def _known(self, literals: Iterable[int]) -> Places:
        """Where `Scene.known`, and the days, have the literals of findings."""
        return np.array(self.places(literals), np.intp)

    def places(self, literals: Iterable[int]) -> list[int]:
        """The columns of literals of findings in what is by finding present, then by finding absent."""
        return [self._places[abs(literal)] + (self._width if literal < 0 else 0) for literal in literals]

    def _of_findings(self, row: Row) -> frozenset[int]:
        return frozenset(x for x in row.literals if abs(x) in self._places)

    def _of_readings(self, row: Row) -> frozenset[int]:
        return frozenset(row.literals) - self._of_findings(row)
