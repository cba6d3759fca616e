"""Presentations without a branch, treatments out of place, and where for and against meet."""

from __future__ import annotations

import msgspec
import pytest

from vhkg.assurance.gaps import Gaps, check_gaps
from vhkg.decision.evaluation import Evaluator
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content


@pytest.fixture(scope="module")
def found(compiled: CompiledKnowledge) -> Gaps:
    return check_gaps(compiled.table, compiled.content)


def _silences_without_gap(content: Content, name: str) -> Content:
    changed = tuple(
        msgspec.structs.replace(silence, gap=False) if silence.name == name else silence for silence in content.silences
    )
    return msgspec.structs.replace(content, silences=changed)


def test_the_shipped_knowledge_has_no_fault(found: Gaps) -> None:
    assert found.faults == ()


def test_every_gap_is_within_scope_without_a_branch_and_named(compiled: CompiledKnowledge, found: Gaps) -> None:
    evaluator = Evaluator(compiled.table)
    article = compiled.content.article
    assert found.gaps
    for gap in found.gaps:
        facts = evaluator.facts(gap.literals)
        assert evaluator.consistent(facts)
        assert evaluator.holds(article.scope, facts) is True
        assert evaluator.holds(article.branch, facts) is False
        assert gap.silences


def test_the_painless_fracture_without_a_deficit_is_a_gap(found: Gaps) -> None:
    assert found.gaps[0].presentation == (
        "VertebralHemangioma present, NeurologicalDeficit absent, Pain absent, PathologicalFracture present, "
        "read as ExtentNeedsDeficit"
    )
    assert "FractureWithoutDeficitSilence" in found.gaps[0].silences


def test_a_gap_without_a_silence_is_a_fault(compiled: CompiledKnowledge) -> None:
    content = _silences_without_gap(compiled.content, "RadicularPainSilence")
    faults = check_gaps(compiled.table, content).faults
    assert faults
    assert {fault.fault for fault in faults} == {"no silence names this gap"}


def test_a_gap_that_is_never_met_without_a_branch_is_a_fault(compiled: CompiledKnowledge) -> None:
    silences = tuple(
        msgspec.structs.replace(silence, gap=True) if silence.name == "Urgency" else silence
        for silence in compiled.content.silences
    )
    faults = check_gaps(compiled.table, msgspec.structs.replace(compiled.content, silences=silences)).faults
    assert [fault.place for fault in faults] == ["Urgency"]


def test_a_treatment_outside_every_branch_is_a_fault(compiled: CompiledKnowledge) -> None:
    recommendations = tuple(
        msgspec.structs.replace(each, kind="treatment") if each.name == "RadiationForResidualTumor" else each
        for each in compiled.content.recommendations
    )
    content = msgspec.structs.replace(compiled.content, recommendations=recommendations)
    faults = check_gaps(compiled.table, content).faults
    assert {fault.check for fault in faults} == {"branch"}
    assert {fault.place for fault in faults} == {"RadiationForResidualTumor"}


def test_nothing_is_recommended_that_is_advised_against(found: Gaps) -> None:
    assert found.meetings
    assert not {meeting.relation for meeting in found.meetings} & {"same", "narrower"}


def test_surgery_is_broader_than_what_is_advised_against(found: Gaps) -> None:
    broader = [meeting for meeting in found.meetings if meeting.relation == "broader"]
    assert [(meeting.recommended, meeting.against) for meeting in broader] == [
        ("VertebroplastyWithSurgery", "AvoidEnBlocResection")
    ]
    assert broader[0].presentations[0] == "VertebralHemangioma present, NeurologicalDeficit present"


@pytest.mark.parametrize(("target", "relation"), [("EnBlocResection", "same"), ("Surgery", "broader")])
def test_a_meeting_compares_targets(compiled: CompiledKnowledge, target: str, relation: str) -> None:
    recommendations = tuple(
        msgspec.structs.replace(each, target=target) if each.name == "IntraoperativeVertebroplasty" else each
        for each in compiled.content.recommendations
    )
    content = msgspec.structs.replace(compiled.content, recommendations=recommendations)
    relations = {meeting.recommended: meeting.relation for meeting in check_gaps(compiled.table, content).meetings}
    assert relations["IntraoperativeVertebroplasty"] == relation


def test_a_narrower_target_is_told(compiled: CompiledKnowledge) -> None:
    recommendations = tuple(
        msgspec.structs.replace(each, target="Resection") if each.name == "AvoidEnBlocResection" else each
        for each in compiled.content.recommendations
    )
    content = msgspec.structs.replace(compiled.content, recommendations=recommendations)
    relations = {meeting.recommended: meeting.relation for meeting in check_gaps(compiled.table, content).meetings}
    assert relations["ResectionWithVertebroplasty"] == "narrower"


def test_knowledge_without_a_gap_class_has_no_gaps(compiled: CompiledKnowledge) -> None:
    article = msgspec.structs.replace(compiled.content.article, gap="", branch="")
    assert check_gaps(compiled.table, msgspec.structs.replace(compiled.content, article=article)).gaps == ()
