"""What codes mean: mappings as far as they carry, code lists beside them, and a whole hospital from files only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.test_mappings import HEADER as SSSOM
from tests.patients.records import CODES, HOSPITAL, Resource, as_json, bundle, concept, condition, observation
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.errors import InputError, KnowledgeError
from vhkg.intake import Document, document
from vhkg.knowledge.codes import code_tables, with_codes
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.mappings import COLUMNS
from vhkg.model.coded import CodeTables, Meaning
from vhkg.resources import knowledge_files

HEAD = '#curie_map: {ICD10CM: "http://hl7.org/fhir/sid/icd-10-cm#", vhkg: "https://w3id.org/vhkg/ontology#"}\n'
COLUMNS_OF_CODES = "subject_id\tpredicate_id\tobject_id\tmapping_justification\trequires_site\n"
D18_09 = "http://hl7.org/fhir/sid/icd-10-cm|D18.09"


def tables_of(**files: str) -> CodeTables:
    """The tables of the shipped knowledge with only these files in mappings/, beside the list of systems."""
    ontology = {name: text for name, text in knowledge_files(None).ontology.items() if name.endswith(".ttl")}
    systems = (
        "system\tprefix\tiri_prefixes\tcurie_prefixes\tread_from\nhttps://example.org\tx\thttps://example.org/\t\t0.9\n"
    )
    given = {"mappings/systems.tsv": systems.encode()}
    given |= {f"mappings/{name.replace('_', '.')}.tsv": text.encode() for name, text in files.items()}
    compiled = shipped().compiled
    return code_tables(ontology | given, Graph.parse(ontology), compiled.vocabulary, compiled.content.iris)


def mapped(**cells: str) -> CodeTables:
    row = {
        "subject_id": "vhkg:BackPain",
        "predicate_id": "skos:exactMatch",
        "object_id": "x:one",
        "mapping_justification": "semapv:ManualMappingCuration",
        "confidence": "0.95",
        **cells,
    }
    header = SSSOM.replace("#curie_map:\n", '#curie_map:\n#  vhkg: "https://w3id.org/vhkg/ontology#"\n')
    lines = "\t".join(COLUMNS), "\t".join(row.get(name, "") for name in COLUMNS)
    return tables_of(own_sssom=header + "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("skos:exactMatch", (True, True)),
        ("skos:narrowMatch", (True, False)),
        ("skos:broadMatch", (False, True)),
        ("skos:closeMatch", None),
        ("skos:relatedMatch", None),
    ],
)
def test_a_verified_mapping_is_read_as_far_as_its_relation_carries(
    predicate: str, expected: tuple[bool, bool] | None
) -> None:
    found = mapped(predicate_id=predicate).meanings.get("https://example.org|one")
    assert found == (expected and (Meaning(term="BackPain", if_present=expected[0], if_absent=expected[1]),))


@pytest.mark.parametrize(
    "cells",
    [
        {"confidence": "0.89"},
        {"mapping_justification": "semapv:LexicalMatching"},
        {"predicate_modifier": "Not"},
        {"object_id": "sssom:NoTermFound"},
        {"object_id": "SCTID:161891005"},
        {"subject_id": "vhkg:Patient"},
    ],
)
def test_a_mapping_that_is_doubtful_or_of_a_system_that_is_not_read_means_nothing(cells: dict[str, str]) -> None:
    own = set(tables_of().meanings)
    assert set(mapped(**cells).meanings) == own


def test_our_own_names_are_codes() -> None:
    found = tables_of()
    for prefix in ("vhkg", "https://w3id.org/vhkg/ontology#", "https://w3id.org/vhkg/ontology"):
        assert found.meanings[found.token(prefix, "BackPain")] == (Meaning(term="BackPain"),)
    assert found.answers[found.token("vhkg", "Absent")] == "absent"


def test_a_fault_in_a_table_of_the_knowledge_is_one_of_the_knowledge() -> None:
    with pytest.raises(KnowledgeError, match=r"mappings/units.tsv, line 2: .* is no measure"):
        tables_of(units="measure\tunit\tfactor\tminimum\tmaximum\nHeight\tx:cm\t1\t0\t300\n")


def test_tables_are_read_in_any_order_of_their_names() -> None:
    text = HEAD + COLUMNS_OF_CODES + "x:one\tskos:exactMatch\tvhkg:BackPain\t\t\n"
    assert tables_of(aaa=text).meanings == tables_of(zzz=text).meanings


@pytest.mark.parametrize("relation", ["exactMatch", "closeMatch", "broadMatch", "narrowMatch"])
@pytest.mark.parametrize("space", ["http://hl7.org/fhir/sid/icd-10-cm#", "http://hl7.org/fhir/sid/icd-10-cm"])
def test_no_row_of_a_user_lifts_the_site_that_d18_09_requires(tmp_path: Path, relation: str, space: str) -> None:
    head = HEAD.replace("http://hl7.org/fhir/sid/icd-10-cm#", space)
    path = tmp_path / "mine.tsv"
    path.write_text(f"{head}{COLUMNS_OF_CODES}ICD10CM:D18.09\tskos:{relation}\tvhkg:VertebralHemangioma\t\t\n")
    knowledge = Knowledge.load(codes=[path])
    assert [each.site_kind for each in knowledge.compiled.codes.meanings[D18_09]] == ["vertebra"]
    coded = condition(concept("D18.09", "http://hl7.org/fhir/sid/icd-10-cm"))
    (answer,) = knowledge.recommend(as_json(bundle(coded)))
    assert answer.findings["VertebralHemangioma"].status == "unknown"


def test_a_user_may_take_a_code_back(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    columns = COLUMNS_OF_CODES.replace("requires_site", "predicate_modifier")
    head = HEAD.replace("{", '{SCT: "http://snomed.info/id/", ')
    path.write_text(f"{head}{columns}SCT:161891005\tskos:exactMatch\tvhkg:BackPain\t\tNot\n")
    source = as_json(bundle(condition(concept("161891005", "http://snomed.info/sct"))))
    (before,) = shipped().recommend(source)
    (after,) = Knowledge.load(codes=[path]).recommend(source)
    assert [each.findings["BackPain"].status for each in (before, after)] == ["present", "unknown"]


def everything_said() -> Resource:
    """One patient in the hospital's own codes, answers, sites, units and statuses."""
    score = {"value": 0, "system": "https://hospital.example/codes", "code": "POINTS"}
    return bundle(
        condition("GROWTH", verified="sure", bodySite=[concept("AT-L4")]),
        condition("RP", verified="not-so"),
        observation("DEF", status="signed", valueCodeableConcept=concept("NO")),
        observation("SCORE", valueQuantity=score),
        condition("OTHER"),
    )


def test_a_hospital_without_a_line_of_python() -> None:
    knowledge = Knowledge.load(codes=CODES)
    (answer,) = knowledge.recommend(as_json(everything_said()))
    found = {name: str(state.status) for name, state in answer.findings.items() if state.recorded}
    assert found == {
        "VertebralHemangioma": "present",
        "RadicularPain": "absent",
        "BackPain": "absent",
        "NeurologicalDeficit": "absent",
    }
    assert answer.label == "L4"
    report = knowledge.read_source(as_json(everything_said())).report
    assert report.counts["unmapped"] == {"HOSP:OTHER": 1}  # type: ignore[index]


def test_without_its_files_the_hospital_is_not_understood() -> None:
    (patient,) = shipped().read(as_json(everything_said()))
    assert patient.record.assertions == ()
    assert [lesion.assertions for lesion in patient.record.presentations] == [()]


def test_the_files_are_part_of_the_digest_and_shown() -> None:
    one, other = Knowledge.load(codes=CODES[:1]), Knowledge.load(codes=CODES)
    assert len({shipped().compiled.digest, one.compiled.digest, other.compiled.digest}) == 3
    assert [Path(each.file).name for each in other.codes] == [path.name for path in CODES]
    assert other.compiled.digest == Knowledge.load(codes=CODES).compiled.digest


def test_the_order_of_files_that_do_not_meet_does_not_matter() -> None:
    compiled = shipped().compiled
    given = [(path.name, path.read_bytes()) for path in CODES]
    one, other = (
        with_codes(compiled.codes, files, compiled.vocabulary, compiled.content.iris) for files in (given, given[::-1])
    )
    assert one == other


def test_a_code_of_the_hospital_in_the_facts_csv() -> None:
    text = b"patient,presentation,finding,status\np,L4,HOSP:GROWTH,present\np,L4,HOSP:DEF,no\n"
    (answer,) = Knowledge.load(codes=CODES).recommend(facts(text))
    assert answer.findings["VertebralHemangioma"].status == "present"
    with pytest.raises(InputError, match=r"line 2: unknown finding 'HOSP:GROWTH'"):
        shipped().recommend(facts(text))


def facts(text: bytes) -> Document:
    return document("a.csv", text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.tsv: the codes cannot be read: no such file or directory; correct"):
        Knowledge.load(codes=[tmp_path / "none.tsv"])


def test_a_file_with_a_fault_is_named_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "bad.tsv"
    text = (HOSPITAL / "codes.tsv").read_text().replace("vhkg:BackPain", "vhkg:BackPane", 1)
    path.write_text(text)
    line = 1 + text.partition("vhkg:BackPane")[0].count("\n")
    with pytest.raises(InputError) as caught:
        Knowledge.load(codes=[path])
    assert str(caught.value) == (
        f"{path}, line {line}: vhkg:BackPane is no finding, intervention, measure or answer; did you mean BackPain."
    )
    assert caught.value.exit_code == 3
