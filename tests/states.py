"""States of a presentation for tests: exhaustive over what a row mentions, and random ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

from vhkg.explanation.decider import Decider
from vhkg.explanation.situation import Situation
from vhkg.model.table import AtomKind, DecisionTable


def finding_sets(table: DecisionTable) -> list[tuple[int, ...]]:
    """The maximal sets of finding atoms that a row mentions: all 3^n states over the others are among theirs."""
    sets = {
        frozenset(abs(x) for x in row.literals if table.atoms[abs(x) - 1].kind is AtomKind.FINDING)
        for goal in table.goals.values()
        for row in (*goal.yes, *goal.no)
    }
    maximal = [one for one in sets if not any(one < other for other in sets)]
    return sorted(tuple(sorted(one)) for one in maximal)


def three_valued(atoms: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every choice of present, absent or not recorded."""
    for signs in product((1, -1, 0), repeat=len(atoms)):
        yield tuple(sign * atom for sign, atom in zip(signs, atoms, strict=True) if sign)


def factors(decider: Decider) -> tuple[int, ...]:
    """The atoms of the factors that scope limits name."""
    return tuple(decider.evaluator.literal(limit.factor, True) for limit in decider.content.limits)


def random_states(decider: Decider, table: DecisionTable, count: int, seed: int) -> list[tuple[int, ...]]:
    """Consistent random facts, dense and sparse, over all findings and interventions."""
    generator = random.Random(seed)
    atoms = [n for n, atom in enumerate(table.atoms, 1) if atom.kind is AtomKind.FINDING]
    (subject,) = table.goals[decider.content.article.subject].yes[0].literals
    found: list[tuple[int, ...]] = []
    while len(found) < count:
        share = generator.choice((0.1, 0.25, 0.5))
        literals = [generator.choice((1, 1, -1)) * atom for atom in atoms if generator.random() < share]
        if generator.random() < 0.8:
            literals = [x for x in literals if abs(x) != subject] + [subject]
        state = tuple(sorted(literals, key=abs))
        if decider.evaluator.consistent(decider.evaluator.facts(state)):
            found.append(state)
    return found


def situation(decider: Decider, literals: tuple[int, ...], **readings: str) -> Situation:
    return Situation(decider, literals, decider.guards.chosen(readings))
