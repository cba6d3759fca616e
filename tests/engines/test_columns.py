"""Columns of presentations against the evaluator of one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.records import random_readings
from tests.states import random_states
from tests.support import shipped
from vhkg.decision.restriction import restrict
from vhkg.engines.columns import STATUSES, ColumnsEngine, Masks
from vhkg.explanation.situation import Situation
from vhkg.model.table import Atom, AtomKind, DecisionTable, Goal, Row

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
PLACES = {name: at for at, name in enumerate(KNOWLEDGE.content.findings)}
ARTICLE = KNOWLEDGE.content.article


def engine(readings: dict[str, str]) -> ColumnsEngine:
    table = restrict(KNOWLEDGE.compiled.table, DECIDER.guards.literals(readings))
    goals = (ARTICLE.subject, ARTICLE.scope, ARTICLE.branch)
    return ColumnsEngine(table, PLACES, DECIDER.rules, KNOWLEDGE.content.limits, goals)


def masks(made: ColumnsEngine, states: list[tuple[int, ...]]) -> Masks:
    present = np.zeros((len(states), len(PLACES)), np.bool_)
    absent = np.zeros_like(present)
    for row, state in enumerate(states):
        for literal in state:
            side = present if literal > 0 else absent
            side[row, PLACES[DECIDER.evaluator.atom(literal).name]] = True
    return made.masks(present, absent)


@pytest.mark.parametrize("seed", range(4))
def test_statuses_limits_and_goals_are_those_of_each_situation(seed: int) -> None:
    readings = DECIDER.guards.chosen(random_readings(seed, KNOWLEDGE) if seed else {})
    states = random_states(DECIDER, KNOWLEDGE.compiled.table, 400, seed)
    made = engine(readings)
    decided = made.decide(masks(made, states))
    for row, state in enumerate(states):
        situation = Situation(DECIDER, state, readings)
        for column, rule in enumerate(DECIDER.rules):
            assessed = situation.assessed[rule.name]
            assert STATUSES[decided.base[row, column]] is assessed.base
            assert STATUSES[decided.status[row, column]] is assessed.status
        for column, limit in enumerate(KNOWLEDGE.content.limits):
            assert decided.raised[row, column] == (situation.holds(limit.raised_by) is True)
            assert decided.capping[row, column] == (situation.holds(limit.caps_within) is True)
        for goal in (ARTICLE.subject, ARTICLE.scope, ARTICLE.branch):
            value = True if decided.entailed[goal][row] else False if decided.refuted[goal][row] else None
            assert value is situation.holds(goal)


@pytest.mark.parametrize("seed", range(3))
def test_what_clashes_and_what_follows(seed: int) -> None:
    evaluator = DECIDER.evaluator
    made = engine(DECIDER.guards.chosen({}))
    states = random_states(DECIDER, KNOWLEDGE.compiled.table, 300, seed)
    mixed = [(*one, *other) for one, other in zip(states[::2], states[1::2], strict=True)]
    clashing = made.clashing(masks(made, [*states, *mixed]))
    for state, clash in zip([*states, *mixed], clashing.tolist(), strict=True):
        assert clash is not evaluator.consistent(evaluator.facts(state))
    assert 0 < clashing.sum() < len(clashing)
    chosen = DECIDER.guards.literals(DECIDER.guards.chosen({}))
    closed = made.closed(masks(made, states))
    literals = [sign * DECIDER.evaluator.literal(name, True) for name in PLACES for sign in (1, -1)]
    bits = made.hits(made.terms([(literal,) for literal in literals]), closed)
    for row, state in enumerate(states):
        followed = set(evaluator.literals(evaluator.close(evaluator.facts((*state, *chosen)))))
        assert {x for x, bit in zip(literals, bits[row].tolist(), strict=True) if bit} == followed & set(literals)


def test_more_findings_than_a_word_has_bits() -> None:
    names = [f"F{number}" for number in range(150)]
    atoms = tuple(Atom(AtomKind.FINDING, name) for name in names)
    goal = Goal("G", (Row((1, 100, -150)),), (Row((-64, 65)),))
    made = ColumnsEngine(
        DecisionTable(atoms, ((128, 129),), {"G": goal}), {n: i for i, n in enumerate(names)}, (), (), "G"
    )
    present, absent = np.zeros((4, 150), np.bool_), np.zeros((4, 150), np.bool_)
    present[0, [0, 99]] = absent[0, 149] = True
    present[1, [0, 99]] = True
    absent[2, 63] = present[2, 64] = True
    present[3, [127, 128]] = True
    found = made.decide(made.masks(present, absent))
    assert found.entailed["G"].tolist() == [True, False, False, False]
    assert found.refuted["G"].tolist() == [False, False, True, False]
    assert made.clashing(made.masks(present, absent)).tolist() == [False, False, False, True]


def test_a_row_about_a_class_that_no_fact_asserts_never_matches_and_an_empty_one_always_does() -> None:
    atoms = (Atom(AtomKind.FINDING, "F"), Atom(AtomKind.PRIMITIVE, "P"))
    table = DecisionTable(atoms, (), {"G": Goal("G", (Row((2,)),), (Row(()),))})
    made = ColumnsEngine(table, {"F": 0}, (), (), "G")
    found = made.decide(made.masks(np.ones((3, 1), np.bool_), np.zeros((3, 1), np.bool_)))
    assert not found.entailed["G"].any()
    assert found.refuted["G"].all()
