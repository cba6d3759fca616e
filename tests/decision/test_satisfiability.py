from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.decision.brute_force import axioms, entails, literals, models, theories
from vhkg.decision import satisfiability
from vhkg.decision.theory import Theory
from vhkg.model.formula import Clause, Disjunction, Negation, Variable


@given(theories(), st.lists(literals, max_size=3))
def test_satisfiable_if_and_only_if_there_is_a_model(theory: Theory, assumed: list[int]) -> None:
    found = [world for world in models(theory) if all(world[abs(x)] is (x > 0) for x in assumed)]
    assert satisfiability.satisfiable(theory.clauses, assumed) is bool(found)


@given(theories(), axioms)
def test_a_clause_is_entailed_if_it_is_true_in_every_model(theory: Theory, clause: Clause) -> None:
    formula = Disjunction(tuple(Variable(x) if x > 0 else Negation(Variable(-x)) for x in clause))
    assert satisfiability.entails(theory.clauses, clause) is entails(models(theory), (), formula)
