"""Tables partitioned by person say what the folder says as a whole."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.cohort.batches import Shown, shown, together
from tests.cohort.generator import Form, generate, write
from tests.cohort.runs import partitioned
from tests.patients.many_formats.codes import write_codes
from tests.support import ROOT
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.reader import ScatteredError
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.omop import OmopTables
from vhkg.errors import InputError

SAMPLES = ROOT.parent / "shared" / "samples"


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


def exactly(folder: Path, knowledge: Knowledge) -> Shown:
    source = knowledge.read_source(folder)
    batch = batch_of(str(folder), source.patients, knowledge, report=source.report)
    return together([shown(batch, knowledge)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(generate(31, 400, faulty=0), Form.OMOP, tmp_path)


@pytest.mark.parametrize("buckets", [1, 7])
@pytest.mark.parametrize("size", [500, 10_000_000])
def test_buckets_say_what_the_folder_says(
    knowledge: Knowledge, folder: Path, tmp_path: Path, buckets: int, size: int
) -> None:
    found = partitioned(OmopTables(str(folder), knowledge, size), knowledge, tmp_path / "buckets", buckets)
    assert found == exactly(folder, knowledge)
    assert len(found.facts) == 400
    assert found.fates["irrelevant"] == 800
    assert found.unmapped


def test_lines_that_are_no_rows_are_refused_once(knowledge: Knowledge, folder: Path, tmp_path: Path) -> None:
    """Too few cells, first and last; no person; an unknown person; a row over several lines; blank lines."""
    observations = next(folder.glob("observation.*"))
    mark = "\t" if observations.suffix == ".tsv" else ","
    header, *rows = observations.read_text(encoding="utf-8").splitlines()
    width = header.count(mark)
    unknown = mark.join(["9", "999999", *[""] * (width - 1)])
    broken = rows[3].split(mark)
    broken[-1] = '"{score}\n\n of ten"'
    rows[3] = mark.join(broken)
    observations.write_text(
        "\n".join(["", header, "x", *rows, "", unknown, rows[0] + mark + "more", "x"]), encoding="utf-8"
    )
    persons = next(folder.glob("person.*"))
    with persons.open("a", encoding="utf-8") as stream:
        stream.write("8507".join(["\t" if persons.suffix == ".tsv" else ","] * 2) + "\nx\n")
    visits = next(folder.glob("visit_occurrence.*"))
    with visits.open("a", encoding="utf-8") as stream:
        stream.write("x\n")
    expected = exactly(folder, knowledge)
    assert len(expected.refused) == 7
    for size in (500, 10_000_000):
        found = partitioned(OmopTables(str(folder), knowledge, size), knowledge, tmp_path / f"buckets{size}")
        assert found == expected


def test_packed_tables_are_read(knowledge: Knowledge, folder: Path, tmp_path: Path) -> None:
    expected = exactly(folder, knowledge)
    for path in folder.glob("*.csv"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert partitioned(OmopTables(str(folder), knowledge), knowledge, tmp_path / "buckets") == expected


def test_a_piece_alone_holds_no_patient(knowledge: Knowledge, folder: Path) -> None:
    reader = OmopTables(str(folder), knowledge)
    assert reader.partitions
    with pytest.raises(ScatteredError):
        reader.read(reader.pieces()[0])


@pytest.mark.parametrize(
    ("table", "content", "said"),
    [
        ("observation.csv", "observation_id,person_id\n1,1001\n", "the column observation_concept_id is missing"),
        ("person.csv", "person_id,person_id\n1,2\n", "the column person_id stands twice"),
        ("condition_occurrence.csv", "", "the column condition_occurrence_id is missing"),
        ("note.csv", 'note_id,text\n1,"not closed\n', "not CSV: unexpected end of data"),
        ("person.csv", 'person_id\n"1"x\n', "not CSV: ',' expected after '\"'"),
        ("visit_occurrence.csv", b"visit_occurrence_id\n\xff\n", "it is not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(
    knowledge: Knowledge, tmp_path: Path, table: str, content: str | bytes, said: str
) -> None:
    """As reading the folder as a whole says it."""
    folder = tmp_path / "omop"
    folder.mkdir()
    (folder / "person.csv").write_text("person_id\n1001\n", encoding="utf-8")
    (folder / table).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=said) as expected:
        knowledge.read_source(folder)
    reader = OmopTables(str(folder), knowledge)
    with pytest.raises(InputError) as error:
        partitioned(reader, knowledge, tmp_path / "buckets")
    assert str(error.value) == str(expected.value)
    assert str(error.value).startswith(table)


def test_a_folder_without_persons_is_refused(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "observation.csv").write_text("observation_id\n", encoding="utf-8")
    with pytest.raises(InputError, match="the folder holds neither NDJSON nor OMOP tables"):
        OmopTables(str(tmp_path), knowledge).pieces()


def _samples() -> list[Path]:
    found = {path.parent for path in SAMPLES.rglob("*") if path.name.lower().startswith("person.")}
    assert found, "the shared samples are missing"
    return sorted(found)


@pytest.mark.parametrize("at", range(len(_samples())))
def test_real_tables_are_read_alike(tmp_path: Path, at: int) -> None:
    folder = _samples()[at]
    knowledge = Knowledge.load()
    assert partitioned(OmopTables(str(folder), knowledge), knowledge, tmp_path / "b", 3) == exactly(folder, knowledge)
