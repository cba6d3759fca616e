"""Places of patients and lesions, with few and with many different names."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cohort.batches import shown
from tests.cohort.runs import read
from tests.support import shipped
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.facts_csv import FactsCsv


@pytest.mark.parametrize("names", [1, 3, 40, 100_000])
@pytest.mark.parametrize("grouped", [True, False])
def test_lesions_are_those_of_the_records(tmp_path: Path, names: int, *, grouped: bool) -> None:
    choice = random.Random(names)
    rows = [
        f"p{choice.randrange(150)},{choice.choice(['', f'L{choice.randrange(names)}'])},BackPain,present,"
        for _ in range(700)
    ]
    path = tmp_path / "f.csv"
    lines = sorted(rows) if grouped else rows
    path.write_text("\n".join(["patient,presentation,finding,status,date", *lines, ""]), encoding="utf-8")
    source = shipped().read_source(path)
    expected = shown(batch_of(str(path), source.patients, shipped(), report=source.report), shipped())
    assert read(FactsCsv(str(path), shipped()), shipped()) == expected
