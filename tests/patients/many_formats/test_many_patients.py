"""Several patients in one input: each gets the answer that it gets alone, in any order, whatever is wrong elsewhere."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.patients.many_formats.answers import Essence, essence, plain
from tests.patients.many_formats.codes import local, write_codes
from tests.patients.many_formats.fhir import bulk_resources, bundle, bundle_line, write_bulk, write_lines
from tests.patients.many_formats.generator import generate
from tests.patients.many_formats.omop import person, write_omop
from tests.patients.many_formats.patient import Fact, Patient, reduced
from vhkg.answering.knowledge import Knowledge
from vhkg.intake import Document, document
from vhkg.model.answer import Answer
from vhkg.model.source_report import Fate

PATIENTS = 300


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


def _by_patient(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.patient, []).append(answer)
    return found


def _recommended(knowledge: Knowledge, source: Document | Path) -> dict[str, Essence]:
    return {name: essence(found) for name, found in _by_patient(knowledge.recommend(source)).items()}


def _one_by_one(knowledge: Knowledge, facts: Callable[[Patient], Sequence[Fact]]) -> dict[str, Essence]:
    return {
        patient.name: essence(knowledge.recommend(plain(patient.name, facts(patient))))
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
        assert _recommended(knowledge, path)[patient.name] == essence(
            knowledge.recommend(plain(patient.name, patient.facts))
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
