"""The central question on answers as vhkg itself materialises them, on three engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mapping.support import held_with_invented
from tests.stores.server import oxigraph
from tests.support import shipped
from vhkg.auditing import audit, audit_document
from vhkg.model.answer import Answer
from vhkg.rendering.audit_rdf import audit_ntriples
from vhkg.rendering.rdf import answer_ntriples
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, RdflibStore, run

KNOWLEDGE = held_with_invented()
CATALOGUE = Catalogue(shipped().files.queries)
FACTS = {
    "painful": {"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"},
    "deficit": {"VertebralHemangioma": "present", "NeurologicalDeficit": "present", "SpinalStenosis": "present"},
    "pregnant": {"VertebralHemangioma": "present", "NeurologicalDeficit": "present", "Pregnancy": "present"},
    "excluded": {"VertebralHemangioma": "absent"},
    'odd " \\u0022 name': {"NeurologicalDeficit": "unknown"},
}


ROWS = [
    {"patient": patient, "finding": finding, "status": status, "date": "2026-11-02"}
    for patient, facts in FACTS.items()
    for finding, status in facts.items()
]
GIVEN = [
    {"patient": "painful", "finding": "Kyphoplasty", "status": "present", "date": "2026-11-03"},
    {"patient": "deficit", "finding": "EnBlocResection", "status": "present", "date": "2026-11-03"},
]


@pytest.fixture(scope="module")
def found() -> tuple[Answer, ...]:
    return tuple(shipped().recommend(ROWS))


@pytest.fixture(scope="module")
def materialised(found: tuple[Answer, ...]) -> bytes:
    audited = [audit(shipped(), patient) for patient in shipped().read([*ROWS, *GIVEN])]
    answers = answer_ntriples(shipped().document(found), shipped().content)
    return answers + audit_ntriples(audit_document(shipped(), audited), shipped().content)


def test_each_recommendation_of_each_answer_is_a_row(found: tuple[Answer, ...], materialised: bytes) -> None:
    rows = run(CATALOGUE.get("treatments-for-patient"), EmbeddedStore(KNOWLEDGE, materialised)).dicts()
    assert {(row["patient"], row["item"], row["status"]) for row in rows} == {
        (answer.patient, given.id, given.status.value) for answer in found for given in answer.recommendations
    }
    assert len(rows) == sum(len(answer.recommendations) for answer in found)


def test_a_capped_status_is_not_called_otherwise_anywhere_in_its_row(materialised: bytes) -> None:
    store = EmbeddedStore(KNOWLEDGE, materialised)
    rows = run(CATALOGUE.get("treatments-for-patient"), store, {"patient": "pregnant"}).dicts()
    capped = [row for row in rows if "capped" in row["flags"].split(" | ")]
    assert capped
    for row in capped:
        assert row["status"] != "applies"
        assert "not-addressed:Pregnancy" in row["flags"]


def test_what_would_decide_is_among_what_is_asked(found: tuple[Answer, ...], materialised: bytes) -> None:
    store = EmbeddedStore(KNOWLEDGE, materialised)
    rows = run(CATALOGUE.get("deciding-facts-for-patient"), store).dicts()
    asked = {(answer.patient, question.finding) for answer in found for question in answer.ask}
    assert rows
    assert {(row["patient"], row["item"]) for row in rows} <= asked


@pytest.fixture(scope="module")
def server(materialised: bytes) -> Iterator[Endpoint]:
    with oxigraph([*KNOWLEDGE.values(), materialised]) as url:
        yield Endpoint(url)


@pytest.mark.parametrize("name", [query.name for query in CATALOGUE if query.kind == "patient"])
def test_three_engines_agree_on_them(name: str, materialised: bytes, server: Endpoint) -> None:
    query = CATALOGUE.get(name)
    found = run(query, EmbeddedStore(KNOWLEDGE, materialised))
    assert found.rows
    assert run(query, RdflibStore(KNOWLEDGE, materialised)) == found
    assert run(query, server) == found
