"""Facts laid onto lesions and weighed in columns, against the code for one patient."""

from __future__ import annotations

import datetime

import pytest

from tests.records import random_record, subject_finding
from tests.support import shipped
from vhkg.answering.placement import place as place_one
from vhkg.answering.states import by_literal
from vhkg.cohort.batch import day_number, day_of
from vhkg.cohort.placing import place
from vhkg.cohort.records import batch_of
from vhkg.cohort.weighing import Scales
from vhkg.decision.facts import effective
from vhkg.decision.restriction import restrict
from vhkg.engines.columns import ColumnsEngine

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
FINDINGS = KNOWLEDGE.content.findings


def scales() -> Scales:
    chosen = DECIDER.guards.literals(DECIDER.guards.chosen({}))
    table = restrict(KNOWLEDGE.compiled.table, chosen)
    engine = ColumnsEngine(table, {name: at for at, name in enumerate(FINDINGS)}, DECIDER.rules, ())
    return Scales(DECIDER, engine, KNOWLEDGE.compiled.table)


@pytest.mark.parametrize("day", [None, datetime.date(2026, 10, 10), datetime.date(2026, 1, 1)])
def test_what_counts_is_what_counts_for_each_patient(day: datetime.date | None) -> None:
    subject = subject_finding(KNOWLEDGE)
    rows = [
        row
        for seed in range(400)
        for row in random_record(seed, KNOWLEDGE.compiled.vocabulary, subject, patient=f"p{seed:04}")
    ]
    patients = KNOWLEDGE.read(rows)
    batch = batch_of("rows", patients, KNOWLEDGE)
    placed = place(batch, FINDINGS, None if day is None else day_number(day))
    weighed = scales().weigh(placed, len(batch.lesions.name))
    lesion, seen = 0, {"superseded": 0, "conflicting": 0, "unplaced": 0, "later": 0}
    for patient in patients:
        alone = place_one(patient.record, FINDINGS)
        latest = max((a.date for p in alone for a in p.assertions if a.date), default=None)
        for each in alone:
            facts = effective(each.assertions, DECIDER.evaluator, day or latest)
            found = weighed.recorded
            literals = {DECIDER.evaluator.literal(n, True) for n, at in _named() if found.present[lesion, at]}
            literals |= {DECIDER.evaluator.literal(n, False) for n, at in _named() if found.absent[lesion, at]}
            assert literals == set(facts.literals)
            for literal, assertion in by_literal(facts, DECIDER).items():
                on = found.days[lesion, list(FINDINGS).index(assertion.finding) + len(FINDINGS) * (literal < 0)]
                assert day_of(int(on)) == assertion.date
            assert weighed.superseded[lesion] == bool(facts.superseded)
            assert weighed.conflicting[lesion] == bool(facts.conflicts)
            assert placed.later[lesion] == bool(facts.future)
            assert placed.unplaced[lesion] == bool(each.unplaced)
            assert day_of(int(placed.as_of[lesion])) == (day or latest)
            seen["superseded"] += bool(facts.superseded)
            seen["conflicting"] += bool(facts.conflicts)
            seen["unplaced"] += bool(each.unplaced)
            seen["later"] += bool(facts.future)
            lesion += 1
    assert lesion == len(batch.lesions.name)
    assert seen["unplaced"]
    assert (seen["later"] > 0) is (day is not None)
    assert day or (seen["superseded"] and seen["conflicting"])


def _named() -> list[tuple[str, int]]:
    return [(name, at) for at, name in enumerate(FINDINGS) if DECIDER.evaluator.has_atom(name)]


def test_nobody_has_nothing_to_weigh() -> None:
    batch = batch_of("rows", (), KNOWLEDGE)
    weighed = scales().weigh(place(batch, FINDINGS, None), 0)
    assert weighed.recorded.present.shape == (0, len(FINDINGS))
    assert not weighed.conflicts
