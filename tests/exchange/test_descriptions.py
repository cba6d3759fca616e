"""What is said of a term: complete, true of the decision table, and with links only to what is described."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.exchange import Descriptions
from vhkg.exchange.expressions import expression, plain
from vhkg.model.description import Description, Line, PartKind
from vhkg.namespaces import Owl

KNOWLEDGE = shipped()
FOUND = Descriptions(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled)
ALL = {name: FOUND.of(iri) for name, iri in FOUND.names.items()}


def lines(described: Description, heading: str) -> list[Line]:
    return [line for line in (*described.doing, *described.being) if line.heading == heading]


def named(described: Description, heading: str) -> list[str]:
    return [part.text for line in lines(described, heading) for part in line.parts if part.kind is PartKind.TERM]


def test_every_name_is_of_one_term() -> None:
    assert len(ALL) == len(tuple(FOUND))
    assert {each.name for each in ALL.values()} == set(ALL)
    assert all(each.label and each.file for each in ALL.values())


def test_links_lead_to_what_is_described() -> None:
    linked = {
        part.text
        for each in ALL.values()
        for line in (*each.doing, *each.being)
        for part in line.parts
        if part.kind is PartKind.TERM
    }
    assert len(linked) > 300
    assert linked <= set(ALL)


def test_a_term_defines_the_classes_whose_expression_names_it() -> None:
    graph = FOUND.graph
    seen = 0
    for subject, value in graph.pairs(Owl.equivalentClass):
        assert not isinstance(value, ox.Literal)
        words = set(expression(graph, value, plain).replace("(", " ").replace(")", " ").split())
        for word in words & set(ALL):
            if graph.is_class(ALL[word].iri):
                seen += 1
                assert graph.name_of(subject) in named(ALL[word], "used to define")
    assert seen > 100
    assert seen == sum(len(named(each, "used to define")) for each in ALL.values())


@pytest.mark.parametrize("recommendation", KNOWLEDGE.content.recommendations, ids=lambda each: each.name)
def test_a_finding_decides_a_status_if_some_facts_settle_it_with_it_and_not_without(recommendation) -> None:  # type: ignore[no-untyped-def]
    table, evaluator = KNOWLEDGE.compiled.table, KNOWLEDGE.decider.evaluator
    goal = table.goals[recommendation.name]
    decided = {name for name, each in ALL.items() if recommendation.name in named(each, "decides the status of")}
    settling = set()
    for value, rows in ((True, goal.yes), (False, goal.no)):
        for row in (row for row in rows if row.general):
            assert evaluator.holds(goal.name, evaluator.facts(row.literals)) is value
            for literal in row.literals:
                rest = [other for other in row.literals if other != literal]
                assert evaluator.holds(goal.name, evaluator.facts(rest)) is None
                settling.add(table.atoms[abs(literal) - 1].name)
    assert decided == settling


def test_what_a_source_a_silence_an_outcome_and_a_reading_do() -> None:
    content = KNOWLEDGE.content
    citing = {each.name for each in content.statements.values() if "2" in each.citations}
    assert set(named(ALL["Source2"], "cited by")) == citing
    for silence in content.silences:
        assert named(ALL[silence.name], "raised by") == list(silence.raised_by)
        assert silence.nearest in named(ALL[silence.name], "nearest sentence")
    for reading in content.readings.values():
        assert named(ALL[reading.name], "taken") == [reading.default]
        assert {*named(ALL[reading.name], "instead of"), reading.default} == {a.name for a in reading.alternatives}
    for outcome in content.outcomes.values():
        assert set(named(ALL[outcome.id], "stated in")) >= set(outcome.statements)


def test_another_knowledge_is_described_as_well() -> None:
    other = Knowledge.load(str(ROOT / "docs" / "examples" / "kettle"))
    found = Descriptions(other.files.ontology, other.compiled)
    assert set(other.content.statements) <= set(found.names)
    assert named(found.of(found.names["Crust"]), "used to define") == ["Furred"]
    assert named(found.of(found.names["Vinegar"]), "action of") == ["VinegarFirst"]
