"""One cache for the whole run, so that tests neither read nor leave anything in the user's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import SOURCE
from vhkg.answering.compiled import CACHE_VARIABLE

# Time is never asserted in a test. CI repeats itself; what new examples find, they find on a developer's machine.
settings.register_profile("vhkg", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("vhkg")
os.environ[CACHE_VARIABLE] = str(Path(__file__).parent.parent / "build" / "test-cache")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the article, leave out the tests that need it, and count them as deselected; in CI they fail."""
    if SOURCE.is_file() or os.environ.get("CI"):
        return
    needing = [item for item in items if item.get_closest_marker("source")]
    if needing:
        config.hook.pytest_deselected(items=needing)
        items[:] = [item for item in items if not item.get_closest_marker("source")]


@pytest.fixture(scope="session")
def article_path() -> Path:
    """The article's text; its absence is a failure, not a skip."""
    assert SOURCE.is_file(), f"{SOURCE} is missing: set VHKG_SOURCE"
    return SOURCE
