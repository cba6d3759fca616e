"""Terms are all there is to a goal, and none of them follows from another."""

from __future__ import annotations

import pytest

from tests.algorithms import FOLDERS, knowledge
from tests.records import random_readings
from tests.states import random_states, situation
from vhkg.answering.algorithm.terms import Terms


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["article", "clocks"])
def test_facts_entail_a_goal_as_soon_as_they_hold_a_term(name: str, seed: int) -> None:
    known = knowledge(name)
    decider, table = known.decider, known.compiled.table
    readings = decider.guards.chosen(random_readings(seed, known) if seed else {})
    terms = Terms(known, readings)
    rows = {goal: terms.of(goal) for goal in table.goals}
    for literals in random_states(decider, table, 60, seed=seed):
        now = situation(decider, literals, **readings)
        held = terms.closed(frozenset(literals))
        for goal, found in rows.items():
            assert any(term <= held for term in found) == (now.holds(goal) is True), goal


@pytest.mark.parametrize("name", FOLDERS)
def test_no_term_follows_from_another(name: str) -> None:
    known = knowledge(name)
    terms = Terms(known, known.decider.guards.chosen({}))
    for goal in known.compiled.table.goals:
        found = terms.of(goal)
        assert not any(terms.within(term, [other for other in found if other != term]) for term in found)


def test_a_reading_changes_the_terms() -> None:
    known = knowledge("article")
    named = {}
    for alternative in ("RadicularCounts", "RadicularDoesNotCount"):
        terms = Terms(known, known.decider.guards.chosen({"RadicularPainReading": alternative}))
        named[alternative] = [{terms.name(x) for x in term} for term in terms.of("PainfulWithoutDeficit")]
    assert named == {
        "RadicularCounts": [{"VertebralHemangioma", "NeurologicalDeficit", "Pain"}],
        "RadicularDoesNotCount": [{"VertebralHemangioma", "NeurologicalDeficit", "BackPain"}],
    }


def test_what_is_present_comes_before_what_is_absent() -> None:
    known = knowledge("article")
    terms = Terms(known, known.decider.guards.chosen({}))
    (term,) = terms.of("StenosisWithoutInstability")
    found = [(each.finding, each.present) for each in terms.condition(term).literals]
    assert found == [
        ("VertebralHemangioma", True),
        ("NeurologicalDeficit", True),
        ("SpinalStenosis", True),
        ("SpinalInstability", False),
    ]
