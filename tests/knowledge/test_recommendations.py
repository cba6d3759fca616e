"""Recommendations with the statements that support them."""

from __future__ import annotations

import pytest

from tests.knowledge.mini import graph_of, statement
from vhkg.errors import KnowledgeError
from vhkg.knowledge.recommendations import citation_flags, outcome_quote, outcomes, recommendations
from vhkg.model.content import Source

SOURCES = {
    "1": Source(marker="1", standing="unidentified", candidate="", confidence="", basis="", notes=()),
    "2": Source(marker="2", standing="candidate", candidate="A", confidence="high", basis="", notes=()),
}
STATEMENTS = {
    "A": statement("A", 0, 5, quote="Rest.", citations=("2",)),
    "B": statement("B", 6, 10, quote="Walk", citations=("1", "2")),
    "C": statement("C", 20, 24, quote="Lie."),
}


def test_a_recommendation_as_a_value() -> None:
    graph = graph_of(
        """:Rest a owl:NamedIndividual , :Recommendation ; rdfs:label "rest"@en ; :recommendationKind "treatment" ;
        :order 2 ; :line "first line"@en ; :isFirstLine true ; :modality "best"@en ; :recommends :Resting ;
        :appliesTo :Tired ; :excludedBy :Busy ; :actionIn :A ; :conditionIn :B ; :hasOutcome :Calm ;
        :restsOnReading :R ; :strength "not stated"@en ; :certainty "not stated"@en ."""
    )
    (found,) = recommendations(graph, STATEMENTS, SOURCES)
    assert (found.name, found.label, found.plain_label) == ("Rest", "rest", "rest")
    assert (found.kind, found.order, found.line, found.first_line) == ("treatment", 2, "first line", True)
    assert (found.direction, found.target, found.condition, found.exclusion) == ("for", "Resting", "Tired", "Busy")
    assert [(use.role, use.statement) for use in found.uses] == [("action", "A"), ("condition", "B")]
    assert found.flags == ("single-source", "pending-review")
    assert found.readings == ("R",)


def test_they_stand_in_the_order_of_the_article() -> None:
    graph = graph_of(
        ":Z a :Recommendation ; :order 1 ; :recommends :I ; :appliesTo :C ."
        " :A a :Recommendation ; :order 2 ; :advisesAgainst :I ; :appliesTo :C ."
    )
    found = recommendations(graph, {}, {})
    assert [(each.name, each.direction) for each in found] == [("Z", "for"), ("A", "against")]


@pytest.mark.parametrize(
    "parts",
    [
        ":appliesTo :C",
        ":recommends :I",
        ":recommends :I ; :advisesAgainst :J ; :appliesTo :C",
        ":recommends :I , :J ; :appliesTo :C",
        ":recommends :I ; :appliesTo :C ; :order 'first'",
    ],
)
def test_a_recommendation_in_parts_is_an_error(parts: str) -> None:
    with pytest.raises(KnowledgeError, match=r"a\.ttl"):
        recommendations(graph_of(f":X a :Recommendation ; {parts} ."), {}, {})


@pytest.mark.parametrize(
    ("cited", "flags"),
    [
        ((), ("uncited", "pending-review")),
        (("2",), ("single-source", "pending-review")),
        (("1",), ("single-source", "unresolved-source", "pending-review")),
        (("1", "2"), ("unresolved-source", "pending-review")),
        (("9",), ("single-source", "unresolved-source", "pending-review")),
    ],
)
def test_flags_of_the_evidence(cited: tuple[str, ...], flags: tuple[str, ...]) -> None:
    assert citation_flags(cited, SOURCES) == flags


def test_an_outcome_quotes_its_statement() -> None:
    graph = graph_of(
        """:Benefit rdfs:subClassOf :Outcome . :Calm a :Benefit ; rdfs:label "calm"@en ; :statedIn :A ;
        :number 1.50 ; :unit "years"@en ; :denominator "?"@en ."""
    )
    found = outcomes(graph, STATEMENTS)["Calm"]
    assert (found.kind, found.number, found.unit, found.quote) == ("benefit", "1.50", "years", "Rest.")


@pytest.mark.parametrize(
    ("stated", "quote"), [(("A",), "Rest."), (("B", "A"), "Rest. Walk"), (("C", "A"), "Lie."), ((), ""), (("X",), "")]
)
def test_statements_that_touch_are_quoted_as_one(stated: tuple[str, ...], quote: str) -> None:
    assert outcome_quote(stated, STATEMENTS) == quote
