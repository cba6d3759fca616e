"""Mapping files: what is refused, and that the shipped ones say what was read in their sources."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.support import SOURCE, shipped
from vhkg.errors import KnowledgeError
from vhkg.knowledge.mappings import COLUMNS, SUFFIX, TermMapping, read_mappings
from vhkg.namespaces import Rdfs, Semapv, Skos

GIVEN = SOURCE.parents[1] / "mappings"
ROWS = read_mappings(shipped().files.ontology, shipped().content.iris)
LABELS_STAY_BEHIND = ("ICD10WHO", "icd11.foundation", "OMOP", "Orphanet", "UMLS", "LOINC", "ICDO")
TERMS = {"A": "https://example.org/A", "B": "https://example.org/B"}
HEADER = """#curie_map:
#  x: https://example.org/
#  SCTID: "http://snomed.info/id/"
#mapping_set_id: https://example.org/set
#mapping_set_version: "1"
#mapping_set_title: "A set: of rows"
#license: https://example.org/licence
#comment: "whose"
"""
CELLS = {
    "subject_id": "x:A",
    "predicate_id": "skos:exactMatch",
    "object_id": "x:one",
    "mapping_justification": "semapv:ManualMappingCuration",
    "confidence": "0.9",
}


def file(*rows: Mapping[str, str], header: str = HEADER, columns: tuple[str, ...] = COLUMNS) -> dict[str, bytes]:
    lines = ["\t".join(columns), *("\t".join({**CELLS, **row}.get(name, "") for name in columns) for row in rows)]
    return {f"mappings/x{SUFFIX}": (header + "\n".join(lines) + "\n").encode()}


def refusal(files: Mapping[str, bytes]) -> str:
    with pytest.raises(KnowledgeError) as caught:
        read_mappings(files, TERMS)
    return str(caught.value)


def test_a_row_is_read() -> None:
    (row,) = read_mappings(file({"object_label": "One", "object_source": "x:s", "predicate_modifier": "Not"}), TERMS)
    assert row == TermMapping(
        set=row.set,
        subject=TERMS["A"],
        negated=True,
        predicate=Skos.exactMatch,
        object="https://example.org/one",
        curie="x:one",
        label="One",
        source="https://example.org/s",
        version="",
        justification=Semapv.ManualMappingCuration,
        confidence=Decimal("0.9"),
        comment="",
    )
    assert (row.set.title, row.set.version, row.set.comment) == ("A set: of rows", "1", "whose")
    assert row.verified
    assert row.found


def test_line_ends_and_quoted_cells_are_read() -> None:
    files = {name: text.replace(b"\n", b"\r\n") for name, text in file({"comment": '"says ""x"" here"'}).items()}
    assert read_mappings(files, TERMS)[0].comment == 'says "x" here'


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"subject_id": "x:C"}, "x:C is no term of this knowledge"),
        ({"subject_id": "y:A"}, "'y:A' cannot be expanded"),
        ({"object_id": "no curie"}, "'no curie' cannot be expanded"),
        ({"object_id": ""}, "'' cannot be expanded"),
        ({"predicate_id": "skos:notation"}, "no mapping relation"),
        ({"predicate_id": "x:exactMatch"}, "no mapping relation"),
        ({"predicate_modifier": "not"}, "the modifier 'not' is not known"),
        ({"object_label": "obsolete thing"}, "x:one is obsolete"),
        ({"object_id": "SCTID:161891006"}, "SCTID:161891006 has a wrong check digit"),
        ({"confidence": "1.1"}, "the confidence '1.1'"),
        ({"confidence": "NaN"}, "the confidence 'NaN'"),
        ({"confidence": ""}, "the confidence ''"),
        ({"confidence": "high"}, "the confidence 'high'"),
        ({"mapping_justification": ""}, "cannot be expanded"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(cells: Mapping[str, str], says: str) -> None:
    message = refusal(file({"object_id": "x:zero"}, cells))
    assert message.startswith(f"mappings/x{SUFFIX}, line 11: ")
    assert says in message
    assert message.count("; ") == 1


def test_an_obsolete_term_may_be_rejected() -> None:
    assert read_mappings(file({"object_label": "obsolete thing", "predicate_modifier": "Not"}), TERMS)


@pytest.mark.parametrize(
    "second",
    [{}, {"predicate_id": "skos:broadMatch"}, {"predicate_modifier": "Not"}, {"confidence": "0.1"}],
)
def test_rows_that_repeat_or_contradict_are_refused(second: Mapping[str, str]) -> None:
    assert f"contradicts or repeats mappings/x{SUFFIX}, line 10" in refusal(file({}, second))


def test_rejecting_one_relation_and_stating_another_is_no_contradiction() -> None:
    rows = read_mappings(file({"predicate_modifier": "Not"}, {"predicate_id": "skos:broadMatch"}), TERMS)
    assert [row.negated for row in rows] == [True, False]


def test_two_files_are_held_against_each_other() -> None:
    files = {"mappings/a.sssom.tsv": file({})[f"mappings/x{SUFFIX}"]} | file({})
    assert "repeats mappings/a.sssom.tsv, line 10" in refusal(files)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (file(columns=COLUMNS[:-1]), "line 9: not the columns"),
        (file({}, header=HEADER.replace("#license", "#licence")), "the header lacks license"),
        (file({}, header="#free words\n" + HEADER), "line 2: the header is not YAML"),
        ({f"mappings/x{SUFFIX}": b"\xff"}, "not UTF-8"),
        ({f"mappings/x{SUFFIX}": b""}, "the header lacks mapping_set_id"),
        ({f"mappings/x{SUFFIX}": file({})[f"mappings/x{SUFFIX}"].replace(b"x:one\t", b"x:one")}, "10 cells for 11"),
    ],
)
def test_a_bad_file_is_refused(files: Mapping[str, bytes], says: str) -> None:
    assert says in refusal(files)


def test_empty_lines_are_passed_over_and_counted() -> None:
    files = {name: text + b"\n\n" + text.splitlines()[-1] + b"\n" for name, text in file({}).items()}
    assert f"line 13: x:one contradicts or repeats mappings/x{SUFFIX}, line 10" in refusal(files)


def test_other_files_are_left_alone() -> None:
    assert read_mappings({"mappings/units.tsv": b"\xff", "findings.ttl": b"\xff"}, TERMS) == ()


def test_shipped_rows_are_of_one_kind_in_each_file() -> None:
    assert ROWS
    kinds = {row.set.iri.rsplit("/", 1)[-1]: {r.verified for r in ROWS if r.set == row.set} for row in ROWS}
    assert kinds.pop("leads.sssom.tsv") == {False}
    assert all(found == {True} for found in kinds.values())
    assert {row.set.iri for row in ROWS} == {
        f"https://w3id.org/vhkg/mappings/{Path(name).name}"
        for name in shipped().files.ontology
        if name.endswith(SUFFIX)
    }


def test_shipped_subject_labels_are_those_of_our_terms() -> None:
    for name, text in shipped().files.ontology.items():
        if name.endswith(SUFFIX):
            for row in table(text.decode()):
                assert row["subject_label"] == shipped().content.findings[row["subject_id"].removeprefix("vhkg:")].label


def test_labels_are_carried_only_where_the_licence_lets_them() -> None:
    carried = {row.curie.partition(":")[0] for row in ROWS if row.label}
    assert carried
    assert not carried & set(LABELS_STAY_BEHIND)
    for row in ROWS:
        if row.curie.startswith("SCTID:"):
            assert bool(row.label) == ("IPS Free Set" in row.version)
        if not row.verified:
            assert not row.label


@pytest.mark.source
def test_every_shipped_id_was_read_in_a_source() -> None:
    """Object, version and confidence of each row are those given; a relation differs only where the row says why."""
    given: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    labels: dict[str, set[str]] = {}
    for path in sorted(GIVEN.glob("*.sssom.tsv")):
        for cells in table(path.read_text(encoding="utf-8")):
            relation = cells.get("predicate_modifier", ""), cells["predicate_id"]
            version = cells.get("object_source_version", "").removeprefix("PyPI ")
            given.setdefault((cells["object_id"], version, cells["confidence"]), set()).add(relation)
            labels.setdefault(cells["object_id"], set()).add(cells["object_label"])
    for row in ROWS:
        version = row.version.removeprefix("Mondo ").removeprefix("package ")
        found = given[row.curie, version, str(row.confidence)]
        stated = ("Not" if row.negated else "", f"skos:{row.predicate.rsplit('#', 1)[-1]}")
        assert stated in found or " for the term in general; ours is " in row.comment, row.curie
        assert not row.label or row.label in labels[row.curie]


@pytest.mark.source
def test_ids_and_labels_agree_with_the_slims() -> None:
    labels: dict[str, str] = {}
    obsolete: set[str] = set()
    for path in sorted((GIVEN / "slims").glob("*.ttl")):
        for subject, predicate, value, _ in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if predicate.value == Rdfs.label and isinstance(subject, ox.NamedNode):
                labels[subject.value] = value.value
            if predicate.value.endswith("#deprecated") and value.value == "true":
                obsolete.add(subject.value)
    compared = [row for row in ROWS if row.object in labels and row.label]
    assert len(compared) >= 60
    assert [row.curie for row in compared if row.label != labels[row.object]] == []
    assert [row.curie for row in ROWS if row.object in obsolete and not row.negated] == []


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t"))
