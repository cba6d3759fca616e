"""The command, small: what it writes, and what it says where a name is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.cohort.__main__ import main
from benchmarks.cohort.data import Form


def test_a_report_of_what_was_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work, out = tmp_path / "work", tmp_path / "report"
    names = [f"parse {Form.NTRIPLES}", f"lines {Form.NTRIPLES}", "orjson *"]
    main(["--patients", "3", "20", "--only", *names, "--rounds", "2", "--workdir", str(work), "-o", str(out)])
    runs = json.loads((out / "runs.json").read_bytes())
    assert {(each["name"], each["patients"]) for each in runs} == {
        (name, size) for name in (*names[:2], f"orjson {Form.FHIR}", f"orjson {Form.BUNDLES}") for size in (3, 20)
    }
    assert all(len(each["runs"]) == len(each["starts"]) == 2 for each in runs)
    assert not any(run["fault"] for each in runs for run in (*each["runs"], *each["starts"]))
    text = (out / "report.md").read_text()
    assert "--patients 3 20" in text
    assert text.count(f"| parse {Form.NTRIPLES} | floor |") == 2
    assert (out / "rates.svg").read_text().startswith("<svg")
    assert text in capsys.readouterr().out
    assert sorted(each.name for each in work.iterdir()) == ["1", "20", "3"]


def test_a_job_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no job is called so; there are: lines"):
        main(["--only", "nothing", "--workdir", str(tmp_path), "-o", str(tmp_path / "report")])


def test_shares_that_are_asked_for(tmp_path: Path) -> None:
    given = ["--patients", "20", "--only", f"lines {Form.NTRIPLES}", "--rounds", "1", "--workdir", str(tmp_path)]
    main([*given, "-o", str(tmp_path / "some")])
    assert b"_:" in (tmp_path / "20" / Form.NTRIPLES).read_bytes()
    main([*given, "--share", "blank_nodes=0", "two_lesions=1", "-o", str(tmp_path / "none")])
    text = (tmp_path / "20" / Form.NTRIPLES).read_bytes()
    assert b"_:" not in text
    assert text.count(b"#Presentation> .") == 40


@pytest.mark.parametrize("share", ["blank=0", "invalid=2", "invalid", "invalid=few"])
def test_a_share_that_is_none(tmp_path: Path, share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--share", share, "--workdir", str(tmp_path), "-o", str(tmp_path / "report")])
    assert share in capsys.readouterr().err
