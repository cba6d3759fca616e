"""What is asked, and that each announced effect is the one that the answer has."""

from __future__ import annotations

import pytest

from tests.states import random_states, situation
from tests.support import answer, shipped, statuses
from vhkg.explanation.questions import next_findings, questions
from vhkg.model.answer import Effect

DECIDER = shipped().decider
STATES = random_states(DECIDER, shipped().compiled.table, 120, seed=20261123)


@pytest.mark.parametrize("literals", STATES[:60], ids=str)
def test_effects_are_what_happens(literals: tuple[int, ...]) -> None:
    now = situation(DECIDER, literals)
    for question in questions(now, {}):
        for present, effect in ((True, question.if_present), (False, question.if_absent)):
            then = now.assume([DECIDER.evaluator.literal(question.finding, present)])
            changed = {
                name: (now.assessed[name].status, then.assessed[name].status)
                for name in now.assessed
                if now.assessed[name].status is not then.assessed[name].status
            }
            assert {c.recommendation: (c.before, c.after) for c in (*effect.gained, *effect.lost)} == changed


@pytest.mark.parametrize("literals", STATES, ids=str)
def test_only_what_changes_something_is_asked(literals: tuple[int, ...]) -> None:
    now = situation(DECIDER, literals)
    content = DECIDER.content
    for question in questions(now, {}):
        effects = (question.if_present, question.if_absent)
        assert (
            any(effect.gained or effect.lost for effect in effects) or content.findings[question.finding].always_asked
        )
        assert not now.decided(DECIDER.evaluator.literal(question.finding, True))


def test_ranking_asks_first_for_what_refutes_most() -> None:
    assert _asked({}) == "VertebralHemangioma"
    assert _asked({"VertebralHemangioma": "present"}) == "NeurologicalDeficit"
    assert _asked({"VertebralHemangioma": "present", "NeurologicalDeficit": "present"}) == "ExtraosseousExtension"


def _asked(facts: dict[str, str]) -> str:
    given = facts or {"VertebroplastyCandidacy": "unknown"}
    return answer(given).ask[0].finding


def test_the_cause_of_the_symptoms_is_always_asked() -> None:
    found = answer({"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"})
    cause = {question.finding: question for question in found.ask}["SymptomsDueToAnotherCause"]
    assert not cause.decisive
    assert cause.undefined
    settled = answer({"VertebralHemangioma": "present", "SymptomsDueToAnotherCause": "absent"})
    assert "SymptomsDueToAnotherCause" not in {question.finding for question in settled.ask}


def test_both_branches_are_previewed() -> None:
    found = answer({"VertebralHemangioma": "present", "BackPain": "present"})
    deficit = found.ask[0]
    assert _names(deficit.if_present) >= {"DecompressionWithPreoperativeEmbolization", "AvoidEnBlocResection"}
    assert "PercutaneousVertebroplastyFirstLine" in _names(deficit.if_absent)
    assert deficit.if_present.next[0] == "ExtraosseousExtension"
    assert deficit.if_absent.next[0] == "VertebroplastyCandidacy"


def _names(effect: Effect) -> set[str]:
    return {change.recommendation for change in effect.gained}


def test_no_intervention_and_no_unreachable_recommendation_is_asked_for() -> None:
    found = answer({"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"})
    assert "ResidualTumor" not in {question.finding for question in found.ask}
    after = answer({"VertebralHemangioma": "present", "SubtotalResection": "present"})
    assert "ResidualTumor" in {question.finding for question in after.ask}
    assert statuses(after)["RadiationForResidualTumor"] == "undetermined"


def test_a_parent_is_not_asked_where_its_kind_decides_more() -> None:
    found = answer({"VertebralHemangioma": "present", "NeurologicalDeficit": "present"})
    asked = [question.finding for question in found.ask]
    assert "VertebralCompressionFracture" in asked
    assert "VertebralFracture" not in asked


def test_next_findings_agree_with_the_questions_of_that_state() -> None:
    now = situation(DECIDER, STATES[0])
    assert next_findings(now, 4) == tuple(question.finding for question in questions(now, {}, previews=0))[:4]
