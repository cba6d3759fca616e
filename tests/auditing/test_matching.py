"""What belongs to a recommendation: in whole, in part, through the hierarchy, perhaps."""

from __future__ import annotations

import pytest

from tests.support import shipped
from vhkg.auditing.matching import Matcher

MATCHER = Matcher(shipped().content)


def _found(*today: str, before: tuple[str, ...] = ()) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {each.recommendation.name: (each.missing, each.broader) for each in MATCHER.belongs(today, before)}


def test_an_intervention_counts_for_those_above_it() -> None:
    found = _found("PercutaneousVertebroplasty")
    assert found["PercutaneousVertebroplastyFirstLine"] == ((), ())
    assert found["VertebroplastyWithSurgery"] == (("Surgery",), ())


def test_a_wider_record_shows_nothing_narrower() -> None:
    assert _found("Vertebroplasty")["PercutaneousVertebroplastyFirstLine"] == ((), ("Vertebroplasty",))


def test_earlier_steps_of_a_plan_count() -> None:
    plan = "DecompressionWithPreoperativeEmbolization"
    assert _found("SurgicalDecompression")[plan] == (("PreoperativeEmbolization",), ())
    assert _found("SurgicalDecompression", before=("PreoperativeEmbolization",))[plan] == ((), ())


def test_an_optional_step_is_not_missed() -> None:
    assert _found("Laminectomy")["LaminectomyWithOrWithoutEmbolization"] == ((), ())


@pytest.mark.parametrize("resection", ["SubtotalResection", "GrossTotalResection"])
def test_an_alternative_stands_for_its_step(resection: str) -> None:
    assert _found(resection, "VertebroplastyDuringSurgery")["ResectionWithVertebroplasty"] == ((), ())


def test_what_was_done_before_alone_belongs_to_nothing_today() -> None:
    assert "PercutaneousVertebroplastyFirstLine" not in _found("Laminectomy", before=("PercutaneousVertebroplasty",))


@pytest.mark.parametrize(
    ("today", "before", "goes_on"),
    [
        (("SurgicalDecompression",), ("PreoperativeEmbolization",), True),
        (("PreoperativeEmbolization",), ("SurgicalDecompression",), False),
        (("AdjuvantRadiation",), ("SubtotalResection",), True),
        (("Laminectomy",), ("PreoperativeEmbolization",), True),
        (("PercutaneousVertebroplasty",), ("PercutaneousVertebroplasty",), False),
        (("Laminectomy",), (), False),
    ],
)
def test_a_course_goes_on_in_the_order_of_a_plan(
    today: tuple[str, ...], before: tuple[str, ...], goes_on: bool
) -> None:
    assert MATCHER.continues(today, before) is goes_on


def test_only_the_most_specific_of_what_was_given_is_audited() -> None:
    assert MATCHER.most_specific(["Vertebroplasty", "Treatment", "PercutaneousVertebroplasty"]) == (
        "PercutaneousVertebroplasty",
    )


def test_examinations_are_not_audited() -> None:
    assert "MagneticResonanceImaging" not in MATCHER.treatments()
    assert "Laminectomy" in MATCHER.treatments()
