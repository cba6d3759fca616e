"""The generator's patients are what other tests take them for."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.cohort.generator import INVALID, RDF, TABLES, Fault, Form, Member, alone, fault_in, generate, write
from tests.patients.many_formats.codes import write_codes
from tests.patients.many_formats.generator import kinds
from vhkg.answering.knowledge import Knowledge
from vhkg.errors import InputError

ALONE = [form for form in Form if form not in (Form.OMOP, Form.FHIR_BULK, Form.PARQUET)]


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


@pytest.fixture(scope="module")
def members() -> list[Member]:
    return generate(3, 400, faulty=0.1)


def test_all_kinds_occur_and_names_are_different(members: list[Member]) -> None:
    assert generate(3, 400, faulty=0.1) == members
    assert len({member.name for member in members}) == len(members)
    assert {member.fault for member in members} == {*Fault, None}
    found = set().union(*(kinds(member.patient) for member in members))
    assert found >= {"present", "absent", "unknown", "undated", "several lesions", "no lesion named", "one lesion"}


@pytest.mark.parametrize("form", ALONE)
def test_a_fault_is_what_it_is_called(members: list[Member], knowledge: Knowledge, form: Form) -> None:
    seen = set()
    for member in members:
        fault = fault_in(member, form)
        if fault is not None and fault not in INVALID:
            with pytest.raises(InputError):
                knowledge.read(alone(member, form))
        elif fault is not None or member.patient.seed % 10 == 0:
            (patient,) = knowledge.read(alone(member, form))
            assert patient.report.conforms == (fault is None)
            assert patient.record.patient == (member.iri if form in RDF else member.name)
        seen.add(fault)
    assert (seen > {None}) == (form in (*RDF, *TABLES))


@pytest.mark.parametrize("form", list(Form))
def test_a_cohort_is_the_same_for_the_same_seed(members: list[Member], form: Form, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first, second = (_contents(write(members[:30], form, folder)) for folder in (tmp_path, tmp_path / "again"))
    assert first == second
    assert all(first.values())


def _contents(path: Path) -> dict[str, bytes]:
    """Packed files unpacked, since they hold the time at which they were packed."""
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {
        file.name: gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in files
    }


@pytest.mark.parametrize("form", [Form.N_TRIPLES, Form.CSV])
def test_shuffled_lines_are_the_same_lines(members: list[Member], form: Form, tmp_path: Path) -> None:
    first = write(members, form, tmp_path).read_text(encoding="utf-8").splitlines()
    second = write(members, form, tmp_path, shuffled=True).read_text(encoding="utf-8").splitlines()
    assert first != second
    assert sorted(first) == sorted(second)
