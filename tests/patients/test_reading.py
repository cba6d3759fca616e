"""The same patient in every format gives the same record; patients do not touch one another."""

from __future__ import annotations

import datetime
import subprocess
import sys

import pytest

from tests.intake.support import DATA, INVALID, VALID, read, small_vocabulary, turtle
from vhkg.errors import InputError
from vhkg.intake import Format, document, read_bytes
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.patients import PatientData, patient_graph, serialize


def patients(name: str) -> tuple[PatientData, ...]:
    return read(read_bytes(str(DATA / "valid" / name)))


EXPECTED = PatientRecord(
    file="",
    patient="urn:example:ann",
    presentations=(
        PresentationRecord(
            name="urn:example:lower",
            label="lower",
            assertions=(
                Assertion(
                    finding="Bandaging",
                    status=AssertionStatus.PRESENT,
                    date=datetime.date(2025, 12, 31),
                    origin="urn:example:third",
                ),
            ),
        ),
        PresentationRecord(
            name="urn:example:upper",
            label="upper",
            assertions=(
                Assertion(
                    finding="Redness",
                    status=AssertionStatus.PRESENT,
                    date=datetime.date(2026, 1, 2),
                    origin="urn:example:record/1",
                    codes=("X:1", "X:2"),
                ),
                Assertion(finding="Swelling", status=AssertionStatus.ABSENT),
            ),
        ),
    ),
    assertions=(Assertion(finding="Travelling", status=AssertionStatus.UNKNOWN, date=datetime.date(2026, 1, 3)),),
)


@pytest.mark.parametrize("extension", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"])
def test_the_same_in_every_syntax(extension: str) -> None:
    (found,) = patients(f"same.{extension}")
    assert (
        PatientRecord(
            file="",
            patient=found.record.patient,
            presentations=found.record.presentations,
            assertions=found.record.assertions,
        )
        == EXPECTED
    )
    assert found.graph == patients("same.ttl")[0].graph


def test_rows_become_records() -> None:
    ann, bob, cyd = (data.record for data in patients("rows.csv"))
    assert [lesion.name for lesion in ann.presentations] == ["lower", "upper"]
    assert [a.finding for a in ann.presentations[1].assertions] == ["Redness", "Swelling"]
    assert [(a.finding, a.origin) for a in ann.assertions] == [("Travelling", "line 6")]
    assert bob.presentations == (PresentationRecord(name=""),)
    assert [(a.finding, a.status.value) for a in bob.assertions] == [("Swelling", "absent")]
    assert cyd.patient == "o'neil, c"


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_what_is_written_is_read_again(path: object) -> None:
    for data in patients(getattr(path, "name", "")):
        for name, syntax in (("a.ttl", Format.TURTLE), ("a.nt", Format.NTRIPLES)):
            text = serialize(data.graph, syntax)
            (again,) = read(document(name, text.encode()))
            assert again.graph == data.graph
            assert serialize(again.graph, syntax) == text


def test_a_csv_patient_reads_the_same_from_its_graph() -> None:
    for data in patients("rows.csv"):
        text = serialize(data.graph)
        (again,) = read(document("a.ttl", text.encode()))
        assert {a.finding for a in again.record.assertions} == {a.finding for a in data.record.assertions}
        assert [lesion.label for lesion in again.record.presentations] == [
            lesion.label for lesion in data.record.presentations
        ]
        for mine, theirs in zip(again.record.presentations, data.record.presentations, strict=True):
            assert [(a.finding, a.status, a.date) for a in mine.assertions] == [
                (a.finding, a.status, a.date) for a in sorted(theirs.assertions, key=lambda a: a.finding)
            ]


def test_one_patient_does_not_touch_another() -> None:
    text = (DATA / "valid" / "several.ttl").read_text()
    everyone = read(document("a.ttl", text.encode()))
    header, body = text.split("\nex:ann", 1)
    ann, bob, cyd = ("\nex:ann" + body).replace("\nex:", "\n\x01ex:").split("\x01")[1:]
    for block, data in zip((ann, bob, cyd), everyone, strict=True):
        assert read(document("a.ttl", f"{header}\n{block}".encode())) == (data,)


def test_stray_nodes_join_the_only_patient() -> None:
    (data,) = read(turtle("<urn:a> a vhkg:Patient . <urn:s> a vhkg:Presentation ."))
    assert "urn:s" in serialize(data.graph)


def test_stray_nodes_of_several_patients_stand_alone() -> None:
    text = "<urn:a> a vhkg:Patient . <urn:b> a vhkg:Patient ."
    stray = "<urn:s> a vhkg:Presentation ; vhkg:hasAssessment <urn:t> . <urn:t> a vhkg:Assessment ."
    found = read(turtle(text + stray))
    assert [data.record.patient for data in found] == ["urn:a", "urn:b", "urn:s"]
    assert len(found[2].graph.triples) == 3


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_patient_still_has_a_record(path: object) -> None:
    found = read(read_bytes(str(path)))
    assert found[0].record.patient == "urn:example:ann"


def test_other_json_is_refused() -> None:
    with pytest.raises(InputError, match="no FHIR resource, phenopacket or JSON-LD; give a FHIR Bundle"):
        read(document("a.json", b'{"patient": "a"}'))


def test_names_never_meet() -> None:
    """Whatever two names are, their IRIs differ and are valid."""
    names = ["a", "a:lesion:b", "a%3Alesion%3Ab", "a b", "é", "urn:a", "http://a.example/<b>", "a/b", "", "\N{BULLET}"]
    seen: dict[str, str] = {}
    for name in names:
        record = PatientRecord(file="", patient=name or "x", presentations=(PresentationRecord(name=name),))
        graph = patient_graph(record, small_vocabulary())
        iris = {str(subject) for subject, _, _ in graph.triples}
        assert len(iris) == 2
        for iri in iris:
            assert seen.setdefault(iri, name) == name
        assert read(document("a.ttl", serialize(graph).encode()))


def test_the_csv_path_loads_no_rdf_library() -> None:
    code = (
        "import sys; from vhkg.intake import document; from vhkg.patients import read_patients;"
        "from vhkg.model.coded import CodeTables; from vhkg.model.vocabulary import FindingTerm, Vocabulary;"
        "term = FindingTerm(name='R', iri='urn:r', bearer='lesion', role='r');"
        "words = {'urn:' + word: word for word in ('present', 'absent', 'unknown')};"
        "words = Vocabulary(frozenset(), frozenset(), frozenset(), words, {'R': term});"
        "assert read_patients(document('a.csv', b'patient,finding,status\\nann,R,no'), words, CodeTables());"
        "print(sorted(m for m in sys.modules if m in ('rdflib', 'pyshacl', 'owlready2', 'pyoxigraph')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_reading_and_checking_need_neither_rdflib_nor_pyshacl() -> None:
    code = (
        "import sys, vhkg.patients, vhkg.validation, vhkg.intake.gate, vhkg.intake.rdf;"
        "print(sorted(m for m in sys.modules if m in ('rdflib', 'pyshacl', 'owlready2')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "from tests.intake.support import *; from vhkg.intake import read_bytes; from vhkg.patients import *;"
        "print([(d.record, serialize(d.graph)) for p in VALID"
        " for d in read(read_bytes(str(p)))])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
