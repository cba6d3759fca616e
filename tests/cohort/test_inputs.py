"""Which reader a path gets, by what it holds."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.cohort.generator import Form, generate, write
from tests.support import shipped
from vhkg.cohort.inputs import files_of, open_readers
from vhkg.errors import InputError

READERS = {
    Form.N_TRIPLES: "RdfReader",
    Form.N_QUADS: "RdfReader",
    Form.TURTLE: "RdfReader",
    Form.TRIG: "RdfReader",
    Form.CSV: "FactsCsv",
    Form.PARQUET: "FactsParquet",
    Form.OMOP: "OmopTables",
    Form.PHENOPACKETS: "Phenopackets",
    Form.PHENOPACKET_LINES: "Phenopackets",
    Form.FHIR_BULK: "FhirReader",
    Form.FHIR_BUNDLES: "FhirReader",
}


@pytest.mark.parametrize("form", READERS)
def test_each_format_has_its_reader(form: Form, tmp_path: Path) -> None:
    path = write(generate(1, 3), form, tmp_path)
    (reader,) = open_readers([str(path)], shipped(), 1 << 20)
    assert type(reader).__name__ == READERS[form]


@pytest.mark.parametrize("form", [Form.N_TRIPLES, Form.CSV, Form.FHIR_BUNDLES, Form.PHENOPACKET_LINES])
def test_a_packed_file_is_told_by_what_is_in_it(form: Form, tmp_path: Path) -> None:
    path = write(generate(1, 3), form, tmp_path)
    packed = tmp_path / f"packed-{path.name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    (reader,) = open_readers([str(packed)], shipped(), 1 << 20)
    assert type(reader).__name__ == READERS[form]


def test_a_folder_of_files_is_read_file_by_file_in_order(tmp_path: Path) -> None:
    for form in (Form.CSV, Form.N_TRIPLES):
        write(generate(1, 2), form, tmp_path)
    (tmp_path / "README").write_text("not of patients", encoding="utf-8")
    assert [path.name for path in files_of(str(tmp_path))] == ["cohort.csv", "cohort.nt"]
    assert [type(each).__name__ for each in open_readers([str(tmp_path)], shipped(), 1)] == ["FactsCsv", "RdfReader"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.nt", "there is no such file or folder"), ("empty", "the folder holds no file of patients"),
     ("notes.txt", "a cohort is not read from such a file; give a file that ends in .nt")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        open_readers([str(tmp_path / name)], shipped(), 1)
    assert caught.value.file == str(tmp_path / name)
