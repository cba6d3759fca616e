"""FHIR with something wrong anywhere: it is read, or an error of the project's tree says why; never another one."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.patients.records import as_lines, bundle, concept, condition, hospital, observation, read
from vhkg.errors import VhkgError
from vhkg.intake import document
from vhkg.patients import serialize

pytestmark = pytest.mark.usefixtures("no_network")

VALID = bundle(
    condition("VH", id="c", bodySite=[concept("AT-L4")], recordedDate="2026-03-01", onsetDateTime="2025"),
    condition("GROWTH", verified="refuted", clinical="resolved", abatementPeriod={"end": "2026-04-01"}),
    observation(valueCodeableConcept=concept("NO"), effectiveDateTime="2026-03-02T10:00:00Z"),
    observation("SCORE", valueQuantity={"value": 0, "system": "http://unitsofmeasure.org", "code": "{score}"}),
    observation("PANEL", component=[{"code": concept("BP"), "valueBoolean": True}, {"code": concept("RP")}]),
    {"resourceType": "Procedure", "status": "completed", "code": concept("LAM"), "subject": {"reference": "Patient/p"}},
    {"resourceType": "Encounter", "status": "finished", "subject": {"reference": "Patient/p"}},
    condition(subject={"reference": "#x"}, contained=[{"resourceType": "Group", "id": "x"}]),
)
Path_ = tuple[str | int, ...]
Change = tuple[int, bool, Any]


def paths(value: Any, here: Path_ = ()) -> list[Path_]:
    """The way to every member of every object and array."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, inner in members for path in ((*here, key), *paths(inner, (*here, key)))]


def changed(value: Any, changes: list[Change]) -> Any:
    """A copy in which some members are gone or replaced; a member is chosen by number, whatever is left."""
    value = copy.deepcopy(value)
    for number, gone, new in changes:
        every = paths(value)
        if every:
            *way, last = every[number % len(every)]
            inner = value
            for key in way:
                inner = inner[key]
            if gone:
                del inner[last]
            else:
                inner[last] = new
    return value


WORDS_OF_FHIR = [
    "", "p", "c", "Patient", "Condition", "Bundle", "Group", "Patient/p", "Patient/q", "#x", "#",
    "https://a.example/Patient/p", "refuted", "entered-in-error", "final", "2026-02-30", "2026", "HOSP:DEF", "DEF",
    "NO", "\x1b", "\u2028", "x" * 600,
]  # fmt: skip
KEYS = st.sampled_from(["resourceType", "id", "coding", "code", "reference", "value", "contained", "component", "end"])
TEXTS = st.sampled_from(WORDS_OF_FHIR) | st.text()
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
ANY: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.booleans(), ANY), min_size=1, max_size=4)


def reads_or_says_why(text: bytes, name: str) -> None:
    """What comes through is written as a valid graph; what does not is an error of the project's tree."""
    with contextlib.suppress(VhkgError):
        found = read(document(name, text))
        for patient in found.patients:
            assert patient.report.conforms
            assert serialize(patient.graph)
        for answer in (each for patient in found.patients for each in hospital().answer(patient)):
            assert answer.patient


@settings(max_examples=400, deadline=None)
@given(CHANGES)
def test_a_bundle_with_something_wrong_anywhere_is_read_or_says_why(changes: list[Change]) -> None:
    value = changed(VALID, changes)
    reads_or_says_why(json.dumps(value).encode(), "a.json")


@settings(max_examples=200, deadline=None)
@given(CHANGES)
def test_lines_with_something_wrong_anywhere_are_read_or_refused(changes: list[Change]) -> None:
    """Of lines it is never the whole input that fails, unless a line is no JSON that can stand in a line."""
    resources = changed([entry["resource"] for entry in VALID["entry"]], changes)
    found = read(as_lines(*resources, {"resourceType": "Patient", "id": "other"}))
    assert "other" in [patient.record.patient for patient in found.patients]
    assert all(patient.report.conforms for patient in found.patients)


@settings(deadline=None)
@given(ANY)
def test_any_json_at_all_is_read_or_says_why(value: Any) -> None:
    reads_or_says_why(json.dumps(value).encode(), "a.json")
