"""Golden screens, read against the grammar of the text answer; rewrite them with VHKG_UPDATE_GOLDEN=1."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from tests.rendering.four import FOUR, deficit_in_pregnancy, deficit_with_extension, pain_without_deficit
from tests.rendering.samples import content, document, fact, invalid
from vhkg.model.answer import Answer, ConflictShown, SupersededFact
from vhkg.rendering.layout import columns
from vhkg.rendering.screen import Detail
from vhkg.rendering.text import render_text

GOLDEN = Path(__file__).parent / "golden"
BLOCKS = ("ANSWER", "RESTS ON", "NOTICE", "ASK", "FOR", "SAID", "WITH", "AGAINST", "NOT FOR", "SILENT", "Strength")


def shown(*answers: Answer, detail: Detail = Detail.NORMAL, audience: str = "clinician", width: int = 110) -> str:
    return render_text(document(*answers), content(), detail=detail, audience=audience, width=width)


def compare(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("VHKG_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FOUR)
def test_sample_screens(name: str) -> None:
    compare(name, shown(FOUR[name]()))


@pytest.mark.parametrize("name", FOUR)
def test_patient_screens(name: str) -> None:
    compare(f"{name}-patient", shown(FOUR[name](), audience="patient"))


@pytest.mark.parametrize("detail", [Detail.BRIEF, Detail.FULL])
def test_other_lengths(detail: Detail) -> None:
    compare(f"b-{detail.value}", shown(deficit_with_extension(), detail=detail, width=80))


def test_several_answers_open_with_a_table() -> None:
    text = shown(*(make() for make in FOUR.values()), invalid(), width=80)
    compare("several", text)
    header = text.splitlines()[0].split()
    assert header == ["file", "patient", "lesion", "verdict", "first", "question"]


@pytest.mark.parametrize("width", [60, 80, 110])
@pytest.mark.parametrize("detail", list(Detail))
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_no_line_is_wider_than_asked(width: int, detail: Detail, audience: str) -> None:
    answers = [*(make() for make in FOUR.values()), invalid()]
    text = shown(*answers, detail=detail, audience=audience, width=width)
    assert max(columns(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("name", FOUR)
def test_blocks_stand_in_order(name: str) -> None:
    lines = shown(FOUR[name]()).splitlines()
    found = [block for line in lines for block in BLOCKS if line.startswith(block)]
    assert found == sorted(found, key=BLOCKS.index)


def test_lines_keep_the_order_of_the_article_whatever_their_status() -> None:
    text = shown(deficit_with_extension())
    listed = text[text.index("\nFOR") : text.index("Listed in")]
    labels = [each.label for each in content().recommendations if each.kind == "treatment"]
    places = [listed.lower().find(label) for label in labels]
    assert [place for place in places if place >= 0] == sorted(place for place in places if place >= 0)


def test_status_words() -> None:
    first, second, fourth = shown(FOUR["a"]()), shown(FOUR["b"]()), shown(FOUR["d"]())
    assert re.search(r"Percutaneous vertebroplasty +IF candidate for vertebroplasty · cites 1 only", first)
    assert re.search(r"Transarterial embolization alone +APPLIES", first)
    assert re.search(r"Radiation therapy +ASK 1 · no citation", first)
    assert "ASK 1, then spinal stenosis" in second.replace("\n", " ")
    assert "AGAINST  En bloc resection · ADVISED AGAINST" in second
    assert "NOT CONFIRMED: pregnancy" in fourth


def test_the_always_asked_finding_keeps_its_place_among_three() -> None:
    text = shown(deficit_with_extension())
    assert "3  Are the symptoms due to another cause" in text
    assert "1 further question" in text
    assert "4  Are the symptoms due to another cause" in shown(deficit_with_extension(), detail=Detail.FULL)


def test_the_word_unknown_never_stands_alone() -> None:
    for make in FOUR.values():
        for detail in Detail:
            text = shown(make(), detail=detail)
            assert text.count("unknown") == text.count("recorded as unknown")


def test_a_quoted_benefit_brings_its_harm() -> None:
    text = shown(pain_without_deficit())
    harm = content().outcomes["CementLeakage"]
    assert (
        f'harm: "{harm.quote}"; {harm.denominator}'.split()
        == text[text.index("harm:") :].split()[: len(f'harm: "{harm.quote}"; {harm.denominator}'.split())]
    )


def test_nothing_applies_on_a_capped_screen() -> None:
    for detail in Detail:
        assert "APPLIES" not in shown(deficit_in_pregnancy(), detail=detail)


def test_what_was_set_aside_is_named_with_its_origin() -> None:
    made = msgspec.structs.replace(
        pain_without_deficit(),
        conflicts=(ConflictShown(facts=(fact("BackPain"), fact("-BackPain")), origins=("line 4", "line\n5")),),
        superseded=(SupersededFact(fact=fact("-RadicularPain"), by=(fact("RadicularPain"),)),),
        later=(fact("SpinalStenosis"),),
        which_lesion=("SpinalStenosis",),
    )
    text = " ".join(shown(made).split())
    assert "local back pain (no date, line 4) and local back pain absent (no date, line\\n5)" in text
    assert "superseded: radicular pain absent (no date) by radicular pain (no date)" in text
    assert "after the as-of date, not used: spinal stenosis caused by the lesion (no date)" in text
    assert "Which lesion does this concern: spinal stenosis caused by the lesion?" in text


def test_a_reading_that_is_not_the_default_stands_under_the_answer() -> None:
    made = pain_without_deficit()
    flipped = {**made.readings, "FactorReading": "FactorOnlyFlags"}
    lines = shown(msgspec.structs.replace(made, readings=flipped)).splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("READING"))
    assert lines[place - 1].startswith("ANSWER")
    assert "FactorReading=FactorOnlyFlags" in lines[place]


def test_violations_are_grouped_by_message() -> None:
    text = shown(invalid())
    assert text.count("An assessment needs one status") == 1
    assert "(7 times)" in text
    assert "and 2 more" in text


HOSTILE = "p\x1b[2J\u202e\nANSWER    forged\r\u2028\x07\u200b"


@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("detail", list(Detail))
def test_hostile_names_are_shown_and_not_obeyed(audience: str, detail: Detail) -> None:
    made = msgspec.structs.replace(
        pain_without_deficit(), file=HOSTILE, patient=HOSTILE, presentation=HOSTILE, label=HOSTILE, described_as=HOSTILE
    )
    text = shown(made, made, audience=audience, detail=detail)
    assert all(line.isprintable() for line in text.split("\n"))
    assert not any(line.startswith("ANSWER    forged") for line in text.splitlines())
    if audience == "clinician":
        assert "\\x1b[2J\\u202e\\nANSWER" in text
