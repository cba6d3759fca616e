"""A packet is one for the schema's own classes, says what the record says, lists the rest, and is read back alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, Parse
from phenopackets.schema.v2.phenopackets_pb2 import Phenopacket as Message

from tests.records import random_record
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.placement import place
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.exchange import Loss, Phenopacket, PhenopacketWriter
from vhkg.intake import document
from vhkg.model.record import PatientRecord

KNOWLEDGE = shipped()
WRITER = PhenopacketWriter(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled)
EVALUATOR = KNOWLEDGE.decider.evaluator
RANDOM = range(300)
SUBJECT = "VertebralHemangioma"


def _record(*rows: tuple[str, str, str, str]) -> PatientRecord:
    """Lesion, finding, status, day."""
    given = [
        {"patient": "p", "presentation": lesion, "finding": finding, "status": status, "date": day}
        for lesion, finding, status, day in rows
    ]
    return KNOWLEDGE.read(given)[0].record


def _random(seed: int) -> PatientRecord:
    return KNOWLEDGE.read(random_record(seed, KNOWLEDGE.compiled.vocabulary, SUBJECT))[0].record


def _json(packet: Phenopacket) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packet.json())
    return found


def _lost(packet: Phenopacket) -> set[tuple[str, str, Loss]]:
    return {(each.finding, each.lesion, each.why) for each in packet.lost}


def _features(packet: Phenopacket) -> list[tuple[str, bool]]:
    return [(each.type.id, each.excluded) for each in packet.packet.phenotypic_features]


def _facts(record: PatientRecord) -> list[EffectiveFacts]:
    return [effective(lesion.assertions, EVALUATOR) for lesion in place(record, KNOWLEDGE.content.findings)]


def _read(packet: Phenopacket) -> PatientRecord:
    """Through the front door, as any packet."""
    return KNOWLEDGE.read(document("packet.json", packet.json()))[0].record


# --- the schema


def _assert_of_the_schema(packet: Phenopacket) -> None:
    """The classes of the schema refuse unknown fields; what they write is what was read, but for what is false."""
    message = Parse(packet.json(), Message())
    assert MessageToDict(message) == _json(packet)
    resources = {each.namespace_prefix: each for each in message.meta_data.resources}
    terms = [each.type for each in message.phenotypic_features] + [each.term for each in message.diseases]
    terms += [each.procedure.code for each in message.medical_actions]
    assert {term.id.partition(":")[0] for term in terms} == set(resources)
    assert all(term.label for term in terms)
    for each in resources.values():
        assert all((each.id, each.name, each.url, each.version, each.iri_prefix))
    assert message.id
    assert message.subject.id
    assert message.meta_data.created_by.startswith("vhkg ")
    assert message.meta_data.phenopacket_schema_version == "2.0"
    assert message.meta_data.HasField("created")


@pytest.mark.parametrize("seed", RANDOM[:60])
def test_random_records_are_packets_of_the_schema(seed: int) -> None:
    _assert_of_the_schema(WRITER.write(_random(seed)))


def test_an_example_in_full() -> None:
    packet = WRITER.write(
        _record(
            ("T9", SUBJECT, "present", "2026-11-02"),
            ("T9", "BackPain", "present", "2026-11-02"),
            ("T9", "NeurologicalDeficit", "absent", ""),
            ("", "Pregnancy", "absent", "2026-10-01"),
            ("T9", "Laminectomy", "present", "2026-01-05"),
            ("T9", "Kyphoplasty", "present", ""),
            ("T9", "SpinalInstability", "unknown", "2026-11-02"),
            ("T9", "SubtotalResection", "absent", ""),
        )
    )
    _assert_of_the_schema(packet)
    found = _json(packet)
    del found["metaData"]["createdBy"]
    ours = {
        "id": "vhkg",
        "name": KNOWLEDGE.content.title,
        "url": "https://w3id.org/vhkg/ontology",
        "version": f"https://w3id.org/vhkg/ontology/{KNOWLEDGE.content.version}",
        "namespacePrefix": "vhkg",
        "iriPrefix": "https://w3id.org/vhkg/ontology#",
    }
    resources = found["metaData"].pop("resources")
    assert [each["id"] for each in resources] == ["hp", "maxo", "vhkg"]
    assert resources[0]["url"] == "http://purl.obolibrary.org/obo/hp.owl"
    assert resources[0]["iriPrefix"] == "http://purl.obolibrary.org/obo/HP_"
    assert resources[2] == ours
    assert found == {
        "id": "p",
        "subject": {"id": "p"},
        "phenotypicFeatures": [
            {"type": {"id": "vhkg:NeurologicalDeficit", "label": "neurological deficit"}, "excluded": True},
            {"type": {"id": "HP:0003418", "label": "Back pain"}, "description": "assessed on 2026-11-02"},
            {
                "type": {"id": "vhkg:Pregnancy", "label": "pregnancy"},
                "excluded": True,
                "description": "assessed on 2026-10-01",
            },
        ],
        "diseases": [{"term": {"id": "vhkg:VertebralHemangioma", "label": "vertebral hemangioma"}}],
        "medicalActions": [
            {
                "procedure": {
                    "code": {"id": "MAXO:0001061", "label": "laminectomy"},
                    "performed": {"timestamp": "2026-01-05T00:00:00Z"},
                }
            },
            {"procedure": {"code": {"id": "vhkg:Kyphoplasty", "label": "balloon kyphoplasty"}}},
        ],
        "metaData": {"created": "2026-11-02T00:00:00Z", "phenopacketSchemaVersion": "2.0"},
    }
    assert _lost(packet) == {
        ("", "T9", Loss.LESION),
        ("SpinalInstability", "", Loss.UNKNOWN),
        (SUBJECT, "", Loss.DAY_OF_DISEASE),
        ("BackPain", "", Loss.DAY),
        ("Pregnancy", "", Loss.DAY),
        ("SubtotalResection", "", Loss.NOT_DONE),
    }


def test_a_refuted_diagnosis_is_an_excluded_disease() -> None:
    packet = WRITER.write(_record(("T9", SUBJECT, "absent", "")))
    assert [(each.term.id, each.excluded) for each in packet.packet.diseases] == [(f"vhkg:{SUBJECT}", True)]
    assert packet.packet.meta_data.created == f"{KNOWLEDGE.content.version}T00:00:00Z"


# --- several lesions, several days


LESIONS = [
    ("T9", SUBJECT, "present", ""),
    ("L1", SUBJECT, "present", ""),
    ("T9", "SpinalCordCompression", "present", ""),
    ("L1", "SpinalCordCompression", "absent", ""),
    ("T9", "HighVascularity", "absent", ""),
    ("", "SpinalStenosis", "absent", ""),
    ("", "ExtraosseousExtension", "present", ""),
    ("T9", "Laminectomy", "present", ""),
]


def test_of_several_lesions_only_what_is_alike_for_all_is_written() -> None:
    packet = WRITER.write(_record(*LESIONS))
    assert [each.term.id for each in packet.packet.diseases] == [f"vhkg:{SUBJECT}"]
    assert _features(packet) == [("vhkg:SpinalStenosis", True)]
    assert packet.packet.medical_actions == ()
    assert _lost(packet) == {
        ("", "L1", Loss.LESION),
        ("", "T9", Loss.LESION),
        ("ExtraosseousExtension", "", Loss.UNPLACED),
        ("SpinalCordCompression", "T9", Loss.NOT_ALIKE),
        ("SpinalCordCompression", "L1", Loss.NOT_ALIKE),
        ("HighVascularity", "T9", Loss.NOT_ALIKE),
        ("Laminectomy", "T9", Loss.NOT_ALIKE),
    }


@pytest.mark.parametrize(
    ("rows", "features", "why"),
    [
        (
            [("T9", "BackPain", "absent", "2026-01-01"), ("T9", "BackPain", "present", "2026-02-01")],
            [("HP:0003418", False)],
            {("BackPain", Loss.SUPERSEDED), ("BackPain", Loss.DAY)},
        ),
        (
            [("T9", "BackPain", "absent", "2026-02-01"), ("T9", "BackPain", "present", "2026-02-01")],
            [],
            {("BackPain", Loss.CONFLICT)},
        ),
        (
            [("T9", "BackPain", "present", "2026-01-01"), ("T9", "Pain", "absent", "2026-02-01")],
            [("vhkg:Pain", True)],
            {("BackPain", Loss.SUPERSEDED), ("Pain", Loss.DAY)},
        ),
        (
            [("T9", "BackPain", "present", ""), ("T9", "Pain", "absent", "")],
            [],
            {("BackPain", Loss.CONFLICT), ("Pain", Loss.CONFLICT)},
        ),
    ],
    ids=["newer", "same day", "newer, of a broader finding", "undated"],
)
def test_what_contradicts_itself(
    rows: list[tuple[str, str, str, str]], features: list[tuple[str, bool]], why: set[tuple[str, Loss]]
) -> None:
    packet = WRITER.write(_record(*rows))
    assert _features(packet) == features
    assert {(each.finding, each.why) for each in packet.lost if each.finding} == why


def test_an_intervention_is_kept_for_each_day() -> None:
    packet = WRITER.write(
        _record(("T9", "Laminectomy", "present", "2026-02-01"), ("T9", "Laminectomy", "present", "2025-02-01"))
    )
    days = [each.procedure.performed.timestamp for each in packet.packet.medical_actions if each.procedure.performed]
    assert days == ["2025-02-01T00:00:00Z", "2026-02-01T00:00:00Z"]
    assert packet.lost[0].why is Loss.LESION
    assert len(packet.lost) == 1


# --- back again


@pytest.mark.parametrize("seed", RANDOM)
def test_what_is_present_and_what_is_excluded_is_read_back(seed: int) -> None:
    """Of every lesion, what was written; of a sole one, all that counts but for interventions that were not done."""
    record = _random(seed)
    packet = WRITER.write(record)
    (again,) = _facts(_read(packet))
    assert not again.conflicts
    assert not again.superseded
    not_done = {(each.finding, "absent") for each in packet.lost if each.why is Loss.NOT_DONE}
    back = {(a.finding, a.status.value) for a in again.accepted}
    before = [{(a.finding, a.status.value) for a in each.accepted} for each in _facts(record)]
    assert back == set.intersection(*before) - not_done
    gone = {each.finding for each in packet.lost if each.why is Loss.NOT_ALIKE}
    assert {name for each in before for name, _ in each - back - not_done} == gone


@pytest.mark.parametrize("seed", RANDOM)
def test_nothing_is_lost_without_a_word(seed: int) -> None:
    record = _random(seed)
    packet = WRITER.write(record)
    assertions = [*record.assertions, *(a for lesion in record.presentations for a in lesion.assertions)]
    back = {(a.finding, a.status) for each in _facts(_read(packet)) for a in each.accepted}
    lost = {each.finding for each in packet.lost}
    assert all((a.finding, a.status) in back or a.finding in lost for a in assertions)


@pytest.mark.parametrize("seed", RANDOM[:100])
def test_the_answers_are_those_of_the_record_or_open(seed: int) -> None:
    """What is lost leaves a presentation class undecided, and never decides it otherwise."""
    record = _random(seed)
    packet = WRITER.write(record)
    (after,) = map(_verdicts, _facts(_read(packet)))
    for before in map(_verdicts, _facts(record)):
        assert all(after[goal] in (None, verdict) for goal, verdict in before.items())
        if not {each.why for each in packet.lost} & {Loss.NOT_ALIKE, Loss.NOT_DONE}:
            assert after == before


def _verdicts(facts: EffectiveFacts) -> dict[str, bool | None]:
    guards = KNOWLEDGE.decider.guards
    return EVALUATOR.verdicts(EVALUATOR.close(EVALUATOR.facts((*facts.literals, *guards.literals(guards.chosen({}))))))


def test_a_packet_of_another_knowledge_is_read_back_with_it() -> None:
    """Its terms are in a namespace of their own, which the packet declares."""
    folder = ROOT / "tests" / "data" / "articles" / "tide-clocks"
    other = Knowledge.load(str(folder))
    record = other.read(str(folder / "ontology" / "examples" / "demo.csv"))[0].record
    packet = PhenopacketWriter(other.files.ontology, other.compiled).write(record)
    _assert_of_the_schema(packet)
    again = other.read(document("packet.json", packet.json()))[0].record
    evaluator, findings = other.decider.evaluator, other.content.findings
    before, after = (
        {
            (a.finding, a.status)
            for lesion in place(each, findings)
            for a in effective(lesion.assertions, evaluator).accepted
        }
        for each in (record, again)
    )
    assert before == after
    assert before


def test_the_same_record_gives_the_same_bytes() -> None:
    for seed in RANDOM[:20]:
        assert PhenopacketWriter(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled).write(_random(seed)).json() == (
            WRITER.write(_random(seed)).json()
        )
