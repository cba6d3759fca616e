"""Records as a facts CSV: what is written is read back, whatever the names; what comes to no row is counted."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.intake import document
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.rendering.facts import facts_csv, without_rows

HEADER = "patient,presentation,finding,status,date\n"
PRESENT, ABSENT, UNKNOWN = AssertionStatus.PRESENT, AssertionStatus.ABSENT, AssertionStatus.UNKNOWN
DAY = datetime.date(2026, 3, 1)


def fact(finding: str = "BackPain", status: AssertionStatus = PRESENT, date: datetime.date | None = None) -> Assertion:
    return Assertion(finding=finding, status=status, date=date, origin="Condition/c", codes=("HOSP:1",))


def lesion(name: str, *assertions: Assertion, label: str | None = None) -> PresentationRecord:
    return PresentationRecord(name=name, label=name if label is None else label, assertions=assertions)


def patient(*lesions: PresentationRecord, name: str = "p", facts: tuple[Assertion, ...] = ()) -> PatientRecord:
    return PatientRecord(file="a.json", patient=name, presentations=lesions, assertions=facts)


NAMELESS = PresentationRecord(name="")
CASES: dict[str, tuple[list[PatientRecord], str, tuple[int, int]]] = {
    "nobody": ([], "", (0, 0)),
    "a patient without any fact": ([patient(NAMELESS)], "", (1, 0)),
    "of the patient": ([patient(NAMELESS, facts=(fact(),))], "p,,BackPain,present,\n", (0, 0)),
    "of a nameless lesion": (
        [patient(PresentationRecord(name="", assertions=(fact(),)))], "p,,BackPain,present,\n", (0, 0)
    ),
    "of a lesion": (
        [patient(lesion("L2", fact(status=ABSENT, date=DAY)))], "p,L2,BackPain,absent,2026-03-01\n", (0, 0)
    ),
    "of all kinds": (
        [patient(lesion("L2", fact()), lesion("T9", fact(status=UNKNOWN)), facts=(fact("RadicularPain"),))],
        "p,,RadicularPain,present,\np,L2,BackPain,present,\np,T9,BackPain,unknown,\n", (0, 0),
    ),
    "by its label": ([patient(lesion("urn:x", fact(), label="L2"))], "p,L2,BackPain,present,\n", (0, 0)),
    "by its name, where the label is another's too": (
        [patient(lesion("urn:x", fact(), label="L2"), lesion("urn:y", fact(), label="L2"))],
        "p,urn:x,BackPain,present,\np,urn:y,BackPain,present,\n", (0, 0),
    ),
    "by its label without the space around it": (
        [patient(lesion("urn:x", fact(), label=" L2 "))], "p,L2,BackPain,present,\n", (0, 0)
    ),
    "by its name, where its label is another's but for space": (
        [patient(lesion("urn:x", fact(), label="L2 "), lesion("urn:y", fact(), label="L2"))],
        "p,urn:x,BackPain,present,\np,urn:y,BackPain,present,\n", (0, 0),
    ),
    "by its name, where its label is space": (
        [patient(lesion("urn:x", fact(), label=" "))], "p,urn:x,BackPain,present,\n", (0, 0)
    ),
    "by its name, where it has no label": (
        [patient(lesion("urn:x", fact(), label=""))], "p,urn:x,BackPain,present,\n", (0, 0)
    ),
    "a lesion without any fact": ([patient(lesion("L2", fact()), lesion("T9"))], "p,L2,BackPain,present,\n", (0, 1)),
    "the one lesion without any fact": ([patient(lesion("L2"), facts=(fact(),))], "p,,BackPain,present,\n", (0, 1)),
    "lesions without any fact of a patient without any": ([patient(lesion("L2"), lesion("T9"))], "", (1, 0)),
    "several patients": (
        [patient(NAMELESS, name="q", facts=(fact(),)), patient(NAMELESS), patient(lesion("L2", fact()), lesion("T9"))],
        "q,,BackPain,present,\np,L2,BackPain,present,\n", (1, 1),
    ),
    "names that need quotation marks": (
        [patient(lesion('L2, "left"', fact()), name="O'Neil, C\u00e9")],
        '"O\'Neil, C\u00e9","L2, ""left""",BackPain,present,\n', (0, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_row_for_each_assertion(name: str) -> None:
    records, rows, silent = CASES[name]
    assert facts_csv(records) == HEADER + rows
    assert without_rows(records) == silent


NAMES = (
    st.text(st.sampled_from("pqé,;\"'=+-@|\t 0#"), min_size=1, max_size=6)
    | st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=6)
    | st.sampled_from(["=1+1", "@SUM(1)", "patient", "present", "vhkg:BackPain", "HOSP:1", "x" * 500])
).map(lambda name: "".join(name.split("\t")).strip())
FACTS = st.builds(
    fact,
    st.sampled_from(["BackPain", "NeurologicalDeficit", "Laminectomy"]),
    st.sampled_from(list(AssertionStatus)),
    st.none() | st.dates(),
)


@given(
    NAMES.filter(bool),
    st.dictionaries(NAMES.filter(bool), st.lists(FACTS, min_size=1, max_size=3), max_size=3),
    st.lists(FACTS, min_size=1, max_size=3),
)
def test_what_is_written_is_read_back(name: str, lesions: dict[str, list[Assertion]], facts: list[Assertion]) -> None:
    presentations = [lesion(label, *assertions) for label, assertions in sorted(lesions.items())]
    given_ = patient(*presentations, name=name, facts=tuple(facts))
    (found,) = shipped().read(document("a.csv", facts_csv([given_]).encode()))
    assert found.record.patient == name
    assert said(found.record.assertions) == said(facts)
    assert {each.label: said(each.assertions) for each in found.record.presentations if each.label} == {
        label: said(assertions) for label, assertions in lesions.items()
    }


def said(assertions: tuple[Assertion, ...] | list[Assertion]) -> list[tuple[str, str, datetime.date | None]]:
    return [(each.finding, str(each.status), each.date) for each in assertions]
