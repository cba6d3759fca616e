from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.decision.brute_force import SIZE, TARGETS, entails, extensions, literals, models, terms, theories
from vhkg.decision.compilation import compile_table, goal_formula
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.theory import Theory
from vhkg.model.formula import Conjunction, Formula, Negation, Variable
from vhkg.model.table import Atom, AtomKind, DecisionTable, Goal, Row


class Case:
    """One theory with some facts, enumerated and compiled."""

    def __init__(self, theory: Theory, term: frozenset[int]) -> None:
        self.theory = theory
        self.term = term
        self.evaluator = Evaluator(compile_table(theory, TARGETS))
        self.facts = self.evaluator.facts(term)
        self.worlds = models(theory)
        self.consistent = bool(extensions(self.worlds, term))

    def goals(self) -> list[tuple[str, bool, Formula]]:
        found: list[tuple[str, bool, Formula]] = []
        for target in TARGETS:
            formula = goal_formula(self.theory, target)
            found += [(target.name, True, formula), (target.name, False, Negation(formula))]
        return found

    def entails(self, term: frozenset[int], goal: Formula) -> bool:
        return entails(self.worlds, term, goal)


cases = st.builds(Case, theories(), terms)
consistent_cases = cases.filter(lambda case: case.consistent)
exhaustively = settings(deadline=None)


@exhaustively
@given(cases)
def test_conflicts_are_the_minimal_inconsistent_sets(case: Case) -> None:
    found = case.evaluator.minimal_conflicts(case.facts)
    assert case.evaluator.consistent(case.facts) is (not found) is case.consistent
    if not models(case.theory):
        assert found == ((),)
        return
    for conflict in found:
        assert set(conflict) <= case.term
        assert not extensions(case.worlds, conflict)
        for literal in conflict:
            assert extensions(case.worlds, [x for x in conflict if x != literal])


@exhaustively
@given(consistent_cases)
def test_closing_adds_exactly_what_is_entailed(case: Case) -> None:
    closed = set(case.evaluator.literals(case.evaluator.close(case.facts)))
    for number in range(1, SIZE + 1):
        assert (number in closed) is case.entails(case.term, Variable(number))
        assert (-number in closed) is case.entails(case.term, Negation(Variable(number)))


@exhaustively
@given(consistent_cases)
def test_a_goal_holds_if_and_only_if_it_is_entailed(case: Case) -> None:
    verdicts = case.evaluator.verdicts(case.facts)
    for name, value, goal in case.goals():
        assert (case.evaluator.holds(name, case.facts) is value) is case.entails(case.term, goal)
        assert verdicts[name] is case.evaluator.holds(name, case.facts)


@exhaustively
@given(consistent_cases)
def test_reasons_are_minimal_facts_that_entail_the_goal(case: Case) -> None:
    for name, value, goal in case.goals():
        reasons = case.evaluator.matching(name, value, case.facts)
        assert bool(reasons) is (case.evaluator.holds(name, case.facts) is value)
        for reason in reasons:
            assert set(reason) <= case.term
            assert case.entails(frozenset(reason), goal)
            assert not any(case.entails(frozenset(reason) - {literal}, goal) for literal in reason)


@exhaustively
@given(consistent_cases)
def test_no_reason_follows_from_another(case: Case) -> None:
    for name, value, _ in case.goals():
        reasons = case.evaluator.matching(name, value, case.facts)
        for first in reasons:
            for second in reasons:
                conjunction = Conjunction(tuple(Variable(x) if x > 0 else Negation(Variable(-x)) for x in second))
                assert first == second or not case.entails(frozenset(first), conjunction)


@exhaustively
@given(consistent_cases)
def test_completions_entail_the_goal_minimally_and_consistently(case: Case) -> None:
    for name, value, goal in case.goals():
        found = case.evaluator.completions(name, value, case.facts)
        reachable = any(
            extensions([world], case.term) and case.entails(_literals(world), goal) for world in case.worlds
        )
        assert bool(found) is reachable
        for completion in found:
            assert extensions(case.worlds, case.term | set(completion))
            assert case.entails(case.term | set(completion), goal)
            for literal in completion:
                assert not case.entails(case.term | (set(completion) - {literal}), goal)
        assert not any(set(a) < set(b) for a in found for b in found)


@exhaustively
@given(consistent_cases)
def test_gains_are_what_one_more_literal_entails(case: Case) -> None:
    expected = {}
    for number in range(1, SIZE + 1):
        for literal in (number, -number):
            more = case.term | {literal}
            if case.entails(case.term, _formula(literal)) or case.entails(case.term, _formula(-literal)):
                continue
            gained = [
                (name, value)
                for name, value, goal in case.goals()
                if case.entails(more, goal) and case.evaluator.holds(name, case.facts) is None
            ]
            if gained:
                expected[literal] = gained
    found = case.evaluator.prospects().gains(case.evaluator.close(case.facts).term)
    assert {literal: sorted(gained) for literal, gained in found.items()} == {
        literal: sorted(gained) for literal, gained in expected.items()
    }


@exhaustively
@given(consistent_cases, literals)
def test_another_consistent_fact_never_retracts_a_verdict(case: Case, literal: int) -> None:
    assume(extensions(case.worlds, case.term | {literal}))
    before = case.evaluator.verdicts(case.facts)
    after = case.evaluator.verdicts(case.evaluator.facts(case.term | {literal}))
    assert all(after[name] is verdict for name, verdict in before.items() if verdict is not None)


def test_names_and_masks_beyond_64_atoms() -> None:
    atoms = tuple(Atom(AtomKind.FINDING, f"atom{number}", role="r") for number in range(1, 131))
    table = DecisionTable(atoms, ((100, -129),), {"g": Goal("g", yes=(Row((-2, 129)),), no=(Row((130,)),))})
    evaluator = Evaluator(table)
    facts = evaluator.facts([-2, 100])
    assert (facts.present, facts.absent) == (1 << 99, 2)
    assert evaluator.literals(facts) == (-2, 100)
    assert evaluator.literals(evaluator.close(facts)) == (-2, 100, 129)
    assert evaluator.verdicts(facts) == {"g": True}
    assert evaluator.literal("atom130", present=False) == -130
    assert evaluator.atom(-130).name == "atom130"
    assert evaluator.has_atom("atom7")
    assert not evaluator.has_atom("atom131")
    with pytest.raises(KeyError):
        evaluator.literal("atom131", present=True)


def _formula(literal: int) -> Formula:
    return Variable(literal) if literal > 0 else Negation(Variable(-literal))


def _literals(world: dict[int, bool]) -> frozenset[int]:
    return frozenset(number if value else -number for number, value in world.items())


def test_a_completion_leaves_out_what_follows_from_the_facts_and_the_rest_of_it() -> None:
    """Atoms 2 and 3 entail atom 1, and 3 is known: to have 1 and 2, only 2 is lacking."""
    atoms = tuple(Atom(AtomKind.FINDING, f"atom{number}", "role") for number in (1, 2, 3))
    both = Row((1, 2))
    table = DecisionTable(
        atoms=atoms,
        conflicts=((-1, 2, 3),),
        goals={"both": Goal("both", yes=(both, Row((2, 3), general=False)), no=(Row((-1,)), Row((-2,))))},
    )
    evaluator = Evaluator(table)
    assert evaluator.completions("both", True, evaluator.facts([3])) == ((2,),)
    assert evaluator.completions("both", True, evaluator.facts([])) == ((1, 2),)
