"""A bundle or a resource with what it contains: whose it is, what it refers to, and where it was read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.patients.records import Resource, bundle, concept, condition, hospital, observation
from vhkg.errors import InputError
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients.fhir.bundle import FhirRecord, is_id
from vhkg.patients.tally import Tally


def read(value: Any, place: str = "") -> tuple[str, list[str], SourceReport]:
    """The patient, where each entry was read, and the counts."""
    tally = Tally("FHIR")
    record = FhirRecord(value, "a.json", hospital().compiled.codes, tally, place=place)
    origins = [entry.origin for entry in record.coded()]
    return record.patient, origins, tally.report(1)


def of(reference: str, **rest: Any) -> Resource:
    return {**condition(), "subject": {"reference": reference}, **rest}


def collection(*entries: Resource, kind: str = "collection") -> Resource:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(resource: Resource, full_url: str = "", **rest: Any) -> Resource:
    return {"resource": resource, **({"fullUrl": full_url} if full_url else {}), **rest}


PATIENT: Resource = {"resourceType": "Patient", "id": "p"}
ANONYMOUS: Resource = {"resourceType": "Patient"}
HERE, THERE = "https://here.example/fhir", "https://there.example/fhir"
URN = "urn:uuid:6b0b1e3a-0000-4000-8000-000000000001"

CASES: dict[str, tuple[Any, str, list[str]]] = {
    "by type and id": (bundle(of("Patient/p", id="c")), "p", ["Condition/c"]),
    "by version": (bundle(of("Patient/p/_history/2", id="c")), "p", ["Condition/c"]),
    "by the address of its entry": (
        collection(entry(PATIENT, f"{HERE}/Patient/p"), entry(of(f"{HERE}/Patient/p", id="c"))), "p", ["Condition/c"]
    ),
    "by that address and a version": (
        collection(entry(PATIENT, f"{HERE}/Patient/p"), entry(of(f"{HERE}/Patient/p/_history/1", id="c"))),
        "p", ["Condition/c"],
    ),
    "by a urn": (collection(entry(PATIENT, URN), entry(of(URN, id="c"))), "p", ["Condition/c"]),
    "a patient without an id": (collection(entry(ANONYMOUS, URN), entry(of(URN, id="c"))), URN, ["Condition/c"]),
    "a patient without anything": (collection(entry(ANONYMOUS)), "entry 1", []),
    "the patient may come last": (collection(entry(of("Patient/p", id="c")), entry(PATIENT)), "p", ["Condition/c"]),
    "no patient in it": (collection(entry(of("Patient/p", id="c"))), "p", ["Condition/c"]),
    "no patient in it, by addresses": (
        collection(entry(of(f"{HERE}/Patient/p", id="c")), entry(of("Patient/p", id="d"))),
        "p", ["Condition/c", "Condition/d"],
    ),
    "nobody": (collection(), "", []),
    "a bundle without entries": ({"resourceType": "Bundle", "type": "searchset"}, "", []),
    "a resource without an id": (collection(entry(of("Patient/p"), URN)), "p", [URN]),
    "a resource without anything": (collection(entry(PATIENT), entry(of("Patient/p"))), "p", ["entry 2"]),
    "a single resource": (of("Patient/p", id="c"), "p", ["Condition/c"]),
    "a single patient": (PATIENT, "p", []),
    "a contained patient": (of("#x", id="c", contained=[{**PATIENT, "id": "x"}]), "Condition/c#x", ["Condition/c"]),
    "a contained finding of the patient of the whole": (
        bundle(of("Patient/p", id="c", contained=[of("Patient/p", id="x")])), "p", ["Condition/c", "Condition/c#x"]
    ),
    "contained findings without ids": (
        bundle(of("Patient/p", id="c", contained=[of("Patient/p"), of("Patient/p")])),
        "p", ["Condition/c", "Condition/c#contained 1", "Condition/c#contained 2"],
    ),
    "a contained finding of the contained patient": (
        of("#x", id="c", contained=[{"resourceType": "Patient", "id": "x"}, of("#x")]),
        "Condition/c#x", ["Condition/c", "Condition/c#contained 2"],
    ),
    "components": (
        bundle(observation("PANEL", id="o", component=[{"code": concept("DEF")}])), "p", ["Observation/o#component1"]
    ),
    "a transaction": (
        collection(entry(of("Patient/p", id="c"), request={"method": "PUT", "url": "Condition/c"}),
                   entry(PATIENT, request={"method": "POST", "url": "Patient"}), kind="transaction"),
        "p", ["Condition/c"],
    ),
    "the same entry twice": (
        collection(entry(PATIENT), entry(of("Patient/p", id="c")), entry(of("Patient/p", id="c"))), "p", ["Condition/c"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_whose_it_is_and_where_it_was_read(name: str) -> None:
    value, patient, origins = CASES[name]
    found = read(value)
    assert found[:2] == (patient, origins)
    assert found[2].refusals == ()


@pytest.mark.parametrize("kind", ["batch", "collection", "document", "searchset", "transaction"])
def test_bundles_whose_entries_are_resources_as_they_stand(kind: str) -> None:
    assert read(collection(entry(of("Patient/p", id="c")), kind=kind))[1] == ["Condition/c"]


COUNTS: dict[str, tuple[Any, dict[str, int]]] = {
    "the patient": (PATIENT, {"Patient": 1}),
    "others": (
        bundle({"resourceType": "Encounter"}, {"resourceType": "Encounter"}, {"resourceType": "Flag"}),
        {"Encounter": 2, "Flag": 1, "Patient": 1},
    ),
    "contained": (
        of("Patient/p", contained=[{"resourceType": "Practitioner", "id": "d"}]), {"Practitioner": 1}
    ),
    "about a group in the input": (
        bundle({"resourceType": "Group", "id": "g"}, of("Group/g")),
        {"Condition about a Group": 1, "Group": 1, "Patient": 1},
    ),
    "about a group elsewhere": (bundle(of("Group/g")), {"Condition about a Group": 1, "Patient": 1}),
    "about a contained device": (
        bundle(of("#d", contained=[{"resourceType": "Device", "id": "d"}])),
        {"Condition about a Device": 1, "Device": 1, "Patient": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTS)
def test_what_says_nothing_of_the_patient_is_counted_by_kind(name: str) -> None:
    value, counts = COUNTS[name]
    assert read(value)[2].counts == {Fate.IRRELEVANT: counts}


def test_a_resource_that_stands_twice_is_noted() -> None:
    twice = entry(of("Patient/p", id="c"))
    assert read(collection(twice, twice))[2].notes == {"a resource stands twice, and counts once": 1}


def test_what_has_no_name_is_named_by_its_line() -> None:
    """Else the nameless patients of two lines would be one."""
    alone = {"resourceType": "Condition", "subject": {"reference": "#x"}, "contained": [{**PATIENT, "id": "x"}]}
    found = read(alone, "line 7")[:2]
    assert found == ("a.json, line 7, entry 1#x", ["a.json, line 7, entry 1"])
    assert read(collection(entry(ANONYMOUS)), "line 7")[0] == "a.json, line 7, entry 1"


def test_an_error_names_the_line() -> None:
    with pytest.raises(InputError, match=r"^a.json, line 7: there are two patients in it;"):
        read(collection(entry(PATIENT), entry({**PATIENT, "id": "q"})), "line 7")


@pytest.mark.parametrize("value", ["a", "A-1.b", "x" * 64, "urn:uuid:1", "ü_1"])
def test_ids(value: str) -> None:
    assert is_id(value)


@pytest.mark.parametrize(
    "value", ["", "x" * 65, "a b", "a/b", "a#b", "a?b", "a|b", "a\n", "\u00a0", "\u202e", "\x00", None, 7, ["a"], {}]
)
def test_what_is_no_id(value: object) -> None:
    assert not is_id(value)
