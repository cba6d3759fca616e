"""The update, in an embedded store and in a real server, decides as one by one; what it cannot decide it marks."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from tests.engines.one_by_one import Fact, chosen, consistent, contradictory
from tests.records import random_readings
from tests.stores.server import oxigraph
from tests.support import shipped
from vhkg.engines.provenance import Provenance
from vhkg.engines.sparql import ANSWER_GRAPH, update
from vhkg.intake import Format, document
from vhkg.model.answer import Answer
from vhkg.namespaces import Vhkg
from vhkg.patients import serialize

KNOWLEDGE = shipped()
FACTS = [*consistent(25, 3, KNOWLEDGE), *contradictory(range(25), KNOWLEDGE)]
PROVENANCE = Provenance("2026-01-01", "digest", "pending", "a disclaimer")
STATUSES = f"""SELECT ?patient ?lesion ?day ?verdict ?recommendation ?status WHERE {{ GRAPH <{ANSWER_GRAPH}> {{
  ?answer <{Vhkg.forPatient}> ?patient ; <{Vhkg.forPresentation}> ?lesion .
  OPTIONAL {{ ?answer <{Vhkg.asOf}> ?day }} OPTIONAL {{ ?answer <{Vhkg.verdict}> ?verdict }}
  OPTIONAL {{ ?answer <{Vhkg.hasRecommendationStatus}> ?node .
    ?node <{Vhkg.ofRecommendation}> ?recommendation ; <{Vhkg.statusCode}> ?status }} }} }}"""
FACTORS = f"""SELECT ?patient ?lesion ?recommendation ?base ?factor WHERE {{ GRAPH <{ANSWER_GRAPH}> {{
  ?answer <{Vhkg.forPatient}> ?patient ; <{Vhkg.forPresentation}> ?lesion ; <{Vhkg.hasRecommendationStatus}> ?node .
  ?node <{Vhkg.ofRecommendation}> ?recommendation .
  OPTIONAL {{ ?node <{Vhkg.baseStatusCode}> ?base }} OPTIONAL {{ ?node <{Vhkg.notAddressed}> ?factor }} }} }}"""
FLAGS = f"""SELECT ?patient ?lesion ?flag WHERE {{ GRAPH <{ANSWER_GRAPH}> {{
  ?answer <{Vhkg.forPatient}> ?patient ; <{Vhkg.forPresentation}> ?lesion ; <{Vhkg.flag}> ?flag }} }}"""

Rows = set[tuple[str, ...]]


def turtle(facts: Sequence[Fact]) -> bytes:
    """The patient graphs of facts, as `vhkg import` makes them."""
    rows = [{name: value or "" for name, value in fact._asdict().items()} for fact in facts]
    return "".join(serialize(each.graph, Format.NTRIPLES) for each in KNOWLEDGE.read(rows)).encode()


GRAPHS = turtle(FACTS)


def made(readings: dict[str, str], as_of: datetime.date | None = None) -> str:
    return update(chosen(KNOWLEDGE, readings), KNOWLEDGE.content.iris, PROVENANCE, as_of=as_of)


def rows(store: ox.Store, query: str) -> Rows:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return {tuple(_text(solution[name]) for name in names) for solution in found}


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))


def answers(readings: dict[str, str], as_of: datetime.date | None = None) -> list[Answer]:
    return KNOWLEDGE.recommend(document("patients.nt", GRAPHS), readings=readings, as_of=as_of)


def weighed(answer: Answer) -> bool:
    return bool(answer.conflicts or answer.superseded)


def wanted(found: list[Answer]) -> tuple[Rows, Rows, Rows]:
    """Statuses, bases with factors, and flags, as the queries give them."""
    iris = KNOWLEDGE.content.iris
    statuses: Rows = set()
    factors: Rows = set()
    flags: Rows = set()
    for answer in found:
        lesion = (answer.patient, answer.presentation)
        day = answer.as_of.isoformat() if answer.as_of else ""
        if weighed(answer):
            statuses.add((*lesion, day, "", "", ""))
            flags.add((*lesion, "to-be-weighed"))
            continue
        for given in answer.recommendations:
            iri = iris[given.id]
            statuses.add((*lesion, day, answer.verdict.value, iri, given.status.value))
            base = given.base_status.value if given.base_status is given.status else ""
            factors |= {(*lesion, iri, base, iris[name] if name else "") for name in given.not_addressed or ("",)}
    return statuses, factors, flags


@pytest.mark.parametrize(("seed", "as_of"), [(0, None), (1, datetime.date(2026, 11, 1)), (6, None)])
def test_an_embedded_store_decides_as_one_by_one(seed: int, as_of: datetime.date | None) -> None:
    readings = random_readings(seed, KNOWLEDGE)
    store = ox.Store()
    store.load(GRAPHS, format=ox.RdfFormat.N_TRIPLES)
    before = len(store)
    store.update(made(readings, as_of))
    statuses, factors, flags = wanted(answers(readings, as_of))
    assert rows(store, STATUSES) == statuses
    assert rows(store, FACTORS) == factors
    assert rows(store, FLAGS) == flags
    assert flags
    assert len({status for *_, status in statuses}) > 4
    assert {graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)} == {ANSWER_GRAPH}
    assert len(list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == before


def test_a_second_run_replaces_the_first() -> None:
    store = ox.Store()
    store.load(GRAPHS, format=ox.RdfFormat.N_TRIPLES)
    store.update(made({}))
    once = {str(quad) for quad in store}
    store.update(made({}))
    assert {str(quad) for quad in store} == once


def test_a_changed_row_of_the_table_is_noticed() -> None:
    text = made({})
    goals = chosen(KNOWLEDGE, {}).goals
    name = min((rule.name for rule in KNOWLEDGE.decider.rules), key=lambda name: len(goals[name].yes))
    (line,) = [each for each in text.splitlines() if f"row/{name}/entails/0>" in each and "/entails> " in each]
    store = ox.Store()
    store.load(GRAPHS, format=ox.RdfFormat.N_TRIPLES)
    store.update(text.replace(line, ""))
    assert rows(store, STATUSES) != wanted(answers({}))[0]


def test_an_assessment_of_something_else_makes_the_answer_unusable() -> None:
    store = ox.Store()
    store.load(GRAPHS.replace(b"ontology#Pain>", b"ontology#Nothing>"), format=ox.RdfFormat.N_TRIPLES)
    store.update(made({}))
    marked = {(patient, lesion) for patient, lesion, flag in rows(store, FLAGS) if flag == "not-understood"}
    assert marked
    assert not marked & {(patient, lesion) for patient, lesion, *_ in rows(store, FACTORS)}


def test_a_server_decides_as_an_embedded_store() -> None:
    embedded = ox.Store()
    embedded.load(GRAPHS, format=ox.RdfFormat.N_TRIPLES)
    embedded.update(made({}))
    with oxigraph([GRAPHS]) as url:
        host = urlsplit(url).netloc
        connection = HTTPConnection(host)
        connection.request("POST", "/update", made({}).encode(), {"Content-Type": "application/sparql-update"})
        reply = connection.getresponse()
        said = reply.read()
        assert reply.status == 204, said
        connection.request("GET", f"/store?graph={ANSWER_GRAPH}", headers={"Accept": "application/n-triples"})
        served = connection.getresponse().read()
        connection.close()
    graph = {str(triple) for triple in ox.parse(served, format=ox.RdfFormat.N_TRIPLES)}
    own = embedded.quads_for_pattern(None, None, None, ox.NamedNode(ANSWER_GRAPH))
    assert graph == {str(ox.Quad(quad.subject, quad.predicate, quad.object)) for quad in own}
