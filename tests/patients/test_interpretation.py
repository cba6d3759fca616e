"""Rules R1 to R6 of the reading of patient data, on entries in the codes of an invented vocabulary."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patients.invented import ENTRIES, TABLES, answer, record, site, token
from vhkg.model.coded import CodedEntry
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients.interpretation import Interpreter
from vhkg.patients.tally import Tally

Said = Counter[tuple[str, str, str, str, str]]
"""Finding, status, day, lesion, site that is not understood."""


def read(entry: CodedEntry) -> tuple[Said, SourceReport]:
    tally = Tally("test")
    stated = Interpreter(TABLES).stated(entry, tally)
    found = Counter((each.finding, str(each.status), each.day, each.site, each.raw_site) for each in stated)
    return found, tally.report(1)


MARCH, APRIL = "2026-03-01", "2026-04-15"
RED, NOT_RED, RED_UNKNOWN = ("Redness", "present"), ("Redness", "absent"), ("Redness", "unknown")
CASES: dict[str, tuple[CodedEntry, list[tuple[str, ...]], Fate, str]] = {
    # R1: absence is only ever asserted
    "sure": (record("red"), [RED], Fate.READ, "Record"),
    "sure, that day": (record("red", recorded=MARCH, began="2020"), [(*RED, MARCH)], Fate.READ, "Record"),
    "sure, known since it began": (record("red", began="2020-01"), [(*RED, "2020-01")], Fate.READ, "Record"),
    "refuted": (record("red", status="refuted", recorded=MARCH), [(*NOT_RED, MARCH)], Fate.READ, "Record"),
    "refuted, whenever it began": (record("red", status="refuted", began="2020"), [NOT_RED], Fate.READ, "Record"),
    "answered yes": (answer("red", "yes", recorded=MARCH), [(*RED, MARCH)], Fate.READ, "Answer"),
    "answered no": (answer("red", "no"), [NOT_RED], Fate.READ, "Answer"),
    "true": (answer("red", True), [RED], Fate.READ, "Answer"),
    "false": (answer("red", False), [NOT_RED], Fate.READ, "Answer"),
    "over since a day": (
        record("red", status="over", recorded=MARCH, ended=APRIL),
        [(*RED, MARCH), (*NOT_RED, APRIL)], Fate.READ, "Record",
    ),
    "over since it was recorded": (
        record("red", status="over", recorded=MARCH), [(*NOT_RED, MARCH)], Fate.READ, "Record"
    ),
    "over before it was recorded": (
        record("red", status="over", recorded=APRIL, ended=MARCH), [(*NOT_RED, MARCH)], Fate.READ, "Record"
    ),
    "over in the month in which it was recorded": (
        record("red", status="over", recorded=MARCH, ended="2026-03"), [(*NOT_RED, "2026-03")], Fate.READ, "Record"
    ),
    "over in the year after": (
        record("red", status="over", began="2025-11", ended="2026"),
        [(*RED, "2025-11"), (*NOT_RED, "2026")], Fate.READ, "Record",
    ),
    "over, nobody says when": (record("red", status="over", began="2020"), [NOT_RED], Fate.READ, "Record"),
    # R2: not asserted at all
    "open": (
        record("red", status="open", recorded=MARCH), [(*RED_UNKNOWN, MARCH)], Fate.UNKNOWN, "Record: status open"
    ),
    "without status": (record("red", status=""), [RED_UNKNOWN], Fate.UNKNOWN, "Record: status missing"),
    "a strange status": (record("red", status="strange"), [RED_UNKNOWN], Fate.UNKNOWN, "Record: status strange"),
    "a hostile status": (record("red", status="\x1b[2J"), [RED_UNKNOWN], Fate.UNKNOWN, "Record: status a code"),
    "in error": (record("red", status="error"), [], Fate.DROPPED, "Record"),
    "in error and of no code of ours": (record("blue", status="error"), [], Fate.DROPPED, "Record"),
    "sure and in error": (
        record("red", statuses=(("status", "sure"), ("status", "error"))), [], Fate.DROPPED, "Record"
    ),
    "sure and refuted": (
        record("red", statuses=(("status", "sure"), ("second", "refuted"))), [NOT_RED], Fate.READ, "Record"
    ),
    "sure beside a strange word for it": (
        record("red", statuses=(("status", "strange"), ("status", "sure"))), [RED], Fate.READ, "Record"
    ),
    "perhaps": (
        record("red", status="perhaps", recorded=MARCH),
        [(*RED_UNKNOWN, MARCH), ("SuspectedRedness", "present", MARCH)], Fate.READ, "Record",
    ),
    "perhaps, and no suspicion has a name": (
        record("swollen", status="perhaps"), [("Swelling", "unknown")], Fate.UNKNOWN, "Record: status perhaps"
    ),
    "perhaps, by a broader code": (
        record("coloured", status="perhaps"), [RED_UNKNOWN], Fate.UNKNOWN, "Record: status perhaps"
    ),
    "perhaps not": (record("not-red", status="perhaps"), [RED_UNKNOWN], Fate.UNKNOWN, "Record: status perhaps"),
    "perhaps, and over": (
        record("red", statuses=(("status", "perhaps"), ("status", "over"))),
        [RED_UNKNOWN], Fate.UNKNOWN, "Record: status perhaps, status over",
    ),
    "perhaps, answered yes": (
        answer("red", "yes", status="perhaps"), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: status perhaps"
    ),
    "refuted, answered yes": (
        answer("red", "yes", status="refuted"), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: status refuted"
    ),
    "data absent": (answer("red", "yes", absent_reason=True), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: data absent"),
    "answered unknown": (answer("red", "no idea"), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: answered unknown"),
    "answered both": (
        answer("red", values=(token("yes"), token("no"))),
        [RED_UNKNOWN], Fate.UNKNOWN, "Answer: answers contradict each other",
    ),
    "answered yes in two ways, one strange": (
        answer("red", values=(token("maybe"), token("yes"))), [RED], Fate.READ, "Answer"
    ),
    "an answer that is not mapped": (
        answer("red", "maybe"), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: answer X:maybe not mapped"
    ),
    "a number is no answer": (answer("red", 1.0), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: a number is no answer"),
    "no value": (answer("red"), [RED_UNKNOWN], Fate.UNKNOWN, "Answer: no value"),
    "unclear": (record("red", unclear="a reason"), [RED_UNKNOWN], Fate.UNKNOWN, "a reason"),
    "as text only": (record(text="red"), [], Fate.TEXT_ONLY, "Record"),
    # R4: a score of zero denies, above zero it asserts nothing
    "zero": (
        answer("score", 0, recorded=MARCH), [(*NOT_RED, MARCH), ("Swelling", "absent", MARCH)], Fate.READ, "Answer"
    ),
    "above zero": (answer("score", 0.1), [], Fate.SILENT, "Itch: above zero, without a location"),
    "below the scale": (answer("score", -1), [], Fate.SILENT, "Itch: number outside its scale"),
    "above the scale": (answer("score", 11), [], Fate.SILENT, "Itch: number outside its scale"),
    "not a number": (answer("score", float("nan")), [], Fate.SILENT, "Itch: number outside its scale"),
    "zero of another unit": (
        answer("score", 0, unit=token("metres")), [], Fate.SILENT, "Itch: unit X:metres not mapped"
    ),
    "zero of no unit": (answer("score", 0, unit=""), [], Fate.SILENT, "Itch: unit missing not mapped"),
    "no score": (answer("score"), [], Fate.SILENT, "Itch: no number"),
    "false is not zero": (answer("score", False), [], Fate.SILENT, "Itch: no number"),
    "zero, data absent": (answer("score", 0, absent_reason=True), [], Fate.SILENT, "Answer: data absent"),
    "zero, not final": (answer("score", 0, status="open"), [], Fate.SILENT, "Itch: status not final"),
    "zero, unclear": (answer("score", 0, unclear="a reason"), [], Fate.SILENT, "a reason"),
    "zero on a score of one kind": (
        answer("score-of-a-kind", 0), [], Fate.SILENT, "X:score-of-a-kind: another measure than Itch"
    ),
    # R5: a code that needs a site says nothing without one
    "without its site": (record("red-skin"), [], Fate.SILENT, "X:red-skin: means Redness only with a body site (skin)"),
    "refuted without its site": (
        record("red-skin", status="refuted"), [], Fate.SILENT, "X:red-skin: means Redness only with a body site (skin)"
    ),
    "at a site of another kind": (
        record("red-skin", sites=(site("heart"),)),
        [], Fate.SILENT, "X:red-skin: means Redness only with a body site (skin)",
    ),
    "at a site that is not mapped": (
        record("red-skin", sites=(site("shin"),)),
        [], Fate.SILENT, "X:red-skin: means Redness only with a body site (skin)",
    ),
    "at its site": (record("red-skin", sites=(site("arm"),)), [(*RED, "", "arm")], Fate.READ, "Record"),
    "at its site, which is no lesion": (record("red-skin", sites=(site("skin"),)), [RED], Fate.READ, "Record"),
    "at its site and another": (
        record("red-skin", sites=(site("heart"), site("arm"))), [(*RED, "", "arm")], Fate.READ, "Record"
    ),
    "at a lesion that the source names": (record("red-skin", lesion="arm"), [(*RED, "", "arm")], Fate.READ, "Record"),
    "without its site, beside a code that needs none": (record("red-skin", "red"), [RED], Fate.READ, "Record"),
    "at two sites": (
        record("red", sites=(site("arm"), site("leg"))), [(*RED, "", "arm"), (*RED, "", "leg")], Fate.READ, "Record"
    ),
    "at a site in two codes": (record("red", sites=(site("upper", "arm"),)), [(*RED, "", "arm")], Fate.READ, "Record"),
    "at a site without a row": (record("red", sites=(site("shin"),)), [(*RED, "", "", "X:shin")], Fate.READ, "Record"),
    "at a site as text": (record("red", sites=(site(text="here"),)), [(*RED, "", "", "here")], Fate.READ, "Record"),
    # R6: a code says no more than its row
    "not mapped": (record("blue", text="blue skin"), [], Fate.UNMAPPED, "X:blue blue skin"),
    "not mapped, refuted": (record("blue", status="refuted"), [], Fate.UNMAPPED, "X:blue"),
    "not mapped, in hostile words": (record("blue", text="\x1b[2J"), [], Fate.UNMAPPED, "X:blue"),
    "of a system without a prefix": (record(codes=("urn:oid:1|7",)), [], Fate.UNMAPPED, "urn:oid:1|7"),
    "mapped in one code of two": (record("blue", "red"), [RED], Fate.READ, "Record"),
    "narrower": (record("scarlet"), [RED], Fate.READ, "Record"),
    "narrower, refuted": (record("scarlet", status="refuted"), [], Fate.SILENT, "X:scarlet: narrower than Redness"),
    "narrower, over": (
        record("scarlet", status="over", recorded=MARCH, ended=APRIL), [(*RED, MARCH)], Fate.READ, "Record"
    ),
    "broader": (record("coloured"), [], Fate.SILENT, "X:coloured: broader than Redness"),
    "broader, refuted": (record("coloured", status="refuted"), [NOT_RED], Fate.READ, "Record"),
    "alike": (record("reddish"), [], Fate.SILENT, "X:reddish: broader than Redness"),
    "alike, refuted": (record("reddish", status="refuted"), [], Fate.SILENT, "X:reddish: narrower than Redness"),
    "the code that says most counts": (record("reddish", "scarlet", "red"), [RED], Fate.READ, "Record"),
    "of two findings": (record("both"), [RED, ("Swelling", "present")], Fate.READ, "Record"),
    "says no itself": (record("not-red", recorded=MARCH), [(*NOT_RED, MARCH)], Fate.READ, "Record"),
    "says no itself, refuted": (
        record("not-red", status="refuted"), [], Fate.SILENT, "X:not-red: narrower than Redness"
    ),
    "said no itself, over": (
        record("not-red", status="over", ended=APRIL), [RED_UNKNOWN], Fate.UNKNOWN, "Record: status over"
    ),
    "yes to what says no itself": (answer("not-red", True), [NOT_RED], Fate.READ, "Answer"),
    "no to what says no itself": (answer("not-red", False), [], Fate.SILENT, "X:not-red: narrower than Redness"),
    "yes and no in one concept": (
        record("red", "not-red"), [RED_UNKNOWN], Fate.UNKNOWN, "Record: codes contradict each other"
    ),
    "a list of it": (
        record("red", element="List"), [], Fate.SILENT, "List: not by a code that says present or absent itself"
    ),
    "a list that says no": (record("not-red", element="List"), [NOT_RED], Fate.READ, "List"),
    "a list that says yes": (record("surely-red", element="List"), [RED], Fate.READ, "List"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_an_entry_states(name: str) -> None:
    entry, stated, fate, detail = CASES[name]
    found, report = read(entry)
    assert found == Counter((*each, "", "", "")[:5] for each in stated)
    assert report.counts == {fate: {detail: 1}}


NOTES: dict[str, tuple[CodedEntry, list[str]]] = {
    "nothing to note": (record("red"), []),
    "without status": (record("red", status=""), ["Record without status"]),
    "refuted, and a third field missing": (record("red", statuses=(("status", "refuted"), ("third", ""))), []),
    "sure, and a third field missing": (
        record("red", statuses=(("status", "sure"), ("third", ""))),
        ["Record without third"],
    ),
    "a missing status that is read": (record("red", statuses=(("second", ""),)), []),
    "a strange status": (record("red", status="strange"), ["Record.status strange is not in the table of statuses"]),
    "a hostile status": (record("red", status="a b"), ["Record.status a code is not in the table of statuses"]),
    "a site without a row": (record("red", sites=(site("shin"),)), ["body site X:shin is not mapped"]),
    "a site as text": (record("red", sites=(site(text="here"),)), ["body site as text only is not mapped"]),
}


@pytest.mark.parametrize("name", NOTES)
def test_what_is_noted_beside_the_fate(name: str) -> None:
    entry, notes = NOTES[name]
    assert read(entry)[1].notes == dict.fromkeys(notes, 1)


@given(ENTRIES)
def test_each_entry_has_one_fate_which_tells_whether_it_asserts(entry: CodedEntry) -> None:
    found, report = read(entry)
    assert report.entries == 1
    asserts = any(status != "unknown" for _, status, *_ in found)
    assert bool(report.total(Fate.READ)) is asserts
    assert bool(report.total(Fate.UNKNOWN)) is (bool(found) and not asserts)


@given(ENTRIES, st.sampled_from(["refuted", "error"]), st.data())
def test_what_is_refuted_or_in_error_never_makes_anything_present(
    entry: CodedEntry, status: str, data: st.DataObject
) -> None:
    """Whatever else is said of its status, before or after."""
    at = data.draw(st.integers(0, len(entry.statuses)))
    statuses = (*entry.statuses[:at], ("status", status), *entry.statuses[at:])
    found, _ = read(msgspec.structs.replace(entry, statuses=statuses))
    assert "present" not in {status for _, status, *_ in found}


@given(ENTRIES)
def test_what_is_in_error_says_nothing_at_all(entry: CodedEntry) -> None:
    found, report = read(msgspec.structs.replace(entry, statuses=(*entry.statuses, ("status", "error"))))
    assert (found, report.counts) == ({}, {Fate.DROPPED: {entry.element: 1}})


UNKNOWN = {
    "open": {"statuses": (("status", "open"),)},
    "without status": {"statuses": (("status", ""),)},
    "a strange status": {"statuses": (("status", "strange"), ("second", ""))},
    "unclear": {"statuses": (), "unclear": "a reason"},
    "data absent": {"statuses": (), "absent_reason": True, "valued": True},
    "no value": {"statuses": (), "value": None, "values": (), "valued": True},
    "answered unknown": {"statuses": (), "value": None, "values": (token("no idea"),), "valued": True},
    "perhaps, answered": {"statuses": (("status", "perhaps"),), "valued": True},
}


@pytest.mark.parametrize("why", UNKNOWN)
@given(entry=ENTRIES)
def test_what_is_unknown_never_asserts(why: str, entry: CodedEntry) -> None:
    found, _ = read(msgspec.structs.replace(entry, **UNKNOWN[why]))  # type: ignore[arg-type]
    assert {status for _, status, *_ in found} <= {"unknown"}


@given(ENTRIES, st.data())
def test_the_order_of_codes_values_statuses_and_sites_does_not_matter(entry: CodedEntry, data: st.DataObject) -> None:
    names = ("codes", "values", "statuses", "sites")
    other = {name: tuple(data.draw(st.permutations(getattr(entry, name)))) for name in names}
    one, two = read(entry), read(msgspec.structs.replace(entry, **other))
    assert one[0] == two[0]
    assert set(one[1].counts) == set(two[1].counts)


@given(ENTRIES)
def test_a_code_without_a_row_changes_nothing_beside_one_that_has_one(entry: CodedEntry) -> None:
    own = tuple(code for code in entry.codes if code in TABLES.meanings) or (token("red"),)
    beside = msgspec.structs.replace(entry, codes=(token("blue"), *own))
    assert read(beside) == read(msgspec.structs.replace(entry, codes=own))
