"""What a file said, carried along by the page: it comes back as it was, or is refused."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server.canaries import BUNDLE, TURTLE
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Patients
from vhkg.intake import document
from vhkg.model.answer import Answer
from vhkg.server.pages.patient_facts import Subject
from vhkg.server.pages.patient_held import MOST, Held, Place, held_of, hold, written
from vhkg.server.problems import Refused

FINDINGS = shipped().content.findings
EXAMPLES = ROOT / "docs" / "examples"
FILES = {
    **{path.name: path.read_bytes() for path in (*EXAMPLES.glob("*.csv"), EXAMPLES / "bundle.json")},
    **{
        f"{path.parent.name}.csv": path.read_bytes()
        for path in sorted((ROOT / "tests" / "cases").glob("*/patient.csv"))
    },
    "canaries.ttl": TURTLE.encode(),
    "canaries.json": json.dumps(BUNDLE).encode(),
}


def read(name: str) -> Patients:
    return shipped().read_source(document(name, FILES[name]))


def bare(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, violations=())


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_comes_back_is_answered_as_the_file_is(name: str) -> None:
    knowledge, found = shipped(), read(name)
    held = held_of(written(hold(name, found)), FINDINGS)
    assert held is not None
    expected = [bare(answer) for patient in found.patients for answer in knowledge.answer(patient)]
    assert len(expected) == len(held.places)
    for place, answer in zip(held.places, expected, strict=True):
        subject = Subject(held.chosen(place))
        patient = knowledge.admit(subject.record(FINDINGS))
        again = knowledge.answer(patient, presentation=subject.presentation)[0]
        assert bare(again) == answer


def test_one_lesion_is_chosen_and_several_are_not() -> None:
    assert hold("a", read("fracture.csv")).at == Place(0, 0)
    assert hold("a", read("cohort.csv")).at is None


def test_more_lesions_than_a_page_can_hold_are_refused() -> None:
    rows = [{"patient": str(n), "finding": "BackPain", "status": "present"} for n in range(MOST + 1)]
    with pytest.raises(Refused, match="413"):
        hold("a", shipped().read_source(rows))


def test_what_was_not_understood_comes_first() -> None:
    held = hold("bundle.json", read("bundle.json"))
    assert next(note.heading for note in held.notes) == "unmapped"
    assert "1 unmapped" in held.report


SOUND = {
    "file": "a.csv",
    "patients": [["p", [["T9", "T9", [["BackPain", "present", "2026-01-02", "line 2", []]]]], [], []]],
    "at": [0, 0],
}


def changed(path: tuple[Any, ...], value: object) -> str:
    found = json.loads(json.dumps(SOUND))
    part = found
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return json.dumps(found)


def test_the_sound_one_is_read() -> None:
    held = held_of(json.dumps(SOUND), FINDINGS)
    assert isinstance(held, Held)
    assert held.record(0).presentations[0].assertions[0].origin == "line 2"
    assert held_of("", FINDINGS) is None


FACT = ("patients", 0, 1, 0, 2, 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), 1),
        (("at",), [0, 1]),
        (("at",), [-1, 0]),
        (("at",), "0"),
        ((*FACT, 0), "Nothing"),
        ((*FACT, 1), "perhaps"),
        ((*FACT, 2), "2026-13-01"),
        ((*FACT, 3), "a\u202eb"),
        ((*FACT, 3), "a" * 1000),
        (("patients", 0, 0), "a\x00b"),
        (("patients", 0, 1), [["T9", "", []], ["T9", "", []]]),
        (("patients",), [["p", [["", "", []]], [], []]] * (MOST + 1)),
    ],
)
def test_what_the_page_does_not_write_is_refused(path: tuple[Any, ...], value: object) -> None:
    with pytest.raises(Refused, match="400") as caught:
        held_of(changed(path, value), FINDINGS)
    assert "drop the file again" in caught.value.detail


@given(st.text(max_size=80) | st.recursive(st.none() | st.integers(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert held_of(text, FINDINGS) is None or text
