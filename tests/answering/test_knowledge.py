"""The Python interface: sources of patients, invariances of the answer, and other knowledge."""

from __future__ import annotations

import datetime
import random
import shutil
from pathlib import Path

import pytest

import vhkg
from tests.support import ROOT, answer, shipped, statuses
from vhkg.errors import InputError, KnowledgeError, UnknownName, UsageError
from vhkg.model.answer import Verdict
from vhkg.rendering.jsonout import render_json

# The example patients of tests/data speak of invented findings; here they are given ours.
OURS = {"Redness": "BackPain", "Swelling": "NeurologicalDeficit", "Travelling": "Pregnancy", "Bandaging": "Laminectomy"}
DEMO = ROOT / "ontology" / "examples" / "demo.csv"
ROWS = [
    {"patient": "a", "finding": "VertebralHemangioma", "status": "present", "date": "2026-11-02"},
    {"patient": "a", "finding": "BackPain", "status": "present", "date": "2026-11-02"},
    {"patient": "a", "finding": "NeurologicalDeficit", "status": "absent", "date": "2026-11-01"},
]


def test_the_surface() -> None:
    assert sorted(vhkg.__all__) == vhkg.__all__ == ["__version__", "load"]
    assert vhkg.load().compiled.digest == shipped().compiled.digest


def test_a_file_and_rows_give_the_same_answer(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    lines = ["patient,finding,status,date"] + [",".join(row.values()) for row in ROWS]
    path.write_text("\n".join(lines))
    from_file, from_rows = shipped().recommend(path), shipped().recommend(ROWS)
    assert [r.to_dict()["recommendations"] for r in from_file] == [r.to_dict()["recommendations"] for r in from_rows]


def _with_ours(path: Path, folder: Path) -> Path:
    text = path.read_text(encoding="utf-8")
    for invented, ours in OURS.items():
        text = text.replace(invented, ours)
    copy = folder / path.name
    copy.write_text(text, encoding="utf-8")
    return copy


def test_every_format_gives_the_same_answers(tmp_path: Path) -> None:
    found = {}
    for path in sorted((ROOT / "tests" / "data" / "patients" / "valid").glob("same.*")):
        answers = shipped().recommend(_with_ours(path, tmp_path))
        found[path.suffix] = [{**given.to_dict(), "file": ""} for given in answers]
    assert len(found) > 4
    assert len(found[".ttl"]) == 2
    assert all(given == found[".ttl"] for given in found.values())


def test_order_of_rows_and_irrelevant_facts_change_nothing() -> None:
    before = statuses(shipped().recommend(ROWS)[0])
    shuffled = list(ROWS)
    random.Random(1).shuffle(shuffled)
    assert statuses(shipped().recommend(shuffled)[0]) == before
    more = [*ROWS, {"patient": "a", "finding": "MagneticResonanceImaging", "status": "present"}]
    assert statuses(shipped().recommend(more)[0]) == before


def test_patients_of_one_call_do_not_touch_each_other() -> None:
    contradictory = [{**row, "patient": "b"} for row in ROWS]
    contradictory.append({**contradictory[2], "status": "present"})
    alone = shipped().recommend(ROWS)
    together = shipped().recommend([*contradictory, *ROWS])
    same = next(a for a in together if a.patient == "a")
    assert same.to_dict()["recommendations"] == alone[0].to_dict()["recommendations"]
    other = next(a for a in together if a.patient == "b")
    assert other.verdict is Verdict.CONTRADICTION
    assert {fact.finding for conflict in other.conflicts for fact in conflict.facts} == {"NeurologicalDeficit"}
    assert other.findings["NeurologicalDeficit"].status == "conflict"


def test_as_of_looks_no_further() -> None:
    day = datetime.date(2026, 11, 1)
    (early,) = shipped().recommend(ROWS, as_of=day)
    assert early.as_of == day
    assert {fact.finding for fact in early.later} == {"VertebralHemangioma", "BackPain"}
    assert "later-facts-ignored" in early.flags
    assert statuses(early)["PercutaneousVertebroplastyFirstLine"] == "undetermined"


def test_invalid_records_are_answered_as_invalid(tmp_path: Path) -> None:
    source = ROOT / "tests" / "data" / "patients" / "invalid"
    found = [a for path in sorted(source.glob("*.ttl")) for a in shipped().recommend(_with_ours(path, tmp_path))]
    invalid = [a for a in found if a.verdict is Verdict.INVALID]
    assert len(invalid) > 5
    assert all(not a.conforms and a.violations and not a.recommendations for a in invalid)
    assert all(a.conforms and a.recommendations for a in found if a.verdict is not Verdict.INVALID)


def test_stale_facts_are_noticed() -> None:
    rows = [{**row, "date": "2026-01-01"} for row in ROWS[:2]] + [ROWS[2]]
    (found,) = shipped().recommend(rows)
    assert "StaleFact" in {notice.id for notice in found.notices}
    assert "StaleFact" not in {notice.id for notice in shipped().recommend(ROWS)[0].notices}


def test_triage_is_disclaimed_unless_a_deficit_is_excluded() -> None:
    assert "NoTriage" in {n.id for n in answer({"VertebralHemangioma": "present"}).notices}
    excluded = answer({"VertebralHemangioma": "present", "NeurologicalDeficit": "absent"})
    assert "NoTriage" not in {n.id for n in excluded.notices}


def test_embolization_alone_never_precedes_vertebroplasty() -> None:
    for facts in ({}, {"VertebroplastyCandidacy": "absent", "ExtraosseousExtension": "absent"}):
        painful = {"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"}
        found = answer({**painful, **facts})
        names = [r.id for r in found.recommendations]
        assert names.index("PercutaneousVertebroplastyFirstLine") < names.index("TransarterialEmbolizationAlone")


def test_the_first_line_comes_with_its_sentence_citation_and_harm() -> None:
    found = answer({"VertebralHemangioma": "present", "BackPain": "present", "NeurologicalDeficit": "absent"})
    first = found.recommendations[0]
    action = next(s for s in first.statements if s.role == "action")
    assert action.quote == "Percutaneous vertebroplasty - provides immediate pain relief and structural support 1"
    assert first.sources == ("1",)
    assert set(first.flags) >= {"single-source", "unresolved-source", "pending-review"}
    harm = next(outcome for outcome in first.outcomes if outcome.kind == "harm")
    assert (harm.number, harm.unit) == ("12.5", "%")
    assert "observed in 12.5% of cases" in harm.quote


def test_unknown_findings_in_a_what_if() -> None:
    with pytest.raises(UnknownName, match="did you mean BackPain"):
        answer({"VertebralHemangioma": "present"}, assume={"BackPains": True})


def test_rows_pass_the_front_door() -> None:
    with pytest.raises(InputError, match="did you mean BackPain"):
        shipped().recommend([{"patient": "p", "finding": "BackPian", "status": "present"}])


def test_the_wrong_kind_of_argument_is_named() -> None:
    for source in (None, 3, b"x", {"patient": "p"}, [("p", "BackPain")]):
        with pytest.raises(UsageError, match="give a path, or a list of dictionaries"):
            shipped().recommend(source)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"give a datetime\.date"):
        shipped().recommend(ROWS, as_of="2026-11-01")  # type: ignore[arg-type]


def test_another_knowledge_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(ROOT / "ontology", folder, ignore=shutil.ignore_patterns("shapes", "vhkg.ttl", "*.jsonld"))
    limits = folder / "limits.ttl"
    limits.write_text(limits.read_text().replace(":staleAfterDays 90", ":staleAfterDays 9000"))
    own = vhkg.load(str(folder))
    assert own.compiled.digest != shipped().compiled.digest
    assert render_json(own.document(own.recommend(DEMO))) != render_json(shipped().document(shipped().recommend(DEMO)))
    assert "treatments-for-patient" in own.files.queries
    with pytest.raises(KnowledgeError, match="no Turtle files here"):
        vhkg.load(str(tmp_path / "nothing"))
