"""The summary of the evidence fails where a promise is not kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests import evidence
from tests.evidence import Total, totals
from vhkg.assurance.evidence import evidence as made


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    promises = tmp_path / "promises.tsv"
    promises.write_text("claim\tcases\tsays\nagrees\t10\tit agrees\n", encoding="utf-8")
    return tmp_path / "evidence", promises


def _total(folders: tuple[Path, Path], *parts: tuple[int, int]) -> Total:
    folder, promises = folders
    for number, (cases, wrong) in enumerate(parts):
        (folder / "agrees").mkdir(parents=True, exist_ok=True)
        part = made("agrees", str(number), cases=cases, disagreements=["x"] * wrong, digest="d", command="c")
        (folder / "agrees" / f"{number}.json").write_bytes(msgspec.json.encode(part))
    (found,) = totals(folder, promises)
    return found


def test_parts_add_up(folders: tuple[Path, Path]) -> None:
    found = _total(folders, (4, 0), (6, 0))
    assert (found.cases, found.parts, found.holds) == (10, 2, True)


@pytest.mark.parametrize("parts", [(), ((9, 0),), ((20, 1),), ((5, 0), (5, 1))])
def test_a_promise_that_is_not_kept_fails(folders: tuple[Path, Path], parts: tuple[tuple[int, int], ...]) -> None:
    assert not _total(folders, *parts).holds


def test_a_test_leaves_its_evidence(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, promises = folders
    monkeypatch.setattr(evidence, "FOLDER", folder)
    evidence.record("agrees", "one", cases=12, disagreements=["a differs"], command="pytest", seed=3)
    (found,) = totals(folder, promises)
    assert (found.cases, found.disagreements, found.commands) == (12, 1, ("pytest",))
    assert len(found.digests[0]) == 64


def test_evidence_that_nobody_promised_is_shown(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, promises = folders
    monkeypatch.setattr(evidence, "FOLDER", folder)
    evidence.record("extra", "one", cases=1, command="pytest")
    assert [each.claim for each in totals(folder, promises)] == ["agrees", "extra"]
