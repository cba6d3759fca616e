"""The algorithm is what the knowledge says, whichever the knowledge, and nothing of it is lost on the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.algorithms import FOLDERS, boxes, grown_kettle, knowledge, placed, terms
from vhkg.answering.algorithm import algorithm
from vhkg.answering.algorithm.terms import Terms
from vhkg.answering.knowledge import Knowledge
from vhkg.errors import UsageError
from vhkg.model.algorithm import Algorithm, GateKind, Room, Way

READINGS = [
    (name, {reading.name: alternative.name})
    for name in FOLDERS
    for reading in knowledge(name).content.readings.values()
    for alternative in reading.alternatives
]


def tiers(way: Way) -> list[tuple[str, list[tuple[list[str], list[str]]]]]:
    """Each tier of a way: its line, and of each door the literals and the boxes."""
    return [
        (
            tier.line,
            [
                (
                    [f"{'' if each.present else '-'}{each.finding}" for each in door.condition.every_literal()],
                    [box.name for box in door.boxes],
                )
                for door in tier.doors
            ],
        )
        for tier in way.within.tiers
    ]


def rooms(way: Way) -> list[str]:
    return [room.name for room in (*way.within.rooms, *way.beside.rooms)]


@pytest.fixture(scope="module")
def article() -> Algorithm:
    return algorithm(knowledge("article"))


def test_the_trunk_has_three_gates(article: Algorithm) -> None:
    asked = [(gate.kind, gate.condition.literals[0].finding) for gate in article.way.gates]
    assert asked == [(GateKind.SUBJECT, "VertebralHemangioma"), (GateKind.LIMIT, "SymptomsDueToAnotherCause")]
    assert article.way.fork is not None
    assert article.way.fork.literal.finding == "NeurologicalDeficit"


def test_the_arm_without_a_deficit(article: Algorithm) -> None:
    assert article.way.fork is not None
    arm = article.way.fork.absent
    assert [gate.condition.literals[0].finding for gate in arm.gates] == ["Pain"]
    assert tiers(arm) == [
        ("first line", [(["VertebroplastyCandidacy"], ["PercutaneousVertebroplastyFirstLine"])]),
        (
            "alternative",
            [
                (["-ExtraosseousExtension"], ["TransarterialEmbolizationAlone"]),
                (["-VertebroplastyCandidacy"], ["RadiationForNonCandidates"]),
            ],
        ),
    ]
    assert rooms(arm) == ["AsymptomaticLesion", "ExtraosseousWithoutDeficitSilence", "FractureWithoutDeficitSilence"]


def test_the_arm_with_a_deficit(article: Algorithm) -> None:
    assert article.way.fork is not None
    arm = article.way.fork.present
    assert not arm.gates
    extent = dict(tiers(arm))["by extent"]
    assert extent == [
        (["SpinalStenosis", "-SpinalInstability"], ["LaminectomyWithOrWithoutEmbolization"]),
        (
            ["ExtraosseousExtension"],
            ["VertebrectomyWithEmbolizationAndReconstruction", "SubtotalResectionWithAdjuvantRadiation"],
        ),
        (["VertebralCompressionFracture"], ["DecompressionWithScrewStabilization"]),
    ]
    assert [box.name for door in arm.within.barred for box in door.boxes] == ["AvoidEnBlocResection"]
    assert tiers(arm)[0] == (
        "first line",
        [
            ([], ["DecompressionWithPreoperativeEmbolization"]),
            (["SpinalCordCompression", "-SpinalInstability"], ["EmbolizationThenLaminectomy"]),
        ],
    )


def test_the_rooms_whatever_the_arm(article: Algorithm) -> None:
    assert rooms(article.way) == ["InstabilityAsSuch", "StenosisWithInstabilitySilence"]
    factors = [room.condition.literals[0].finding for room in article.factors]
    assert factors[:2] == ["Pregnancy", "Childhood"]
    assert "RecurrentHemangioma" in factors
    assert factors[-1] == "FactorNotAddressed"
    assert article.factors[0].silence == "PregnancySilence"


def test_the_kettle_needs_no_fork() -> None:
    drawn = algorithm(knowledge("kettle"))
    assert [gate.condition.literals[0].finding for gate in drawn.way.gates] == ["Crust", "SlowBoiling"]
    assert [gate.kind for gate in drawn.way.gates] == [GateKind.SUBJECT, GateKind.CONDITION]
    assert drawn.way.fork is None
    assert tiers(drawn.way) == [("first choice", [([], ["VinegarFirst"])])]


def test_a_gate_may_have_alternatives() -> None:
    fork = algorithm(knowledge("clocks")).way.fork
    assert fork is not None
    (gate,) = fork.absent.gates
    assert not gate.condition.literals
    assert [len(term) for term in gate.condition.alternatives] == [1, 1]
    asked = {each.finding for each in gate.condition.every_literal()}
    assert asked.isdisjoint(each.finding for door in fork.absent.within.doors() for each in door.condition.literals)


_SECOND = """
:DryFirst a owl:NamedIndividual , vhkg:Recommendation ;
    rdfs:label "leaving it dry"@en ; vhkg:recommendationKind "treatment" ; vhkg:order 2 ;
    vhkg:line "first choice"@en ; vhkg:lineIn :K04 ; vhkg:isFirstLine true ; vhkg:recommends :Vinegar ;
    vhkg:appliesTo :FurredAndFast ; vhkg:conditionIn :K03 ; vhkg:actionIn :K05 ;
    vhkg:strength "not stated by the source"@en ; vhkg:certainty "not stated by the source"@en .
:FurredAndFast a owl:Class ; rdfs:subClassOf vhkg:Presentation ; rdfs:label "furred kettle, not slow"@en ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Furred [ a owl:Class ; owl:complementOf
        [ a owl:Restriction ; owl:onProperty vhkg:hasFinding ; owl:someValuesFrom :SlowBoiling ] ] ) ] .
"""


def test_arms_may_fork_again(tmp_path: Path) -> None:
    drawn = algorithm(grown_kettle(tmp_path))
    assert drawn.way.fork is not None
    assert drawn.way.fork.literal.finding == "SlowBoiling"
    again = drawn.way.fork.present.fork
    assert again is not None
    assert again.literal.finding == "Leak"
    assert tiers(again.present) == [("first choice", [([], ["PatchFirst"])])]
    assert [gate.condition.literals[0].finding for gate in again.absent.gates] == ["Hot"]
    assert [tier.line for tier in drawn.way.fork.absent.beside.tiers] == ["besides"]
    assert [room.name for room in drawn.way.fork.absent.beside.rooms] == ["HotAndDry"]


def test_a_new_recommendation_draws_itself(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDERS["kettle"], tmp_path / "kettle"))
    file = folder / "recommendations.ttl"
    file.write_text(file.read_text(encoding="utf-8") + _SECOND, encoding="utf-8")
    drawn = algorithm(Knowledge.load(str(folder)))
    assert [gate.condition.literals[0].finding for gate in drawn.way.gates] == ["Crust"]
    assert drawn.way.fork is not None
    assert drawn.way.fork.literal.finding == "SlowBoiling"
    assert tiers(drawn.way.fork.absent) == [("first choice", [([], ["DryFirst"])])]
    assert tiers(drawn.way.fork.present) == [("first choice", [([], ["VinegarFirst"])])]


@pytest.mark.parametrize(("name", "readings"), [*((name, {}) for name in FOLDERS), *READINGS], ids=str)
def test_what_stands_before_a_box_is_its_condition(name: str, readings: dict[str, str]) -> None:
    """The gates, arms and door before each box and room ask what its rows ask, no more and no less."""
    known = knowledge(name)
    drawn = algorithm(known, readings)
    rows = Terms(known, drawn.readings)
    silences = {silence.name: silence.raised_by for silence in known.content.silences}
    for each in placed(drawn):
        asked = terms((*each.before, each.what.condition))
        if isinstance(each.what, Room):
            goals = silences.get(each.what.name)
            names = [(goals, each.what.name)] if goals else []
        else:
            names = [((box.name,), box.name) for box in each.what.boxes]
        for goal, label in names:
            expected = {frozenset((rows.name(x), x > 0) for x in term) for term in rows.of(*goal)}
            assert asked == expected, label


@pytest.mark.parametrize(("name", "readings"), [*((name, {}) for name in FOLDERS), *READINGS], ids=str)
def test_each_recommendation_stands_in_one_place(name: str, readings: dict[str, str]) -> None:
    known = knowledge(name)
    drawn = algorithm(known, readings)
    names = [box.name for box in boxes(drawn)]
    assert len(names) == len(set(names))
    possible = {r.name for r in known.content.recommendations if Terms(known, drawn.readings).of(r.name)}
    assert set(names) == possible


def test_boxes_carry_their_sentences_and_citations(article: Algorithm) -> None:
    found = {box.name: box for box in boxes(article)}
    first = found["DecompressionWithPreoperativeEmbolization"]
    assert first.actions == ("S39",)
    assert first.citations == ("2", "3")
    assert {"S39", "C29", "C72"} <= set(first.statements)
    assert found["AvoidEnBlocResection"].against


def test_a_reading_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError):
        algorithm(knowledge("article"), {"ExtentReading": "Neither"})
