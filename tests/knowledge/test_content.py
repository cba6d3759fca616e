"""The whole content, as shipped and as refused."""

from __future__ import annotations

import pytest

from tests.knowledge.mini import graph_of
from vhkg.errors import KnowledgeError
from vhkg.knowledge.content import read_content
from vhkg.knowledge.graph import Graph
from vhkg.model.content import Content
from vhkg.namespaces import BASE
from vhkg.resources import knowledge_files

HEADER = '<https://example.org/o> a owl:Ontology ; owl:versionInfo "1" ; dcterms:title "T"@en . :Article a :Source .\n'


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(Graph.parse({n: d for n, d in knowledge_files().ontology.items() if n.endswith(".ttl")}))


def test_a_small_content() -> None:
    found = read_content(graph_of(HEADER + ":A a owl:Class . :b a owl:NamedIndividual . :p a owl:ObjectProperty ."))
    assert (found.version, found.title) == ("1", "T")
    assert found.iris == {"A": BASE + "A", "b": BASE + "b", "p": BASE + "p"}
    assert found.recommendations == ()


def test_an_ontology_without_a_header_is_an_error() -> None:
    with pytest.raises(KnowledgeError, match="no file has an ontology header; declare an owl:Ontology"):
        read_content(graph_of(":Article a :Source ."))


def test_two_terms_with_one_local_name_are_an_error() -> None:
    with pytest.raises(KnowledgeError, match="share the local name A; rename one"):
        read_content(graph_of(HEADER + ":A a owl:Class . <https://example.org/A> a owl:Class ."))


def test_every_name_in_the_shipped_content_exists(content: Content) -> None:
    statements, classes = set(content.statements), set(content.classes)
    things = set(content.findings) | set(content.plans)
    for recommendation in content.recommendations:
        assert recommendation.target in things
        assert {recommendation.condition, recommendation.exclusion or recommendation.condition} <= classes
        assert {use.statement for use in recommendation.uses} <= statements
        assert set(recommendation.outcomes) <= set(content.outcomes)
        assert set(recommendation.readings) <= set(content.readings)
    for plan in content.plans.values():
        assert {step.intervention for step in plan.steps} <= set(content.findings)
        assert {step.alternative_to for step in plan.steps} <= {"", *(step.name for step in plan.steps)}
    for silence in content.silences:
        assert silence.nearest in statements
        assert set(silence.raised_by) <= classes
    for limit in content.limits:
        assert {limit.raised_by, limit.caps_within} <= classes
        assert limit.factor in content.findings
        assert set(limit.limits) <= {recommendation.name for recommendation in content.recommendations}
    for reading in content.readings.values():
        assert {alternative.name for alternative in reading.alternatives} <= classes
        assert set(reading.concerns) <= statements
    for finding in content.findings.values():
        assert finding.undefined_in in {"", *(silence.name for silence in content.silences)}
        assert set(finding.derived_from) <= statements


def test_the_names_that_others_rely_on(content: Content) -> None:
    ids = [recommendation.name for recommendation in content.recommendations]
    assert ids[:3] == [
        "PercutaneousVertebroplastyFirstLine",
        "TransarterialEmbolizationAlone",
        "RadiationForNonCandidates",
    ]
    assert {"VertebralHemangioma", "NeurologicalDeficit", "VertebroplastyCandidacy", "Pregnancy"} <= set(
        content.findings
    )
    assert content.findings["VertebroplastyCandidacy"].bearer == "patient"
    assert content.findings["RecurrentHemangioma"].bearer == "lesion"


def test_every_action_is_quoted_with_its_citations(content: Content) -> None:
    for recommendation in content.recommendations:
        actions = [content.statements[use.statement] for use in recommendation.uses if use.role == "action"]
        assert actions
        assert all(action.quote for action in actions)
        assert ("uncited" in recommendation.flags) == (not any(action.citations for action in actions))
        assert "pending-review" in recommendation.flags
