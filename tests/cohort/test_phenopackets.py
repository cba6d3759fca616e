"""Each of many phenopackets is read as it is read alone."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.cohort.batches import Shown, shown, together
from tests.cohort.generator import Form, Member, alone, generate, write
from tests.cohort.runs import partitioned, read, reappearing
from tests.patients.many_formats.codes import write_codes
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.phenopackets import Phenopackets
from vhkg.cohort.records import batch_of
from vhkg.errors import InputError

FORMS = [Form.PHENOPACKETS, Form.PHENOPACKET_LINES]
SAMPLES = sorted((ROOT.parent / "shared" / "samples" / "phenopackets").glob("*.json"))


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


@pytest.fixture(scope="module")
def members() -> list[Member]:
    return generate(41, 300, faulty=0)


def _one_by_one(members: list[Member], path: Path, knowledge: Knowledge) -> Shown:
    found = []
    for member in members:
        source = knowledge.read_source(alone(member, Form.PHENOPACKETS))
        found.append(shown(batch_of(str(path), source.patients, knowledge, report=source.report), knowledge))
    return together(found)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [20_000, 100_000_000])
def test_all_are_each_of_them(
    knowledge: Knowledge, members: list[Member], tmp_path: Path, form: Form, size: int
) -> None:
    path = write(members, form, tmp_path)
    reader = Phenopackets(str(path), knowledge, size)
    assert (len(reader.pieces()) > 5) == (size < 100_000_000)
    assert reappearing(reader) == 0
    expected = _one_by_one(members, path, knowledge)
    assert read(reader, knowledge) == expected
    assert partitioned(reader, knowledge, tmp_path / "buckets") == expected
    assert len(expected.facts) == len(members)
    assert expected.unmapped


def test_packed_files_and_folders_of_lines_are_read(
    knowledge: Knowledge, members: list[Member], tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    lines = write(members[:200], Form.PHENOPACKET_LINES, folder)
    packed = folder / "more.jsonl.gz"
    others = [json.dumps(json.loads(alone(member, Form.PHENOPACKETS).content)) for member in members[200:290]]
    packed.write_bytes(gzip.compress("\n".join(others).encode()))
    (folder / "one.json.gz").write_bytes(gzip.compress(alone(members[290], Form.PHENOPACKETS).content))
    for member in members[291:]:
        (folder / f"{member.name}.json").write_bytes(alone(member, Form.PHENOPACKETS).content)
    (folder / "README.md").write_text("no packet", encoding="utf-8")
    (folder / "sub.json").mkdir()
    assert lines.exists()
    reader = Phenopackets(str(folder), knowledge, 40_000)
    expected = _one_by_one(members, folder, knowledge)
    assert read(reader, knowledge) == expected
    assert partitioned(reader, knowledge, tmp_path / "buckets") == expected


BROKEN = {
    b"{": "not JSON",
    b"[]": "the JSON is an array",
    b"null": "this JSON is no FHIR resource, phenopacket",
    b"\xff": "it is not UTF-8",
    b'{"resourceType": "Patient", "id": "p"}': "it is no phenopacket",
    b'{"@id": "urn:x:p", "@type": "Patient"}': "this JSON is no FHIR resource|unknown type 'Patient'",
    b'{"metaData": {}, "subject": {}}': "it names no subject",
    b'{"metaData": {}, "subject": {"id": "p"}, "subject": {"id": "q"}}': "the key",
    b'{"metaData": {}, "subject": {"id": "a\\u202eb"}}': "a patient is not read, since the name",
    b'{"metaData": {}, "subject": {"id": "p"}, "diseases": 3}': "it is no phenopacket: ",
    b'{"metaData": {}, "subject": {"id": "p"}, "cohort": 3}': "no part of a phenopacket of version 2",
    b'{"metaData": {}, "subject": {"id": "' + b"p" * 600 + b'"}}': "longer than 500 characters",
    b'"' + b"p" * 3_000_000 + b'"': "",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("broken", BROKEN, ids=list(BROKEN.values()))
def test_a_broken_packet_is_named_and_costs_no_other(
    knowledge: Knowledge, members: list[Member], tmp_path: Path, form: Form, broken: bytes
) -> None:
    some = members[:6]
    path = write(some, form, tmp_path)
    expected = _one_by_one(some, path, knowledge)
    if form is Form.PHENOPACKETS:
        file = path / f"{some[2].name}x.json"
        file.write_bytes(broken)
        place = str(file)
    else:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([*lines[:3], b"\n", broken + b"\n", *lines[3:]]))
        place = f"{path}, line 5"
    for size in (2_000, 100_000_000):
        reader = Phenopackets(str(path), knowledge, size)
        found = read(reader, knowledge)
        assert partitioned(reader, knowledge, tmp_path / f"buckets{size}") == found
        assert (found.facts, found.lesions, found.checked) == (expected.facts, expected.lesions, expected.checked)
        (refusal,) = found.refused
        assert refusal[2].startswith(place)
        assert re.search(BROKEN[broken], refusal[2])
        assert "p" * 300 not in refusal[2]
        assert found.fates["refused"] == 1


@pytest.mark.parametrize("form", FORMS)
def test_subjects_of_the_same_name_are_told_apart(
    knowledge: Knowledge, members: list[Member], tmp_path: Path, form: Form
) -> None:
    """Of different studies, perhaps: nothing says that they are one patient."""
    some = members[:8]
    packets = [json.loads(alone(member, Form.PHENOPACKETS).content) for member in some]
    packets[1]["subject"]["id"] = packets[6]["subject"]["id"] = "II-1"
    if form is Form.PHENOPACKETS:
        path = tmp_path / "packets"
        path.mkdir()
        for number, packet in enumerate(packets):
            (path / f"{number}.json").write_text(json.dumps(packet), encoding="utf-8")
        names = {1: "II-1 in 1.json", 6: "II-1 in 6.json"}
    else:
        path = tmp_path / "packets.ndjson"
        path.write_text("\n".join(map(json.dumps, packets)), encoding="utf-8")
        names = {1: "II-1 in packets.ndjson, line 2", 6: "II-1 in packets.ndjson, line 7"}
    expected = _one_by_one(some, path, knowledge)
    near = Phenopackets(str(path), knowledge)
    far = Phenopackets(str(path), knowledge, 3_000)
    assert reappearing(near) == 0
    assert reappearing(far) == 1
    for found in (read(near, knowledge), partitioned(far, knowledge, tmp_path / "buckets")):
        assert len(found.facts) == 8
        for number, member in enumerate(some):
            name = names.get(number, member.name)
            assert found.facts[name] == expected.facts[member.name]
            assert found.lesions[name] == expected.lesions[member.name]


def test_real_packets_are_read_alike(tmp_path: Path) -> None:
    assert len(SAMPLES) > 20
    knowledge = shipped()
    folder = tmp_path / "samples"
    folder.mkdir()
    fates: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    refused = 0
    for sample in SAMPLES:
        (folder / sample.name).write_bytes(sample.read_bytes())
        try:
            source = knowledge.read_source(sample)
        except InputError:
            refused += 1
            continue
        subjects.update(patient.record.patient for patient in source.patients)
        fates.update({fate.value: source.report.total(fate) for fate in source.report.counts})
    found = read(Phenopackets(str(folder), knowledge), knowledge)
    assert len(found.facts) == len(SAMPLES) - refused
    assert sum(" in " in name and name.endswith(".json") for name in found.facts) == sum(
        count for count in subjects.values() if count > 1
    )
    assert len(found.refused) == refused
    assert found.fates == dict(fates + Counter({"refused": refused}))
    assert partitioned(Phenopackets(str(folder), knowledge, 50_000), knowledge, tmp_path / "buckets") == found


def test_a_path_without_packets_is_named(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder holds no JSON"):
        Phenopackets(str(tmp_path), knowledge).pieces()
    with pytest.raises(InputError, match="there is no such file"):
        Phenopackets(str(tmp_path / "none.ndjson"), knowledge).pieces()
