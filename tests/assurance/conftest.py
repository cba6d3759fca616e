"""The shipped knowledge, compiled once, and the article."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vhkg.answering.compiled import compile_knowledge
from vhkg.model.compiled import CompiledKnowledge
from vhkg.resources import KnowledgeFiles, knowledge_files

_PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shipped() -> KnowledgeFiles:
    return knowledge_files()


@pytest.fixture(scope="session")
def compiled(shipped: KnowledgeFiles) -> CompiledKnowledge:
    return compile_knowledge(shipped)


@pytest.fixture(scope="session")
def article_path() -> Path:
    """A missing article is a failure: the tests that need it carry the marker `source`."""
    path = Path(os.environ.get("VHKG_SOURCE") or _PROJECT.parent / "shared" / "source" / "article.txt")
    if not path.is_file():
        pytest.fail(f"the article is not at {path}: set VHKG_SOURCE, or deselect with -m 'not source'")
    return path


@pytest.fixture(scope="session")
def article(article_path: Path) -> bytes:
    return article_path.read_bytes()
