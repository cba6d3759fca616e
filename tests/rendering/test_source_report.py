"""What became of a source's entries, in words: counts, the commonest first, cut where there are many."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patients.records import as_json, as_lines, bundle, concept, condition, observation, packet, read
from vhkg.cli.import_ import _report_json
from vhkg.errors import VhkgError
from vhkg.intake import document
from vhkg.model.source_report import Fate, SourceReport
from vhkg.rendering.source_report import details, summary


def report(counts: dict[Fate, dict[str, int]] | None = None, patients: int = 1, **rest: Any) -> SourceReport:
    return SourceReport(format="FHIR", patients=patients, counts=counts or {}, **rest)


EVERY = {fate: {"a": number, "b": 1} for number, fate in enumerate(Fate, start=1)}


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (report(patients=0), "FHIR, 0 patients, 0 entries: none"),
        (report({Fate.READ: {"Condition": 3}}), "FHIR, 1 patient, 3 entries: 3 read"),
        (
            report({Fate.IRRELEVANT: {"Patient": 2, "Flag": 1}, Fate.READ: {"Condition": 1}}, 2),
            "FHIR, 2 patients, 4 entries: 1 read, 3 irrelevant",
        ),
        (
            report(EVERY, 2),
            "FHIR, 2 patients, 44 entries: 2 read, 3 recorded as unknown, 4 says nothing, 5 unmapped, 6 as text only, "
            "7 entered in error, 8 irrelevant, 9 refused",
        ),
    ],
)
def test_the_summary_counts_every_entry(found: SourceReport, says: str) -> None:
    assert summary(found) == says


def test_details_name_what_was_not_simply_read() -> None:
    found = report(
        {
            Fate.READ: {"Condition": 12},
            Fate.UNMAPPED: {"HOSP:1 one thing": 1234567, "HOSP:2": 3},
            Fate.TEXT_ONLY: {"Procedure": 2},
            Fate.REFUSED: {"": 1},
        },
        notes={"body site HOSP:X is not mapped": 4},
        refusals=("a.json, Condition/c: not read, since it names no subject.",),
    )
    assert list(details(found)) == [
        "unmapped:",
        "  1234567  HOSP:1 one thing",
        "        3  HOSP:2",
        "text only:",
        "        2  Procedure",
        "notes:",
        "        4  body site HOSP:X is not mapped",
        "a.json, Condition/c: not read, since it names no subject.",
    ]


def test_nothing_to_detail() -> None:
    assert list(details(report({Fate.READ: {"Condition": 1}}))) == []


@pytest.mark.parametrize("most", [1, 2, 20])
def test_many_are_cut_and_the_rest_is_counted(most: int) -> None:
    codes = {f"HOSP:{number:02}": 100 - number for number in range(25)}
    refusals = tuple(f"a.ndjson, line {number}: not JSON." for number in range(1, 26))
    lines = list(details(report({Fate.UNMAPPED: codes}, refusals=refusals), most=most))
    assert lines[: most + 1] == ["unmapped:", *(f"  {100 - n:>7}  HOSP:{n:02}" for n in range(most))]
    assert lines[most + 1] == f"           and {25 - most} more (--report FILE has all)"
    assert lines[most + 2 :] == [*refusals[:most], f"and {25 - most} more refusals (--report FILE has all)"]


def test_exactly_as_many_as_are_shown_are_not_cut() -> None:
    found = report({Fate.UNMAPPED: {"a": 1, "b": 1}}, refusals=("one", "two"))
    assert "more" not in "\n".join(details(found, most=2))


@given(
    st.dictionaries(st.sampled_from(list(Fate)), st.dictionaries(st.text(max_size=3), st.integers(1, 9), min_size=1))
)
def test_the_numbers_of_the_summary_add_up(counts: dict[Fate, dict[str, int]]) -> None:
    found = report(counts)
    head, _, tail = summary(found).replace(" entry: ", " entries: ").partition(" entries: ")
    assert int(head.rpartition(" ")[2]) == sum(int(part.split()[0]) for part in tail.split(", ") if part != "none")


def test_the_json_report_holds_everything() -> None:
    found = report(EVERY, notes={"a note": 2}, refusals=("a \x1b sentence",))
    text = _report_json(found)
    assert b"\x1b" not in text
    assert msgspec.json.decode(text, type=SourceReport) == found
    assert list(json.loads(text)) == ["format", "patients", "counts", "notes", "refusals"]


HOSTILE = "\x1b[2J\u202e\r\n= forged"
SOURCES: dict[str, Any] = {
    "a code": as_json(bundle(condition(HOSTILE))),
    "a system": as_json(bundle(condition(concept("x", HOSTILE)))),
    "a display": as_json(bundle(condition({"coding": [{"code": "x", "display": HOSTILE}]}))),
    "a status": as_json(bundle(condition(verified=HOSTILE, clinical=HOSTILE))),
    "an answer": as_json(bundle(observation(valueCodeableConcept=concept(HOSTILE)))),
    "a unit": as_json(bundle(observation("SCORE", valueQuantity={"value": 0, "unit": HOSTILE}))),
    "a site": as_json(bundle(condition(bodySite=[{"text": HOSTILE}]))),
    "an id": as_lines(condition(id=HOSTILE)),
    "a subject": as_lines(condition(subject={"reference": f"Patient/{HOSTILE}"})),
    "a type": as_lines({"resourceType": HOSTILE}, condition()),
    "a key twice": document("a.ndjson", (json.dumps({HOSTILE: 1})[:-1] + "," + json.dumps({HOSTILE: 1})[1:]).encode()),
    "a feature": as_json(packet(phenotypicFeatures=[{"type": {"id": f"HP:{HOSTILE}", "label": HOSTILE}}])),
    "a field of a feature": as_json(packet(phenotypicFeatures=[{HOSTILE: 1}])),
    "a part of a packet": as_json(packet(**{HOSTILE: 1})),
    "a subject of a packet": as_json(packet(subject={"id": HOSTILE})),
    "a prefix of a packet": as_json(
        packet(
            metaData={"resources": [{"namespacePrefix": "A", "iriPrefix": HOSTILE}]}, diseases=[{"term": {"id": "A:1"}}]
        )
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_no_text_of_a_source_moves_the_cursor_or_forges_a_line(name: str) -> None:
    """Whether it comes as a count, a note, a refusal or an error."""
    try:
        found = read(SOURCES[name]).report
        lines = [summary(found), *details(found)]
        assert found.entries
    except VhkgError as error:
        lines = [str(error)]
    for line in lines:
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")], ascii(line)
