"""Whatever the syntax, the packing, the size of pieces and the order of lines: each patient as if read alone."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cohort.batches import shown, together
from tests.cohort.rdf.expected import expected
from tests.cohort.rdf.reading import read
from tests.cohort.rdf.samples import damaged, patient_lines
from tests.support import shipped
from vhkg.cohort.rdf import RdfReader
from vhkg.cohort.records import batch_of
from vhkg.errors import InputError
from vhkg.intake import Document, Format


def cohort(patients: int, first: int = 0) -> list[str]:
    return [line for at in range(patients) for line in patient_lines(first + at, f"p{at}")]


def write(path: Path, lines: list[str]) -> Path:
    content = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def upside_down(lines: list[str]) -> list[str]:
    """Each patient's lines in reverse, so that the patient comes last."""
    return list(reversed(lines))


@pytest.mark.parametrize("piece_size", [3_000, 150_000, 200_000, 16 << 20])
@pytest.mark.parametrize("arranged", [list, upside_down], ids=["patient first", "patient last"])
def test_pieces_of_contiguous_patients(tmp_path: Path, piece_size: int, arranged: type[list[str]]) -> None:
    lines = arranged(cohort(60))
    path = write(tmp_path / "cohort.nt", lines)
    found = read(path, tmp_path / "work", piece_size=piece_size)
    assert found.partitioned == (piece_size == 3_000), "such a piece is smaller than two patients"
    assert found.batches == (3 if found.partitioned else 1 + (path.stat().st_size - 1) // piece_size)
    assert found.found == expected(str(path), lines)


@pytest.mark.parametrize("seed", range(4))
def test_scattered_patients(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    lines = cohort(50, 100 * seed)
    source.shuffle(lines)
    path = write(tmp_path / "cohort.nt", lines)
    found = read(path, tmp_path / "work", piece_size=30_000, buckets=1 + seed)
    assert found.partitioned
    assert found.found == expected(str(path), lines)


@pytest.mark.parametrize("seed", range(4))
def test_faults_in_scattered_patients(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    lines: list[str] = []
    for at in range(50):
        own = patient_lines(100 * seed + at, f"p{at}")
        lines += damaged(own, source) if source.random() < 0.4 else own
    source.shuffle(lines)
    path = write(tmp_path / "cohort.nt", lines)
    found = read(path, tmp_path / "work", piece_size=30_000, buckets=2)
    assert found.partitioned
    assert found.found == expected(str(path), lines)


def test_faults_between_contiguous_patients_are_named_by_the_lines_of_the_file(tmp_path: Path) -> None:
    lines = cohort(40)
    places = [len(lines) // 3, len(lines) // 2, len(lines) - 1]
    for place in places:
        lines.insert(place, "this is no statement")
    path = write(tmp_path / "cohort.nt", lines)
    found = read(path, tmp_path / "work", piece_size=150_000)
    assert not found.partitioned
    assert found.found == expected(str(path), lines)
    named = {message.split(":")[0].split(", ")[1] for _, _, message in found.found.refused}
    assert named == {f"line {place + 1}" for place in places}


def test_a_patient_that_comes_back_later_is_seen_by_the_keys(tmp_path: Path) -> None:
    lines = cohort(60)
    own = [line for line in lines if line.startswith("<urn:vhkg:patient:p3>") and "label" in line]
    later = [*lines, '<urn:vhkg:patient:p3> <http://www.w3.org/2000/01/rdf-schema#label> "again" .', *own]
    path = write(tmp_path / "cohort.nt", later)
    found = read(path, tmp_path / "work", piece_size=20_000)
    assert found.partitioned
    assert found.found == expected(str(path), later)


@pytest.mark.parametrize("name", ["cohort.nq", "cohort.nt.gz", "cohort.nq.gz"])
@pytest.mark.parametrize("piece_size", [4_000, 16 << 20])
def test_other_names_of_the_same_lines(tmp_path: Path, name: str, piece_size: int) -> None:
    lines = cohort(30)
    lines.insert(len(lines) // 2, "this is no statement")
    path = write(tmp_path / name, lines)
    found = read(path, tmp_path / "work", piece_size=piece_size)
    assert found.partitioned == (piece_size == 4_000)
    assert found.found == expected(str(path), lines)


@pytest.mark.parametrize("name", ["cohort.ttl", "cohort.trig", "cohort.ttl.gz"])
@pytest.mark.parametrize("piece_size", [4_000, 16 << 20])
def test_turtle_and_trig(tmp_path: Path, name: str, piece_size: int) -> None:
    lines = cohort(30)
    triples = ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
    prefixes = {"v": "https://w3id.org/vhkg/ontology#"}
    content = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    assert isinstance(content, bytes)
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    found = read(path, tmp_path / "work", piece_size=piece_size)
    assert found.partitioned == (piece_size == 4_000)
    assert found.found == expected(str(path), lines)


_NAMED = "GRAPH <urn:g> { <urn:example:p> a <https://w3id.org/vhkg/ontology#Patient> }"
_FAULTS = {
    "cohort.ttl": ("<urn:example:a> a <urn:example:b>\n; ; <", "cohort.ttl, line 2: not Turtle: < is not closed"),
    "other.ttl": ("@prefix a: <urn:a:> .\na:b a b:c .", "other.ttl, line 2, column"),
    "cohort.trig": ("<< <urn:a> <urn:b> <urn:c> >> <urn:d> <urn:e> .", "cohort.trig, line 1: a statement about"),
    "cohort.nt": ("", "cohort.nt: it is empty"),
}


@pytest.mark.parametrize("name", _FAULTS)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    text, message = _FAULTS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read(tmp_path / name, tmp_path / "work")
    assert message in str(refused.value)


def test_a_named_graph_is_refused_by_its_node(tmp_path: Path) -> None:
    path = tmp_path / "cohort.trig"
    path.write_text(_NAMED, encoding="utf-8")
    ((_, _, message),) = read(path, tmp_path / "work").found.refused
    assert message == f"{path}, node '<urn:example:p>': a named graph, urn:g; use the default graph only."


def test_damaged_gzip_data_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "cohort.nt.gz", cohort(5))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="the gzip data are damaged"):
        read(path, tmp_path / "work")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file of RDF"):
        RdfReader(str(tmp_path / "cohort.xlsx"), shipped())


_NAMELESS = """@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def nameless(number: int, finding: str) -> str:
    """A patient with two lesions and three assessments without a name, one of them without a date."""
    dated = ':assessedOn "2026-03-01"^^xsd:date'
    return f"""<urn:example:p{number}> a :Patient ; :hasPresentation
    [ a :Presentation ; :hasAssessment [ a :Assessment ; :ofFinding <{finding}> ; :status :Present ; {dated} ] ] ,
    [ a :Presentation ; :hasAssessment [ a :Assessment ; :ofFinding <{finding}> ; :status :Absent ; {dated} ] ] ;
    :hasAssessment [ a :Assessment ; :ofFinding <{finding}> ; :status :Unknown ] .
"""


def test_nodes_without_a_name_have_the_names_that_each_patient_gives_them_alone(tmp_path: Path) -> None:
    knowledge = shipped()
    iris = sorted(term.iri for term in knowledge.compiled.vocabulary.findings.values())
    texts = [nameless(number, iris[number]) for number in range(20)]
    alone = []
    for text in texts:
        document = Document(name="cohort.ttl", content=(_NAMELESS + text).encode(), format=Format.TURTLE)
        found = knowledge.read_source(document)
        alone.append(shown(batch_of("cohort.ttl", found.patients, knowledge, report=found.report), knowledge))
    path = tmp_path / "cohort.ttl"
    path.write_text(_NAMELESS + "".join(texts), encoding="utf-8")
    for piece_size in (1_000, 16 << 20):
        read_so = read(path, tmp_path / str(piece_size), piece_size=piece_size)
        assert read_so.partitioned == (piece_size == 1_000)
        assert read_so.found.facts == together(alone).facts
        assert read_so.found.lesions == together(alone).lesions
        assert [each[1:] for each in read_so.found.checked] == [each[1:] for each in together(alone).checked]
        assert len(read_so.found.checked) == 20
