"""A bulk export by patient: of every patient what the reader of one source says, whatever the pieces and buckets."""

from __future__ import annotations

import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohort.fhir.support import one_by_one, partitioned
from tests.patients.fhir.test_bulk import CASES, HERE, THERE, of, patient
from tests.patients.many_formats.codes import write_codes
from tests.patients.many_formats.fhir import bundle_line, write_bulk, write_lines
from tests.patients.many_formats.generator import generate
from tests.patients.records import bundle, concept, condition, hospital, observation
from tests.patients.test_mutated_fhir import ANY, CHANGES, VALID, changed
from tests.patients.test_samples import LINES
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir import FhirReader
from vhkg.cohort.reader import ScatteredError
from vhkg.errors import InputError


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """Knowledge with the codes of the generator of patients."""
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


def agree(path: Path, knowledge: Knowledge, folder: Path, *, size: int = 16 << 20, buckets: int = 3) -> None:
    expected = one_by_one(path, knowledge)
    assert partitioned(FhirReader(str(path), knowledge, size), knowledge, folder, buckets) == expected


@pytest.mark.parametrize(("size", "buckets"), [(16 << 20, 1), (20_000, 7)])
def test_an_export_of_generated_patients(local: Knowledge, tmp_path: Path, size: int, buckets: int) -> None:
    write_bulk(map(generate, range(400)), tmp_path / "bulk", seed=size)
    agree(tmp_path / "bulk", local, tmp_path / "out", size=size, buckets=buckets)


def test_a_bundle_a_line(local: Knowledge, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.ndjson", [bundle_line(generate(seed)).decode() for seed in range(120)])
    agree(tmp_path / "a.ndjson", local, tmp_path / "out", size=30_000)


@pytest.mark.parametrize("path", [*LINES, LINES[0].parent], ids=lambda path: path.stem)
def test_samples(path: Path, tmp_path: Path) -> None:
    agree(path, shipped(), tmp_path, size=100_000)


MORE: dict[str, list[Any]] = {
    "several servers": [
        patient("p"), of(f"{HERE}/Patient/p", "c"), of(f"{THERE}/Patient/p", "d"), of("Patient/p", "e")
    ],
    "twice the same": [patient("p"), of("Patient/p", "c", recordedDate="2026-01-01")] * 2,
    "twice, and written in two ways": [
        of("Patient/p", "c"),
        json.dumps(dict(sorted(of("Patient/p", "c").items(), reverse=True)), separators=(" ,", " : ")).encode(),
        bundle(of("Patient/p", "c")),
    ],
    "without ids, in bundles": [
        {"resourceType": "Bundle", "type": "collection", "entry": [
            {"resource": {"resourceType": "Patient", "id": "p"}}, {"resource": of("Patient/p", recordedDate=day)}
        ]} for day in ("2026-01-01", "2026-01-02", "2026-01-03")
    ],
    "twice, and not the same": [of("Patient/p", "c"), of("Patient/q", "c", recordedDate="2026")],
    "a month and a day in it": [
        of("Patient/p", "c", recordedDate="2026-01"),
        of("Patient/p", "d", recordedDate="2026-01-05", verificationStatus=concept("refuted", "")),
    ],
    "a name that cannot be shown": [of("Patient/\u2028", "c"), of("Patient/p", "d")],
    "a code that cannot be shown": [of("Patient/p", "c", code=concept("\x07"))] * 2,
    "a site as text": [
        of("Patient/p", "c", bodySite=[{"text": "somewhere"}]),
        of("Patient/p", "d", bodySite=[{"text": "elsewhere"}]),
    ],
    "without an id": [of("Patient/p"), of("Patient/p", recordedDate="2026-01-01")],
    "a panel": [
        observation("PANEL", id="o", component=[{"code": concept("X")}, {"code": concept("BP"), "valueBoolean": True}]),
        observation("PANEL", id="n", component=[{"code": concept("X")}, {"code": concept("Y\x07")}]),
    ],
    "a key twice": [b'{"resourceType":"Patient","id":"p","id":"q"}', of("Patient/p", "c")],
    "too deep": [b'{"resourceType":"Observation","x":' + b"[" * 40 + b"]" * 40 + b"}"],
    "not UTF-8": [b'{"resourceType":"Observation","id":"\xff"}', b'{"x":"\xed\xa0\x80"}'],
    "half a character": [b'{"resourceType":"List","id":"o","status":"\\ud800","subject":{"reference":"Patient/p"}}'],
    "blank lines": [b"", b"  ", of("Patient/p", "c"), b"\t", [], 1],
    "a byte order mark": [b'\xef\xbb\xbf{"resourceType":"Patient","id":"p"}', b'\xef\xbb\xbf{"resourceType":"List"}'],
}  # fmt: skip


def write(path: Path, lines: list[Any]) -> Path:
    content = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"".join(line + b"\n" for line in content))
    return path


@pytest.mark.parametrize("size", [16 << 20, 100])
@pytest.mark.parametrize("lines", [*(lines for lines, _ in CASES.values()), *MORE.values()], ids=[*CASES, *MORE])
def test_cases(lines: list[Any], size: int, tmp_path: Path) -> None:
    agree(write(tmp_path / "a.ndjson", lines), hospital(), tmp_path / "out", size=size)


def test_a_folder_of_packed_and_plain_files(tmp_path: Path) -> None:
    folder = tmp_path / "bulk"
    folder.mkdir()
    write(folder / "Condition.ndjson", [of("Patient/p", "c"), of("Patient/q")] * 3)
    plain = write(folder / "Patient.ndjson", [patient("p")])
    (folder / "Patient.ndjson.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    agree(folder, hospital(), tmp_path / "out", size=100)


@settings(max_examples=40, deadline=None)
@given(CHANGES, st.sampled_from([16 << 20, 300]))
def test_lines_with_something_wrong_anywhere(tmp_path_factory: pytest.TempPathFactory, changes: Any, size: int) -> None:
    resources = changed([entry["resource"] for entry in VALID["entry"]], changes)
    folder = tmp_path_factory.mktemp("mutated")
    path = write(folder / "a.ndjson", [*resources, *resources, {"resourceType": "Patient", "id": "other"}])
    agree(path, hospital(), folder / "out", size=size)


def coded(status: str) -> Any:
    return concept(status, "")


VARIED = st.builds(
    lambda kind, code, rest: {"resourceType": kind, "code": code, "subject": {"reference": "Patient/p"}, **rest},
    st.sampled_from(["Condition", "Observation", "Procedure", "List"]),
    st.sampled_from(["VH", "DEF", "BP", "SCORE", "GROWTH", "LAM", "NONE"]).map(concept),
    st.fixed_dictionaries(
        {"id": st.sampled_from("abcdefgh")},
        optional={
            "status": st.sampled_from(["final", "completed", "not-done", "entered-in-error", "current", "?"]),
            "verificationStatus": st.sampled_from(["confirmed", "refuted", "provisional"]).map(
                lambda c: concept(c, "")
            ),
            "clinicalStatus": st.sampled_from(["active", "resolved", "inactive"]).map(coded),
            "valueCodeableConcept": st.sampled_from(["YES", "NO", "UNK"]).map(concept),
            "valueBoolean": st.booleans(),
            "valueInteger": st.integers(0, 1),
            "valueQuantity": st.fixed_dictionaries(
                {"value": st.sampled_from([0, 1, 0.0])},
                optional={"system": st.just("http://unitsofmeasure.org"), "code": st.just("{score}")},
            ),
            "valueString": st.just(""),
            "dataAbsentReason": st.just({}),
            "recordedDate": st.sampled_from(["2026-01-01", "2026-01", "2026", "x", ""]),
            "onsetDateTime": st.sampled_from(["2026-01-01", "2025-12", "2027", "x"]),
            "abatementDateTime": st.sampled_from(["2026-01-01", "2025-12", "2027", "x"]),
            "abatementString": st.just("then"),
            "effectiveDateTime": st.sampled_from(["2026-01-01T10:00:00Z", "2026", "x"]),
            "effectivePeriod": st.sampled_from([{"end": "2026-01-02"}, {"start": "2026-01-03"}, {}]),
            "performedDateTime": st.sampled_from(["2026-01-01", "x"]),
            "issued": st.sampled_from(["2026-01-05T10:00:00Z", "x"]),
            "focus": st.just([{"reference": "Patient/x"}]),
            "modifierExtension": st.just([{"url": "urn:x"}]),
            "implicitRules": st.just("urn:x"),
        },
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(VARIED, min_size=1, max_size=25))
def test_what_is_remembered_of_one_resource_holds_of_another(
    tmp_path_factory: pytest.TempPathFactory, resources: list[Any]
) -> None:
    """All in one file, and one memory; the ids are few, so that some stand twice."""
    folder = tmp_path_factory.mktemp("varied")
    agree(write(folder / "a.ndjson", resources), hospital(), folder / "out", buckets=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(ANY, max_size=4))
def test_any_json_at_all(tmp_path_factory: pytest.TempPathFactory, values: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("any")
    agree(write(folder / "a.ndjson", [patient("p"), *values]), hospital(), folder / "out")


def test_a_line_that_is_too_long_is_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ndjson", [patient("p"), patient("q", name="x" * (5 << 20)), of("Patient/p", "c")])
    found = partitioned(FhirReader(str(path), hospital(), 1 << 20), hospital(), tmp_path / "out", 1)
    assert list(found.facts) == ["p"]
    says = f"{path}, line 2: a line is longer than 2 MiB; split the record."
    assert [message for _, _, message in found.refused] == [says]


def test_scattering_again_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ndjson", [of(f"Patient/p{number}", f"c{number}") for number in range(50)])
    reader = FhirReader(str(path), hospital(), 2000)
    first = partitioned(reader, hospital(), tmp_path / "out", 4)
    assert partitioned(pickle.loads(pickle.dumps(reader)), hospital(), tmp_path / "out", 4) == first


def test_a_reader_reads_no_piece_where_it_stands(tmp_path: Path) -> None:
    reader = FhirReader(str(write(tmp_path / "a.ndjson", [condition()])), hospital())
    (piece,) = reader.pieces()
    assert reader.partitions
    with pytest.raises(ScatteredError):
        reader.read(piece)


def test_what_is_no_ndjson(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("patient,finding\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"it is no NDJSON; give a file that ends in \.ndjson or \.ndjson\.gz, or a"):
        FhirReader(str(path), hospital()).pieces()


def test_damaged_gzip_ends_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(json.dumps(patient("p")).encode())[:-9])
    reader = FhirReader(str(path), hospital())
    (piece,) = reader.pieces()
    with pytest.raises(InputError, match="the gzip data are damaged; copy the file again"):
        reader.scatter(piece, tmp_path / "out", 1)
