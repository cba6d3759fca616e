"""Effective facts. A line of a record is written `+Name`, `-Name` or `?Name`, with a day after @."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vhkg.decision.evaluation import Evaluator
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.model.record import Assertion, AssertionStatus
from vhkg.model.table import Atom, AtomKind, DecisionTable

# Scarlet is a kind of Red; Purple needs Red or Blue; Ghost cannot be present; Strict and Wide are one reading.
ATOMS = ("Red", "Scarlet", "Blue", "Purple", "Ghost")
TABLE = DecisionTable(
    atoms=(
        *(Atom(AtomKind.FINDING, name, role="sees") for name in ATOMS),
        Atom(AtomKind.ALTERNATIVE, "Strict", reading="R"),
        Atom(AtomKind.ALTERNATIVE, "Wide", reading="R"),
    ),
    conflicts=((5,), (-1, 2), (6, 7), (-6, -7), (-1, -3, 4)),
    goals={},
)
EVALUATOR = Evaluator(TABLE)
SIGNS = {"+": AssertionStatus.PRESENT, "-": AssertionStatus.ABSENT, "?": AssertionStatus.UNKNOWN}


def read(line: str) -> Assertion:
    name, _, day = line[1:].partition("@")
    return Assertion(finding=name, status=SIGNS[line[0]], date=datetime.date(2020, 1, int(day)) if day else None)


def write(assertion: Assertion) -> str:
    sign = {status: sign for sign, status in SIGNS.items()}[assertion.status]
    return sign + assertion.finding + (f"@{assertion.date.day}" if assertion.date else "")


def written(assertions: Sequence[Assertion]) -> str:
    return " ".join(write(assertion) for assertion in assertions)


def run(record: str, as_of: int | None = None) -> EffectiveFacts:
    day = None if as_of is None else datetime.date(2020, 1, as_of)
    return effective([read(line) for line in record.split()], EVALUATOR, day)


ACCEPTED = [
    pytest.param("+Red@1 -Blue", "-Blue +Red@1", id="nothing in the way"),
    pytest.param("+Red@1 -Red@2", "-Red@2", id="the later day overrules"),
    pytest.param("+Scarlet@1 -Red@2", "-Red@2", id="under the axioms too"),
    pytest.param("-Red@1 +Scarlet@2", "+Scarlet@2", id="upwards in the hierarchy"),
    pytest.param("+Purple@1 -Red@2 -Blue@3", "-Red@2 -Blue@3", id="by two newer days together"),
    pytest.param("-Red@1 -Blue@2 +Purple@2", "-Blue@2 +Purple@2", id="only what contradicts is superseded"),
    pytest.param("-Red@1 -Blue@1 +Purple@2", "+Purple@2", id="two of a day that conflict only beside a newer one"),
    pytest.param("+Red@1 -Red@1 +Blue@1", "+Blue@1", id="the same day contradicts itself"),
    pytest.param("+Purple -Red -Blue", "", id="a conflict of three"),
    pytest.param("+Red -Red@1 +Blue@1", "+Blue@1", id="undated facts count on every day"),
    pytest.param("+Red@2 -Red@1 ?Red@3", "+Red@2", id="unknown supersedes nothing"),
    pytest.param("+Ghost +Red", "+Red", id="what cannot be is in conflict with itself"),
    pytest.param("+Ghost +Ghost@1 +Red@2", "+Red@2", id="on whatever day"),
    pytest.param("+Ghost -Ghost", "-Ghost", id="and its denial stands"),
    pytest.param("+Red@1 +Red@2 -Blue@2", "+Red@1 -Blue@2 +Red@2", id="repetition is confirmation"),
    pytest.param("+Alien@1 -Alien@2 +Else", "+Else -Alien@2", id="findings without an atom"),
    pytest.param("+Alien -Alien", "", id="which can contradict themselves"),
    pytest.param("+Strict +Wide", "+Strict +Wide", id="alternatives are chosen, not recorded"),
    pytest.param("-Red@3 +Red +Blue@1", "+Blue@1", id="an undated fact against the newest day"),
    pytest.param("-Red@3 +Red@2 +Scarlet@1", "-Red@3", id="superseded facts supersede nothing"),
    pytest.param("+Red@3 -Red@3 +Scarlet@1", "+Scarlet@1", id="facts set aside supersede nothing"),
    pytest.param("", "", id="an empty record"),
]


@pytest.mark.parametrize(("record", "accepted"), ACCEPTED)
def test_which_facts_count(record: str, accepted: str) -> None:
    assert written(run(record).accepted) == accepted


def test_superseded_facts_name_what_superseded_them() -> None:
    found = run("+Purple@1 -Red@2 -Blue@3")
    assert [(write(entry.assertion), written(entry.by)) for entry in found.superseded] == [
        ("+Purple@1", "-Red@2 -Blue@3")
    ]
    assert found.conflicts == ()


def test_conflicts_name_every_member_and_newer_ones_stay() -> None:
    found = run("-Red@1 -Blue@1 +Purple@2 +Ghost")
    assert [written(conflict.assertions) for conflict in found.conflicts] == ["+Ghost", "-Blue@1 -Red@1 +Purple@2"]
    assert found.superseded == ()
    assert written(found.accepted) == "+Purple@2"


def test_an_undated_fact_conflicts_with_each_day() -> None:
    found = run("+Red@2 -Blue@1 +Blue")
    assert written(found.accepted) == "+Red@2"
    assert [written(conflict.assertions) for conflict in found.conflicts] == ["+Blue -Blue@1"]


def test_what_cannot_be_is_a_conflict_of_its_own() -> None:
    found = run("+Ghost@1 +Red@2")
    assert [written(conflict.assertions) for conflict in found.conflicts] == ["+Ghost@1"]
    assert found.superseded == ()


def test_later_facts_are_left_for_later() -> None:
    found = run("+Red@1 -Red@3 ?Blue@1 ?Blue@4", as_of=2)
    assert written(found.accepted) == "+Red@1"
    assert written(found.future) == "-Red@3 ?Blue@4"
    assert written(found.unknown) == "?Blue@1"
    assert found.as_of == datetime.date(2020, 1, 2)


def test_without_a_day_the_latest_assertion_gives_it() -> None:
    assert run("+Red@1 ?Blue@4").as_of == datetime.date(2020, 1, 4)
    assert run("+Red").as_of is None


def test_literals_are_those_of_findings_with_an_atom() -> None:
    found = run("+Alien -Scarlet@1 +Blue@1 +Strict")
    assert found.literals == (-2, 3)
    assert written(found.accepted) == "+Alien +Strict +Blue@1 -Scarlet@1"


lines = st.builds(
    "{}{}{}".format,
    st.sampled_from("+-?"),
    st.sampled_from((*ATOMS, "Alien", "Strict")),
    st.sampled_from(("", "@1", "@2", "@3")),
)
records = st.lists(lines, max_size=8)


@settings(deadline=None)
@given(records.flatmap(lambda record: st.tuples(st.just(record), st.permutations(record))))
def test_the_order_of_a_record_is_immaterial(orders: tuple[list[str], list[str]]) -> None:
    first, second = (run(" ".join(order)) for order in orders)
    assert first == second


@settings(deadline=None)
@given(records)
def test_every_assertion_is_accounted_for_and_what_is_accepted_is_consistent(record: list[str]) -> None:
    found = run(" ".join(record))
    assert EVALUATOR.consistent(EVALUATOR.facts(found.literals))
    aside = {write(entry.assertion) for entry in found.superseded}
    aside |= {write(a) for conflict in found.conflicts for a in conflict.assertions} - set(map(write, found.accepted))
    assert set(record) == aside | set(map(write, (*found.accepted, *found.future, *found.unknown)))
    assert not aside & set(map(write, found.accepted))


@settings(deadline=None)
@given(records)
def test_what_was_accepted_of_the_newest_dated_day_ignores_older_days(record: list[str]) -> None:
    """A fact of an older day may discredit an undated one, but never a newer dated one."""
    newest = [line for line in record if line.endswith("@3") or "@" not in line]
    alone = {write(a) for a in run(" ".join(newest)).accepted if a.date}
    assert alone <= set(map(write, run(" ".join(record)).accepted))
