"""HermiT decides what `recommend` says, through both bridges, and a wrong table is caught."""

from __future__ import annotations

import msgspec
import pytest

from tests.support import ROOT, answer, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.assurance.reference import confirm
from vhkg.errors import EngineError
from vhkg.model.answer import Status
from vhkg.model.table import Goal

CASES = sorted((ROOT / "tests" / "cases").iterdir())


@pytest.mark.hermit
def test_every_case_is_confirmed() -> None:
    answers = [found for case in CASES for found in shipped().recommend(case / "patient.csv")]
    assert confirm(shipped(), answers) == sum(len(found.recommendations) for found in answers)


@pytest.mark.hermit
def test_a_changed_status_is_caught() -> None:
    found = answer({"VertebralHemangioma": "present", "NeurologicalDeficit": "present"})
    first = found.recommendations[3]
    assert first.status is Status.APPLIES
    forged = msgspec.structs.replace(first, status=Status.PROVISIONAL)
    others = [r if r is not first else forged for r in found.recommendations]
    with pytest.raises(EngineError, match=first.id):
        confirm(shipped(), [msgspec.structs.replace(found, recommendations=tuple(others))])


@pytest.mark.hermit
def test_a_mutated_row_is_caught() -> None:
    table = shipped().compiled.table
    name = "DecompressionWithPreoperativeEmbolization"
    goal = table.goals[name]
    mutated = Goal(name, yes=goal.no, no=goal.yes)
    compiled = msgspec.structs.replace(
        shipped().compiled, table=msgspec.structs.replace(table, goals={**table.goals, name: mutated})
    )
    wrong = Knowledge(shipped().files, compiled)
    rows = [{"patient": "p", "finding": "VertebralHemangioma", "status": "absent"}]
    with pytest.raises(EngineError, match=name):
        confirm(wrong, wrong.recommend(rows))


@pytest.mark.hermit
def test_without_java_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="HermiT needs Java"):
        confirm(shipped(), [answer({"VertebralHemangioma": "present"})])
