from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.decision.brute_force import TARGETS, conflicts, entails, models, rows, theories
from tests.decision.synthetic import synthetic
from vhkg.decision.compilation import Target, compile_table, goal_formula
from vhkg.decision.theory import Theory, read_theory
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.model.formula import Conjunction, Disjunction, Negation, Variable
from vhkg.model.table import Atom, AtomKind, Goal, Row


@settings(deadline=None)
@given(theories(primitives=1))
def test_rows_are_the_consistent_prime_implicants(theory: Theory) -> None:
    table = compile_table(theory, TARGETS)
    assert set(table.conflicts) == conflicts(theory)
    for target in TARGETS:
        formula = goal_formula(theory, target)
        goal = table.goals[target.name]
        assert {row.literals for row in goal.yes} == rows(theory, formula)
        assert {row.literals for row in goal.no} == rows(theory, Negation(formula))


@settings(deadline=None)
@given(theories())
def test_every_row_follows_from_a_general_one_and_no_general_one_from_another(theory: Theory) -> None:
    worlds = models(theory)

    def follows(stronger: Row, weaker: Row) -> bool:
        literals = (Variable(x) if x > 0 else Negation(Variable(-x)) for x in weaker.literals)
        return entails(worlds, stronger.literals, Conjunction(tuple(literals)))

    for goal in compile_table(theory, TARGETS).goals.values():
        for side in (goal.yes, goal.no):
            general = [row for row in side if row.general]
            assert all(any(follows(row, weaker) for weaker in general) for row in side)
            assert not any(follows(row, other) for row in general for other in general if row != other)


def test_of_equivalent_rows_the_positive_one_is_general() -> None:
    theory = _theory(clauses=((1, 2), (-1, -2)), formula=Variable(2))
    assert compile_table(theory, [Target("g", "C")]).goals["g"] == Goal(
        "g", yes=(Row((2,)), Row((-1,), general=False)), no=(Row((1,)), Row((-2,), general=False))
    )


def test_a_goal_that_is_always_true_has_the_empty_row() -> None:
    theory = _theory(clauses=(), formula=Disjunction((Variable(1), Negation(Variable(1)))))
    assert compile_table(theory, [Target("g", "C")]).goals["g"] == Goal("g", yes=(Row(()),), no=())


def test_an_impossible_presentation_leaves_one_empty_conflict() -> None:
    table = compile_table(_theory(clauses=((1,), (-1,)), formula=Variable(2)), [Target("g", "C")])
    assert table.conflicts == ((),)
    assert table.goals["g"] == Goal("g", yes=(), no=())


def test_a_misspelt_condition_is_named_with_its_neighbour() -> None:
    theory = _theory(clauses=(), formula=Variable(1))
    with pytest.raises(KnowledgeError, match=r"goal: Cc is not a presentation class; did you mean C"):
        compile_table(theory, [Target("goal", "Cc")])


def test_two_goals_of_one_name_are_refused() -> None:
    theory = _theory(clauses=(), formula=Variable(1))
    with pytest.raises(KnowledgeError, match="two goals are named g"):
        compile_table(theory, [Target("g", "C"), Target("g", "C")])


def test_a_theory_of_real_size_compiles_to_the_same_table_each_time() -> None:
    content, targets = synthetic()
    tables = [compile_table(read_theory(Graph.parse({"synthetic.ttl": content})), targets) for _ in range(2)]
    assert tables[0] == tables[1]
    assert len(tables[0].atoms) > 60
    assert len(tables[0].goals) == 60


def _theory(
    *, clauses: tuple[tuple[int, ...], ...], formula: Variable | Negation | Conjunction | Disjunction
) -> Theory:
    return Theory(
        atoms=tuple(Atom(AtomKind.FINDING, f"atom{number}", role="r") for number in (1, 2)),
        iris=("urn:1", "urn:2"),
        clauses=clauses,
        definitions={"C": formula},
        roles={"r": "urn:r"},
        classes={"C": "urn:C"},
    )
