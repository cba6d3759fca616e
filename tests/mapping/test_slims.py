"""Our mappings against the slims of the ontologies that they name: ids, labels, hierarchy, questions asked there."""

from __future__ import annotations

import pytest

from tests.mapping.support import ALL, LINKED, bridge, hierarchy, rows
from tests.support import shipped
from vhkg.answering.published import published
from vhkg.knowledge.checkdigit import is_snomed_id
from vhkg.knowledge.mappings import TermMapping
from vhkg.mapping.hierarchy import expanded
from vhkg.namespaces import SNOMED_IDS
from vhkg.rendering.rdf import answer_ntriples
from vhkg.stores import Catalogue, EmbeddedStore, RdflibStore, run

CATALOGUE = Catalogue(shipped().files.queries)
PATIENTS = CATALOGUE.get("35")
RECOMMENDATIONS = CATALOGUE.get("recommendations-by-linked-class")
PREFIXES = {
    "doid": "DOID",
    "eco": "ECO",
    "hp": "HP",
    "maxo": "MAXO",
    "mondo": "MONDO",
    "ncit": "NCIT",
    "uberon": "UBERON",
}


def held(row: TermMapping) -> list[str]:
    return [name for name in ALL if row.object in hierarchy(name).terms]


def test_every_label_agrees_with_the_slim_that_holds_the_id() -> None:
    compared = 0
    for row in rows():
        for name in held(row):
            compared += 1
            assert hierarchy(name).terms[row.object].label == row.label, row.curie
            assert row.curie.partition(":")[0] == PREFIXES[name]
    assert compared == 67


def test_every_id_of_a_slimmed_ontology_is_in_its_slim_or_known_not_to_be() -> None:
    missing = {
        row.curie
        for row in rows()
        if row.verified and row.curie.partition(":")[0] in PREFIXES.values() and not held(row)
    }
    assert missing == {"MONDO:0043606", "MONDO:1015591", "NCIT:C177444", "NCIT:C27170"}


def test_no_row_names_what_a_slim_holds_as_obsolete() -> None:
    for name in ALL:
        assert not {row.object for row in rows() if not row.negated} & set(hierarchy(name).obsolete)
    absorbed = {iri for name in ALL for iri in hierarchy(name).obsolete}
    assert absorbed, "the slims name ids that their terms absorbed"


def test_snomed_ids_pass_the_check_digit() -> None:
    ids = [row.object.removeprefix(SNOMED_IDS) for row in rows() if row.object.startswith(SNOMED_IDS)]
    assert len(ids) > 10
    assert all(map(is_snomed_id, ids))
    assert not any(is_snomed_id(each[:-1] + str((int(each[-1]) + 1) % 10)) for each in ids)


@pytest.mark.parametrize(
    ("name", "below", "above", "holds"),
    [
        ("hp", "HP:0003418", "HP:0012531", True),
        ("hp", "HP:0011868", "HP:0012531", True),
        ("hp", "HP:0011868", "HP:0003418", True),
        ("hp", "HP:0002953", "HP:0020110", False),
        ("mondo", "MONDO:0006500", "MONDO:0024296", True),
        ("mondo", "MONDO:0024499", "MONDO:0024296", True),
        ("mondo", "MONDO:0024499", "MONDO:0021223", False),
        ("ncit", "NCIT:C6477", "NCIT:C7388", True),
        ("maxo", "MAXO:0001061", "MAXO:0000004", True),
        ("maxo", "MAXO:0001045", "MAXO:0001061", True),
        ("uberon", "UBERON:0001075", "UBERON:0002412", False),
        ("uberon", "UBERON:0002412", "UBERON:0001130", False),
    ],
)
def test_what_is_under_what_there(name: str, below: str, above: str, holds: bool) -> None:
    """UBERON's vertebral body is part of a vertebra, and that of the column: no subclass follows."""
    found = hierarchy(name)
    assert expanded(below, {}) in found.terms
    assert (expanded(above, {}) in found.above([expanded(below, {})])) is holds


ROWS = [
    {"patient": "pain", "finding": "BackPain", "status": "present"},
    {"patient": "radicular", "finding": "RadicularPain", "status": "present"},
    {"patient": "no pain", "finding": "Pain", "status": "absent"},
    {"patient": "lesion", "finding": "VertebralHemangioma", "status": "present"},
    {"patient": "refuted", "finding": "VertebralHemangioma", "status": "absent"},
    {"patient": "operated", "finding": "Laminectomy", "status": "present"},
    {"patient": "excised", "finding": "SubtotalResection", "status": "present"},
    {"patient": "embolized", "finding": "TransarterialEmbolization", "status": "present"},
    {"patient": "corpectomy", "finding": "Vertebrectomy", "status": "present"},
    {"patient": "surgery", "finding": "Surgery", "status": "present"},
    {"patient": "contradicted", "finding": "BackPain", "status": "present", "date": "2026-11-02"},
    {"patient": "contradicted", "finding": "Pain", "status": "absent", "date": "2026-11-02"},
    {"patient": "unknown", "finding": "BackPain", "status": "unknown"},
]
EVERYBODY = {row["patient"] for row in ROWS}


@pytest.fixture(scope="module")
def answers() -> bytes:
    found = shipped().recommend(ROWS)
    return answer_ntriples(shipped().document(found), shipped().content)


@pytest.fixture(scope="module")
def store(answers: bytes) -> EmbeddedStore:
    return EmbeddedStore({**published(shipped()), "derived/bridge.ttl": bridge().ntriples}, answers)


@pytest.mark.parametrize(
    ("wanted", "label", "present"),
    [
        ("HP:0012531", "Pain", {"pain", "radicular"}),
        ("HP:0003418", "Back pain", {"pain"}),
        ("MONDO:0024296", "vascular neoplasm", {"lesion"}),
        ("MONDO:0006500", "hemangioma", {"lesion"}),
        ("NCIT:C7388", "Vascular Neoplasm", {"lesion"}),
        ("MAXO:0000004", "surgical procedure", {"operated", "excised", "corpectomy"}),
        ("MAXO:0001061", "laminectomy", {"operated"}),
        ("MAXO:0000002", "therapeutic procedure", {"operated", "excised", "corpectomy", "embolized"}),
    ],
)
def test_which_patients_have_any_of_a_class(store: EmbeddedStore, wanted: str, label: str, present: set[str]) -> None:
    """Question 35. A corpectomy is no laminectomy, although MAXO has it under laminectomy."""
    found = run(PATIENTS, store, {"class": wanted}).dicts()
    assert {row["item_label"] for row in found} == {label}
    assert {row["patient"] for row in found if row["status"] == "present"} == present
    assert {row["patient"] for row in found if row["status"] == "undetermined"} == EVERYBODY - present
    assert run(PATIENTS, store, {"class": expanded(wanted, {})}).dicts() == found


def test_nobody_is_ever_without(store: EmbeddedStore) -> None:
    """What our terms deny is said, and leaves the class open: HPO has sciatica under back pain, and we do not."""
    found = run(PATIENTS, store).dicts()
    assert {row["status"] for row in found} == {"present", "undetermined"}
    for wanted, said in (
        ("HP:0012531", "BackPain=absent | Pain=absent | RadicularPain=absent"),
        ("HP:0003418", "BackPain=absent"),
    ):
        (row,) = run(PATIENTS, store, {"class": wanted, "patient": "no pain"}).dicts()
        assert (row["status"], row["because"], row["ask"]) == ("undetermined", said, "")


def test_a_contradicted_finding_is_not_present(store: EmbeddedStore) -> None:
    (row,) = run(PATIENTS, store, {"class": "HP:0012531", "patient": "contradicted"}).dicts()
    assert row["status"] == "undetermined"
    assert "BackPain=conflict@2026-11-02" in row["because"].split(" | ")
    assert "BackPain: present / undetermined" in row["ask"].split(" | ")


def test_a_row_says_through_which_mapping_and_which_version(store: EmbeddedStore) -> None:
    (row,) = run(PATIENTS, store, {"class": "MAXO:0000004", "patient": "operated"}).dicts()
    assert row["condition"].split(" | ") == [
        "Laminectomy exactMatch MAXO:0001061, confidence 0.98",
        f"place of MAXO:0000004 read in {hierarchy('maxo').version}",
    ]
    assert row["because"] == "Laminectomy=present"


def test_a_status_asked_for_is_the_only_one(store: EmbeddedStore) -> None:
    found = run(PATIENTS, store, {"class": "HP:0012531", "status": "present"}).dicts()
    assert {row["patient"] for row in found} == {"pain", "radicular"}
    assert run(PATIENTS, store, {"class": "HP:0012531", "status": "absent"}).rows == ()


def test_which_recommendations_are_of_a_class(store: EmbeddedStore) -> None:
    """Treatments that are MAXO surgical procedures, with the sentence of each."""
    found = run(RECOMMENDATIONS, store, {"class": "MAXO:0000004"}).dicts()
    assert {row["item"] for row in found} == {
        "EmbolizationThenLaminectomy",
        "LaminectomyWithOrWithoutEmbolization",
        "VertebrectomyWithEmbolizationAndReconstruction",
        "SubtotalResectionWithAdjuvantRadiation",
        "ResectionWithVertebroplasty",
        "AvoidEnBlocResection",
    }
    for row in found:
        assert row["quote"]
        assert row["answer"].startswith("against: " if row["item"] == "AvoidEnBlocResection" else "for: ")
        assert any(flag.startswith("linked-by:") for flag in row["flags"].split(" | "))
    laminectomy = run(RECOMMENDATIONS, store, {"class": "MAXO:0001061"}).dicts()
    assert "VertebrectomyWithEmbolizationAndReconstruction" not in {row["item"] for row in laminectomy}
    assert laminectomy


def test_rdflib_gives_the_same_rows(answers: bytes, store: EmbeddedStore) -> None:
    other = RdflibStore({**published(shipped()), "derived/bridge.ttl": bridge().ntriples}, answers)
    for wanted in ("HP:0012531", "MONDO:0024296", "MAXO:0000004"):
        for query in (PATIENTS, RECOMMENDATIONS):
            assert run(query, other, {"class": wanted}) == run(query, store, {"class": wanted})


@pytest.mark.parametrize("names", [*((name,) for name in LINKED), LINKED], ids="+".join)
def test_no_other_question_has_other_rows_with_a_bridge(answers: bytes, names: tuple[str, ...]) -> None:
    plain = EmbeddedStore(published(shipped()), answers)
    with_bridge = EmbeddedStore({**published(shipped()), "derived/bridge.ttl": bridge(*names).ntriples}, answers)
    asked = [query for query in CATALOGUE if not query.linked]
    assert len(asked) > 30
    assert [query.name for query in asked if run(query, plain) != run(query, with_bridge)] == []
