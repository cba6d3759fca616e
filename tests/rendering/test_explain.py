from __future__ import annotations

import pytest

from tests.rendering.four import FOUR, deficit_in_pregnancy, pain_without_deficit
from tests.rendering.samples import content, document
from tests.support import answer
from vhkg.errors import UnknownName
from vhkg.model.content import ModellingDecision, Reading
from vhkg.rendering.explain import render_explanation
from vhkg.rendering.layout import columns


def flat(text: str) -> str:
    return " ".join(text.split())


def test_why_with_dates_and_every_sentence_with_offsets() -> None:
    text = flat(render_explanation(pain_without_deficit(), content(), "TransarterialEmbolizationAlone", 80))
    assert "extraosseous extension absent (28 Oct 2026)" in text
    statement = content().statements["S35"]
    assert f'"{statement.quote}" · S35' in text
    assert f"{statement.start}-{statement.end} · cites 2 only (2 candidate)" in text
    assert "--reading IntraosseousReading=IntraosseousDescribesEvidence" in text


def test_what_would_decide_it() -> None:
    text = flat(render_explanation(pain_without_deficit(), content(), "PercutaneousVertebroplastyFirstLine", 80))
    assert "confirmed if candidate for vertebroplasty" in text


def test_why_not_says_that_it_is_not_forbidden() -> None:
    text = flat(render_explanation(deficit_in_pregnancy(), content(), "PercutaneousVertebroplastyFirstLine", 80))
    assert "why not neurological deficit (18 Nov 2026)" in text
    assert "it does not forbid it" in text


def test_a_limit_is_named_after_the_reasons() -> None:
    text = flat(render_explanation(deficit_in_pregnancy(), content(), "DecompressionWithPreoperativeEmbolization", 80))
    assert "pregnancy is recorded, and the article does not address it" in text
    assert "APPLIES" not in text


def test_decisions_that_concern_its_sentences_are_told() -> None:
    text = flat(render_explanation(FOUR["b"](), content(), "DecompressionWithPreoperativeEmbolization", 80))
    decision = content().decisions["EmbolizationWording"]
    assert flat(f"{decision.label}: {decision.tension}") in text


@pytest.mark.parametrize("name", [recommendation.name for recommendation in content().recommendations])
def test_each_decision_and_reading_is_told_with_its_sentences(name: str) -> None:
    """Whatever concerns a sentence that the recommendation rests on, by the data alone."""
    text = flat(render_explanation(FOUR["b"](), content(), name, 80))
    (given,) = (each for each in FOUR["b"]().recommendations if each.id == name)
    used = {statement.id for statement in given.statements}
    told: list[ModellingDecision | Reading] = [each for each in content().decisions.values() if used & {*each.concerns}]
    told += [content().readings[reading.id] for reading in given.readings]
    assert told
    for each in told:
        assert flat(each.tension) in text
        for concerned in each.concerns:
            statement = content().statements.get(concerned)
            if statement is not None and statement.quote:
                assert f'{concerned}: "{flat(statement.quote)}"' in text


def test_readings_that_change_it_only_together_are_told() -> None:
    found = answer({"VertebralHemangioma": "present", "PathologicalFracture": "present"})
    text = flat(render_explanation(found, content(), "DecompressionWithScrewStabilization", 80))
    assert (
        "only together: if instead extent without deficit too and a pathological fracture counts: it would hold" in text
    )
    assert (
        "--reading ExtentReading=ExtentWithoutDeficitToo --reading FractureReading=PathologicalFractureCounts" in text
    )


@pytest.mark.parametrize("width", [60, 80, 110])
def test_all_recommendations_fit_the_width(width: int) -> None:
    made = pain_without_deficit()
    text = render_explanation(made, content(), None, width, knowledge=document(made).knowledge)
    assert max(columns(line) for line in text.splitlines()) <= width
    assert all(f"({each.id})" in flat(text) for each in made.recommendations)
    assert "0123456789ab" in text


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(UnknownName, match="TransarterialEmbolizationAlone"):
        render_explanation(pain_without_deficit(), content(), "TransarterialEmbolisationAlone", 80)
