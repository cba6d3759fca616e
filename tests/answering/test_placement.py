"""Which lesion an assertion is about, as cases."""

from __future__ import annotations

import pytest

from tests.support import shipped
from vhkg.answering.placement import place
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord

FINDINGS = shipped().content.findings
PRESENT, ABSENT, UNKNOWN = AssertionStatus.PRESENT, AssertionStatus.ABSENT, AssertionStatus.UNKNOWN


def _record(lesions: int, finding: str, status: AssertionStatus) -> PatientRecord:
    names = [f"T{number}" for number in range(lesions)]
    return PatientRecord(
        file="f",
        patient="p",
        presentations=tuple(PresentationRecord(name=name) for name in names),
        assertions=(Assertion(finding=finding, status=status),),
    )


@pytest.mark.parametrize(
    ("lesions", "finding", "status", "reached", "unplaced"),
    [
        (1, "BackPain", PRESENT, 1, ()),
        (1, "BackPain", ABSENT, 1, ()),
        (2, "BackPain", PRESENT, 0, ("BackPain",)),
        (2, "BackPain", ABSENT, 2, ()),
        (2, "BackPain", UNKNOWN, 2, ()),
        (2, "Pregnancy", PRESENT, 2, ()),
        (2, "VertebroplastyCandidacy", PRESENT, 2, ()),
        (2, "Laminectomy", PRESENT, 0, ("Laminectomy",)),
    ],
)  # fmt: skip
def test_assertions_without_a_lesion(
    lesions: int, finding: str, status: AssertionStatus, reached: int, unplaced: tuple[str, ...]
) -> None:
    placed = place(_record(lesions, finding, status), FINDINGS)
    assert len(placed) == lesions
    assert sum(bool(each.assertions) for each in placed) == reached
    assert all(each.unplaced == unplaced for each in placed)


def test_what_the_patient_bears_is_shared_between_lesions() -> None:
    pregnant = Assertion(finding="Pregnancy", status=PRESENT)
    pain = Assertion(finding="BackPain", status=PRESENT)
    record = PatientRecord(
        file="f",
        patient="p",
        presentations=(
            PresentationRecord(name="T7", assertions=(pregnant, pain)),
            PresentationRecord(name="T11"),
        ),
    )
    first, second = place(record, FINDINGS)
    assert set(first.assertions) == {pregnant, pain}
    assert second.assertions == (pregnant,)
