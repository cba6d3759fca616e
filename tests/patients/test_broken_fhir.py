"""Broken FHIR: each fault has its message or a named refusal, and nothing is fetched."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.patients.records import Resource, as_json, bundle, concept, condition, observation, read
from vhkg.errors import InputError, RefusedInput
from vhkg.intake import document

pytestmark = pytest.mark.usefixtures("no_network")


def test_the_network_is_guarded() -> None:
    with pytest.raises(pytest.fail.Exception, match="the network was used"), socket.socket() as plug:
        plug.connect(("127.0.0.1", 9))
    with pytest.raises(pytest.fail.Exception, match="the network was used"):
        socket.getaddrinfo("localhost", 80)


def of(reference: str, **rest: Any) -> Resource:
    return {**condition(), "subject": {"reference": reference}, **rest}


def entries(*found: Any, kind: Any = "collection") -> Resource:
    return {"resourceType": "Bundle", "type": kind, "entry": list(found)}


PATIENT: Resource = {"resourceType": "Patient", "id": "p"}
OTHER: Resource = {"resourceType": "Patient", "id": "q"}
SYNTAX = "correct the syntax."
NO_VALUE = f"not JSON: expecting value; {SYNTAX}"
FORMATS = "give a FHIR Bundle or resource, NDJSON with one a line, a phenopacket, RDF or a facts CSV."
NO_FORMAT = f"this JSON is no FHIR resource, phenopacket or JSON-LD; {FORMATS}"
NOT_R4 = "is not one of FHIR R4; correct its resourceType."
TYPES = "give one of batch, collection, document, searchset, transaction."
ONE_EACH = "give one bundle for each patient, or NDJSON."
NOTHING_FETCHED = "put the patient into the same file, since nothing is fetched."
NOT_HERE = f"a.json: the subject of Condition/r1 is not in the input; {NOTHING_FETCHED}"
REMOVE = "remove it if it does not change the meaning."
WORDS = "write letters, digits, hyphens and dots."
ADDRESS = "the fullUrl of entry 1 is none; correct it."
CONTAINED = "Condition/r1 contains what is no resource; correct its contained."
ELSEWHERE = "entry 1 changes a resource that is elsewhere; give the resource as it is."
MODIFIER: Resource = {"modifierExtension": [{"url": "urn:x"}]}
KEEP = "keep one; a list holds several values."

BYTES: dict[str, tuple[bytes, str]] = {
    "XML": (b'<Patient xmlns="http://hl7.org/fhir"/>', f"a.json, line 1, column 1: {NO_VALUE}"),
    "a text": (b"Patient p", f"a.json, line 1, column 1: {NO_VALUE}"),
    "cut short": (
        b'{"resourceType": "Bundle",\n"type"', f"a.json, line 2, column 7: not JSON: expecting ':' delimiter; {SYNTAX}"
    ),
    "two values": (
        b'{"resourceType": "Patient"} {"resourceType": "Patient"}',
        f"a.json, line 1, column 29: not JSON: extra data; {SYNTAX}",
    ),
    "a comma too many": (
        b'{"resourceType": "Patient",}',
        f"a.json, line 1, column 28: not JSON: expecting property name enclosed in double quotes; {SYNTAX}",
    ),
    "empty": (b" \n", "a.json: it is empty; `vhkg template csv` prints a file to start from."),
    "UTF-16": ('{"resourceType": "Patient"}'.encode("utf-16"), "a.json: it is UTF-16, not UTF-8; save it as UTF-8."),
    "Latin-1": ('{"a": "ö"}'.encode("latin-1"), "a.json, line 1, byte 8: it is not UTF-8; save it as UTF-8."),
    "half a character": (
        b'{"resourceType": "Patient", "id": "\\ud800"}',
        "a.json: there is half a character, \\ud800; write the whole pair, or remove it.",
    ),
    "too deep": (
        b'{"resourceType": "Patient", "x":' + b"[" * 32 + b"]" * 32 + b"}",
        "a.json, line 1: the JSON is nested deeper than 32; flatten it.",
    ),
    "not a number": (
        b'{"resourceType": "Observation", "valueQuantity": {"value": NaN}}',
        "a.json: a number is not finite or has too many digits; correct the number.",
    ),
    "the type twice": (
        b'{"resourceType": "Bundle",\n"type": "history",\n"type": "collection"}',
        f"a.json, line 3: the key 'type' stands twice in one object; {KEEP}",
    ),
    "a status twice": (
        b'{"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "refuted",\n"code": "confirmed"}]}}',
        f"a.json, line 2: the key 'code' stands twice in one object; {KEEP}",
    ),
    "a status twice, once escaped": (
        b'{"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "x", "\\u0063ode": "y"}]}}',
        f"a.json: the key 'code' stands twice in one object; {KEEP}",
    ),
    "a context to fetch": (
        b'{"@context": "https://somewhere.example/context", "resourceType": "Patient"}',
        'a.json, /@context: a context other than the bundled one; write "@context": '
        '"https://w3id.org/vhkg/context.jsonld".',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_what_is_no_json_of_the_strict_kind(name: str) -> None:
    content, says = BYTES[name]
    with pytest.raises(InputError) as caught:
        read(document("a.json", content))
    assert str(caught.value) == says
    assert isinstance(caught.value, RefusedInput) is (name == "a context to fetch")


FAULTS: dict[str, tuple[Any, str]] = {
    # no FHIR
    "an array": ([condition()], f"the JSON is an array; {FORMATS}"),
    "an empty array": ([], f"the JSON is an array; {FORMATS}"),
    "a text": ("Patient", NO_FORMAT),
    "a number": (1, NO_FORMAT),
    "null": (None, NO_FORMAT),
    "an empty object": ({}, NO_FORMAT),
    "another object": ({"patient": "p"}, NO_FORMAT),
    # wrong resource types
    "a type of no release": ({"resourceType": "Gadget"}, f"the resource type 'Gadget' {NOT_R4}"),
    "a type in another case": ({"resourceType": "patient"}, f"the resource type 'patient' {NOT_R4}"),
    "a type of R5": (bundle({"resourceType": "Transport"}), f"the resource type 'Transport' {NOT_R4}"),
    "a type that is long": ({"resourceType": "x" * 99}, f"the resource type '{'x' * 40}' {NOT_R4}"),
    "a type with a line break": ({"resourceType": "a\nb"}, f"the resource type 'a\\nb' {NOT_R4}"),
    "a type that is null": ({"resourceType": None}, f"a resource without its type {NOT_R4}"),
    "a type that is a list": (
        bundle({"resourceType": ["Condition"]}), f"a resource without its type {NOT_R4}"
    ),
    "an entry without a type": (entries({"resource": {}}), f"a resource without its type {NOT_R4}"),
    # bundles
    "no type of bundle": ({"resourceType": "Bundle"}, f"the Bundle has no type; {TYPES}"),
    "a history": (entries(kind="history"), f"a Bundle of type 'history' is not read; {TYPES}"),
    "a type of bundle that is a list": (
        entries(kind=["batch"]), f"a Bundle of type \"['batch']\" is not read; {TYPES}"
    ),
    "entries that are none": ({**entries(), "entry": {}}, "the entry of the Bundle is no array; correct it."),
    "entries that are null": ({**entries(), "entry": None}, "the entry of the Bundle is no array; correct it."),
    "an entry that is none": (entries(1), "entry 1 is none; remove it."),
    "an entry without resource": (entries({}), "entry 1 holds no resource; remove it, or add the resource."),
    "an entry that deletes": (
        entries({"request": {"method": "DELETE"}}), "entry 1 deletes a resource; give the resources that remain."
    ),
    "an entry that changes": (
        entries({"resource": PATIENT, "request": {"method": "PATCH"}}),
        ELSEWHERE,
    ),
    "an entry that asks": (
        entries({"resource": PATIENT, "request": {"method": "GET"}}),
        ELSEWHERE,
    ),
    "a bundle in a bundle": (bundle(bundle()), "entry 2 is a Bundle itself; give its entries."),
    "an address that is none": (entries({"fullUrl": 7, "resource": PATIENT}), ADDRESS),
    "an address with a line break": (
        entries({"fullUrl": "urn:a\n", "resource": PATIENT}), ADDRESS
    ),
    "an id that is none": (bundle(condition(id="a b")), f"the id of a resource of type Condition is none; {WORDS}"),
    "an id that is a number": (bundle(condition(id=7)), f"the id of a resource of type Condition is none; {WORDS}"),
    "two contents of one resource": (
        bundle(condition(id="c"), condition(id="c", verified="refuted")),
        "Condition/c stands twice with different content; leave one version.",
    ),
    "a contained text": (bundle(condition(contained=["x"])), CONTAINED),
    "a contained object": (bundle(condition(contained={})), CONTAINED),
    "a contained bundle": (
        bundle(condition(contained=[bundle()])),
        "Condition/r1 contains what holds resources itself; give them as entries.",
    ),
    "contained in what is contained": (
        bundle(condition(contained=[{**OTHER, "contained": [PATIENT]}])),
        "Condition/r1 contains what holds resources itself; give them as entries.",
    ),
    # two patients
    "two patients": (bundle(condition(), OTHER), f"there are two patients in it; {ONE_EACH}"),
    "a second patient that is contained": (
        bundle(condition(contained=[OTHER])), f"there are two patients in it; {ONE_EACH}"
    ),
    "two subjects": (
        entries({"resource": of("Patient/p")}, {"resource": of("Patient/q")}),
        f"its resources are about two patients; {ONE_EACH}",
    ),
    "one id on two servers": (
        entries({"resource": of("https://a.example/Patient/p")}, {"resource": of("https://b.example/Patient/p")}),
        f"its resources are about two patients; {ONE_EACH}",
    ),
    # modifiers that hold for everything
    "a modifier extension of the patient": (
        entries({"resource": {**PATIENT, **MODIFIER}}), f"Patient/p has modifierExtension; {REMOVE}"
    ),
    "implicit rules of the patient": (
        entries({"resource": {**PATIENT, "implicitRules": "urn:x"}}), f"Patient/p has implicitRules; {REMOVE}"
    ),
    "implicit rules of the bundle": (
        bundle(condition(), implicitRules="urn:x"), f"the Bundle has implicitRules; {REMOVE}"
    ),
    "a modifier extension of the bundle": (
        bundle(condition(), **MODIFIER), f"the Bundle has modifierExtension; {REMOVE}"
    ),
    "a modifier extension of an entry": (
        entries({"resource": PATIENT, **MODIFIER}), f"entry 1 has modifierExtension; {REMOVE}"
    ),
    # references that lead out of the input
    "a patient who is not there": (
        bundle(of("Patient/q")),
        f"the subject of Condition/r1 is another patient, who is not in the input; {NOTHING_FETCHED}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_read_as_one_patient_is_one_error(name: str) -> None:
    value, says = FAULTS[name]
    with pytest.raises(InputError) as caught:
        read(as_json(value))
    assert str(caught.value) == f"a.json: {says}"


@pytest.mark.parametrize(
    "reference",
    [
        "https://somewhere.example/fhir/Patient/p",
        "http://127.0.0.1:9/Patient/p",
        "http://localhost/Patient/p",
        "file:///etc/passwd",
        "//somewhere.example/Patient/p",
        "urn:uuid:00000000-0000-4000-8000-000000000000",
        "urn:oid:1.2.3",
        "javascript:alert(1)",
        "Patient?identifier=p",
        "Patient/",
        "/",
        "#p",
        "#",
        "Gadget/p",
        "../Patient/p/..",
        "p",
    ],
)
def test_no_reference_is_followed_out_of_the_input(reference: str) -> None:
    with pytest.raises(InputError) as caught:
        read(as_json(bundle(of(reference))))
    assert str(caught.value) == NOT_HERE


def test_addresses_of_what_is_not_read_lead_nowhere() -> None:
    remote = "https://somewhere.example/x"
    more: dict[str, Any] = {
        "encounter": {"reference": f"{remote}/Encounter/1"},
        "meta": {"profile": [remote]},
        "implicitRules": "",
    }
    found = read(as_json(bundle(condition(**more, extension=[{"url": remote}]))))
    assert found.report.counts["read"] == {"Condition": 1}  # type: ignore[index]


REFUSALS: dict[str, tuple[Resource, str]] = {
    "no subject": ({**condition(), "subject": {}}, "it names no subject"),
    "no subject at all": ({"resourceType": "Condition", "code": concept("DEF")}, "it names no subject"),
    "a subject by identifier": ({**condition(), "subject": {"identifier": {"value": "1"}}}, "it names no subject"),
    "a subject by name": ({**condition(), "subject": {"display": "Ann"}}, "it names no subject"),
    "a list of subjects": (
        {**condition(), "subject": [{"reference": "Patient/p"}]},
        "expected `object | null`, got `array` - at `$.subject`",
    ),
    "a code as text": ({**condition(), "code": "DEF"}, "expected `object | null`, got `str` - at `$.code`"),
    "a status as text": (
        condition(verificationStatus="refuted"), "expected `object | null`, got `str` - at `$.verificationStatus`"
    ),
    "a value as text": (observation(valueBoolean="false"), "expected `bool | null`, got `str` - at `$.valueBoolean`"),
    "a site as an object": (condition(bodySite=concept("AT-L4")), "expected `array`, got `object` - at `$.bodySite`"),
    "a date as a number": (condition(recordedDate=2026), "expected `str`, got `int` - at `$.recordedDate`"),
    "a number out of range": (
        observation(valueQuantity={"value": 10**400}), "number out of range - at `$.valueQuantity.value`"
    ),
    "a modifier extension that is none": (
        condition(modifierExtension=True), "expected `array`, got `bool` - at `$.modifierExtension`"
    ),
    "a code with a control character": (
        condition("\x1b[2J"), "a name or code in it has an unprintable character U+001B"
    ),
    "a code that is long": (condition("x" * 999), "a name or code in it is longer than 500 characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_resource_that_cannot_be_read_is_named_and_the_others_are_read(name: str) -> None:
    broken, why = REFUSALS[name]
    found = read(as_json(bundle(broken, condition("BP"))))
    assert found.report.refusals == (f"a.json, {broken['resourceType']}/r1: not read, since {why}.",)
    assert found.report.counts["read"] == {"Condition": 1}  # type: ignore[index]
    (patient,) = found.patients
    assert [each.finding for each in patient.record.assertions] == ["BackPain"]


MODIFIED: dict[str, Resource] = {
    "a condition": condition(**MODIFIER),
    "implicit rules": condition(implicitRules="urn:x"),
    "an observation": observation(valueBoolean=True, **MODIFIER),
    "a component": observation("OTHER", component=[{"code": concept("DEF"), "valueBoolean": True, **MODIFIER}]),
}


@pytest.mark.parametrize("name", MODIFIED)
def test_what_a_modifier_extension_may_turn_round_is_unknown(name: str) -> None:
    found = read(as_json(bundle(MODIFIED[name])))
    (patient,) = found.patients
    assert [(each.finding, each.status) for each in patient.record.assertions] == [("NeurologicalDeficit", "unknown")]
    assert found.report.refusals == ()
