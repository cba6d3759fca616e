"""Source records in the codes of a hospital that does not exist (tests/data/codes), for the tests of the readers."""

from __future__ import annotations

import datetime
import functools
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support import ROOT
from vhkg.answering.knowledge import Knowledge, Patients
from vhkg.intake import Document, document
from vhkg.model.answer import Answer
from vhkg.model.source_report import Fate, SourceReport

HOSPITAL = ROOT / "tests" / "data" / "codes"
CODES = sorted(HOSPITAL.glob("*.tsv"))
SYSTEM = "https://hospital.example/codes"
AS_OF = datetime.date(2026, 6, 1)
Resource = dict[str, Any]


@functools.cache
def hospital() -> Knowledge:
    """The shipped knowledge with the hospital's codes."""
    return Knowledge.load(codes=CODES)


def concept(code: str, system: str = SYSTEM) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def resource(kind: str, code: str | Resource, **rest: Any) -> Resource:
    coded = concept(code) if isinstance(code, str) else code
    return {"resourceType": kind, "code": coded, "subject": {"reference": "Patient/p"}, **rest}


def condition(
    code: str | Resource = "DEF", *, verified: str = "confirmed", clinical: str = "active", **rest: Any
) -> Resource:
    """A Condition; an empty status is left out."""
    statuses = {"verificationStatus": verified, "clinicalStatus": clinical}
    return resource("Condition", code, **{name: concept(c, "") for name, c in statuses.items() if c} | rest)


def observation(code: str | Resource = "DEF", *, status: str = "final", **rest: Any) -> Resource:
    return resource("Observation", code, **({"status": status} if status else {}), **rest)


def bundle(*resources: Resource, patient: str = "p", **rest: Any) -> Resource:
    """A collection; resources without an id get one."""
    everything = [{"resourceType": "Patient", "id": patient}, *resources]
    entries = [{"resource": {"id": f"r{number}", **each}} for number, each in enumerate(everything)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **rest}


def packet(**parts: Any) -> Resource:
    return {"id": "one", "subject": {"id": "p"}, "metaData": {}, **parts}


def as_json(value: Any, name: str = "a.json") -> Document:
    return document(name, json.dumps(value).encode())


def as_lines(*values: Any, name: str = "a.ndjson") -> Document:
    return document(name, "\n".join(map(json.dumps, values)).encode())


TABLES: dict[str, dict[str, str]] = {
    "PERSON": {"person_id": "p"},
    "CONDITION_OCCURRENCE": {
        "condition_occurrence_id": "1",
        "person_id": "p",
        "condition_concept_id": "2000000002",
        "condition_start_date": "2026-03-01",
        "condition_status_concept_id": "0",
        "condition_source_value": "G1",
        "condition_source_concept_id": "0",
    },
    "PROCEDURE_OCCURRENCE": {
        "procedure_occurrence_id": "1",
        "person_id": "p",
        "procedure_concept_id": "2000000003",
        "procedure_date": "2026-03-01",
    },
    "OBSERVATION": {
        "observation_id": "1",
        "person_id": "p",
        "observation_concept_id": "2000000002",
        "observation_date": "2026-03-01",
        "value_as_number": "",
        "value_as_concept_id": "",
        "unit_concept_id": "",
    },
    "MEASUREMENT": {
        "measurement_id": "1",
        "person_id": "p",
        "measurement_concept_id": "2000000004",
        "measurement_date": "2026-03-01",
        "operator_concept_id": "",
        "value_as_number": "",
        "value_as_concept_id": "",
        "unit_concept_id": "2000000009",
    },
}
"""The columns that are read of each table of the OMOP common data model, with what stands there if nothing is said."""


def write_omop(folder: Path, *rows: tuple[str, Mapping[str, str]], separator: str = ",") -> Path:
    """Tables with these rows, each the name of its table and the cells that differ from `TABLES`; and a person p."""
    found: dict[str, list[Mapping[str, str]]] = {"PERSON": [{}]}
    for table, cells in rows:
        found.setdefault(table, []).append(cells)
    for table, each in found.items():
        lines = [separator.join(TABLES[table])]
        lines += [separator.join({**TABLES[table], **cells}.values()) for cells in each]
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n")
    return folder


def read(source: Document | Path) -> Patients:
    return hospital().read_source(source)


def answers(source: Document | Path, as_of: datetime.date | None = AS_OF) -> list[Answer]:
    knowledge = hospital()
    return [each for patient in read(source).patients for each in knowledge.answer(patient, as_of=as_of)]


def status(source: Document | Path, finding: str, as_of: datetime.date | None = AS_OF) -> str:
    """The status of a finding in the answer for the one lesion; interventions stand there only if recorded."""
    (found,) = answers(source, as_of)
    return str(found.findings[finding].status) if finding in found.findings else "unknown"


def fates(report: SourceReport) -> Counter[str]:
    """How many entries came to what, those of no interest left out."""
    return Counter({fate.value: report.total(fate) for fate in report.counts if fate is not Fate.IRRELEVANT})
