"""Bundles, a file each: of every patient what the reader of one bundle says, whether plain or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.cohort.batches import Shown, shown, together
from tests.cohort.fhir.support import nameless, partitioned
from tests.patients.many_formats.codes import write_codes
from tests.patients.many_formats.fhir import bundle as generated_bundle
from tests.patients.many_formats.generator import generate
from tests.patients.records import bundle, concept, condition, hospital, observation
from tests.patients.test_mutated_fhir import ANY, CHANGES, VALID, changed
from tests.patients.test_samples import FHIR
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir import BundleFolderReader
from vhkg.cohort.fhir.bundles import Bundles
from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.reader import Piece, ScatteredError
from vhkg.cohort.records import batch_of
from vhkg.errors import InputError


def write(folder: Path, **contents: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / f"{name}.json").write_bytes(raw)
    return folder


def one_by_one(folder: Path, knowledge: Knowledge) -> Shown:
    """Each file by the reader of one source; one that cannot be read is a refusal."""
    found = []
    for path in sorted(folder.iterdir()):
        try:
            source = knowledge.read_source(path)
        except InputError as error:
            unread = shown(batch_of(str(folder), (), knowledge), knowledge)
            found.append(unread._replace(refused=[(str(folder), "", str(error))], fates={"refused": 1}))
        else:
            found.append(shown(batch_of(str(folder), source.patients, knowledge, report=source.report), knowledge))
    return nameless(together(found))


def as_they_stand(folder: Path, knowledge: Knowledge, *, size: int = 16 << 20) -> Shown:
    reader = BundleFolderReader(str(folder), knowledge, size)
    return nameless(together([shown(reader.read(piece), knowledge) for piece in reader.pieces()]))


def agree(folder: Path, knowledge: Knowledge, *, size: int = 16 << 20) -> None:
    expected = one_by_one(folder, knowledge)
    assert as_they_stand(folder, knowledge, size=size) == expected
    reader = BundleFolderReader(str(folder), knowledge, size)
    assert partitioned(reader, knowledge, folder.with_name(f"{folder.name}.out"), 3) == expected


def test_generated_patients(tmp_path: Path) -> None:
    local = Knowledge.load(codes=write_codes(tmp_path))
    folder = write(tmp_path / "in", **{f"p{seed}": generated_bundle(generate(seed)) for seed in range(150)})
    agree(folder, local, size=40_000)


def test_samples(tmp_path: Path) -> None:
    """The resources of the samples have a patient between them, so each is read by itself."""
    for path in FHIR:
        agree(write(tmp_path / path.stem, sample=path.read_bytes()), shipped())


def entry(resource: Any, **rest: Any) -> Any:
    return {"resource": resource, **rest}


PERSON = {"resourceType": "Patient", "id": "p"}
CONDITION = condition(id="c", recordedDate="2026-01-01")


OTHER = bundle({**CONDITION, "subject": {"reference": "Patient/other"}}, patient="other")


def of_entries(*entries: Any, **rest: Any) -> Any:
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries), **rest}


CASES: dict[str, Any] = {
    "plain": bundle(CONDITION, observation(valueBoolean=True)),
    "irrelevant": bundle({"resourceType": "Encounter", "id": "e"}, CONDITION),
    "by address": of_entries(
        entry(PERSON, fullUrl="urn:uuid:1"), entry({**CONDITION, "subject": {"reference": "urn:uuid:1"}})
    ),
    "by address and version": of_entries(
        entry(PERSON, fullUrl="https://a.example/Patient/p"),
        entry({**CONDITION, "subject": {"reference": "https://a.example/Patient/p/_history/2"}}),
    ),
    "another patient": of_entries(entry(PERSON), entry({**CONDITION, "subject": {"reference": "Patient/q"}})),
    "two patients": of_entries(entry(PERSON), entry({**PERSON, "id": "q"})),
    "no patient": of_entries(entry(CONDITION)),
    "the address of another": of_entries(entry(PERSON, fullUrl="Condition/c"), entry(CONDITION)),
    "twice the same": of_entries(entry(PERSON), entry(CONDITION), entry(CONDITION)),
    "twice, and not the same": of_entries(
        entry(PERSON), entry(CONDITION), entry({**CONDITION, "recordedDate": "2026"})
    ),
    "a write": of_entries(entry(PERSON, request={"method": "PUT"}), entry(CONDITION, request={"method": "POST"})),
    "a change": of_entries(entry(PERSON, request={"method": "PATCH"})),
    "a removal": of_entries(entry(PERSON), {"request": {"method": "DELETE"}}),
    "a modifier": of_entries(entry(PERSON), modifierExtension=[{}]),
    "a modifier of the patient": of_entries(entry({**PERSON, "implicitRules": "urn:x"})),
    "a modifier of an entry": of_entries(entry(PERSON, modifierExtension=[{}])),
    "no subject": of_entries(entry(PERSON), entry({"resourceType": "Condition", "id": "c"})),
    "contained": of_entries(entry(PERSON), entry({**CONDITION, "contained": [{"resourceType": "Group", "id": "g"}]})),
    "a bundle inside": of_entries(entry(PERSON), entry(bundle())),
    "a history": of_entries(entry(PERSON), type="history"),
    "a wrong type": of_entries(entry(PERSON), entry({**CONDITION, "recordedDate": 1})),
    "a wrong id": of_entries(entry(PERSON), entry({**CONDITION, "id": "a/b"})),
    "a strange id": of_entries(entry(PERSON), entry({**CONDITION, "id": "\u00e9"})),
    "an unknown resource": of_entries(entry(PERSON), entry({"resourceType": "Strange", "id": "s"})),
    "a code that cannot be shown": of_entries(entry(PERSON), entry({**CONDITION, "code": concept("\x07")})),
    "one resource": CONDITION,
    "a patient": PERSON,
    "a key twice": b'{"resourceType":"Bundle","type":"collection","type":"collection"}',
    "no json": b"{",
    "empty": b"",
    "not UTF-8": b'{"resourceType":"\xff"}',
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(bundle(CONDITION)).encode(),
    "packed": gzip.compress(json.dumps(bundle(CONDITION)).encode()),
    "indented": json.dumps(bundle(CONDITION), indent=2).encode(),
}


@pytest.mark.parametrize("content", CASES.values(), ids=CASES)
def test_cases(content: Any, tmp_path: Path) -> None:
    agree(write(tmp_path / "in", a=content, b=OTHER), hospital())


ELSEWHERE: dict[str, tuple[Any, str]] = {
    "lines": (b"\n".join([json.dumps(PERSON).encode()] * 2), "it is NDJSON, not FHIR; name a format by"),
    "linked data": ({"@context": {}}, "it is JSON-LD, not FHIR; name a format by"),
    "a phenopacket": ({"subject": {"id": "p"}, "metaData": {}}, "it is a phenopacket, not FHIR; name a format by"),
}


@pytest.mark.parametrize(("content", "says"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_read_elsewhere_is_set_aside(content: Any, says: str, tmp_path: Path) -> None:
    found = as_they_stand(write(tmp_path / "in", a=content, b=OTHER), hospital())
    assert list(found.facts) == ["other"]
    assert [says in message for _, _, message in found.refused] == [True]


def test_most_cases_of_the_generator_are_plain() -> None:
    bundles = Bundles(shipped(), Memory(shipped(), ""))
    plain = [bundles._at_once(generated_bundle(generate(seed))) is not None for seed in range(100)]
    assert sum(plain) > 30
    assert bundles._at_once(json.dumps(CASES["plain"]).encode()) is not None


@settings(max_examples=40, deadline=None)
@given(CHANGES)
def test_a_bundle_with_something_wrong_anywhere(tmp_path_factory: pytest.TempPathFactory, changes: Any) -> None:
    folder = tmp_path_factory.mktemp("in")
    agree(write(folder / "bundles", a=changed(VALID, changes), b=OTHER), hospital())


@settings(max_examples=40, deadline=None)
@given(ANY)
def test_any_json_beside_a_bundle_changes_nothing_of_it(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = write(tmp_path_factory.mktemp("in") / "bundles", a=value, b=OTHER)
    found = as_they_stand(folder, hospital())
    assert found.facts["other"] == [("", "NeurologicalDeficit", "present", "2026-01-01", False)]


def test_a_patient_in_two_files(tmp_path: Path) -> None:
    """Facts of both; what has two contents counts in neither."""
    folder = write(
        tmp_path / "in",
        a=bundle(CONDITION, observation(id="o", valueBoolean=True, effectiveDateTime="2026-01-02")),
        b=bundle(CONDITION, observation(id="o", valueBoolean=False, effectiveDateTime="2026-01-03")),
        c=OTHER,
    )
    reader = BundleFolderReader(str(folder), hospital())
    (piece,) = reader.pieces()
    with pytest.raises(ScatteredError):
        reader.read(piece)
    found = partitioned(reader, hospital(), tmp_path / "out", 2)
    assert found.facts["p"] == [("", "NeurologicalDeficit", "present", "2026-01-01", False)]
    assert len(found.facts["other"]) == 1
    reason = "not read, since Observation/o stands twice with different content."
    says = [f"{folder / name}: {reason}" for name in ("a.json", "b.json")]
    assert [message for _, _, message in found.refused] == says


def test_pieces_are_groups_of_files_and_keys_are_patients(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", **{f"p{number}": bundle(patient=f"p{number}") for number in range(6)})
    (folder / "notes.txt").write_text("none", encoding="utf-8")
    size = 2 * (folder / "p0.json").stat().st_size
    reader = BundleFolderReader(str(folder), hospital(), size)
    pieces = reader.pieces()
    assert [len(piece.files) for piece in pieces] == [2, 2, 2]
    keys = [key for piece in pieces for key in reader.read(piece).keys.tolist()]
    assert len(set(keys)) == 6
    again = BundleFolderReader(str(folder), hospital()).read(Piece(0, "x", (str(folder / "p0.json"),)))
    assert again.keys.tolist() == [key for key in keys if key in again.keys.tolist()]


def test_a_folder_without_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder holds no JSON; put the bundles into it"):
        BundleFolderReader(str(tmp_path), hospital()).pieces()
