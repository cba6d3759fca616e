from __future__ import annotations

from itertools import product

from hypothesis import given

from tests.decision.brute_force import SIZE, all_terms, formulas
from vhkg.decision.bdd import Bdd
from vhkg.decision.prime import PrimeImplicants, literals, term
from vhkg.model.formula import Conjunction, Disjunction, Formula, Negation, Variable, clauses, truth, variables

NUMBERS = list(range(1, SIZE + 1))
WORLDS = [dict(enumerate(values, 1)) for values in product((False, True), repeat=SIZE)]


def implies(found: tuple[int, ...], formula: Formula) -> bool:
    return all(truth(formula, world) for world in WORLDS if all(world[abs(x)] is (x > 0) for x in found))


def minimal(formula: Formula, *, negative_only: bool = False) -> set[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for candidate in all_terms(NUMBERS):
        if negative_only and any(literal > 0 for literal in candidate):
            continue
        if not any(set(shorter) <= set(candidate) for shorter in found) and implies(candidate, formula):
            found.append(candidate)
    return set(found)


@given(formulas)
def test_primes_are_the_minimal_implicants(formula: Formula) -> None:
    bdd = Bdd(NUMBERS)
    primes = PrimeImplicants(bdd)
    node = bdd.of_formula(formula)
    assert {literals(mask) for mask in primes.of(node)} == minimal(formula)
    assert {literals(mask) for mask in primes.negative(node)} == minimal(formula, negative_only=True)


@given(formulas)
def test_clauses_are_equivalent_to_their_formula(formula: Formula) -> None:
    for world in WORLDS:
        by_clauses = all(any(world[abs(x)] is (x > 0) for x in clause) for clause in clauses(formula))
        assert by_clauses is truth(formula, world)


@given(formulas)
def test_the_order_of_variables_is_immaterial(formula: Formula) -> None:
    forward, backward = Bdd(NUMBERS), Bdd(NUMBERS[::-1])
    first = PrimeImplicants(forward).of(forward.of_formula(formula))
    assert first == PrimeImplicants(backward).of(backward.of_formula(formula))
    assert forward.support(forward.of_formula(formula)) <= variables(formula)


def test_a_term_keeps_its_literals_beyond_64_atoms() -> None:
    wide = (1, -2, 70, -130, 900)
    assert literals(term(wide)) == wide


def test_quantifying_universally_keeps_what_holds_either_way() -> None:
    bdd = Bdd([1, 2])
    either = bdd.of_formula(Disjunction((Variable(1), Conjunction((Variable(2), Negation(Variable(1)))))))
    assert bdd.for_all(either, [2]) == bdd.variable(1)
