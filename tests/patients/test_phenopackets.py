"""Phenopackets as coded entries, and what is no phenopacket of version 2."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.errors import InputError
from vhkg.model.coded import BodySite, CodedEntry
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients.phenopackets import is_phenopacket, read_phenopacket
from vhkg.patients.tally import Tally

Json = dict[str, Any]
TABLES = shipped().compiled.codes
HP = TABLES.systems["HP"]
TERM = {"id": "HP:1", "label": "one"}
META: Json = {
    "created": "2026-03-01T00:00:00Z",
    "resources": [
        {"namespacePrefix": "MINE", "iriPrefix": "https://mine.example/"},
        {"namespacePrefix": "HPO", "iriPrefix": "http://purl.obolibrary.org/obo/HP_"},
    ],
}


def packet(**parts: Any) -> Json:
    return {"id": "packet", "subject": {"id": "p"}, "metaData": META, **parts}


def read(value: Any) -> tuple[str, list[CodedEntry], SourceReport]:
    tally = Tally("phenopacket")
    patient, entries = read_phenopacket(value, "a.json", TABLES, tally)
    return patient, entries, tally.report(1)


def held(element: str = "phenotypicFeature", excluded: str = "false", resolution: str = "", **rest: Any) -> CodedEntry:
    given: dict[str, Any] = {
        "element": element,
        "origin": f"{element} 1",
        "codes": (f"{HP}|1",),
        "text": "one",
        "statuses": (("excluded", excluded), ("resolution", resolution)),
    }
    return CodedEntry(**{**given, **rest})


def measured(**rest: Any) -> CodedEntry:
    given: dict[str, Any] = {"element": "measurement", "origin": "measurement 1", "codes": (f"{HP}|1",), "text": "one"}
    return CodedEntry(**{**given, "valued": True, **rest})


def done(**rest: Any) -> CodedEntry:
    given: dict[str, Any] = {"element": "medicalAction", "origin": "medicalAction 1", "codes": (f"{HP}|1",)}
    return CodedEntry(**{**given, "text": "one", **rest})


DAY = {"timestamp": "2026-03-01T10:00:00Z"}
AGE = {"age": {"iso8601duration": "P40Y"}}
WRONG = {"timestamp": "2026-02-30T00:00:00Z"}
PART = {"phenotypicFeatures": "type", "diseases": "term", "measurements": "assay"}
SITE = {"primarySite": {"id": "UBERON:1", "label": "here"}}
UBERON = BodySite((f"{TABLES.systems['UBERON']}|1",), "here")
A_DATE = "a date that is none"

CASES: list[tuple[str, Json, CodedEntry]] = [
    ("phenotypicFeatures", {}, held()),
    ("phenotypicFeatures", {"excluded": False}, held()),
    ("phenotypicFeatures", {"excluded": True}, held(excluded="true")),
    ("phenotypicFeatures", {"onset": DAY}, held(began="2026-03-01")),
    ("phenotypicFeatures", {"onset": AGE}, held()),
    ("phenotypicFeatures", {"onset": {"interval": {"start": "2026-01", "end": "2026-02"}}}, held(began="2026-02")),
    ("phenotypicFeatures", {"onset": {"interval": {"start": "2026-01"}}}, held(began="2026-01")),
    ("phenotypicFeatures", {"onset": WRONG}, held(unclear=A_DATE)),
    ("phenotypicFeatures", {"resolution": DAY}, held(resolution="given", ended="2026-03-01")),
    ("phenotypicFeatures", {"resolution": AGE}, held(resolution="given")),
    ("phenotypicFeatures", {"resolution": WRONG}, held(resolution="given", unclear=A_DATE)),
    ("phenotypicFeatures", {"type": {"label": "a text"}}, held(codes=(), text="a text")),
    ("phenotypicFeatures", {"type": {"id": "plain"}}, held(codes=("|plain",), text="")),
    ("phenotypicFeatures", {"type": {"id": "MINE:a:b"}}, held(codes=("https://mine.example|a:b",), text="")),
    ("phenotypicFeatures", {"type": {"id": "HPO:1"}}, held(text="")),
    ("phenotypicFeatures", {"type": {"id": "OTHER:1"}}, held(codes=("OTHER|1",), text="")),
    ("phenotypicFeatures", {"severity": {}, "modifiers": [1], "evidence": [], "description": "x"}, held()),
    ("diseases", {}, held("disease")),
    ("diseases", {"excluded": True, "onset": DAY}, held("disease", "true", began="2026-03-01")),
    ("diseases", SITE, held("disease", sites=(UBERON,))),
    ("diseases", {"primarySite": {"label": "here"}}, held("disease", sites=(BodySite((), "here"),))),
    ("diseases", {"primarySite": {}}, held("disease")),
    ("measurements", {}, measured()),
    ("measurements", {"timeObserved": DAY}, measured(recorded="2026-03-01")),
    ("measurements", {"timeObserved": WRONG}, measured(unclear=A_DATE)),
    ("measurements", {"value": {"ontologyClass": TERM}}, measured(values=(f"{HP}|1",))),
    ("measurements", {"value": {"quantity": {"value": 0, "unit": TERM}}}, measured(value=0.0, unit=f"{HP}|1")),
    ("measurements", {"value": {"quantity": {"value": 2.5}}}, measured(value=2.5)),
    ("measurements", {"complexValue": {}}, measured()),
    ("medicalActions", {"procedure": {"code": TERM, "performed": DAY}}, done(recorded="2026-03-01")),
    ("medicalActions", {"procedure": {"code": TERM, "performed": WRONG}}, done(unclear=A_DATE)),
    ("medicalActions", {"procedure": {"code": TERM, "bodySite": SITE["primarySite"]}}, done(sites=(UBERON,))),
    ("medicalActions", {"radiationTherapy": {"modality": TERM, "dosage": 5}}, done()),
    ("medicalActions", {"treatment": {"agent": TERM}}, done()),
    ("medicalActions", {"therapeuticRegimen": {}}, done(codes=(), text="")),
]  # fmt: skip


@pytest.mark.parametrize(("part", "fields", "entry"), CASES)
def test_a_part_becomes_one_entry(part: str, fields: Json, entry: CodedEntry) -> None:
    own = {PART[part]: TERM} if part in PART else {}
    assert read(packet(**{part: [{**own, **fields}]}))[1] == [entry]


def test_parts_are_numbered_by_kind() -> None:
    feature, disease = {"type": TERM}, {"term": TERM}
    _, entries, _ = read(packet(diseases=[disease], phenotypicFeatures=[feature, feature]))
    assert [entry.origin for entry in entries] == ["phenotypicFeature 1", "phenotypicFeature 2", "disease 1"]


@pytest.mark.parametrize(
    ("value", "patient"),
    [
        (packet(), "p"),
        ({"id": "packet", "subject": {}, "metaData": {}}, "packet"),
        ({"id": "packet", "phenotypicFeatures": []}, "packet"),
    ],
)
def test_who_the_patient_is(value: Json, patient: str) -> None:
    assert is_phenopacket(value)
    assert read(value)[0] == patient


def test_parts_that_are_not_read_are_counted_each_member() -> None:
    _, entries, report = read(packet(biosamples=[{}, {}], files=[], interpretations=[{"id": "i"}]))
    assert entries == []
    assert report.counts == {Fate.IRRELEVANT: {"biosamples": 2, "interpretations": 1, "metaData": 1}}


NONE = "it is no phenopacket:"
UNKNOWN_PART = "is no part of a phenopacket of version 2; remove it, or correct the name."
BROKEN: dict[str, tuple[Json, str]] = {
    "nobody": ({"metaData": {}, "subject": {}}, "it names no subject; add subject.id."),
    "negated, as in version 1": (
        packet(phenotypicFeatures=[{"type": TERM, "negated": True}]),
        f"{NONE} object contains unknown field `negated` - at `$.phenotypicFeatures[0]`; correct it.",
    ),
    "a field of hostile words": (
        packet(phenotypicFeatures=[{"\x1b[2J": 1}]), f"{NONE} object contains a field that is not known; correct it."
    ),
    "a field of too many": (
        packet(phenotypicFeatures=[{"x" * 600: 1}]), f"{NONE} object contains a field that is not known; correct it."
    ),
    "excluded in words": (
        packet(phenotypicFeatures=[{"type": TERM, "excluded": "true"}]),
        f"{NONE} expected `bool`, got `str` - at `$.phenotypicFeatures[0].excluded`; correct it.",
    ),
    "an object in place of a list": (
        packet(diseases={"term": TERM}), f"{NONE} expected `array`, got `object` - at `$.diseases`; correct it."
    ),
    "a term in place of an object": (
        packet(diseases=[{"term": "HP:1"}]),
        f"{NONE} expected `object`, got `str` - at `$.diseases[0].term`; correct it.",
    ),
    "an id that is a number": (
        {**packet(), "subject": {"id": 1}}, f"{NONE} expected `str`, got `int` - at `$.subject.id`; correct it."
    ),
    "a part of no version": (
        packet(phenotypic_features=[]),
        f"'phenotypic_features' {UNKNOWN_PART}",
    ),
    "a part of a long name": (
        packet(**{"x" * 50: 1}), f"'{'x' * 40}' {UNKNOWN_PART}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_as_the_schema_has_it(name: str) -> None:
    value, says = BROKEN[name]
    with pytest.raises(InputError) as caught:
        read(value)
    assert str(caught.value) == f"a.json: {says}"


@pytest.mark.parametrize(
    "value",
    [
        None, [], "metaData", {}, {"metaData": {}}, {"subject": {}}, {"resourceType": "Patient"},
        {"resourceType": "Observation", "subject": {}, "metaData": {}, "phenotypicFeatures": []},
        {"proband": packet(), "pedigree": {}, "metaData": {}},
    ],
)  # fmt: skip
def test_what_has_not_the_marks_of_a_phenopacket(value: Any) -> None:
    assert not is_phenopacket(value)


SCALARS = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(["", "HP:1", "2026-03-01", "x:"])
)
ANY = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["type", "term", "id", "onset", "timestamp", "value", "procedure"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "subject", "metaData", "phenotypicFeatures", "diseases", "measurements",
                                        "medicalActions", "files"]), ANY))  # fmt: skip
def test_of_any_json_comes_a_packet_or_an_error(value: Json) -> None:
    found = None
    with contextlib.suppress(InputError):
        found = read(value)
    if found is not None:
        patient, entries, report = found
        assert patient
        listed = ("phenotypicFeatures", "diseases", "measurements", "medicalActions")
        assert len(entries) == sum(len(value.get(part, ())) for part in listed)
        assert report.refusals == ()
