"""The same patient in every format gives the same answer, but for what a format cannot say, which is listed.

What is expected is the answer for the facts CSV. Where a format loses something, it is the CSV of the patient less
exactly that, so that answers are compared in full everywhere.
"""

from __future__ import annotations

import datetime
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.evidence import record
from tests.patients.many_formats.codes import local, write_codes
from tests.patients.many_formats.fhir import bulk_resources, bundle, bundle_line, write_bulk, write_lines
from tests.patients.many_formats.generator import generate, kinds
from tests.patients.many_formats.omop import person, write_omop
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
Essence: TypeAlias = list[str]
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


def _essence(answers: Iterable[Answer], *, lesions: bool = True) -> Essence:
    """All that is said, but for the names of file, patient and nodes, origins, and the order of equal facts."""
    found = []
    for answer in answers:
        said: dict[str, Any] = json.loads(json.dumps(answer.to_dict()))
        for name in ("file", "patient", "presentation", *(() if lesions else ("label",))):
            said.pop(name)
        for conflict in said["conflicts"]:
            conflict.pop("origins")
        for state in said["findings"].values():
            state.pop("from")
        for result in said["violations"]:
            result.pop("focusNode")
        said["violations"] = sorted(json.dumps(result, sort_keys=True) for result in said["violations"])
        found.append(json.dumps(said, sort_keys=True))
    return sorted(found)


def _plain(name: str, facts: Sequence[Fact]) -> Document:
    """The facts as they are; a patient of whom nothing is left has no row in a CSV."""
    return document("p.csv", facts_csv(name, facts)) if facts else document("p.ttl", turtle(name, (), 0))


def _expected(knowledge: Knowledge, patient: Patient, facts: Sequence[Fact]) -> Essence:
    return _essence(_answers(knowledge, _plain(patient.name, facts), patient))


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
        found = _essence(_answers(knowledge, source, patient))
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
            said.update(name for name in ("conflicts", "superseded", "later", "ask", "silent", "which_lesion", "combinations")
                        if getattr(answer, name))  # fmt: skip
            for given in answer.recommendations:
                statuses[given.id][given.status] += 1
    assert set(verdicts) == set(Verdict) - {Verdict.INVALID}
    assert min(verdicts.values()) >= 5
    for each in knowledge.content.recommendations:
        assert set(statuses[each.name]) == CAN_HAVE[each.direction], each.name
        assert min(statuses[each.name].values()) >= 2, each.name
    assert set(said) >= OCCUR
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


# --- several patients in one input


def _by_patient(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.patient, []).append(answer)
    return found


def _recommended(knowledge: Knowledge, source: Source) -> dict[str, Essence]:
    return {name: _essence(found) for name, found in _by_patient(knowledge.recommend(source)).items()}


def _one_by_one(knowledge: Knowledge, facts: Callable[[Patient], Sequence[Fact]]) -> dict[str, Essence]:
    return {
        patient.name: _essence(knowledge.recommend(_plain(patient.name, facts(patient))))
        for patient in map(generate, range(PATIENTS))
    }


def test_a_bulk_export_of_all_is_each_of_them(knowledge: Knowledge, tmp_path: Path) -> None:
    patients = [generate(seed) for seed in range(PATIENTS)]
    write_bulk(patients, tmp_path / "bulk", 1)
    lines = tmp_path / "bundles.ndjson"
    lines.write_bytes(b"\n".join(map(bundle_line, patients)) + b"\n")
    expected = _one_by_one(knowledge, lambda patient: patient.facts)
    assert _recommended(knowledge, tmp_path / "bulk") == expected
    assert _recommended(knowledge, lines) == expected


def test_tables_of_all_are_each_of_them(knowledge: Knowledge, tmp_path: Path) -> None:
    patients = [generate(seed) for seed in range(PATIENTS)]
    lost = write_omop(patients, tmp_path / "omop", 1)
    expected = _one_by_one(knowledge, lambda patient: reduced(patient.facts, lost[patient.name]))
    found = _recommended(knowledge, tmp_path / "omop")
    assert found == {person(patient): expected[patient.name] for patient in patients}


def test_the_order_of_lines_is_immaterial(knowledge: Knowledge, tmp_path: Path) -> None:
    patients = [generate(seed) for seed in range(0, PATIENTS, 6)]
    found = []
    for seed in range(4):
        write_bulk(patients, tmp_path / f"bulk{seed}", 1)
        for path in (tmp_path / f"bulk{seed}").glob("*.ndjson"):
            content = path.read_text(encoding="utf-8").splitlines()
            random.Random(seed).shuffle(content)
            write_lines(path, content)
        found.append(_whole(knowledge.recommend(tmp_path / f"bulk{seed}")))
    assert found[1:] == found[:1] * 3


def test_the_order_of_entries_is_immaterial(knowledge: Knowledge) -> None:
    for seed in range(0, PATIENTS, 3):
        content = json.loads(bundle(generate(seed)))
        found = []
        for order in range(3):
            random.Random(order).shuffle(content["entry"])
            found.append(_whole(knowledge.recommend(document("p.json", json.dumps(content).encode()))))
        assert found[1:] == found[:1] * 2


def _whole(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """The answers with origins and all; only the file may differ."""
    return [{**answer.to_dict(), "file": ""} for answer in answers]


BAD_LINES = (
    b"{",
    b"[]",
    b"null",
    b"\xff",
    b'{"resourceType": "Banana"}',
    b'{"resourceType": "Patient"}',
    b'{"resourceType": "Condition", "id": "x"}',
    b'{"resourceType": "Condition", "id": "x", "subject": {"reference": "Patient/nobody"}}',
    b'{"resourceType": "Condition", "id": "x", "subject": {"reference": "urn:uuid:1"}}',
    b'{"resourceType": "Observation", "id": "x", "subject": {"reference": "Patient/p0003"}, "component": 3}',
    b'{"resourceType": "Observation", "id": "x", "id": "y", "subject": {"reference": "Patient/p0003"}}',
    b'{"resourceType": "Bundle", "type": "history", "entry": []}',
)


@pytest.mark.parametrize("number", range(len(BAD_LINES)))
@pytest.mark.parametrize("first", [True, False])
def test_a_bad_line_changes_no_answer(knowledge: Knowledge, tmp_path: Path, number: int, *, first: bool) -> None:
    """Not even of the patient that it names."""
    write_bulk([generate(seed) for seed in range(12)], tmp_path / "bulk", 2)
    before = _whole(knowledge.recommend(tmp_path / "bulk"))
    path = tmp_path / "bulk" / "Patient.ndjson"
    good, bad = path.read_bytes(), BAD_LINES[number] + b"\n"
    path.write_bytes(bad + good if first else good + bad)
    found = knowledge.read_source(tmp_path / "bulk")
    line = 1 if first else len(good.splitlines()) + 1
    assert len(found.report.refusals) == 1
    assert f"Patient.ndjson, line {line}: " in found.report.refusals[0]
    assert found.report.total(Fate.REFUSED) == 1
    assert _whole(answer for patient in found.patients for answer in knowledge.answer(patient)) == before


def test_a_patient_may_come_in_several_bundles(knowledge: Knowledge, tmp_path: Path) -> None:
    """As the pages of a search do: one bundle for each resource, in any order, says what one for all of them says."""
    path = tmp_path / "pages.ndjson"
    for seed in range(0, PATIENTS, 12):
        patient = generate(seed)
        whole = {"resourceType": "Bundle", "type": "searchset"}
        pages = [json.dumps(whole | {"entry": [{"resource": each}]}) for each in bulk_resources(patient)]
        random.Random(seed).shuffle(pages)
        write_lines(path, pages)
        assert _recommended(knowledge, path)[patient.name] == _essence(
            knowledge.recommend(_plain(patient.name, patient.facts))
        )


@pytest.mark.parametrize("order", [1, -1])
def test_of_a_resource_with_two_contents_none_counts(knowledge: Knowledge, tmp_path: Path, order: int) -> None:
    """Which is the newer cannot be said, and the order of the lines must not say it."""
    path = tmp_path / "o.ndjson"
    observation = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "subject": {"reference": "Patient/p"},
        "code": {"coding": [local("NeurologicalDeficit").coding]},
    }
    lines = [json.dumps(observation | {"valueBoolean": value}) for value in (True, False)]
    person = json.dumps({"resourceType": "Patient", "id": "p"})
    write_lines(path, [*lines[::order], person])
    found = knowledge.read_source(path)
    assert [patient.record.assertions for patient in found.patients] == [()]
    assert len(found.report.refusals) == 2
    assert all("Observation/o stands twice with different content" in each for each in found.report.refusals)


@pytest.mark.parametrize("server", ["", "https://fhir.example/r4/"])
def test_what_a_report_contains_is_read_from_lines_too(knowledge: Knowledge, tmp_path: Path, server: str) -> None:
    inner = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "subject": {"reference": f"{server}Patient/p"},
        "code": {"coding": [local("NeurologicalDeficit").coding]},
        "valueBoolean": False,
    }
    report = {"resourceType": "DiagnosticReport", "id": "r", "subject": inner["subject"], "contained": [inner]}
    path = tmp_path / "r.ndjson"
    write_lines(path, [json.dumps(report), json.dumps({"resourceType": "Patient", "id": "p"})])
    (patient,) = knowledge.read(path)
    assert [(a.finding, a.status, a.origin) for a in patient.record.assertions] == [
        ("NeurologicalDeficit", "absent", "DiagnosticReport/r#o")
    ]


# --- the shared examples


@pytest.fixture(scope="module")
def of_the_examples() -> Knowledge:
    return Knowledge.load(codes=[EXAMPLES / "codes.tsv"])


def test_the_example_bundle_is_the_csv(of_the_examples: Knowledge) -> None:
    """But for the lesion, which the CSV does not name."""
    (of_csv,) = of_the_examples.recommend(EXAMPLES / "patient.csv")
    (of_bundle,) = of_the_examples.recommend(EXAMPLES / "bundle.json")
    assert _essence([of_bundle], lesions=False) == _essence([of_csv], lesions=False)
    assert (of_csv.label, of_bundle.label) == ("", "L2")
    assert of_bundle.patient == of_csv.patient


def test_the_example_phenopacket_is_the_csv_but_for_what_it_cannot_say(of_the_examples: Knowledge) -> None:
    lines = (EXAMPLES / "patient.csv").read_text(encoding="utf-8").splitlines()
    cells = [line.split(",") for line in lines[1:]]
    kept = [Fact("", finding, status, "") for _, _, finding, status, _ in cells if status != "unknown"]
    assert len(kept) == len(cells) - 1
    expected = of_the_examples.recommend(document("p.csv", facts_csv("p1", kept)))
    found = of_the_examples.recommend(EXAMPLES / "phenopacket.json")
    assert _essence(found, lesions=False) == _essence(expected, lesions=False)
    assert [answer.label for answer in found] == ["L2"]
    assert (found[0].verdict, found[0].patient) == (Verdict.PROVISIONAL, "p1")
