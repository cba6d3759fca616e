"""A bulk export: many patients line by line, in any order, and lines that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patients.records import Resource, bundle, concept, condition, hospital, observation
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients.fhir.bulk import read_bulk
from vhkg.patients.tally import Tally

Found = dict[str, list[str]]


def read(*lines: Any) -> tuple[Found, SourceReport]:
    """Where the entries of each patient were read; a line is JSON, or bytes as they stand."""
    tally = Tally("FHIR NDJSON")
    content = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    numbered = [("a.ndjson", number, line) for number, line in enumerate(content, start=1)]
    found = read_bulk(numbered, hospital().compiled.codes, tally)
    return {name: [entry.origin for entry in entries] for name, entries in found.items()}, tally.report(len(found))


def of(reference: str, identity: str = "", **rest: Any) -> Resource:
    named = {"id": identity} if identity else {}
    return {**condition(), "subject": {"reference": reference}, **named, **rest}


def patient(identity: str, **rest: Any) -> Resource:
    return {"resourceType": "Patient", "id": identity, **rest}


HERE, THERE = "https://here.example/fhir", "https://there.example/fhir"

CASES: dict[str, tuple[list[Any], Found]] = {
    "nothing": ([], {}),
    "patients only": ([patient("q"), patient("p")], {"p": [], "q": []}),
    "each has its own": (
        [patient("p"), patient("q"), of("Patient/q", "c"), of("Patient/p", "d"), of("Patient/q", "e")],
        {"p": ["Condition/d"], "q": ["Condition/c", "Condition/e"]},
    ),
    "patients may come last": ([of("Patient/p", "c"), patient("p")], {"p": ["Condition/c"]}),
    "no patients": ([of("Patient/q", "c"), of("Patient/p", "d")], {"p": ["Condition/d"], "q": ["Condition/c"]}),
    "by address": ([patient("p"), of(f"{HERE}/Patient/p/_history/3", "c")], {"p": ["Condition/c"]}),
    "by address and without": (
        [of(f"{HERE}/Patient/p", "c"), of("Patient/p", "d")], {"p": ["Condition/c", "Condition/d"]}
    ),
    "without an id": ([of("Patient/p")], {"p": ["a.ndjson line 1"]}),
    "components": (
        [observation("PANEL", id="o", component=[{"code": concept("DEF")}])], {"p": ["Observation/o#component1"]}
    ),
    "a bundle a line": ([bundle(of("Patient/p", "c")), bundle(of("Patient/q", "d"), patient="q")],
                        {"p": ["Condition/c"], "q": ["Condition/d"]}),
    "a bundle beside resources": ([bundle(), of("Patient/p", "c")], {"p": ["Condition/c"]}),
    "what contains others": (
        [of("Patient/p", "c", contained=[{"resourceType": "Practitioner", "id": "x"}])], {"p": ["Condition/c"]}
    ),
    "what contains its patient": (
        [of("#x", "c", contained=[patient("x")]), of("#x", "d", contained=[patient("x")])],
        {"Condition/c#x": ["Condition/c"], "Condition/d#x": ["Condition/d"]},
    ),
    "what contains its patient and has no id": (
        [of("#x", contained=[patient("x")]), of("#x", contained=[patient("x")])],
        {f"a.ndjson, line {n}, entry 1#x": [f"a.ndjson, line {n}, entry 1"] for n in (1, 2)},
    ),
    "patients without a name, a bundle a line": (
        [{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient"}}]}] * 2,
        {"a.ndjson, line 1, entry 1": [], "a.ndjson, line 2, entry 1": []},
    ),
    "the same twice": ([of("Patient/p", "c")] * 2, {"p": ["Condition/c", "Condition/c"]}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_entries_of_each_patient(name: str) -> None:
    lines, expected = CASES[name]
    found, report = read(*lines)
    assert found == expected
    assert report.refusals == ()


REMOVE = "remove it if it does not change the meaning."
NOT_LISTED = "not read, since its subject is not among the patients of the input."
SEVERAL = "not read, since the subjects of the input are on several servers."
CONTAIN = "put the patient into the same file, since nothing is fetched."
KEEP = "keep one; a list holds several values."
NO_RESOURCE = "it is no FHIR R4 resource; correct its resourceType."
WORDS = "write letters, digits, hyphens and dots."
REFUSED: dict[str, tuple[list[Any], list[str]]] = {
    "no JSON": ([b"{"], ["line 1: not JSON: expecting property name enclosed in double quotes; correct the syntax."]),
    "two values": ([b"{} {}"], ["line 1: not JSON: extra data; correct the syntax."]),
    "a key twice": (
        [b'{"id": "1", "id": "2"}'], [f"line 1: the key 'id' stands twice in one object; {KEEP}"]
    ),
    "too deep": ([b"[" * 50 + b"]" * 50], ["line 1: the JSON is nested deeper than 32; flatten it."]),
    "no UTF-8": ([b'{"id": "\xff"}'], ["line 1: it is not UTF-8; save it as UTF-8."]),
    "an array": ([[patient("p")]], [f"line 1: {NO_RESOURCE}"]),
    "no type": ([{"id": "1"}], [f"line 1: {NO_RESOURCE}"]),
    "no type of R4": ([{"resourceType": "Gadget"}], [f"line 1: {NO_RESOURCE}"]),
    "a type that is none": ([{"resourceType": ["Patient"]}], [f"line 1: {NO_RESOURCE}"]),
    "a patient without an id": ([{"resourceType": "Patient"}], ["line 1: a patient without an id; give it one."]),
    "a patient's id that is none": ([patient("a b")], ["line 1: a patient without an id; give it one."]),
    "what does not fit": (
        [{**of("Patient/p"), "code": "x"}],
        ["line 1: expected `object | null`, got `str` - at `$.code`; correct the resource."],
    ),
    "an id that is none": ([of("Patient/p", "a b")], [f"line 1: its id is none; {WORDS}"]),
    "no subject": ([{**condition(), "subject": {}}], ["line 1: it names no subject; name the patient as Patient/id."]),
    "a subject by identifier": (
        [{**condition(), "subject": {"identifier": {"value": "1"}}}],
        ["line 1: it names no subject; name the patient as Patient/id."],
    ),
    "a subject of no type": ([of("Gadget/1")], ["line 1: it names no subject; name the patient as Patient/id."]),
    "a subject in nothing": ([of("#x")], ["line 1: it names no subject; name the patient as Patient/id."]),
    "a subject that is not there": ([patient("p"), of("Patient/q", "c")], [f"line 2: {NOT_LISTED}"]),
    "a subject of another bundle": (
        [bundle(), bundle(of("Patient/q"), patient="q"), of("Patient/r")], [f"line 3: {NOT_LISTED}"]
    ),
    "a patient with a modifier extension": (
        [of("Patient/p"), patient("p", modifierExtension=[{}])],
        [f"line 2: the patient has a modifier extension or implicit rules; {REMOVE}", f"line 1: {NOT_LISTED}"],
    ),
    "a patient with implicit rules": (
        [patient("p", implicitRules="urn:x"), patient("q"), of("Patient/p")],
        [f"line 1: the patient has a modifier extension or implicit rules; {REMOVE}", f"line 3: {NOT_LISTED}"],
    ),
    "several servers": (
        [of(f"{HERE}/Patient/p", "c"), of(f"{THERE}/Patient/p", "d"), of("Patient/p", "e"), patient("p")],
        [f"line 1: {SEVERAL}", f"line 2: {SEVERAL}"],
    ),
    "several servers, one in what contains others": (
        [of(f"{HERE}/Patient/p", "c"), of(f"{THERE}/Patient/p", "d", contained=[{"resourceType": "Practitioner"}])],
        [f"line 1: {SEVERAL}", f"line 2: {SEVERAL}"],
    ),
    "several servers, one in a bundle": (
        [{"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": of(f"{HERE}/Patient/p", "c")}]},
         of(f"{THERE}/Patient/p", "d")],
        [f"line 1: {SEVERAL}", f"line 2: {SEVERAL}"],
    ),
    "two contents of one resource": (
        [of("Patient/p", "c"), of("Patient/p", "d"), of("Patient/q", "c"), patient("p"), patient("q")],
        [f"line {n}: not read, since Condition/c stands twice with different content." for n in (1, 3)],
    ),
    "two contents, one in a bundle": (
        [bundle(of("Patient/p", "c")), of("Patient/p", "c", recordedDate="2026")],
        [f"line {n}: not read, since Condition/c stands twice with different content." for n in (1, 2)],
    ),
    "a bundle of two patients": (
        [bundle(patient("q"))], ["line 1: there are two patients in it; give one bundle for each patient, or NDJSON."]
    ),
    "a patient elsewhere in what contains others": (
        [of("#y", "c", contained=[patient("x")])],
        [f"line 1: the subject of Condition/c is not in the input; {CONTAIN}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named_and_everything_else_is_read(name: str) -> None:
    lines, refusals = REFUSED[name]
    found, report = read(*lines, patient("other"), of("Patient/other", "mine"))
    assert found["other"] == ["Condition/mine"]
    expected = [f"a.ndjson, {refusal}" for refusal in refusals]
    assert list(report.refusals) == expected
    assert report.total(Fate.REFUSED) == len(expected)


@pytest.mark.parametrize("broken", [{"modifierExtension": [{}]}, {"implicitRules": "urn:x"}])
@pytest.mark.parametrize("last", [False, True])
def test_of_the_only_patient_nothing_is_read_if_the_patient_is_not(broken: Resource, last: bool) -> None:
    lines = [patient("p", **broken), of("Patient/p", "c")]
    found, report = read(*(reversed(lines) if last else lines))
    assert found == {}
    assert len(report.refusals) == 2


def test_kinds_without_findings_are_counted_by_name() -> None:
    lines = [patient("p"), {"resourceType": "Encounter"}, {"resourceType": "Encounter"}, of("Group/1"), of("Device/1")]
    expected = {"Encounter": 2, "Condition about a Device": 1, "Condition about a Group": 1, "Patient": 1}
    assert read(*lines)[1].counts == {Fate.IRRELEVANT: expected}


LINES: st.SearchStrategy[Any] = st.one_of(
    st.builds(patient, st.sampled_from(["p", "q"])),
    st.builds(of, st.sampled_from(["Patient/p", "Patient/q", f"{HERE}/Patient/p", f"{THERE}/Patient/p", "Group/g", ""]),
              st.sampled_from(["a", "b", "c"])),
    st.builds(bundle, st.builds(of, st.just("Patient/p"), st.sampled_from(["a", "d"]))),
    st.just({"resourceType": "Encounter"}),
    st.just({"resourceType": "Patient", "id": "p", "implicitRules": "urn:x"}),
    st.just(b"{"),
)  # fmt: skip


@given(st.lists(LINES, max_size=7), st.data())
def test_the_order_of_the_lines_does_not_matter(lines: list[Any], data: st.DataObject) -> None:
    def sorted_(found: Found) -> Found:
        return {name: sorted(origins) for name, origins in found.items()}

    one, two = read(*lines), read(*data.draw(st.permutations(lines)))
    assert sorted_(one[0]) == sorted_(two[0])
    assert one[1].counts == two[1].counts


@given(st.lists(LINES, max_size=7))
def test_every_line_is_read_counted_or_refused(lines: list[Any]) -> None:
    found, report = read(*lines)
    bundles = sum(isinstance(line, dict) and line["resourceType"] == "Bundle" for line in lines)
    read_or_counted = sum(map(len, found.values())) + report.entries
    assert len(lines) + bundles == read_or_counted


@given(st.lists(LINES, max_size=5), st.sampled_from(["n", "m"]))
def test_what_is_said_of_one_patient_changes_nothing_of_another(lines: list[Any], name: str) -> None:
    own: Sequence[Any] = [patient(name), of(f"Patient/{name}", f"of-{name}")]
    assert read(*lines, *own)[0][name] == read(*own)[0][name]
