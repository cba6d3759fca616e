"""`vhkg audit` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import called as vhkg

ROWS = """patient,presentation,finding,status,date
p,T9,VertebralHemangioma,present,2026-01-01
p,T9,NeurologicalDeficit,present,2026-01-01
p,T9,EnBlocResection,present,2026-01-10
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "p.csv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def test_text_and_json_say_the_same(file: str) -> None:
    text, found = vhkg("audit", file), vhkg("audit", "--format", "json", file)
    assert "ADVISED AGAINST" in text.out
    assert json.loads(found.out)["audits"][0]["label"] == "advised-against"
    assert (text.code, found.code) == (0, 0)


def test_a_bad_file_is_reported_and_the_others_are_audited(file: str) -> None:
    found = vhkg("audit", "missing.csv", file, "--format", "csv")
    assert found.code == 3
    assert "missing.csv: there is no such file" in found.err
    assert "advised-against" in found.out


def test_question_38_over_the_same_file(file: str) -> None:
    found = vhkg("query", "38", "--data", file, "--format", "json")
    (row,) = json.loads(found.out)["rows"]
    assert (row["status"], row["item"], row["statement"]) == ("advised-against", "EnBlocResection", "S53")
