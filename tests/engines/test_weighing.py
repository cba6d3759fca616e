"""What is weighed comes back as facts that can all hold together, with what still raises limits."""

from __future__ import annotations

import datetime

from tests.engines.one_by_one import contradictory
from tests.support import shipped
from vhkg.decision.facts import effective
from vhkg.engines.weighing import CONSISTENT, CONTRADICTED, DOUBTFUL, PlacedFact, WeighedFact, weigh
from vhkg.model.record import Assertion, AssertionStatus

KNOWLEDGE = shipped()
EVALUATOR = KNOWLEDGE.decider.evaluator
OLD, NEW = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
FACTOR = KNOWLEDGE.content.limits[0].factor


def placed(*facts: tuple[str, str, datetime.date | None], lesion: str = "T9") -> list[PlacedFact]:
    return [PlacedFact("p", lesion, NEW, finding, status, day) for finding, status, day in facts]


def test_a_newer_fact_overrules_an_older_one() -> None:
    found = list(weigh(placed((FACTOR, "present", OLD), (FACTOR, "absent", NEW)), EVALUATOR))
    assert found == [
        WeighedFact("p", "T9", NEW, None, CONSISTENT, None),
        WeighedFact("p", "T9", NEW, FACTOR, "absent", NEW),
    ]


def test_what_contradicts_itself_on_one_day_is_set_aside_and_stays_doubtful() -> None:
    found = list(weigh(placed((FACTOR, "present", NEW), (FACTOR, "absent", NEW)), EVALUATOR))
    assert found == [
        WeighedFact("p", "T9", NEW, None, CONTRADICTED, None),
        WeighedFact("p", "T9", NEW, FACTOR, DOUBTFUL, None),
    ]


def test_lesions_do_not_touch_each_other() -> None:
    one, other = placed((FACTOR, "present", NEW)), placed((FACTOR, "absent", NEW), lesion="L1")
    assert [fact.status for fact in weigh([*one, *other], EVALUATOR)] == [CONSISTENT, "present", CONSISTENT, "absent"]


def test_what_comes_back_is_what_counts() -> None:
    facts = contradictory(range(60), KNOWLEDGE)
    for patient in dict.fromkeys(fact.patient for fact in facts):
        mine = [
            PlacedFact(patient, "", None, fact.finding or "", fact.status or "", _day(fact.date))
            for fact in facts
            if fact.patient == patient
        ]
        wanted = effective(
            [Assertion(finding=f.finding, status=AssertionStatus(f.status), date=f.date) for f in mine], EVALUATOR
        )
        found = [fact for fact in weigh(mine, EVALUATOR) if fact.finding and fact.status != DOUBTFUL]
        assert [(f.finding, f.status, f.date) for f in found] == [
            (a.finding, a.status.value, a.date) for a in wanted.accepted
        ]


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
