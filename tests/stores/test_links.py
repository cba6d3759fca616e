"""A question that goes through another ontology is never answered without one."""

from __future__ import annotations

import pytest

from tests.stores.server import oxigraph
from tests.support import shipped
from vhkg.answering.published import published
from vhkg.errors import UnknownName, UsageError
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, RdflibStore, run

CATALOGUE = Catalogue(shipped().files.queries)
LINKED = [query.name for query in CATALOGUE if query.linked]


def test_there_are_three() -> None:
    assert LINKED == ["patients-by-linked-class", "patients-by-linked-level", "recommendations-by-linked-class"]


@pytest.mark.parametrize("name", LINKED)
@pytest.mark.parametrize("values", [{}, {"class": "HP:0012531"}])
def test_without_a_bridge_there_is_no_answer_on_any_engine(name: str, values: dict[str, str], answers: bytes) -> None:
    plain = published(shipped())
    with oxigraph([*plain.values(), answers]) as url:
        for engine in (EmbeddedStore(plain, answers), RdflibStore(plain, answers), Endpoint(url)):
            with pytest.raises(UsageError, match=f"{name} asks through the classes of another ontology"):
                run(CATALOGUE.get(name), engine, values)


@pytest.mark.parametrize("name", LINKED)
def test_a_class_that_no_bridge_holds_is_not_an_empty_answer(name: str, embedded: EmbeddedStore) -> None:
    with pytest.raises(UnknownName, match=r"unknown class of the bridge 'HP:0012532'; did you mean HP:0012531"):
        run(CATALOGUE.get(name), embedded, {"class": "HP:0012532"})


@pytest.mark.parametrize("name", LINKED)
@pytest.mark.parametrize("wanted", ["MONDO:0006500", "https://example.org/hierarchy#Procedure"])
def test_a_class_is_named_by_its_id_or_its_iri(name: str, wanted: str, embedded: EmbeddedStore) -> None:
    run(CATALOGUE.get(name), embedded, {"class": wanted})
