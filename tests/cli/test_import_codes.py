"""A hospital's own code system is a table given as --codes: every command reads its records by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import HEADER
from tests.cli.support import called as vhkg

LOCAL = """\
#curie_map: {WARD: "https://ward.example/codes#", vhkg: "https://w3id.org/vhkg/ontology#"}
subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification
WARD:1\thaemangioma of a vertebra\tskos:exactMatch\tvhkg:VertebralHemangioma\tsemapv:ManualMappingCuration
WARD:2\tpain at the lesion\tskos:exactMatch\tvhkg:BackPain\tsemapv:ManualMappingCuration
WARD:3\tdeficit on examination\tskos:exactMatch\tvhkg:NeurologicalDeficit\tsemapv:ManualMappingCuration
WARD:4\tsuitable for vertebroplasty\tskos:exactMatch\tvhkg:VertebroplastyCandidacy\tsemapv:ManualMappingCuration
WARD:5\tvertebroplasty\tskos:exactMatch\tvhkg:PercutaneousVertebroplasty\tsemapv:ManualMappingCuration
WARD:+\tseen\tskos:exactMatch\tvhkg:Present\tsemapv:ManualMappingCuration
WARD:-\tnot seen\tskos:exactMatch\tvhkg:Absent\tsemapv:ManualMappingCuration
"""
SITES = """\
#curie_map: {WARD: "https://ward.example/codes#"}
site\tsite_label\tlesion\tkind
WARD:T9\tninth thoracic vertebra\tT9\tvertebra
"""


def _local_bundle() -> str:
    def coded(code: str) -> dict[str, Any]:
        return {"coding": [{"system": "https://ward.example/codes", "code": code}]}

    def observed(code: str, answer: str) -> dict[str, Any]:
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": coded(code),
            "effectiveDateTime": "2026-03-01",
            "valueCodeableConcept": coded(answer),
        }

    made: list[dict[str, Any]] = [
        {"resourceType": "Condition", "code": coded("1"), "bodySite": [coded("T9")], "recordedDate": "2026-02-20",
         "verificationStatus": {"coding": [{"code": "confirmed"}]}, "clinicalStatus": {"coding": [{"code": "active"}]}},
        observed("2", "+"), observed("3", "-"), observed("4", "+"),
        {"resourceType": "Procedure", "status": "completed", "code": coded("5"), "performedDateTime": "2026-03-09",
         "bodySite": [coded("T9")]},
    ]  # fmt: skip
    for number, resource in enumerate(made, start=1):
        resource |= {"id": f"r{number}", "subject": {"reference": "Patient/p"}}
    entries = [{"resource": each} for each in ({"resourceType": "Patient", "id": "p"}, *made)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, tuple[str, ...]]:
    """A patient in the codes of one ward, and the options that say what these mean: data only."""
    folder = tmp_path_factory.mktemp("ward")
    for name, content in (("in.json", _local_bundle()), ("codes.tsv", LOCAL), ("sites.tsv", SITES)):
        (folder / name).write_text(content, encoding="utf-8")
    tables = ("codes.tsv", "sites.tsv")
    return str(folder / "in.json"), tuple(part for name in tables for part in ("--codes", str(folder / name)))


BEFORE = ("--as-of", "2026-03-01")
COMMANDS = {
    ("recommend", *BEFORE): (
        "patient p · lesion T9 · painful vertebral hemangioma, no neurological deficit",
        "ANSWER First line in the article: percutaneous vertebroplasty. RESTS ON",
        "after the as-of date, not used: percutaneous vertebroplasty done",
    ),
    ("explain", "PercutaneousVertebroplastyFirstLine", *BEFORE): (
        "Percutaneous vertebroplasty (PercutaneousVertebroplastyFirstLine) APPLIES",
        "why vertebral hemangioma (20 Feb 2026), neurological deficit absent (1 Mar 2026), local back pain",
    ),
    ("validate",): ("49 nodes looked at by 17 shapes", "conforms (no results)"),
    ("audit",): ("9 Mar 2026 · given: percutaneous vertebroplasty", "1 audited: first line 1"),
    ("query", "treatments-for-patient", "--data"): ("presentation T9 as_of 2026-03-09 status provisional",),
}
"""What is said of it: all of it rests on the two tables."""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_local_code_system_is_a_table_and_no_python(
    ward: tuple[str, tuple[str, ...]], command: tuple[str, ...]
) -> None:
    source, tables = ward
    arguments = (*command, source) if command[0] == "query" else (command[0], source, *command[1:])
    with_codes, without = vhkg(*arguments, *tables), vhkg(*arguments)
    assert (with_codes.code, without.code) == (0, 0)
    assert with_codes.err == f"vhkg: {source}: FHIR, 1 patient, 6 entries: 5 read, 1 irrelevant\n"
    assert without.err == f"vhkg: {source}: FHIR, 1 patient, 6 entries: 5 unmapped, 1 irrelevant\n"
    said = " ".join(with_codes.out.split())
    assert [part for part in COMMANDS[command] if part not in said] == []
    assert COMMANDS[command][0] not in " ".join(without.out.split())


def test_the_codes_of_the_template_are_read(tmp_path: Path) -> None:
    """A code in place of each of LOCAL is all that there is to do."""
    table = tmp_path / "codes.tsv"
    table.write_text(vhkg("template", "codes").out.replace("LOCAL:BackPain", "LOCAL:M54"), encoding="utf-8")
    found = vhkg("import", "csv", "-", "-o", "-", "--format", "csv", "--codes", str(table),
                 stdin=f"{HEADER}p,,LOCAL:M54,yes,\np,,LOCAL:NeurologicalDeficit,no,\n")  # fmt: skip
    assert (found.code, found.out) == (0, f"{HEADER}p,,BackPain,present,\np,,NeurologicalDeficit,absent,\n")
