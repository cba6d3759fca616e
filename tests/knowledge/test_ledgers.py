"""Statements, readings, decisions, silences, limits, notices, sources and the article."""

from __future__ import annotations

import datetime

import pytest

from tests.knowledge.mini import graph_of
from vhkg.errors import KnowledgeError
from vhkg.knowledge import ledgers
from vhkg.model.content import Alternative

KINDS = ":Sentence rdfs:subClassOf :Statement . :Claim rdfs:subClassOf :Statement .\n"


def test_statements_stand_in_the_order_of_the_text_passages_first() -> None:
    graph = graph_of(
        KINDS
        + """:Two a :Sentence ; oa:hasSelector :TwoAt ; :passageOrder 2 . :TwoAt oa:start 10 ; oa:end 20 .
        :Part a :Claim ; oa:hasSelector :PartAt ; dcterms:isPartOf :One . :PartAt oa:start 0 ; oa:end 4 .
        :Whole a :Claim ; oa:hasSelector :WholeAt ; dcterms:isPartOf :One . :WholeAt oa:start 0 ; oa:end 9 .
        :One a :Sentence ; oa:hasSelector :OneAt ; :passageOrder 1 . :OneAt oa:start 0 ; oa:end 9 ."""
    )
    assert list(ledgers.statements(graph)) == ["One", "Whole", "Part", "Two"]


def test_a_statement_as_a_value() -> None:
    graph = graph_of(
        KINDS
        + """:A a :Claim ; oa:hasSelector :At , :Words ; :section "Part > Section"@en ; :lineNumber 3 ;
            cito:citesAsEvidence :Source2 , :Source1 , :Article ; dcterms:isPartOf :S ; :disposition "deferred" ;
            :because "A reason."@en ; :modelledBy :X .
        :At oa:start 5 ; oa:end 9 . :Words oa:exact "four"@en ; oa:prefix " "@en ; oa:suffix "."@en .
        :Source1 a :Source ; :marker "1" . :Source2 a :Source ; :marker "2" . :Article a :Source ."""
    )
    found = ledgers.statements(graph)["A"]
    assert (found.kind, found.start, found.end, found.quote, found.prefix, found.suffix) == (
        "Claim",
        5,
        9,
        "four",
        " ",
        ".",
    )
    assert (found.section, found.line, found.citations, found.part_of) == ("Part > Section", 3, ("1", "2"), ("S",))
    assert (found.disposition, found.because, found.modelled_by) == ("deferred", "A reason.", ("X",))


def test_a_statement_without_offsets_is_kept_for_the_checks_to_find() -> None:
    found = ledgers.statements(graph_of(KINDS + ":A a :Claim ."))["A"]
    assert (found.start, found.end, found.quote) == (-1, -1, "")


def test_readings_stand_in_their_order() -> None:
    graph = graph_of(
        """:R2 a :Reading ; :order 2 ; :hasAlternative :A , :B ; :defaultAlternative :B .
        :R1 a :Reading ; :order 1 ; :hasAlternative :C , :D ; :defaultAlternative :C ; :concerns :S1 .
        :C rdfs:label "read so"@en ; obo:IAO_0000115 "Read so that."@en ."""
    )
    found = ledgers.readings(graph)
    assert list(found) == ["R1", "R2"]
    assert found["R2"].default == "B"
    assert found["R1"].alternatives[0] == Alternative("C", "read so", "Read so that.")
    assert found["R1"].concerns == ("S1",)


def test_a_default_that_is_no_alternative_is_an_error() -> None:
    with pytest.raises(KnowledgeError, match="the default of R is not one of its alternatives; name one of them"):
        ledgers.readings(graph_of(":R a :Reading ; :hasAlternative :A , :B ; :defaultAlternative :C ."))


def test_decisions_silences_limits_and_notices() -> None:
    graph = graph_of(
        """:D a :ModellingDecision ; rdfs:label "d"@en ; :tension "Two ways."@en ; :description "One."@en .
        :Q2 a :Silence ; :order 2 ; :nearestStatement :S ; :raisedBy :C1 , :C2 ; :gap true .
        :Q1 a :Silence ; :order 1 ; :nearestStatement :S ; :question "Which?"@en .
        :L a :ScopeLimit ; :factor :F ; :raisedBy :C1 ; :capsWithin :C2 ; :limits :R ; :nearestStatement :S .
        :N a :SafetyNotice ; :noticeText "Ask."@en ; :audience "both" ; :shownUnless :C1 ; :staleAfterDays 90 ."""
    )
    assert ledgers.decisions(graph)["D"].decision == "One."
    first, second = ledgers.silences(graph)
    assert (first.name, first.gap, first.raised_by) == ("Q1", False, ())
    assert (second.name, second.gap, second.raised_by) == ("Q2", True, ("C1", "C2"))
    (limit,) = ledgers.scope_limits(graph)
    assert (limit.factor, limit.raised_by, limit.caps_within, limit.limits) == ("F", "C1", "C2", ("R",))
    (notice,) = ledgers.notices(graph)
    assert (notice.text, notice.audience, notice.shown_unless, notice.stale_after_days) == ("Ask.", "both", "C1", 90)


def test_sources_are_keyed_by_marker_and_the_article_has_none() -> None:
    graph = graph_of(
        """:S a :Source ; :marker "1" ; :standing "candidate" ; :candidate "A."@en ; :confidence "high" ;
            :basis "Read."@en ; :sourceNote "One."@en , "Two."@en .
        :Article a :Source ; dcterms:title "T"@en ; dcterms:issued "2025-08-26"^^xsd:date ; :sha256 "ab" ;
            :subjectClass :H ; :scopeClass :S1 ; :branchClass :B ; :gapClass :G ."""
    )
    assert ledgers.sources(graph)["1"].notes == ("One.", "Two.")
    found = ledgers.article(graph)
    assert (found.name, found.title, found.issued, found.sha256) == ("Article", "T", datetime.date(2025, 8, 26), "ab")
    assert (found.subject, found.scope, found.branch, found.gap) == ("H", "S1", "B", "G")


@pytest.mark.parametrize("text", ["", ":A a :Source . :B a :Source ."])
def test_there_is_one_article(text: str) -> None:
    with pytest.raises(KnowledgeError, match="describe exactly one article"):
        ledgers.article(graph_of(text))


def test_an_article_may_be_undated() -> None:
    assert ledgers.article(graph_of(":A a :Source .")).issued is None
