"""Every cell of the table of present, absent and unknown, for every format, down to the answer.

The table and rules R1 to R6 are those of docs/patient-files.md. The cases are data: tests/data/cells.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.patients.records import (
    AS_OF,
    Resource,
    answers,
    as_json,
    as_lines,
    bundle,
    concept,
    condition,
    fates,
    observation,
    packet,
    read,
    status,
    write_omop,
)
from tests.support import ROOT
from vhkg.errors import InputError
from vhkg.intake import Document, document

DEFICIT = "NeurologicalDeficit"


class Case(NamedTuple):
    """`records` is JSON; `fate` what becomes of each record."""

    case: str
    records: str
    finding: str
    status: str
    fate: str

    def holds(self, source: Document | Path) -> None:
        assert status(source, self.finding) == self.status
        assert fates(read(source).report) == Counter(filter(None, self.fate.split(", ")))


def cases(name: str) -> list[Case]:
    text = (ROOT / "tests" / "data" / "cells" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [Case(*cells) for cells in csv.reader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE)]


def of_patient(case: Case) -> Resource:
    return bundle(*({"subject": {"reference": "Patient/p"}, **each} for each in json.loads(case.records)))


@pytest.mark.parametrize("case", cases("fhir.tsv"), ids=lambda case: case.case)
def test_fhir_bundle(case: Case) -> None:
    case.holds(as_json(of_patient(case)))


@pytest.mark.parametrize("case", cases("fhir.tsv"), ids=lambda case: case.case)
def test_fhir_ndjson(case: Case) -> None:
    case.holds(as_lines(*(entry["resource"] for entry in of_patient(case)["entry"])))


@pytest.mark.parametrize("case", cases("phenopacket.tsv"), ids=lambda case: case.case)
def test_phenopacket(case: Case) -> None:
    case.holds(as_json(packet(**json.loads(case.records))))


@pytest.mark.parametrize("case", cases("omop.tsv"), ids=lambda case: case.case)
def test_omop(case: Case, tmp_path: Path) -> None:
    case.holds(write_omop(tmp_path, *json.loads(case.records)))


@pytest.mark.parametrize("case", cases("csv.tsv"), ids=lambda case: case.case)
def test_facts_csv(case: Case) -> None:
    rows = "".join(f"p,{row}\n" for row in json.loads(case.records))
    case.holds(document("a.csv", f"patient,finding,status,date\n{rows}".encode()))


def test_a_code_of_any_site_at_a_named_lesion_of_the_facts_csv() -> None:
    text = b"patient,presentation,finding,status\np,L4,ICD10CM:D18.09,present\n"
    assert status(document("a.csv", text), "VertebralHemangioma") == "present"


@pytest.mark.parametrize("text", ["true", "1", "positive", "n/a", "none"])
def test_other_words_in_the_facts_csv_are_errors(text: str) -> None:
    with pytest.raises(InputError, match=r"line 2: unknown status .*; write present, absent or unknown"):
        read(document("a.csv", f"patient,finding,status\np,HOSP:DEF,{text}\n".encode()))


def test_resolved_is_present_before_its_end_and_absent_from_it_on() -> None:
    ended = condition(clinical="resolved", recordedDate="2026-03-01", abatementDateTime="2026-04-15")
    expected = {"2026-02-28": "unknown", "2026-03-01": "present", "2026-04-14": "present", "2026-04-15": "absent"}
    days = {day: datetime.date.fromisoformat(day) for day in expected}
    assert {day: status(as_json(bundle(ended)), DEFICIT, asked) for day, asked in days.items()} == expected


@pytest.mark.parametrize("code", ["DEF", "PALSY", "NERVES", "ALIKE", "VH", "GROWTH", "LAM", "NODEF"])
@pytest.mark.parametrize("clinical", ["active", "recurrence", "relapse", "inactive", "remission", "resolved", "x", ""])
def test_a_refuted_condition_never_becomes_present(code: str, clinical: str) -> None:
    """The published trap: a map that does not read verificationStatus made every refuted condition a diagnosis."""
    site = [concept("AT-L4")]
    refuted = condition(code, verified="refuted", clinical=clinical, recordedDate="2026-03-01", bodySite=site)
    (answer,) = answers(as_json(bundle(refuted)))
    assert "present" not in {str(state.status) for state in answer.findings.values()}


NO_RECORD: dict[str, Resource] = {
    "of a group": observation(subject={"reference": "Group/1"}, valueBoolean=False),
    "of a relative": {"resourceType": "FamilyMemberHistory", "condition": [{"code": concept("DEF")}]},
    "a flag": {"resourceType": "Flag", "status": "active", "code": concept("NODEF")},
    "an order": {"resourceType": "ServiceRequest", "status": "active", "code": concept("LAM")},
}


@pytest.mark.parametrize("name", NO_RECORD)
def test_what_is_no_record_of_the_patient_s_finding_leaves_it_unknown(name: str) -> None:
    source = as_json(bundle(NO_RECORD[name]))
    assert {status(source, finding) for finding in (DEFICIT, "Laminectomy")} == {"unknown"}
    assert not fates(read(source).report)


def test_silence_is_unknown() -> None:
    assert status(as_json(bundle()), DEFICIT) == "unknown"


@pytest.mark.parametrize("day", [None, AS_OF, datetime.date(1990, 1, 1)])
def test_what_is_undated_counts_on_every_day(day: datetime.date | None) -> None:
    assert status(as_json(bundle(condition())), DEFICIT, day) == "present"
