"""Which reasons are shown is worked out before the facts are known, and is what the evaluator shows of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.decision.brute_force import SIZE, TARGETS, all_terms, theories
from tests.engines.interpreter import reasons_shown
from tests.engines.one_by_one import chosen
from tests.records import random_readings
from tests.states import random_states, situation
from tests.support import shipped
from vhkg.decision.compilation import compile_table
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.theory import Theory
from vhkg.engines.chosen import Numbering, Reasoning
from vhkg.errors import EngineError
from vhkg.explanation.reasons import reasons
from vhkg.model.answer import Status
from vhkg.model.table import Atom, AtomKind, DecisionTable

KNOWLEDGE = shipped()
HOLDING = (Status.APPLIES, Status.ADVISED_AGAINST)


@pytest.mark.parametrize("seed", range(4))
def test_reasons_of_the_shipped_knowledge_are_those_of_one_by_one(seed: int) -> None:
    readings = random_readings(seed, KNOWLEDGE)
    table, decider = chosen(KNOWLEDGE, readings), KNOWLEDGE.decider
    place = {finding.name: number for number, finding in enumerate(table.findings, 1)}
    number = {n: place[a.name] for n, a in enumerate(KNOWLEDGE.compiled.table.atoms, 1) if a.name in place}
    shown = 0
    for state in random_states(decider, KNOWLEDGE.compiled.table, 60, seed):
        found = situation(decider, state, **readings)
        facts = {number[abs(x)] * (1 if x > 0 else -1) for x in state}
        for rule in table.rules:
            own, base = table.reasons[rule.name], found.assessed[rule.name].base
            listed = own.holding if base in HOLDING else own.failing if base is Status.DOES_NOT_APPLY else own.meeting
            mine = [] if base is Status.UNDETERMINED else reasons_shown(listed, facts)
            wanted = [tuple(number[abs(x)] * (1 if x > 0 else -1) for x in r) for r in reasons(found, rule.name)]
            assert mine == wanted, (rule.name, state)
            shown += len(wanted)
    assert shown > 100


@given(theories())
@settings(max_examples=200)
def test_reasons_of_any_small_theory_are_those_of_the_evaluator(theory: Theory) -> None:
    """Among them are findings that follow from each other, and axioms about three at once."""
    table = compile_table(theory, TARGETS)
    evaluator = Evaluator(table)
    numbering = Numbering(table, {atom.name: False for atom in table.atoms})
    reasoning = Reasoning(table, (), numbering)
    listed = {(name, True): reasoning.of(goal.yes) for name, goal in table.goals.items()}
    listed |= {(name, False): reasoning.of(goal.no) for name, goal in table.goals.items()}
    for state in all_terms(range(1, SIZE + 1)):
        facts = evaluator.facts(state)
        if not evaluator.consistent(facts):
            continue
        for (name, value), reasons_listed in listed.items():
            matched = sorted(evaluator.matching(name, value, facts))
            assert sorted(reasons_shown(reasons_listed, set(state))) == matched


def test_an_axiom_that_ties_a_reading_to_a_finding_is_refused() -> None:
    atoms = (Atom(AtomKind.FINDING, "F"), Atom(AtomKind.ALTERNATIVE, "A", reading="R"))
    table = DecisionTable(atoms, ((1, 2),), {})
    with pytest.raises(EngineError, match="ties a reading to a finding"):
        Reasoning(table, (2,), Numbering(table, {"F": False}))
