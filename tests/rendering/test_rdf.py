from __future__ import annotations

import re

import msgspec
import pyoxigraph as ox
import pytest

from tests.rendering.four import FOUR, deficit_in_pregnancy, pain_without_deficit
from tests.rendering.samples import DIGEST, content, document, invalid
from vhkg.namespaces import BASE, Vhkg
from vhkg.rendering.rdf import answer_iri, answer_ntriples, render_turtle
from vhkg.resources import knowledge_files

HOSTILE = 'p"\\\n\x00\x1b\u202e> <x:y> .\udcff'


def triples(text: bytes | str, form: ox.RdfFormat) -> set[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    return {str(quad.triple) for quad in ox.parse(raw, format=form)}


@pytest.mark.parametrize("changes", [{}, {"patient": HOSTILE, "file": HOSTILE, "presentation": HOSTILE}])
def test_turtle_and_ntriples_are_the_same_graph(changes: dict[str, str]) -> None:
    made = document(*(msgspec.structs.replace(make(), **changes) for make in FOUR.values()), invalid())
    turtle = triples(render_turtle(made, content()), ox.RdfFormat.TURTLE)
    assert turtle == triples(answer_ntriples(made, content()), ox.RdfFormat.N_TRIPLES)
    assert len(turtle) > 500


def test_every_term_is_declared_in_the_ontology() -> None:
    declared = set(re.findall(r"^:(\w+) a owl:", knowledge_files().ontology["vhkg.ttl"].decode(), re.MULTILINE))
    assert {term.removeprefix(BASE) for term in Vhkg} <= declared


def test_a_hostile_name_is_one_literal() -> None:
    made = document(msgspec.structs.replace(pain_without_deficit(), patient='p" ; <x:y> "'))
    store = ox.Store()
    store.load(render_turtle(made, content()).encode(), format=ox.RdfFormat.TURTLE)
    (found,) = store.quads_for_pattern(None, ox.NamedNode(Vhkg.forPatient), None)
    assert found.object == ox.Literal('p" ; <x:y> "')
    assert not list(store.quads_for_pattern(None, ox.NamedNode("x:y"), None))


def test_no_query_finds_applies_under_a_scope_limit() -> None:
    store = ox.Store()
    store.load(answer_ntriples(document(deficit_in_pregnancy()), content()), format=ox.RdfFormat.N_TRIPLES)
    assert not list(store.quads_for_pattern(None, None, ox.Literal("applies")))


def test_status_nodes_carry_what_queries_ask_for() -> None:
    store = ox.Store()
    store.load(render_turtle(document(pain_without_deficit()), content()).encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query(
        f"""PREFIX : <{BASE}> SELECT ?status ?because WHERE {{
          ?answer :forPatient "a" ; :hasRecommendationStatus ?node ; :knowledgeDigest "{DIGEST}" ; :asks ?question .
          ?node :ofRecommendation :TransarterialEmbolizationAlone ; :statusCode ?status ; :becauseOf ?because .
          ?question :asksFor :VertebroplastyCandidacy ; :effectIfAbsent ?effect . }}"""
    )
    assert isinstance(rows, ox.QuerySolutions)
    ((status, because),) = [(row["status"].value, row["because"].value) for row in rows]
    assert status == "applies"
    assert "ExtraosseousExtension=absent@2026-10-28" in because


def test_answers_that_may_differ_have_different_nodes() -> None:
    made = pain_without_deficit()
    others = [
        msgspec.structs.replace(made, patient="a|T9", presentation=""),
        msgspec.structs.replace(made, as_of=None),
        msgspec.structs.replace(made, readings={**made.readings, "FactorReading": "FactorOnlyFlags"}),
    ]
    iris = {answer_iri(made, DIGEST), answer_iri(made, "other"), *(answer_iri(other, DIGEST) for other in others)}
    assert len(iris) == 5
