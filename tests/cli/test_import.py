"""`vhkg import` as a user runs it: every format in, every format out, and what is said of the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from tests.cli.support import HEADER
from tests.cli.support import called as vhkg
from tests.patients.many_formats.answers import essence
from tests.patients.many_formats.codes import write_codes
from tests.patients.many_formats.fhir import bulk_resources, bundle, write_bulk, write_lines
from tests.patients.many_formats.generator import LEVELS, generate
from tests.patients.many_formats.omop import write_omop
from tests.patients.many_formats.patient import Patient, Resolved
from tests.patients.many_formats.phenopackets import phenopacket
from tests.patients.many_formats.plain import coded_csv, facts_csv, turtle
from tests.support import ROOT
from vhkg.answering.knowledge import Knowledge
from vhkg.cli.import_ import KINDS
from vhkg.model.answer import Verdict

BUNDLE, CODES = (str(ROOT / "docs" / "examples" / name) for name in ("bundle.json", "codes.tsv"))
SUMMARY = f"vhkg: {BUNDLE}: FHIR, 1 patient, 7 entries: 5 read, 1 says nothing, 1 irrelevant"


# --- every format in and out


def _written(kind: str, patient: Patient, folder: Path) -> Path:
    """A patient as a file or folder of one of the formats."""
    if kind == "folder of NDJSON":
        write_bulk([patient], folder / "bulk", 0)
        return folder / "bulk"
    if kind == "folder of OMOP tables":
        write_omop([patient], folder / "omop", 0)
        return folder / "omop"
    if kind == "NDJSON":
        write_lines(folder / "in.ndjson", [json.dumps(each) for each in bulk_resources(patient)])
        return folder / "in.ndjson"
    name, content = {
        "bundle": ("in.json", bundle(patient)),
        "phenopacket": ("in.json", phenopacket(patient).content),
        "facts CSV": ("in.csv", facts_csv(patient.name, patient.facts)),
        "CSV with codes": ("in.csv", coded_csv(patient)),
        "Turtle": ("in.ttl", turtle(patient.name, patient.facts, 0)),
    }[kind]
    (folder / name).write_bytes(content)
    return folder / name


SOURCES = {
    "bundle": "fhir",
    "NDJSON": "fhir",
    "folder of NDJSON": "fhir",
    "phenopacket": "phenopacket",
    "folder of OMOP tables": "omop",
    "facts CSV": "csv",
    "CSV with codes": "csv",
    "Turtle": "rdf",
}
LESIONS = {"of one lesion": 1, "of several": 2}


def _patient(lesions: int) -> Patient:
    """The first with so many lesions, every status, and a condition that ended."""
    for patient in map(generate, range(300)):
        kinds = {type(statement) for statement in patient.statements}
        found = {fact.lesion for fact in patient.facts} - {""}
        statuses = {fact.status for fact in patient.facts}
        if len(found) == lesions and found <= set(LEVELS) and len(statuses) == 3 and Resolved in kinds:
            return patient
    raise AssertionError("the generator makes no such patient")


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return write_codes(tmp_path_factory.mktemp("codes"))


@pytest.fixture(scope="module")
def knowledge(codes: tuple[Path, ...]) -> Knowledge:
    return Knowledge.load(codes=codes)


@pytest.mark.parametrize("lesions", LESIONS)
@pytest.mark.parametrize("kind", SOURCES)
def test_what_is_written_gives_the_answer_of_the_source(
    knowledge: Knowledge, codes: tuple[Path, ...], tmp_path: Path, kind: str, lesions: str
) -> None:
    """Without the codes, which what is written does not need: its findings are named as ours are."""
    source = _written(kind, _patient(LESIONS[lesions]), tmp_path)
    expected = essence(knowledge.recommend(source))
    options = [option for path in codes for option in ("--codes", str(path))]
    for form in ("ttl", "nt", "csv"):
        target = tmp_path / f"out.{form}"
        found = vhkg("import", SOURCES[kind], str(source), "-o", str(target), *options)
        assert (found.code, found.out) == (0, "")
        assert found.err.startswith(f"vhkg: {source}: ")
        assert essence(Knowledge.load().recommend(target)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_tried(kind: str) -> None:
    assert kind in SOURCES.values()


def test_a_phenopacket_keeps_what_it_can_say(tmp_path: Path) -> None:
    """Days and the lesion's name are lost, which is said; the statuses are those of the bundle."""
    target = tmp_path / "out.json"
    found = vhkg("import", "fhir", BUNDLE, "--codes", CODES, "-o", str(target))
    assert found.code == 0
    lost = [line for line in found.err.splitlines() if line.startswith("vhkg: not in the phenopacket: ")]
    assert sum(int(line.split(": ")[2].split()[0]) for line in lost) == 6
    (before,) = Knowledge.load(codes=[CODES]).recommend(BUNDLE)
    (after,) = Knowledge.load().recommend(target)
    assert [(each.id, each.status) for each in after.recommendations] == [
        (each.id, each.status) for each in before.recommendations
    ]
    assert (before.verdict, after.patient) == (Verdict.FIRST_LINE, "ann")


def test_each_assertion_keeps_its_source_and_its_code() -> None:
    found = vhkg("import", "fhir", BUNDLE, "--codes", CODES, "-o", "-", "--format", "nt")
    space = "https://w3id.org/vhkg/ontology#"
    said: dict[str, dict[str, str]] = {}
    for triple in ox.parse(found.out.encode(), format=ox.RdfFormat.N_TRIPLES):
        if isinstance(triple.subject, ox.NamedNode) and not isinstance(triple.object, ox.Triple):
            name = triple.predicate.value.rpartition("#")[2]
            said.setdefault(triple.subject.value, {})[name] = triple.object.value.removeprefix(space)
    kept = ("ofFinding", "status", "assessedOn", "wasDerivedFrom", "sourceCode")
    assert sorted(tuple(each[name] for name in kept) for each in said.values() if "ofFinding" in each) == [
        ("BackPain", "Present", "2026-03-01", "urn:vhkg:origin:Condition%2Fpain", "SNOMEDCT:161891005"),
        ("ExtraosseousExtension", "Absent", "2026-02-20", "urn:vhkg:origin:Condition%2Fextension",
         "vhkg:ExtraosseousExtension"),
        ("NeurologicalDeficit", "Absent", "2026-03-01", "urn:vhkg:origin:Observation%2Fdeficit",
         "vhkg:NeurologicalDeficit"),
        ("VertebralHemangioma", "Present", "2026-02-20", "urn:vhkg:origin:Condition%2Fhemangioma",
         "vhkg:VertebralHemangioma"),
        ("VertebroplastyCandidacy", "Present", "2026-03-01", "urn:vhkg:origin:Observation%2Fcandidacy",
         "HOSP:VP-CAND"),
    ]  # fmt: skip


def test_turtle_and_ntriples_are_the_same_graph_and_stay_the_same(tmp_path: Path) -> None:
    """Imported again, what was written gives the same bytes."""
    first, again, lines = (tmp_path / name for name in ("first.ttl", "again.ttl", "lines.nt"))
    for arguments in (("fhir", BUNDLE, "-o", str(first)), ("fhir", BUNDLE, "-o", str(lines)),
                      ("rdf", str(first), "-o", str(again))):  # fmt: skip
        assert vhkg("import", *arguments, "--codes", CODES).code == 0
    assert first.read_bytes() == again.read_bytes()
    graphs = [
        set(ox.parse(path=path, format=form))
        for path, form in ((first, ox.RdfFormat.TURTLE), (lines, ox.RdfFormat.N_TRIPLES))
    ]
    assert graphs[0] == graphs[1]
    assert len(graphs[0]) > 30


@pytest.mark.parametrize(
    ("name", "options", "start"),
    [
        ("out.ttl", (), "@prefix prov:"),
        ("out.nt", (), "<urn:vhkg:patient:ann"),
        ("out.CSV", (), "patient,presentation,finding,status,date"),
        ("out.json", (), '{\n  "id": "ann"'),
        ("out.txt", (), "@prefix prov:"),
        ("out", (), "@prefix prov:"),
        ("-", (), "@prefix prov:"),
        ("out.json", ("--format", "ttl"), "@prefix prov:"),
        ("out.json", ("--format", "nt"), "<urn:vhkg:patient:ann"),
        ("out.ttl", ("--format", "phenopacket"), '{\n  "id": "ann"'),
        ("-", ("--format", "csv"), "patient,presentation"),
    ],
)  # fmt: skip
def test_the_format_is_what_the_option_or_the_name_says(
    tmp_path: Path, name: str, options: tuple[str, ...], start: str
) -> None:
    target = "-" if name == "-" else str(tmp_path / name)
    found = vhkg("import", "fhir", BUNDLE, "-o", target, *options)
    assert found.code == 0
    content = found.out if name == "-" else (tmp_path / name).read_text(encoding="utf-8")
    assert content.startswith(start)
    assert found.out == (content if name == "-" else "")


# --- standard input


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("fhir", Path(BUNDLE).read_text(encoding="utf-8"), "FHIR, 1 patient, 7 entries"),
        ("fhir", '{"resourceType": "Patient", "id": "a"}\n{"resourceType": "Patient", "id": "b"}\n',
         "FHIR NDJSON, 2 patients, 2 entries"),
        ("csv", f"{HEADER}p,,BackPain,yes,\n", "CSV, 1 patient, 1 entry"),
        ("phenopacket", '{"subject": {"id": "p"}, "phenotypicFeatures": []}', "phenopacket, 1 patient, 0 entries"),
        ("rdf", "<urn:p> a <https://w3id.org/vhkg/ontology#Patient> .", "TriG, 1 patient, 0 entries"),
    ],
)  # fmt: skip
def test_standard_input(kind: str, content: str, shown: str) -> None:
    found = vhkg("import", kind, "-", "-o", "-", stdin=content)
    assert found.code == 0
    assert found.err.startswith(f"vhkg: standard input: {shown}: ")
    assert found.out.startswith("@prefix prov:")


# --- what is said of the rest


def test_the_summary_on_standard_error() -> None:
    found = vhkg("import", "fhir", BUNDLE, "--codes", CODES, "-o", "-")
    assert found.err.splitlines() == [
        SUMMARY,
        "says nothing:",
        "        1  PainScore: above zero, without a location",
        "irrelevant:",
        "        1  Patient",
    ]


def test_the_report_says_the_same_and_all_of_it(tmp_path: Path) -> None:
    """Standard error shows the twenty commonest of each; the file has every code and every refusal."""
    lines: list[dict[str, Any]] = [{"resourceType": "Patient", "id": "p"}]
    lines += [
        {"resourceType": "Condition", "id": f"c{number}", "subject": {"reference": "Patient/p"},
         "code": {"coding": [{"system": "urn:x", "code": f"code-{number:02}"}]}}
        for number in range(30)
    ]  # fmt: skip
    lines += [{"resourceType": "Observation", "id": f"o{number}"} for number in range(25)]
    source, report = tmp_path / "in.ndjson", tmp_path / "report.json"
    write_lines(source, [json.dumps(line) for line in lines])
    found = vhkg("import", "fhir", str(source), "-o", str(tmp_path / "out.ttl"), "--report", str(report))
    assert found.code == 3
    written = json.loads(report.read_text(encoding="utf-8"))
    assert {name: written[name] for name in ("format", "patients", "counts", "notes")} == {
        "format": "FHIR NDJSON",
        "patients": 1,
        "counts": {
            "unmapped": {f"urn:x|code-{number:02}": 1 for number in range(30)},
            "irrelevant": {"Patient": 1},
            "refused": {"": 25},
        },
        "notes": {"Condition without clinicalStatus": 30, "Condition without verificationStatus": 30},
    }
    assert written["refusals"] == [
        f"{source}, line {number}: it names no subject; name the patient as Patient/id." for number in range(32, 57)
    ]
    said = found.err.splitlines()
    assert said[0].endswith("FHIR NDJSON, 1 patient, 56 entries: 30 unmapped, 1 irrelevant, 25 refused")
    assert sum("urn:x|code-" in line for line in said) == 20
    assert "           and 10 more (--report FILE has all)" in said
    assert [line for line in said if line in written["refusals"]] == written["refusals"][:20]
    assert said[-1] == "and 5 more refusals (--report FILE has all)"


def test_what_the_csv_cannot_say_is_said() -> None:
    """A patient without any fact has no row."""
    alone = '{"resourceType": "Patient", "id": "ann"}'
    found = vhkg("import", "fhir", "-", "-o", "-", "--format", "csv", stdin=alone)
    assert (found.code, found.out) == (0, HEADER)
    assert "vhkg: not in the CSV: 1 × a patient without any fact" in found.err.splitlines()


# --- exit codes


NO_SUBJECT = Path(BUNDLE).read_text(encoding="utf-8").replace('"id": "pain", "subject": {', '"id": "pain", "nobody": {')


def test_the_others_are_written_when_a_record_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    found = vhkg("import", "fhir", "-", "-o", str(target), "--codes", CODES, stdin=NO_SUBJECT)
    assert found.code == 3
    assert found.err.splitlines()[-1] == "standard input, Condition/pain: not read, since it names no subject."
    rows = target.read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == [
        "NeurologicalDeficit",
        "VertebroplastyCandidacy",
        "ExtraosseousExtension",
        "VertebralHemangioma",
    ]


FAILURES = {
    "a kind that it is not": (3, ("csv", BUNDLE, "-o", "-"), "this is FHIR; write `vhkg import fhir`."),
    "a CSV as FHIR": (3, ("fhir", str(ROOT / "ontology" / "examples" / "demo.csv"), "-o", "-"),
                      "this is CSV; write `vhkg import csv`."),
    "no such file": (3, ("fhir", "nowhere.json", "-o", "-"), "there is no such file; correct the path."),
    "a folder of neither": (3, ("omop", "docs/examples", "-o", "-"),
                            "the folder holds neither NDJSON nor OMOP tables; name the files in it, or export to it."),
    "a place that cannot be written": (2, ("fhir", BUNDLE, "-o", "/nowhere/at/all.ttl"),
                                       "cannot be written: no such file or directory; name another file."),
    "a report that cannot be written": (2, ("fhir", BUNDLE, "-o", "-", "--report", "/nowhere/at/all.json"),
                                        "cannot be written: no such file or directory; name another file."),
    "codes that are not there": (3, ("fhir", BUNDLE, "-o", "-", "--codes", "nowhere.tsv"),
                                 "the codes cannot be read: no such file or directory; correct the path."),
    "codes that are none": (3, ("fhir", BUNDLE, "-o", "-", "--codes", "ontology/examples/demo.csv"),
                            "these are not the columns of a code list; start from `vhkg template codes`."),
    "no output": (2, ("fhir", BUNDLE), "Error: Missing option '-o' / '--output'."),
    "the input as output": (2, ("fhir", BUNDLE, "-o", BUNDLE), "it is the input itself; name another file."),
    "the input as report": (2, ("fhir", BUNDLE, "-o", "-", "--report", BUNDLE),
                            "it is the input itself; name another file."),
    "an unknown kind": (2, ("hl7v2", BUNDLE, "-o", "-"), ""),
    "an unknown format": (2, ("fhir", BUNDLE, "-o", "-", "--format", "yaml"), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_exit_codes(name: str) -> None:
    code, arguments, last = FAILURES[name]
    found = vhkg("import", *arguments)
    assert found.code == code
    assert found.err.splitlines()[-1].endswith(last)
    assert "Traceback" not in found.err


def test_a_phenopacket_of_several_patients(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.json"
    source.write_text(f"{HEADER}a,,BackPain,yes,\nb,,BackPain,no,\n", encoding="utf-8")
    found = vhkg("import", "csv", str(source), "-o", str(target))
    mend = "give one patient, or write ttl, nt or csv."
    assert found.code == 2
    assert found.err.splitlines()[-1] == f"vhkg: {source}: a phenopacket holds one patient, and there are 2; {mend}"
    assert not target.exists()


NOBODY = '{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Organization"}}]}'


def test_without_a_patient_the_entries_are_counted_all_the_same(tmp_path: Path) -> None:
    target, report = tmp_path / "out.ttl", tmp_path / "report.json"
    found = vhkg("import", "fhir", "-", "-o", str(target), "--report", str(report), stdin=NOBODY)
    assert found.code == 3
    assert found.err.splitlines() == [
        "vhkg: standard input: FHIR, 0 patients, 1 entry: 1 irrelevant",
        "irrelevant:",
        "        1  Organization",
        "vhkg: standard input: there is no patient in it; add the patient.",
    ]
    assert json.loads(report.read_text(encoding="utf-8"))["counts"] == {"irrelevant": {"Organization": 1}}
    assert not target.exists()


def test_an_existing_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("x" * 100_000, encoding="utf-8")
    assert vhkg("import", "fhir", BUNDLE, "-o", str(target)).code == 0
    new = vhkg("import", "fhir", BUNDLE, "-o", "-", "--format", "csv").out
    assert target.read_text(encoding="utf-8") == new


@pytest.mark.parametrize(
    ("kind", "content"), [("fhir", NOBODY), ("fhir", "{"), ("csv", NOBODY), ("fhir", ""), ("fhir", "\x00")]
)
def test_an_existing_file_stays_where_nothing_can_be_written(tmp_path: Path, kind: str, content: str) -> None:
    target = tmp_path / "out.csv"
    target.write_text("as it was", encoding="utf-8")
    assert vhkg("import", kind, "-", "-o", str(target), stdin=content).code == 3
    assert target.read_text(encoding="utf-8") == "as it was"
