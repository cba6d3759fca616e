"""What entries state becomes the record of a patient, lesion by lesion."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.patients.invented import ENTRIES, TABLES, VOCABULARY, answer, record, site, token
from vhkg.intake import MAX_FIELD_LENGTH
from vhkg.model.coded import CodedEntry
from vhkg.model.record import PatientRecord
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients.assembly import Assembler, name_fault
from vhkg.patients.tally import Tally

ARM, LEG, SHIN, THERE = site("arm"), site("leg"), site("shin"), site(text="there")
RED, NOT_RED = "Redness present", "Redness absent"


def assembled(entries: Sequence[CodedEntry]) -> tuple[PatientRecord, SourceReport]:
    tally = Tally("test")
    found = Assembler(TABLES, VOCABULARY).record("p", entries, "a.json", tally)
    return found, tally.report(1)


def said(found: PatientRecord) -> dict[str, list[str]]:
    """What is said of each lesion, and under - of the patient."""
    of_lesions = {lesion.name: lesion.assertions for lesion in found.presentations}
    return {
        name: [" ".join(map(str, filter(None, (a.finding, a.status, a.date)))) for a in assertions]
        for name, assertions in {"-": found.assertions, **of_lesions}.items()
    }


ELSEWHERE = "a fact at a body site that is not mapped asserts nothing: it may be of another lesion"
CASES: dict[str, tuple[list[CodedEntry], dict[str, list[str]]]] = {
    "nothing": ([], {"-": [], "": []}),
    "no site": ([record("red")], {"-": [RED], "": []}),
    "one level": ([record("red", sites=(ARM,))], {"-": [], "arm": [RED]}),
    "two levels": (
        [record("red", sites=(ARM,)), record("swollen", sites=(LEG,))],
        {"-": [], "arm": [RED], "leg": ["Swelling present"]},
    ),
    "two levels in one record": ([record("red", sites=(LEG, ARM))], {"-": [], "arm": [RED], "leg": [RED]}),
    "the same level in two records": (
        [record("red", sites=(ARM,)), record("swollen", status="refuted", sites=(ARM,))],
        {"-": [], "arm": [RED, "Swelling absent"]},
    ),
    "a level and no site": (
        [record("red", sites=(ARM,)), record("swollen")], {"-": ["Swelling present"], "arm": [RED]}
    ),
    "a site that names no level": ([record("red", sites=(site("skin"),))], {"-": [RED], "": []}),
    "a site without a row names the lesion": ([record("red", sites=(SHIN,))], {"-": [], "X:shin": [RED]}),
    "so does a site as text": ([record("red", sites=(THERE,))], {"-": [], "there": [RED]}),
    "the same site without a row twice": (
        [record("red", sites=(SHIN,)), record("swollen", sites=(SHIN,))],
        {"-": [], "X:shin": [RED, "Swelling present"]},
    ),
    "two sites without rows": (
        [record("red", sites=(SHIN,)), record("swollen", sites=(THERE,))],
        {"-": ["Redness unknown", "Swelling unknown"], "": []},
    ),
    "a level and a site without a row": (
        [record("red", sites=(ARM,)), record("red", status="refuted", sites=(SHIN,))],
        {"-": ["Redness unknown"], "arm": [RED]},
    ),
    "a finding of the patient has no site": ([record("travel", sites=(ARM,))], {"-": ["Travelling present"], "": []}),
    "a site of the patient's finding makes no lesion": (
        [record("travel", sites=(LEG,)), record("red", sites=(SHIN,))],
        {"-": ["Travelling present"], "X:shin": [RED]},
    ),
    "an unknown fact names its lesion too": (
        [record("red", status="open", sites=(ARM,))], {"-": [], "arm": ["Redness unknown"]}
    ),
    "in error, it does not": ([record("red", status="error", sites=(ARM,))], {"-": [], "": []}),
    "the lesion that the source names": ([record("red", lesion="T9")], {"-": [], "T9": [RED]}),
    "a score is of the patient's whole body": (
        [answer("score", 0, sites=(ARM,)), record("red", sites=(LEG,))],
        {"-": [NOT_RED, "Swelling absent"], "leg": [RED]},
    ),
    "a month counts as its last day": ([record("red", recorded="2026-02")], {"-": [f"{RED} 2026-02-28"], "": []}),
    "a day within a month that is said too counts at its end too": (
        [record("red", recorded="2026-03-02"), record("red", status="refuted", recorded="2026-03")],
        {"-": [f"{RED} 2026-03-02", f"{NOT_RED} 2026-03-31", f"{RED} 2026-03-31"], "": []},
    ),
    "a month within a year too": (
        [record("red", status="refuted", recorded="2026-03"), record("red", recorded="2026")],
        {"-": [f"{NOT_RED} 2026-03-31", f"{NOT_RED} 2026-12-31", f"{RED} 2026-12-31"], "": []},
    ),
    "a day in another month does not": (
        [record("red", recorded="2026-02-02"), record("red", status="refuted", recorded="2026-03")],
        {"-": [f"{RED} 2026-02-02", f"{NOT_RED} 2026-03-31"], "": []},
    ),
    "nor of another finding": (
        [record("red", recorded="2026-03-02"), record("swollen", recorded="2026-03")],
        {"-": [f"{RED} 2026-03-02", "Swelling present 2026-03-31"], "": []},
    ),
    "nor what is unknown": (
        [record("red", status="open", recorded="2026-03-02"), record("red", recorded="2026-03")],
        {"-": ["Redness unknown 2026-03-02", f"{RED} 2026-03-31"], "": []},
    ),
    "the same twice is once": ([record("red"), record("red")], {"-": [RED], "": []}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_where_a_fact_stands(name: str) -> None:
    entries, expected = CASES[name]
    found, report = assembled(entries)
    assert said(found) == expected
    assert (found.patient, found.file) == ("p", "a.json")
    assert all(lesion.label == lesion.name for lesion in found.presentations)
    assert report.entries == len(entries)


def test_a_fact_at_a_site_that_may_be_another_lesion_is_noted() -> None:
    _, report = assembled([record("red", sites=(ARM,)), record("swollen", sites=(SHIN,))])
    assert report.notes == {ELSEWHERE: 1, "body site X:shin is not mapped": 1}


def test_an_assertion_keeps_its_origin_day_and_codes() -> None:
    coded = record(
        "red", codes=(token("red"), "urn:oid:1|7", token("red")), origin="Condition/c", recorded="2026-03-01"
    )
    (found,) = assembled([coded])[0].assertions
    assert (found.origin, found.date) == ("Condition/c", datetime.date(2026, 3, 1))
    assert found.codes == ("X:red", "urn:oid:1|7")


UNPRINTABLE = "a name or code in it has an unprintable character U+001B."
LONG = "x" * (MAX_FIELD_LENGTH + 1)
REFUSED: dict[str, tuple[CodedEntry, str]] = {
    "origin": (record("red", origin="a\x1b"), f"a.json, Record: not read, since {UNPRINTABLE}"),
    "code": (record("red", codes=(token("red"), "\x1b")), f"a.json, r: not read, since {UNPRINTABLE}"),
    "value": (answer("red", "\x1b"), f"a.json, r: not read, since {UNPRINTABLE}"),
    "unit": (answer("score", 0, unit="\x1b"), f"a.json, r: not read, since {UNPRINTABLE}"),
    "lesion": (record("red", lesion="\x1b"), f"a.json, r: not read, since {UNPRINTABLE}"),
    "site": (record("red", sites=(site("\x1b"),)), f"a.json, r: not read, since {UNPRINTABLE}"),
    "site as text": (record("red", sites=(site(text="\x1b"),)), f"a.json, r: not read, since {UNPRINTABLE}"),
    "long code": (
        record("red", codes=(LONG,)),
        f"a.json, r: not read, since a name or code in it is longer than {MAX_FIELD_LENGTH} characters.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_refused_and_counted(name: str) -> None:
    entry, sentence = REFUSED[name]
    found, report = assembled([entry, record("swollen")])
    assert said(found) == {"-": ["Swelling present"], "": []}
    assert report.refusals == (sentence,)
    assert {fate: report.total(fate) for fate in report.counts} == {Fate.READ: 1, Fate.REFUSED: 1}


def test_the_display_of_a_code_may_be_anything() -> None:
    found, report = assembled([record("red", text="\x1b" + LONG), record("blue", text="\x1b")])
    assert said(found)["-"] == [RED]
    assert (report.refusals, report.counts[Fate.UNMAPPED]) == ((), {"X:blue": 1})


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", ""),
        ("é 😀", ""),
        ("x" * MAX_FIELD_LENGTH, ""),
        (LONG, f"is longer than {MAX_FIELD_LENGTH} characters"),
        ("a\nb", "has an unprintable character U+000A"),
        ("a\u202eb", "has an unprintable character U+202E"),
    ],
)
def test_why_a_text_cannot_be_a_name(name: str, fault: str) -> None:
    assert name_fault(name) == fault


@given(st.lists(ENTRIES, max_size=6), st.data())
def test_the_order_of_entries_does_not_matter(entries: list[CodedEntry], data: st.DataObject) -> None:
    assert assembled(entries) == assembled(data.draw(st.permutations(entries)))


@given(st.lists(ENTRIES, max_size=6))
def test_every_entry_is_counted_once(entries: list[CodedEntry]) -> None:
    assert assembled(entries)[1].entries == len(entries)


@given(st.lists(ENTRIES, max_size=6), st.sampled_from(["a", "b"]))
def test_an_entry_said_twice_asserts_no_more(entries: list[CodedEntry], origin: str) -> None:
    assert assembled(entries + entries)[0] == assembled(entries)[0]


@given(st.lists(st.tuples(ENTRIES, st.sampled_from(["refuted", "error"])), max_size=6))
def test_of_refuted_entries_and_those_in_error_nothing_is_present(entries: list[tuple[CodedEntry, str]]) -> None:
    denied = [replace(entry, statuses=(*entry.statuses, ("status", status))) for entry, status in entries]
    found, _ = assembled(denied)
    assert not [text for texts in said(found).values() for text in texts if "present" in text]


@given(st.lists(ENTRIES, max_size=6))
def test_every_assertion_names_a_finding_that_some_code_of_its_source_means(entries: list[CodedEntry]) -> None:
    found, _ = assembled(entries)
    every = [*found.assertions, *(each for lesion in found.presentations for each in lesion.assertions)]
    for each in every:
        meant = {meaning.term for entry in entries for code in entry.codes for meaning in TABLES.meanings.get(code, ())}
        allowed = meant | ({"Redness", "Swelling"} if "Itch" in meant else set())
        assert each.finding.removeprefix("Suspected") in allowed
        assert each.codes
