"""The shipped knowledge as it is published, and answers written by hand, in three engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.stores.server import oxigraph
from tests.support import shipped
from vhkg.answering.published import published
from vhkg.stores import EmbeddedStore, Endpoint, RdflibStore


@pytest.fixture(scope="session")
def knowledge() -> Mapping[str, bytes]:
    return published(shipped())


@pytest.fixture(scope="session")
def answers() -> bytes:
    return (Path(__file__).parent / "answers.ttl").read_bytes()


@pytest.fixture(scope="session")
def embedded(knowledge: Mapping[str, bytes], answers: bytes) -> EmbeddedStore:
    return EmbeddedStore(knowledge, answers)


@pytest.fixture(scope="session")
def rdflib_store(knowledge: Mapping[str, bytes], answers: bytes) -> RdflibStore:
    return RdflibStore(knowledge, answers)


@pytest.fixture(scope="session")
def endpoint(knowledge: Mapping[str, bytes], answers: bytes) -> Iterator[Endpoint]:
    """A real Oxigraph server that holds the same."""
    with oxigraph([*knowledge.values(), answers]) as url:
        yield Endpoint(url)
