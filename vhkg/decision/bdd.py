"""Reduced ordered binary decision diagrams (Bryant, 1986), as small as the compiler needs them.

A node is an integer: 0 is false, 1 is true. Variables are numbers from 1; their order is given once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vhkg.model.formula import Conjunction, Formula, Negation, Variable

FALSE, TRUE = 0, 1


class Bdd:
    """One unique table. Nodes of different diagrams must not be mixed."""

    def __init__(self, order: Sequence[int]) -> None:
        self.order = tuple(order)
        self._level = {variable: level for level, variable in enumerate(self.order)}
        end = len(self.order)
        self._nodes: list[tuple[int, int, int]] = [(end, FALSE, FALSE), (end, TRUE, TRUE)]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._choices: dict[tuple[int, int, int], int] = {}

    def variable(self, number: int) -> int:
        return self._node(self._level[number], FALSE, TRUE)

    def _node(self, level: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (level, low, high)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self._nodes)
            self._nodes.append(key)
        return found

    def split(self, node: int) -> tuple[int, int, int]:
        """The variable at the top of an inner node, and its cofactors where that is false and true."""
        level, low, high = self._nodes[node]
        return self.order[level], low, high

    def choose(self, test: int, then: int, otherwise: int) -> int:
        """If-then-else, from which all connectives follow."""
        if test == TRUE or then == otherwise:
            return then
        if test == FALSE:
            return otherwise
        if then == TRUE and otherwise == FALSE:
            return test
        key = (test, then, otherwise)
        found = self._choices.get(key)
        if found is None:
            nodes = self._nodes
            level = min(nodes[test][0], nodes[then][0], nodes[otherwise][0])
            low, high = zip(*(self._cofactors(node, level) for node in key), strict=True)
            found = self._choices[key] = self._node(level, self.choose(*low), self.choose(*high))
        return found

    def _cofactors(self, node: int, level: int) -> tuple[int, int]:
        top, low, high = self._nodes[node]
        return (low, high) if top == level else (node, node)

    def negation(self, node: int) -> int:
        return self.choose(node, FALSE, TRUE)

    def conjunction(self, left: int, right: int) -> int:
        return self.choose(left, right, FALSE) if left < right else self.choose(right, left, FALSE)

    def disjunction(self, left: int, right: int) -> int:
        return self.choose(left, TRUE, right) if left < right else self.choose(right, TRUE, left)

    def of_clause(self, clause: Collection[int]) -> int:
        """Built from the last variable up, so that each step adds one node."""
        node = FALSE
        for literal in sorted(clause, key=lambda literal: self._level[abs(literal)], reverse=True):
            level = self._level[abs(literal)]
            node = self._node(level, node, TRUE) if literal > 0 else self._node(level, TRUE, node)
        return node

    def of_clauses(self, clauses: Collection[Collection[int]]) -> int:
        node = TRUE
        lowest_first = sorted(clauses, key=lambda clause: -min((self._level[abs(x)] for x in clause), default=0))
        for clause in lowest_first:
            node = self.conjunction(node, self.of_clause(clause))
        return node

    def of_formula(self, formula: Formula) -> int:
        if isinstance(formula, Variable):
            return self.variable(formula.number)
        if isinstance(formula, Negation):
            return self.negation(self.of_formula(formula.operand))
        parts = sorted(self.of_formula(operand) for operand in formula.operands)
        combine = self.conjunction if isinstance(formula, Conjunction) else self.disjunction
        node = TRUE if isinstance(formula, Conjunction) else FALSE
        for part in parts:
            node = combine(node, part)
        return node

    def for_all(self, node: int, variables: Collection[int]) -> int:
        """Quantify variables universally."""
        if not variables:
            return node
        levels = {self._level[variable] for variable in variables}
        memo: dict[int, int] = {FALSE: FALSE, TRUE: TRUE}

        def visit(current: int) -> int:
            found = memo.get(current)
            if found is None:
                level, low, high = self._nodes[current]
                left, right = visit(low), visit(high)
                found = self.conjunction(left, right) if level in levels else self._node(level, left, right)
                memo[current] = found
            return found

        return visit(node)

    def support(self, node: int) -> frozenset[int]:
        """The variables that the function depends on."""
        seen: set[int] = set()
        found: set[int] = set()
        pending = [node]
        while pending:
            current = pending.pop()
            if current > TRUE and current not in seen:
                seen.add(current)
                variable, low, high = self.split(current)
                found.add(variable)
                pending += (low, high)
        return frozenset(found)
