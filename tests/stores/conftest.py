"""The shipped knowledge, and answers written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from vhkg.resources import knowledge_files
from vhkg.stores import EmbeddedStore, RdflibStore


@pytest.fixture(scope="session")
def knowledge() -> Mapping[str, bytes]:
    return knowledge_files().ontology


@pytest.fixture(scope="session")
def answers() -> bytes:
    return (Path(__file__).parent / "answers.ttl").read_bytes()


@pytest.fixture(scope="session")
def embedded(knowledge: Mapping[str, bytes], answers: bytes) -> EmbeddedStore:
    return EmbeddedStore(knowledge, answers)


@pytest.fixture(scope="session")
def rdflib_store(knowledge: Mapping[str, bytes], answers: bytes) -> RdflibStore:
    return RdflibStore(knowledge, answers)
