"""The smallest states in which recommendations are in force together, against trying every smaller state."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import pytest

from tests.support import shipped
from vhkg.answering.meetings import (
    Meeting,
    TensionMeetings,
    described,
    hanging_on,
    meeting_words,
    meetings_turtle,
    smallest_states,
    tension_meetings,
)
from vhkg.model.table import Atom, AtomKind

KNOWLEDGE = shipped()
TABLE = KNOWLEDGE.compiled.table
DECIDER = KNOWLEDGE.decider
EVALUATOR = DECIDER.evaluator
BASE = DECIDER.guards.literals(DECIDER.guards.chosen({}))
FOUND = {found.tension: found for found in tension_meetings(KNOWLEDGE)}
MEETINGS = {meeting.recommendations: meeting for found in FOUND.values() for meeting in found.meetings}


def _in_force(literals: Sequence[int], goals: Sequence[str]) -> bool:
    facts = EVALUATOR.facts((*BASE, *literals))
    return EVALUATOR.consistent(facts) and all(EVALUATOR.holds(goal, facts) is True for goal in goals)


@pytest.mark.parametrize("goals", [goals for goals, meeting in MEETINGS.items() if meeting.states], ids="+".join)
def test_they_are_in_force_there_and_without_any_one_fact_they_are_not(goals: tuple[str, ...]) -> None:
    for state in MEETINGS[goals].states:
        assert _in_force(state, goals)
        for forgotten in state:
            assert not _in_force([x for x in state if x != forgotten], goals)


@pytest.mark.parametrize(
    "goals", [g for g, meeting in MEETINGS.items() if meeting.states and len(meeting.states[0]) <= 4], ids="+".join
)
def test_no_state_is_smaller(goals: tuple[str, ...]) -> None:
    """Every state of one fact less, over all atoms that a row of the goals mentions."""
    size = len(MEETINGS[goals].states[0]) - 1
    atoms = sorted(
        {abs(x) for goal in goals for row in TABLE.goals[goal].yes for x in row.literals}
        - {abs(literal) for literal in BASE}
    )
    for chosen in combinations(atoms, size):
        for signs in product((1, -1), repeat=size):
            assert not _in_force([sign * atom for sign, atom in zip(signs, chosen, strict=True)], goals)


@pytest.mark.parametrize("goals", [g for g, meeting in MEETINGS.items() if not meeting.states], ids="+".join)
def test_what_never_meets_excludes_one_another(goals: tuple[str, ...]) -> None:
    """Some pair of rows of each choice clashes: no consistent union exists."""
    rows = [[row.literals for row in TABLE.goals[goal].yes] for goal in goals]
    assert all(
        not EVALUATOR.consistent(EVALUATOR.facts((*BASE, *(x for row in choice for x in row))))
        for choice in product(*rows)
    )


def test_the_arms_never_meet() -> None:
    assert smallest_states(TABLE, EVALUATOR, BASE, ["RadiationForNonCandidates", "AvoidEnBlocResection"]) == ()


def test_the_more_general_of_two_states_is_told() -> None:
    (meeting,) = FOUND["IntraosseousReading"].meetings
    words = meeting_words(FOUND["IntraosseousReading"], TABLE.atoms)
    assert len(meeting.states) == 1
    assert "Pain present" in words
    assert "BackPain" not in words


def test_every_tension_says_something() -> None:
    tensions = {**KNOWLEDGE.content.readings, **KNOWLEDGE.content.decisions}
    assert set(FOUND) == set(tensions)
    assert meeting_words(FOUND["ReviewContradiction"], TABLE.atoms) == "no recommendation hangs on these sentences"
    assert meeting_words(FOUND["CandidacyReading"], TABLE.atoms).startswith("no presentation has two")
    assert "never all together" in meeting_words(FOUND["UnorderedAlternatives"], TABLE.atoms)


def test_outcomes_hang_on_sentences_too() -> None:
    concerned = KNOWLEDGE.content.decisions["CementLeakageWherever"].concerns
    assert "PercutaneousVertebroplastyFirstLine" in hanging_on(KNOWLEDGE.content, concerned)


def test_many_states_and_many_pairs_are_counted() -> None:
    atoms = tuple(Atom(AtomKind.FINDING, f"F{number}", role="r") for number in range(1, 6))
    states = tuple((number,) for number in range(1, 6))
    one = TensionMeetings("T", (Meeting(("A",), states),))
    assert meeting_words(one, atoms) == "A: F1 present or F2 present or F3 present or 2 more states"
    pairs = tuple(Meeting((f"A{number}", "B"), ((1,),)) for number in range(5))
    assert meeting_words(TensionMeetings("T", pairs), atoms).endswith("; and 2 more pairs")


def test_rows_are_described_findings_first() -> None:
    atoms = (Atom(AtomKind.ALTERNATIVE, "ReadSo", reading="R"), Atom(AtomKind.FINDING, "Found", role="r"))
    assert described((1, -2), atoms) == "Found absent, read as ReadSo"
    assert described((-1,), atoms) == "not read as ReadSo"
    assert described((), atoms) == "any presentation"


def test_what_is_written_has_no_blank_nodes_and_is_the_same_each_time() -> None:
    text = meetings_turtle(KNOWLEDGE)
    assert text == meetings_turtle(KNOWLEDGE)
    assert b"_:" not in text
    assert text.count(b"meetsIn") == len(FOUND)
