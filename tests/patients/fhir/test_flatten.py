"""FHIR resources as coded entries; of a code, only whether a table has it is looked at."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.patients.records import SYSTEM, Resource, concept, condition, observation, resource
from vhkg.model.coded import BodySite, CodedEntry, CodeTables, Meaning, Reading
from vhkg.patients.fhir.flatten import Flattener
from vhkg.patients.fhir.types import READ

UCUM = "http://unitsofmeasure.org"
CODES = ("hospital|DEF",)
TABLES = CodeTables(
    systems={SYSTEM: "hospital", "HOSP": "hospital", "UCUM": UCUM, UCUM: UCUM},
    meanings={CODES[0]: (Meaning(term="Something"),)},
    readings={f"Condition.clinicalStatus|{code}": Reading.ASSERTED for code in ("active", "recurrence", "relapse")},
)
DAY = "2026-03-01"


def entries(value: Resource) -> list[CodedEntry]:
    return list(Flattener(TABLES).entries(msgspec.convert(value, READ[value["resourceType"]]), "origin"))


def of_condition(verified: str = "confirmed", clinical: str = "active", **rest: Any) -> CodedEntry:
    statuses = (("verificationStatus", verified), ("clinicalStatus", clinical))
    return CodedEntry(**{"element": "Condition", "origin": "origin", "codes": CODES, "statuses": statuses, **rest})


def of_observation(**rest: Any) -> CodedEntry:
    given: dict[str, Any] = {"element": "Observation", "origin": "origin", "codes": CODES, "valued": True}
    return CodedEntry(**{**given, "statuses": (("status", "final"),), **rest})


def simple(kind: str, status: str = "completed", **rest: Any) -> CodedEntry:
    return CodedEntry(
        **{"element": kind, "origin": "origin", "codes": CODES, "statuses": (("status", status),), **rest}
    )


def coded(*codings: Resource, **rest: Any) -> Resource:
    return {"coding": list(codings), **rest}


ABATED = "Condition: active and abated"
A_DATE = "a date that is none"
TWO_VALUES = "Observation: more than one value"
COMPARED = "Observation: a comparator, so the number is not exact"
POINTS = {"value": 3, "system": UCUM, "code": "{score}"}

CASES: dict[str, tuple[Resource, CodedEntry]] = {
    # codes
    "a code": (condition(), of_condition()),
    "a code with its prefix": (condition(concept("HOSP:DEF")), of_condition()),
    "a colon that is part of the code": (condition(concept("A:B")), of_condition(codes=("hospital|A:B",))),
    "two codes": (
        condition(coded({"system": "urn:x", "code": "1"}, {"system": SYSTEM, "code": "DEF", "display": "name"})),
        of_condition(codes=("urn:x|1", *CODES)),
    ),
    "its display": (
        condition(coded({"system": SYSTEM, "code": "DEF", "display": "n"}, text="t")), of_condition(text="n")
    ),
    "a display without a code": (condition(coded({"display": "n"}, text="t")), of_condition(codes=())),
    "a text": (condition({"text": "t"}), of_condition(codes=())),
    "no system": (condition(coded({"code": "DEF"})), of_condition(codes=("|DEF",))),
    # statuses
    "no statuses": (condition(verified="", clinical=""), of_condition("", "")),
    "a status as text": (condition(verified="", verificationStatus={"text": "confirmed"}), of_condition("")),
    "two codes of a status": (
        condition(verificationStatus=coded({"code": "refuted"}, {"code": "x"})),
        of_condition(
            statuses=(("verificationStatus", "refuted"), ("verificationStatus", "x"), ("clinicalStatus", "active"))
        ),
    ),
    # days
    "recorded": (condition(recordedDate=f"{DAY}T23:00:00Z"), of_condition(recorded=DAY)),
    "begun": (condition(onsetDateTime="2020-01"), of_condition(began="2020-01")),
    "begun in a period": (condition(onsetPeriod={"start": "2020", "end": "2021"}), of_condition(began="2021")),
    "begun in a period that is open": (condition(onsetPeriod={"start": "2020"}), of_condition(began="2020")),
    "a period of nothing": (condition(onsetPeriod={}), of_condition()),
    "a wrong date": (condition(recordedDate="2026-02-30"), of_condition(unclear=A_DATE)),
    "a wrong onset": (condition(onsetDateTime="soon"), of_condition(unclear=A_DATE)),
    "a wrong end": (
        condition(clinical="resolved", abatementPeriod={"end": "x"}), of_condition(clinical="resolved", unclear=A_DATE)
    ),
    "abated": (
        condition(clinical="resolved", abatementDateTime=DAY), of_condition(clinical="resolved", ended=DAY)
    ),
    "active and abated": (condition(abatementDateTime=DAY), of_condition(ended=DAY, unclear=ABATED)),
    "active and abated at an age": (condition(abatementAge={"value": 4}), of_condition(unclear=ABATED)),
    "recurring and abated": (
        condition(clinical="relapse", abatementString="x"), of_condition(clinical="relapse", unclear=ABATED)
    ),
    # sites
    "sites": (
        condition(bodySite=[concept("AT-L4"), {"text": "there"}, {}]),
        of_condition(sites=(BodySite(("hospital|AT-L4",)), BodySite((), "there"))),
    ),
    # what changes the meaning
    "a modifier extension": (condition(modifierExtension=[{}]), of_condition(unclear="a modifier extension")),
    "implicit rules": (condition(implicitRules="urn:x"), of_condition(unclear="implicit rules")),
    "the first reason is kept": (
        condition(modifierExtension=[{}], recordedDate="x"), of_condition(unclear="a modifier extension")
    ),
    # observations
    "no value": (observation(), of_observation()),
    "no status": (observation(status=""), of_observation(statuses=(("status", ""),))),
    "an answer": (observation(valueCodeableConcept=concept("NO")), of_observation(values=("hospital|NO",))),
    "an answer as text": (observation(valueCodeableConcept={"text": "no"}), of_observation()),
    "false": (observation(valueBoolean=False), of_observation(value=False)),
    "a number": (observation(valueInteger=0), of_observation(value=0)),
    "a quantity": (observation(valueQuantity=POINTS), of_observation(value=3.0, unit=f"{UCUM}|{{score}}")),
    "a unit without a system": (
        observation(valueQuantity={"value": 3, "code": "mm"}), of_observation(value=3.0, unit=f"{UCUM}|mm")
    ),
    "a unit as it is written": (
        observation(valueQuantity={"value": 3, "unit": "mm", "system": "urn:x"}),
        of_observation(value=3.0, unit=f"{UCUM}|mm"),
    ),
    "no unit": (observation(valueQuantity={"value": 3}), of_observation(value=3.0)),
    "a quantity of nothing": (observation(valueQuantity={}), of_observation()),
    "a comparator": (
        observation(valueQuantity={**POINTS, "comparator": "<"}),
        of_observation(value=3.0, unit=f"{UCUM}|{{score}}", unclear=COMPARED),
    ),
    "a text as value": (observation(valueString="no"), of_observation()),
    "two values": (
        observation(valueString="no", valueBoolean=False), of_observation(value=False, unclear=TWO_VALUES)
    ),
    "data absent": (observation(dataAbsentReason={"text": "?"}), of_observation(absent_reason=True)),
    "data absent and a value": (
        observation(dataAbsentReason={}, valueBoolean=True),
        of_observation(value=True, absent_reason=True, unclear=TWO_VALUES),
    ),
    "effective": (observation(effectiveDateTime=DAY, issued="2026-04-01"), of_observation(recorded=DAY)),
    "at an instant": (observation(effectiveInstant=f"{DAY}T10:00:00Z"), of_observation(recorded=DAY)),
    "in a period": (observation(effectivePeriod={"start": "2026-02-01", "end": DAY}), of_observation(recorded=DAY)),
    "issued": (observation(issued=f"{DAY}T10:00:00Z"), of_observation(recorded=DAY)),
    "at times, whenever it was issued": (observation(effectiveTiming={}, issued=DAY), of_observation()),
    "a wrong day is not replaced": (observation(effectiveDateTime="x", issued=DAY), of_observation(unclear=A_DATE)),
    "a focus": (
        observation(focus=[{"reference": "Patient/q"}]),
        of_observation(unclear="Observation: its focus is not the patient"),
    ),
    "a site": (observation(bodySite=concept("AT-L4")), of_observation(sites=(BodySite(("hospital|AT-L4",)),))),
    # procedures and lists
    "done": (
        resource("Procedure", "DEF", status="completed", performedDateTime=DAY, bodySite=[concept("AT-L4")]),
        simple("Procedure", recorded=DAY, sites=(BodySite(("hospital|AT-L4",)),)),
    ),
    "done in a period": (
        resource("Procedure", "DEF", status="not-done", performedPeriod={"start": "2026", "end": DAY}),
        simple("Procedure", "not-done", recorded=DAY),
    ),
    "done on a wrong day": (
        resource("Procedure", "DEF", status="completed", performedDateTime="x"), simple("Procedure", unclear=A_DATE)
    ),
    "done, nobody says how it went": (resource("Procedure", "DEF"), simple("Procedure", "")),
    "a list": (resource("List", "DEF", status="current", date=DAY), simple("List", "current", recorded=DAY)),
    "a list with implicit rules": (
        resource("List", "DEF", status="current", implicitRules="x"),
        simple("List", "current", unclear="implicit rules"),
    ),
    "without any code": ({"resourceType": "List"}, simple("List", "", codes=())),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_resource_becomes_one_entry(name: str) -> None:
    value, entry = CASES[name]
    assert entries(value) == [entry]


def component(code: str = "DEF", **rest: Any) -> Resource:
    return {"code": concept(code), **rest}


def part(number: int, **rest: Any) -> CodedEntry:
    return of_observation(**{"origin": f"origin#component{number}", **rest})


COMPONENTS: dict[str, tuple[Resource, list[CodedEntry]]] = {
    "a panel without a value of its own": (
        observation(
            "PANEL", component=[component(valueBoolean=True), component("BP", valueCodeableConcept=concept("NO"))]
        ),
        [part(1, value=True), part(2, codes=("hospital|BP",), values=("hospital|NO",))],
    ),
    "a panel with a value": (
        observation("PANEL", valueBoolean=False, component=[component()]),
        [of_observation(codes=("hospital|PANEL",), value=False), part(1)],
    ),
    "a panel without a code": (
        {**observation(component=[component()]), "code": None}, [of_observation(codes=()), part(1)]
    ),
    "what holds of the whole holds of its parts": (
        observation("PANEL", status="preliminary", issued=DAY, bodySite=concept("A"), modifierExtension=[{}],
                    component=[component(valueBoolean=True)]),
        [part(1, value=True, statuses=(("status", "preliminary"),), recorded=DAY, sites=(BodySite(("hospital|A",)),),
              unclear="a modifier extension")],
    ),
    "what holds of a part does not hold of the others": (
        observation(
            "PANEL", component=[component(modifierExtension=[{}]), component(dataAbsentReason={}), component()]
        ),
        [part(1, unclear="a modifier extension"), part(2, absent_reason=True), part(3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPONENTS)
def test_components_become_entries_of_their_own(name: str) -> None:
    value, expected = COMPONENTS[name]
    assert entries(value) == expected


def test_of_an_observation_that_no_table_has_only_code_and_status_are_taken() -> None:
    """Nothing else of it is read: a day that is none, a site and a value say nothing of a code without meaning."""
    other = observation(concept("OTHER"), effectiveDateTime="yesterday", valueQuantity=POINTS, bodySite=concept("L2"))
    assert entries(other) == [
        CodedEntry(element="Observation", origin="origin", codes=("hospital|OTHER",), statuses=(("status", "final"),))
    ]
