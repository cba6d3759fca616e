"""The table under chosen readings says what the whole table says of the same facts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records import random_readings
from tests.states import random_states
from tests.support import shipped
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.restriction import restrict
from vhkg.model.table import Atom, AtomKind, DecisionTable, Goal, Row

ROWS = st.lists(
    st.frozensets(st.integers(-6, 6).filter(bool), min_size=1, max_size=4).filter(
        lambda row: not row & {-x for x in row}
    ),
    max_size=8,
)


def table(yes: list[frozenset[int]], no: list[frozenset[int]], conflicts: list[frozenset[int]]) -> DecisionTable:
    def rows(found: list[frozenset[int]]) -> tuple[Row, ...]:
        return tuple(Row(tuple(sorted(row))) for row in found)

    atoms = tuple(Atom(AtomKind.FINDING, f"F{number}") for number in range(6))
    return DecisionTable(atoms, tuple(tuple(sorted(c)) for c in conflicts), {"G": Goal("G", rows(yes), rows(no))})


@given(st.tuples(ROWS, ROWS, ROWS), st.frozensets(st.integers(1, 3)), st.frozensets(st.integers(4, 6)), st.data())
@settings(deadline=None)
def test_a_row_matches_without_the_chosen_literals_as_it_does_with_them(
    rows: tuple[list[frozenset[int]], list[frozenset[int]], list[frozenset[int]]],
    positive: frozenset[int],
    negative: frozenset[int],
    data: st.DataObject,
) -> None:
    chosen = positive | {-x for x in negative}
    free = [x for x in range(1, 7) if x not in positive | negative]
    facts = {sign * x for x in free for sign in data.draw(st.sampled_from([(), (1,), (-1,)]))}
    whole = table(*rows)
    restricted = restrict(whole, chosen)
    for value in ("yes", "no"):
        matched = any(set(row.literals) <= facts | chosen for row in getattr(whole.goals["G"], value))
        assert matched == any(set(row.literals) <= facts for row in getattr(restricted.goals["G"], value))
    assert any(set(c) <= facts | chosen for c in whole.conflicts) == any(set(c) <= facts for c in restricted.conflicts)


def test_no_chosen_literal_and_no_row_within_another_is_left() -> None:
    found = restrict(table([frozenset({1, 2}), frozenset({2, 3}), frozenset({2, 4}), frozenset({-1})], [], []), {1})
    assert [row.literals for row in found.goals["G"].yes] == [(2,)]


@pytest.mark.parametrize("seed", range(4))
def test_verdicts_of_the_shipped_knowledge_are_the_same_under_any_readings(seed: int) -> None:
    decider, whole = shipped().decider, shipped().compiled.table
    chosen = decider.guards.literals(decider.guards.chosen(random_readings(seed, shipped())))
    restricted = restrict(whole, chosen)
    assert sum(len(g.yes) + len(g.no) for g in restricted.goals.values()) < sum(
        len(g.yes) + len(g.no) for g in whole.goals.values()
    )
    evaluator, small = decider.evaluator, Evaluator(restricted)
    for state in random.Random(seed).sample(random_states(decider, whole, 200, seed), 60):
        expected = evaluator.verdicts(evaluator.close(evaluator.facts((*state, *chosen))))
        assert {goal: small.holds(goal, small.facts(state)) for goal in expected} == expected
