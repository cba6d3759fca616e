"""Findings, interventions, plans and presentation classes."""

from __future__ import annotations

import pytest

from tests.knowledge.mini import graph_of
from vhkg.errors import KnowledgeError
from vhkg.knowledge.terms import findings, flag, integer, plans, presentation_classes
from vhkg.namespaces import BASE, Vhkg

ROOTS = """:Finding :assertedThrough :hasFinding ; :bearer "lesion" .
:Intervention :assertedThrough :hadIntervention ; :bearer "patient" .
"""


def test_findings_stand_in_display_order_without_their_roots() -> None:
    graph = graph_of(
        ROOTS
        + """:Late rdfs:subClassOf :Finding ; :order 2 ; rdfs:label "late"@en .
        :Early rdfs:subClassOf :Finding ; :order 1 ; rdfs:label "early"@en ; :plainLabel "soon"@en ;
            :question "Early?"@en ; :askWhenNotRecorded true ; :undefinedIn :S ; :displayGroup "time"@en ;
            prov:wasDerivedFrom :C1 , :C2 .
        :Done rdfs:subClassOf :Intervention ; :order 3 ."""
    )
    found = findings(graph)
    assert list(found) == ["Early", "Late", "Done"]
    early = found["Early"]
    assert (early.label, early.plain_label, early.group, early.always_asked) == ("early", "soon", "time", True)
    assert (early.undefined_in, early.derived_from, early.parents) == ("S", ("C1", "C2"), ("Finding",))
    assert found["Late"].plain_label == "late"
    assert (found["Done"].role, found["Done"].bearer) == ("hadIntervention", "patient")


def test_the_bearer_is_that_of_the_nearest_ancestor() -> None:
    graph = graph_of(
        ROOTS
        + """:Mid rdfs:subClassOf :Finding ; :bearer "patient" . :Leaf rdfs:subClassOf :Mid .
        :Own rdfs:subClassOf :Mid ; :bearer "lesion" . :Round rdfs:subClassOf :Leaf , :Round ."""
    )
    assert {name: found.bearer for name, found in findings(graph).items()} == {
        "Mid": "patient",
        "Leaf": "patient",
        "Own": "lesion",
        "Round": "patient",
    }


def test_a_root_that_names_no_role_gives_no_findings() -> None:
    assert findings(graph_of(':Finding :assertedThrough "hasFinding" . :A rdfs:subClassOf :Finding .')) == {}


def test_plans_have_their_steps_in_order() -> None:
    graph = graph_of(
        """:P a :Plan ; rdfs:label "plan"@en ; :hasStep :S2 , :S1b , :S1a .
        :S1a a :PlanStep ; :order 1 ; :intervention :I ; :statedIn :C1 .
        :S1b a :PlanStep ; :order 1 ; :intervention :J ; :alternativeTo :S1a .
        :S2 a :PlanStep ; :order 2 ; :intervention :K ; :optional true ."""
    )
    plan = plans(graph)["P"]
    assert [(step.name, step.order, step.intervention) for step in plan.steps] == [
        ("S1a", 1, "I"),
        ("S1b", 1, "J"),
        ("S2", 2, "K"),
    ]
    assert plan.steps[1].alternative_to == "S1a"
    assert plan.steps[2].optional
    assert plan.steps[0].statements == ("C1",)


def test_presentation_classes_include_alternatives() -> None:
    graph = graph_of(
        ':A rdfs:subClassOf :Presentation ; rdfs:label "a"@en ; obo:IAO_0000115 "An a."@en . :B rdfs:subClassOf :A .'
    )
    found = presentation_classes(graph)
    assert list(found) == ["A", "B"]
    assert (found["A"].plain_label, found["A"].definition) == ("a", "An a.")


def test_flags_and_integers() -> None:
    graph = graph_of(':a :optional true ; :order 3 . :b :optional false ; :order "three" .')
    assert flag(graph, BASE + "a", Vhkg.optional)
    assert not flag(graph, BASE + "b", Vhkg.optional)
    assert not flag(graph, BASE + "c", Vhkg.optional)
    assert integer(graph, BASE + "a", Vhkg.order) == 3
    assert integer(graph, BASE + "c", Vhkg.order) == 0
    with pytest.raises(KnowledgeError, match="b has 'three' for order; give an integer"):
        integer(graph, BASE + "b", Vhkg.order)
