from __future__ import annotations

from pathlib import Path

import pytest

import vhkg
from benchmarks.cohort.data import Cohorts
from benchmarks.cohort.drawing import Shares
from benchmarks.cohort.terms import Terms
from vhkg.answering.knowledge import Knowledge

PATIENTS = 120


@pytest.fixture(scope="package")
def knowledge() -> Knowledge:
    return vhkg.load()


@pytest.fixture(scope="package")
def terms(knowledge: Knowledge) -> Terms:
    return Terms.of(knowledge)


@pytest.fixture(scope="package")
def cohorts(tmp_path_factory: pytest.TempPathFactory, terms: Terms) -> Cohorts:
    """More of what is rare than in a large cohort."""
    shares = Shares(superseded=0.2, contradictory=0.1, invalid=0.1)
    return Cohorts(tmp_path_factory.mktemp("cohorts"), terms, shares)


@pytest.fixture(scope="package")
def valid(tmp_path_factory: pytest.TempPathFactory, terms: Terms) -> Cohorts:
    return Cohorts(tmp_path_factory.mktemp("valid"), terms, Shares(superseded=0.2, contradictory=0.1, invalid=0))


def content(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of all files of a folder."""
    return {each.name: each.read_bytes() for each in sorted(path.iterdir() if path.is_dir() else [path])}
