"""The shipped knowledge as it is published, with a bridge, and answers written by hand, in three engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.mapping.support import held_with_invented
from tests.stores.server import oxigraph
from vhkg.stores import EmbeddedStore, Endpoint, RdflibStore


@pytest.fixture(scope="session")
def knowledge() -> Mapping[str, bytes]:
    return held_with_invented()


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
