"""The walk-through of docs/adding-knowledge.md: the kettle at each step, and a statement added to it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.cli.support import called as vhkg
from tests.support import ROOT

KETTLE = ROOT / "docs" / "examples" / "kettle"
PAGE = (ROOT / "docs" / "adding-knowledge.md").read_text(encoding="utf-8")
ORDER = ["ontology", "findings", "interventions", "presentations", "recommendations", "statements"]


def test_the_files_stand_in_the_page_in_the_order_of_building() -> None:
    places = [PAGE.index(f"| `{name}.ttl` |") for name in ORDER]
    assert places == sorted(places)
    assert {path.stem for path in KETTLE.glob("*.ttl")} == set(ORDER)


def _build(folder: Path, count: int) -> Path:
    for name in ORDER[:count]:
        shutil.copy(KETTLE / f"{name}.ttl", folder)
    return folder


@pytest.mark.parametrize("count", range(1, len(ORDER)))
def test_at_each_step_the_check_says_what_is_missing(tmp_path: Path, count: int) -> None:
    """Each sentence names a term and a mend; nothing crashes."""
    found = vhkg("check", "--knowledge", str(_build(tmp_path, count)), "--source", str(KETTLE / "kettle.txt"))
    assert found.code in (1, 4)
    assert "Traceback" not in found.out + found.err
    assert found.err.startswith("vhkg: ") or "fail" in found.out


def test_the_whole_passes(tmp_path: Path) -> None:
    found = vhkg("check", "--knowledge", str(_build(tmp_path, 6)), "--source", str(KETTLE / "kettle.txt"))
    assert (found.code, found.err) == (0, "")


def test_a_statement_is_added_by_data_alone(tmp_path: Path) -> None:
    """A line is added to the text: the check names it, the template writes it, the check is content again."""
    folder = _build(tmp_path, 6)
    text = tmp_path / "kettle.txt"
    text.write_text((KETTLE / "kettle.txt").read_text(encoding="utf-8") + "Rinse twice.\n", encoding="utf-8")
    header = folder / "ontology.ttl"
    before, after = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (KETTLE / "kettle.txt", text))
    header.write_text(header.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    missing = vhkg("check", "--knowledge", str(folder), "--source", str(text))
    assert missing.code == 1
    assert "no passage" in missing.out or "not accounted" in missing.out or "unaccounted" in missing.out

    made = vhkg("template", "statement", "--source", str(text), "--quote", "Rinse twice.", "--name", "K06")
    assert (made.code, made.err) == (0, "")
    statement = made.out.replace(
        "    vhkg:lineNumber 6 .",
        '    vhkg:lineNumber 6 ;\n    oa:hasSource :Page ;\n    vhkg:section "First choice"@en ;\n'
        '    vhkg:passageOrder 6 ;\n    vhkg:disposition "deferred" ;\n'
        '    vhkg:because "How is left to the cook."@en .',
    )
    ledger = folder / "statements.ttl"
    ledger.write_text(ledger.read_text(encoding="utf-8") + "\n" + statement, encoding="utf-8")
    # the context of the line before has changed as well
    ledger.write_text(
        ledger.read_text(encoding="utf-8").replace('oa:suffix "\\n"@en', 'oa:suffix "\\nRinse twice.\\n"@en', 1),
        encoding="utf-8",
    )
    found = vhkg("check", "--knowledge", str(folder), "--source", str(text))
    assert (found.code, found.err) == (0, ""), found.out
