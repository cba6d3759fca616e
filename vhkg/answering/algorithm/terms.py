"""Goals of the decision table as terms of findings, under one choice of readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from vhkg.answering.knowledge import Knowledge
from vhkg.model.algorithm import Condition, Literal
from vhkg.model.table import AtomKind

Term: TypeAlias = frozenset[int]
NOTHING: Term = frozenset()
_FINDING_ROLE = "hasFinding"


class Terms:
    """`chosen` names the alternative of every reading, as `Guards.chosen` gives it."""

    def __init__(self, knowledge: Knowledge, chosen: Mapping[str, str]) -> None:
        self._decider = knowledge.decider
        self._table = knowledge.compiled.table
        self._content = knowledge.content
        self._chosen = frozenset(self._decider.guards.literals(chosen))

    def of(self, *goals: str) -> tuple[Term, ...]:
        """The least sets of findings that entail one of these goals, each only if no other follows from it.

        Facts entail a single goal if and only if, with what follows from them, they hold one of its terms: its rows
        are all prime implicants there are.
        """
        found: dict[Term, frozenset[int]] = {}
        for goal in filter(None, goals):
            for row in self._table.goals[goal].yes:
                guards = {x for x in row.literals if self._table.atoms[abs(x) - 1].kind is not AtomKind.FINDING}
                if guards <= self._chosen:
                    term = frozenset(row.literals) - guards
                    found.setdefault(term, self.closed(term))
        ranked = list(found)
        return tuple(
            term
            for rank, term in enumerate(ranked)
            if not any(
                other <= found[term] and (place < rank or not term <= found[other])
                for place, other in enumerate(ranked)
                if place != rank
            )
        )

    def closed(self, term: Term) -> frozenset[int]:
        """A term with all that follows from it under the readings."""
        evaluator = self._decider.evaluator
        return frozenset(evaluator.literals(evaluator.close(evaluator.facts((*term, *self._chosen)))))

    def within(self, term: Term, wider: Iterable[Term]) -> bool:
        """Whether one of some wider terms follows from this one."""
        closed = self.closed(term)
        return any(other <= closed for other in wider)

    def place(self, literal: int) -> tuple[int, bool]:
        """Where a literal stands in the declared order of the findings."""
        return self._decider.place_of_atom.get(abs(literal), len(self._decider.place)), literal < 0

    def name(self, literal: int) -> str:
        return self._table.atoms[abs(literal) - 1].name

    def literal(self, number: int) -> Literal:
        return self.finding(self.name(number), number > 0)

    def finding(self, name: str, present: bool = True) -> Literal:
        finding = self._content.findings[name]
        return Literal(
            finding=finding.name,
            present=present,
            label=finding.label,
            done=finding.role != _FINDING_ROLE,
            question=finding.question,
            undefined=finding.undefined_in,
        )

    def condition(self, literals: Iterable[int], alternatives: Iterable[Term] = ()) -> Condition:
        """What is present before what is absent, in the declared order; of alternatives the shortest first."""
        chosen = [self._ordered(each) for each in alternatives]
        ordered = sorted(chosen, key=lambda each: (len(each), list(map(self.place, each))))
        return Condition(
            tuple(map(self.literal, self._ordered(literals))),
            tuple(tuple(map(self.literal, each)) for each in ordered),
        )

    def _ordered(self, literals: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(literals, key=lambda literal: (literal < 0, self.place(literal))))
