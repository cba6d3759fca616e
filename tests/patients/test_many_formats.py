"""The same patient in every format gives the same answer, but for what a format cannot say, which is listed.

What is expected is the answer for the facts CSV. Where a format loses something, it is the CSV of the patient less
exactly that, so that answers are compared in full everywhere.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.evidence import record
from tests.patients.many_formats.answers import Essence, essence, plain
from tests.patients.many_formats.codes import write_codes
from tests.patients.many_formats.fhir import bundle, write_bulk
from tests.patients.many_formats.generator import generate, kinds
from tests.patients.many_formats.omop import write_omop
from tests.patients.many_formats.patient import CANNOT_SAY, Fact, Lost, Patient, reduced
from tests.patients.many_formats.phenopackets import phenopacket
from tests.patients.many_formats.plain import coded_csv, facts_csv, turtle
from tests.records import random_readings
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.intake import Document, Format, document
from vhkg.model.answer import Answer, Status, Verdict
from vhkg.model.source_report import Fate
from vhkg.patients import serialize

PARTS, EACH = 12, 25
PATIENTS = PARTS * EACH
COMMAND = "pytest tests/patients/test_many_formats.py"
EXAMPLES = ROOT.parent / "shared" / "examples"
Source: TypeAlias = Document | Path


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


def _answers(knowledge: Knowledge, source: Source, patient: Patient) -> list[Answer]:
    return knowledge.recommend(
        source,
        readings=random_readings(patient.seed, knowledge),
        as_of=datetime.date.fromisoformat(patient.as_of) if patient.as_of else None,
    )


def _expected(knowledge: Knowledge, patient: Patient, facts: Sequence[Fact]) -> Essence:
    return essence(_answers(knowledge, plain(patient.name, facts), patient))


def _turtle(patient: Patient, knowledge: Knowledge, _: Path) -> tuple[Source, tuple[Lost, ...]]:
    return document("p.ttl", turtle(patient.name, patient.facts, patient.seed)), ()


def _graph(patient: Patient, knowledge: Knowledge, _: Path) -> tuple[Source, tuple[Lost, ...]]:
    """The patient graph that vhkg writes of the bundle."""
    (read,) = knowledge.read(document("p.json", bundle(patient)))
    return document("p.nt", serialize(read.graph, Format.NTRIPLES).encode()), ()


def _coded_csv(patient: Patient, knowledge: Knowledge, _: Path) -> tuple[Source, tuple[Lost, ...]]:
    return document("p.csv", coded_csv(patient)), ()


def _bundle(patient: Patient, knowledge: Knowledge, _: Path) -> tuple[Source, tuple[Lost, ...]]:
    return document("p.json", bundle(patient)), ()


def _bulk(patient: Patient, knowledge: Knowledge, folder: Path) -> tuple[Source, tuple[Lost, ...]]:
    write_bulk([patient], folder / "bulk", patient.seed)
    return folder / "bulk", ()


def _phenopacket(patient: Patient, knowledge: Knowledge, _: Path) -> tuple[Source, tuple[Lost, ...]]:
    written = phenopacket(patient)
    return document("p.json", written.content), written.lost


def _omop(patient: Patient, knowledge: Knowledge, folder: Path) -> tuple[Source, tuple[Lost, ...]]:
    lost = write_omop([patient], folder / "omop", patient.seed)
    return folder / "omop", lost[patient.name]


FORMATS: dict[str, Callable[[Patient, Knowledge, Path], tuple[Source, tuple[Lost, ...]]]] = {
    "Turtle": _turtle,
    "patient graph": _graph,
    "CSV with codes": _coded_csv,
    "FHIR Bundle": _bundle,
    "FHIR NDJSON": _bulk,
    "phenopacket": _phenopacket,
    "OMOP": _omop,
}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_format_gives_the_answer_of_the_csv(knowledge: Knowledge, tmp_path: Path, part: int, format: str) -> None:
    wrong, cases = [], 0
    for seed in range(part * EACH, (part + 1) * EACH):
        patient = generate(seed)
        folder = tmp_path / patient.name
        folder.mkdir()
        source, lost = FORMATS[format](patient, knowledge, folder)
        assert {why for each in lost for why in each.whys} <= set(CANNOT_SAY.get(format, ()))
        expected = _expected(knowledge, patient, reduced(patient.facts, lost))
        found = essence(_answers(knowledge, source, patient))
        cases += len(expected)
        if found != expected:
            wrong.append(f"{format} of patient {seed}")
    record(
        "patients-in-every-format",
        f"{format.replace(' ', '-')}-{part}",
        cases=cases,
        disagreements=wrong,
        command=COMMAND,
        seed=part,
        digest=shipped().compiled.digest,
    )
    assert cases >= EACH
    assert wrong == []


# --- what the patients cover


CAN_HAVE = {
    "for": {Status.APPLIES, Status.PROVISIONAL, Status.UNDETERMINED, Status.DOES_NOT_APPLY},
    "against": {Status.ADVISED_AGAINST, Status.UNDETERMINED, Status.DOES_NOT_APPLY},
}
"""A caution is never capped, so it is never provisional."""

OCCUR = {
    "Assessed", "Resolved", "Suspected", "score 0", "score 1", "present", "absent", "unknown", "undated", "coarse",
    "done", "not done", "not known to be done", "of the patient present", "of the patient absent",
    "of the patient unknown", "site as text", "no lesion named", "one lesion", "several lesions",
}  # fmt: skip
PARTS_OF_ANSWERS = ("conflicts", "superseded", "later", "ask", "silent", "which_lesion", "combinations")


def test_every_branch_verdict_and_kind_of_statement_occurs(knowledge: Knowledge) -> None:
    """Each often enough that no single patient carries it alone."""
    verdicts: Counter[Verdict] = Counter()
    statuses: dict[str, Counter[Status]] = {each.name: Counter() for each in knowledge.content.recommendations}
    said: Counter[str] = Counter()
    for seed in range(PATIENTS):
        patient = generate(seed)
        said.update(kinds(patient))
        for answer in _answers(knowledge, document("p.csv", facts_csv(patient.name, patient.facts)), patient):
            verdicts[answer.verdict] += 1
            said.update(name for name in PARTS_OF_ANSWERS if getattr(answer, name))
            for given in answer.recommendations:
                statuses[given.id][given.status] += 1
    assert set(verdicts) == set(Verdict) - {Verdict.INVALID}
    assert min(verdicts.values()) >= 5
    for each in knowledge.content.recommendations:
        assert set(statuses[each.name]) == CAN_HAVE[each.direction], each.name
        assert min(statuses[each.name].values()) >= 2, each.name
    assert set(said) >= OCCUR | set(PARTS_OF_ANSWERS)
    assert min(said.values()) >= 5


def test_what_a_format_cannot_say_is_listed_and_occurs(tmp_path: Path) -> None:
    """No loss is listed that no patient has, and the page for users lists each in the same words."""
    occurring: dict[str, set[str]] = {"phenopacket": set(), "OMOP": set()}
    patients = [generate(seed) for seed in range(PATIENTS)]
    lost = {
        "phenopacket": [each for patient in patients for each in phenopacket(patient).lost],
        "OMOP": [each for found in write_omop(patients, tmp_path / "omop", 0).values() for each in found],
    }
    for format, losses in lost.items():
        occurring[format] = {why for each in losses for why in each.whys}
    page = " ".join((ROOT / "docs" / "patient-files.md").read_text(encoding="utf-8").split())
    for format, whys in CANNOT_SAY.items():
        assert occurring[format] == set(whys)
        assert [why for why in whys if why not in page] == []


def test_every_status_and_fate_of_fhir_occurs(knowledge: Knowledge) -> None:
    """Every row of the table of statuses, a missing status included, and all that can become of an entry."""
    written: Counter[str] = Counter()
    fates: Counter[Fate] = Counter()
    for seed in range(PATIENTS):
        content = bundle(generate(seed))
        report = knowledge.read_source(document("p.json", content)).report
        fates.update({fate: report.total(fate) for fate in report.counts})
        for entry in json.loads(content)["entry"]:
            for resource in (entry["resource"], *entry["resource"].get("contained", ())):
                written.update(_statuses(resource))
    rows = {row for row in knowledge.compiled.codes.readings if row.partition(".")[0] in STATUS_FIELDS}
    assert len(rows) > 30
    assert [row for row in sorted(rows) if not written[row]] == []
    assert set(fates) == set(Fate) - {Fate.REFUSED}
    assert min(fates.values()) >= 20


STATUS_FIELDS = {
    "Condition": ("verificationStatus", "clinicalStatus"),
    "Observation": ("status",),
    "Procedure": ("status",),
    "List": ("status",),
}


def _statuses(resource: dict[str, Any]) -> Iterable[str]:
    """As the table of statuses names them."""
    kind = resource["resourceType"]
    for field in STATUS_FIELDS.get(kind, ()):
        value = resource.get(field, "")
        yield f"{kind}.{field}|{value['coding'][0]['code'] if isinstance(value, dict) else value}"


def test_the_comparison_sees_a_difference(knowledge: Knowledge) -> None:
    """One fact left out, turned round, moved to another lesion or day is seen in the answers of nearly all patients."""
    seen: Counter[str] = Counter()
    for seed in range(0, PATIENTS, 5):
        patient = generate(seed)
        fact, *others = sorted(patient.facts)
        changes = {
            "left out": [],
            "turned round": [fact._replace(status="absent" if fact.status != "absent" else "present")],
            "at another lesion": [fact._replace(lesion="S1")],
            "on another day": [fact._replace(day="2019-01-01")],
        }
        expected = _expected(knowledge, patient, patient.facts)
        for name, changed in changes.items():
            seen[name] += _expected(knowledge, patient, [*changed, *others]) != expected
    assert min(seen[name] for name in changes) > PATIENTS // 5 // 2
