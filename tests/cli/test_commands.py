"""Every command, as a process: what it prints, and its exit code."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest

from tests.cli.support import DEMO, HEADER, vhkg
from tests.support import ROOT
from vhkg.rendering.jsonout import schema


def test_demo_is_the_whole_way() -> None:
    run = vhkg("demo")
    assert run.code == 0
    assert run.err == ""
    for block in ("ANSWER", "RESTS ON", "ASK", "FOR", "WITH", "NOT FOR THIS PATIENT", "SILENT"):
        assert f"\n{block}" in run.out
    assert '"Percutaneous vertebroplasty - provides immediate pain relief and structural support 1"' in run.out


def test_recommend_as_json_fits_the_schema() -> None:
    run = vhkg("recommend", "--format", "json", DEMO)
    document = json.loads(run.out)
    jsonschema.validate(document, schema())
    assert document["knowledge"]["reviewStatus"].startswith("pending human review")
    (answer,) = document["answers"]
    assert answer["verdict"] == "provisional"


def test_recommend_as_json_lines_csv_and_turtle() -> None:
    lines = vhkg("recommend", "--format", "jsonl", DEMO, DEMO).out.splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0])["verdict"] == "provisional"
    rows = list(csv.DictReader(io.StringIO(vhkg("recommend", "--format", "csv", DEMO).out)))
    assert rows[0]["recommendation"] == "PercutaneousVertebroplastyFirstLine"
    assert all(row["knowledgeDigest"] and row["reviewStatus"] for row in rows)
    turtle = vhkg("recommend", "--format", "ttl", DEMO).out
    assert sum(1 for _ in ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)) > 100


def test_output_is_the_same_whatever_the_hash_seed() -> None:
    outputs = {
        vhkg("recommend", "--full", DEMO, PYTHONHASHSEED=seed, LC_ALL="C", TZ=zone).out
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(outputs) == 1


def test_brief_and_full_and_patient() -> None:
    brief, normal, full = (vhkg("recommend", *how, DEMO).out for how in (["--brief"], [], ["--full"]))
    assert len(brief) < len(normal) < len(full)
    assert "not medical advice" in vhkg("recommend", "--audience", "patient", DEMO).out


def test_a_reading_by_its_short_name() -> None:
    run = vhkg("recommend", "--reading", "candidacy=CandidacyGuidesRadiationOnly", "--format", "json", DEMO)
    (answer,) = json.loads(run.out)["answers"]
    assert answer["recommendations"][0]["status"] == "applies"
    assert "reading:CandidacyReading=CandidacyGuidesRadiationOnly" in answer["flags"]


def test_several_files_a_bad_one_is_reported_and_the_others_answered() -> None:
    run = vhkg("recommend", "--format", "json", DEMO, "missing.ttl", DEMO)
    assert run.code == 3
    assert len(json.loads(run.out)["answers"]) == 2
    assert run.err == "vhkg: missing.ttl: there is no such file; correct the path.\n"


def test_json_is_json_even_if_nothing_could_be_read() -> None:
    run = vhkg("recommend", "--format", "json", "missing.ttl")
    assert run.code == 3
    assert json.loads(run.out)["answers"] == []


def test_a_reader_that_goes_away_is_no_failure() -> None:
    command = f"{shlex.quote(sys.executable)} -m vhkg query | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_spreadsheet_runs_nothing_of_a_patient() -> None:
    patient = HEADER + "=1+1,,VertebralHemangioma,present,\n"
    for command in (
        ("recommend", "--format", "csv", "-"),
        ("query", "treatments-for-patient", "--format", "csv", "--data", "-"),
    ):
        rows = list(csv.DictReader(io.StringIO(vhkg(*command, stdin=patient).out)))
        assert {row["patient"] for row in rows} == {"'=1+1"}


def test_standard_input() -> None:
    run = vhkg("recommend", "--format", "json", "-", stdin=Path(DEMO).read_text())
    assert json.loads(run.out)["answers"][0]["file"] == "standard input"


def test_as_of() -> None:
    run = vhkg("recommend", "--as-of", "2026-10-30", "--format", "json", DEMO)
    assert json.loads(run.out)["answers"][0]["asOf"] == "2026-10-30"


@pytest.mark.hermit
def test_hermit_decides_alike() -> None:
    run = vhkg("recommend", "--reasoner", "hermit", "--brief", DEMO)
    assert (run.code, run.err) == (0, "")
    assert run.out == vhkg("recommend", "--brief", DEMO).out


def test_explain_one_recommendation_down_to_the_sentence() -> None:
    run = vhkg("explain", DEMO, "percutaneousvertebroplastyfirstline")
    assert run.code == 0
    for word in ("why", "confirmed if", "falls away if", "1600-1685", "reading", "cites 1 only"):
        assert word in run.out


def test_what_if_shows_both_branches() -> None:
    patient = HEADER + "c,,VertebralHemangioma,present,\nc,,BackPain,present,\n"
    run = vhkg("explain", "-", "--if", "NeurologicalDeficit=present,absent", stdin=patient)
    assert run.code == 0
    assert "IF neurological deficit present" in run.out
    assert "IF neurological deficit absent" in run.out


def test_validate_says_what_to_mend(tmp_path: Path) -> None:
    assert vhkg("validate", DEMO).code == 0
    assert "sh:conforms true" in vhkg("validate", "--format", "ttl", DEMO).out
    bad = tmp_path / "bad.ttl"
    bad.write_text(
        "@prefix : <https://w3id.org/vhkg/ontology#> .\n"
        "<urn:p> a :Patient ; :hasPresentation <urn:l> .\n"
        "<urn:l> a :Presentation ; :hasAssessment [ a :Assessment ; :status :Present ] .\n"
    )
    run = vhkg("validate", str(bad))
    assert run.code == 1
    assert "finding" in run.out
    (report,) = json.loads(vhkg("validate", "--format", "json", str(bad)).out)
    assert report["conforms"] is False
    assert [r["component"] for r in report["results"] if r["severity"] == "Violation"] == [
        "MinCountConstraintComponent"
    ]
    assert vhkg("recommend", str(bad)).code == 1


def test_query_of_a_patient_on_both_engines() -> None:
    question = ("query", "treatments-for-patient", "--data", DEMO, "--input", "status=applies", "--format", "csv")
    embedded, by_rdflib = vhkg(*question), vhkg(*question, "--engine", "rdflib")
    assert embedded.out == by_rdflib.out
    rows = list(csv.DictReader(io.StringIO(embedded.out)))
    assert "TransarterialEmbolizationAlone" in {row["item"] for row in rows}
    assert all(row["quote"] for row in rows)
    none = vhkg("query", "treatments-for-patient", "--data", DEMO, "--input", "status=aplies")
    assert "no row matches status=aplies" in none.err


def test_query_lists_questions_and_runs_your_own(tmp_path: Path) -> None:
    listed = vhkg("query")
    assert listed.code == 0
    assert "treatments-for-patient" in listed.out
    own = tmp_path / "own.rq"
    own.write_text("SELECT (COUNT(?r) AS ?n) { ?r a <https://w3id.org/vhkg/ontology#Recommendation> }")
    assert "19" in vhkg("query", str(own)).out
    own.write_text("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    refused = vhkg("query", str(own))
    assert refused.code == 2
    assert "SERVICE" in refused.err


def test_terms_and_templates_come_back_in(tmp_path: Path) -> None:
    assert "RadicularPain" in vhkg("terms", "radicular").out
    assert len(json.loads(vhkg("terms", "--format", "json").out)) > 60
    assert vhkg("terms", "Vertebroplasti").code == 2
    for form in ("csv", "ttl"):
        path = tmp_path / f"template.{form}"
        path.write_text(vhkg("template", form).out)
        run = vhkg("recommend", "--format", "json", str(path))
        assert run.code == 0, run.err
        assert json.loads(run.out)["answers"][0]["verdict"] == "undecided"


def test_check_without_and_with_another_knowledge(tmp_path: Path) -> None:
    run = vhkg("check")
    assert run.code == 0
    assert "not run quotations" in " ".join(run.out.split())
    empty = vhkg("check", "--knowledge", str(tmp_path))
    assert empty.code == 4
    assert "no Turtle files here" in empty.err


@pytest.mark.hermit
def test_check_puts_the_table_to_hermit() -> None:
    run = vhkg("check", "--reasoner", "hermit")
    assert run.code == 0
    assert "0 answered otherwise" in " ".join(run.out.split())


@pytest.mark.source
def test_check_against_the_article(article_path: Path, tmp_path: Path) -> None:
    assert vhkg("check", "--source", str(article_path)).code == 0
    text = article_path.read_text(encoding="utf-8")
    altered = tmp_path / "article.txt"
    altered.write_text(text.replace("12.5%", "12.6%"), encoding="utf-8")
    run = vhkg("check", "--source", str(altered))
    assert run.code == 1
    assert "fail" in run.out
    added = tmp_path / "longer.txt"
    added.write_text(text + "\nOne more line.\n", encoding="utf-8")
    assert vhkg("check", "--source", str(added)).code == 1


@pytest.mark.parametrize("command", ["demo", "recommend", "explain", "validate", "query", "terms", "template", "check"])
def test_help_is_quick_to_load_and_says_something(command: str) -> None:
    run = vhkg(command, "--help")
    assert run.code == 0
    assert run.out.startswith("Usage:")
    assert command in vhkg("--help").out


def test_recommend_imports_neither_rdflib_nor_pyshacl_nor_owlready2() -> None:
    code = (
        "import sys; sys.argv = ['vhkg', 'recommend', sys.argv[1]]\n"
        "from vhkg.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'rdflib', 'pyshacl', 'owlready2', 'jpype'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for file in (DEMO, str(ROOT / "tests" / "data" / "patients" / "valid" / "empty-lesion.ttl")):
        subprocess.run([sys.executable, "-c", code, file], check=True, stdout=subprocess.DEVNULL)
