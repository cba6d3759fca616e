"""One cache for the whole run, so that tests neither read nor leave anything in the user's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import SOURCE
from vhkg.answering.compiled import CACHE_VARIABLE

os.environ[CACHE_VARIABLE] = str(Path(__file__).parent.parent / "build" / "test-cache")


@pytest.fixture(scope="session")
def article() -> Path:
    """The article's text; its absence is a failure, not a skip."""
    assert SOURCE.is_file(), f"{SOURCE} is missing: set VHKG_SOURCE or deselect with -m 'not source'"
    return SOURCE
