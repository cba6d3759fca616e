"""Whole cases as data: a patient file and what the answer must be. The published ones are seven patients of the
literature, with the status of every treatment as read from the article."""

from __future__ import annotations

import pytest

from tests.support import shipped
from tests.whole_cases import Case, differences, read_cases

CASES = read_cases()
PUBLISHED = {"v01", "v03", "v11", "v15", "v19", "v34", "v36"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    assert differences(case, shipped()) == []


def test_every_published_case_is_here() -> None:
    assert {case.name.removeprefix("published-") for case in CASES if case.name.startswith("published-")} == PUBLISHED
