"""The shipped knowledge, compiled once, and the article."""

from __future__ import annotations

from pathlib import Path

import pytest

from vhkg.answering.compiled import compile_knowledge
from vhkg.model.compiled import CompiledKnowledge
from vhkg.resources import KnowledgeFiles, knowledge_files


@pytest.fixture(scope="session")
def shipped() -> KnowledgeFiles:
    return knowledge_files()


@pytest.fixture(scope="session")
def compiled(shipped: KnowledgeFiles) -> CompiledKnowledge:
    return compile_knowledge(shipped)


@pytest.fixture(scope="session")
def article(article_path: Path) -> bytes:
    return article_path.read_bytes()
