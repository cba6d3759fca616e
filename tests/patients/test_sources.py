"""What a path holds is told by its name and by what is in the folder."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from vhkg.errors import InputError
from vhkg.intake import Document, Format
from vhkg.patients.sources import BulkFiles, OmopFiles, open_source


def folder(place: Path, *names: str) -> str:
    for name in names:
        (place / name).write_text(f"{name}\n")
    return str(place)


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.json", b'{"resourceType": "Patient"}', Format.JSON),
        ("a.json", b'{"@context": "x"}', Format.JSONLD),
        ("a.json", b'{"id": "1"}\n{"id": "2"}\n', Format.NDJSON),
        ("a.csv", b"patient,finding,status\n", Format.CSV),
        ("a.ttl", b"# nothing\n", Format.TURTLE),
        ("a", b'{"resourceType": "Patient"}', Format.JSON),
        ("PERSON.csv", b"person_id\n1\n", Format.CSV),
    ],
)
def test_a_file_is_one_document(tmp_path: Path, name: str, content: bytes, form: Format) -> None:
    (tmp_path / name).write_bytes(content)
    path = str(tmp_path / name)
    assert open_source(path) == Document(name=path, content=content, format=form)


def test_standard_input_is_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "1"}\n{"id": "2"}\n')))
    found = open_source("-")
    assert isinstance(found, Document)
    assert (found.name, found.format) == ("standard input", Format.NDJSON)


@pytest.mark.parametrize("name", ["a.ndjson", "A.NDJSON", "a.ndjson.gz"])
def test_a_file_of_lines_is_read_line_by_line(tmp_path: Path, name: str) -> None:
    content = b"one\n\ntwo"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    path = str(tmp_path / name)
    found = open_source(path)
    assert isinstance(found, BulkFiles)
    assert (found.name, list(found.lines())) == (path, [(path, 1, b"one"), (path, 3, b"two")])


def test_a_folder_of_lines_is_a_bulk_export_in_the_order_of_its_names(tmp_path: Path) -> None:
    path = folder(tmp_path, "b.ndjson", "a.NDJSON", "notes.txt", "other.csv")
    (tmp_path / "c.ndjson.gz").write_bytes(gzip.compress(b"packed"))
    found = open_source(path)
    assert isinstance(found, BulkFiles)
    assert list(found.lines()) == [
        ("a.NDJSON", 1, b"a.NDJSON"),
        ("b.ndjson", 1, b"b.ndjson"),
        ("c.ndjson.gz", 1, b"packed"),
    ]


@pytest.mark.parametrize("person", ["PERSON.csv", "person.CSV", "Person.tsv", "person.csv.gz"])
def test_a_folder_with_a_person_table_holds_omop_tables(tmp_path: Path, person: str) -> None:
    path = folder(tmp_path, "condition_occurrence.csv", "Drug_Exposure.tsv", "notes.txt", "a.ndjson")
    (tmp_path / person).write_bytes(gzip.compress(b"x\n") if person.endswith(".gz") else b"x\n")
    found = open_source(path)
    assert isinstance(found, OmopFiles)
    assert sorted(found.tables) == ["CONDITION_OCCURRENCE", "DRUG_EXPOSURE", "PERSON"]
    tables = {table: (name, list(lines)) for table, (name, lines) in found.lines().items()}
    assert tables["PERSON"] == (person, [(1, b"x")])
    assert tables["DRUG_EXPOSURE"] == ("Drug_Exposure.tsv", [(1, b"Drug_Exposure.tsv")])


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ((), "the folder holds neither NDJSON nor OMOP tables; name the files in it, or export to it."),
        (
            ("a.json", "b.json"),
            "the folder holds neither NDJSON nor OMOP tables; name the files in it, or export to it.",
        ),
        (("CONDITION_OCCURRENCE.csv",), "the folder holds neither NDJSON nor OMOP tables; name the files in it"),
        (("PERSON.csv", "person.tsv"), "PERSON.csv: there is another file of the same table; keep one."),
        (
            ("PERSON.csv", "death.csv", "DEATH.csv.gz"),
            "DEATH.csv.gz: there is another file of the same table; keep one.",
        ),
    ],
)
def test_folders_that_are_no_source(tmp_path: Path, names: tuple[str, ...], says: str) -> None:
    path = folder(tmp_path, *names)
    with pytest.raises(InputError) as caught:
        open_source(path)
    assert str(caught.value).startswith(path)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", ["none.json", "none.ndjson", "none"])
def test_a_path_that_is_not_there(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    with pytest.raises(InputError) as caught:
        open_source(path)
    assert str(caught.value) == f"{path}: there is no such file; correct the path."


def test_a_folder_in_place_of_a_table_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    path = folder(tmp_path, "death.csv")
    (tmp_path / "PERSON.csv").mkdir()
    found = open_source(path)
    assert isinstance(found, OmopFiles)
    with pytest.raises(InputError, match=r"PERSON.csv: it cannot be read: is a directory; check the file."):
        list(found.lines()["PERSON"][1])
