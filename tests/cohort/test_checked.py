"""Results of the patient shapes one by one and as columns: the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support import shipped
from vhkg.cohort.batch import Batch, Checked
from vhkg.cohort.checked import CheckedTable, CheckedTogether, columns_of, together
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.shapes import row_results
from vhkg.cohort.tables.undated import undated_results
from vhkg.model.checks import ValidationResult

KNOWLEDGE = shipped()
FINDING = next(iter(KNOWLEDGE.content.findings))


def _batch(*patients: str) -> Batch:
    rows = [
        {"patient": name, "presentation": lesion, "finding": FINDING, "status": "present", "date": ""}
        for name in patients
        for lesion in ("L/1", "", "ü")
    ]
    return batch_of("rows", KNOWLEDGE.read(rows), KNOWLEDGE)


def _table(*patients: str) -> CheckedTable:
    results = row_results(KNOWLEDGE)
    assert results is not None
    found = undated_results(_batch(*patients), results)
    assert isinstance(found, CheckedTable)
    return found


def _rows(checked: Sequence[Checked]) -> list[tuple[str, ...]]:
    return list(zip(*(column.to_list() for column in columns_of(checked)), strict=True))


def _texts(each: Checked) -> tuple[str, ...]:
    fields = (getattr(each.result, name) for name in ValidationResult.__struct_fields__)
    return each.file, each.patient, *fields


@pytest.mark.parametrize("names", [("plain",), ("plain", "with space"), ("ü/1", "b.c-d_e~f")])
def test_columns_are_what_each_says(names: tuple[str, ...]) -> None:
    table = _table(*names)
    assert _rows(table) == [_texts(each) for each in table]
    assert sorted(table) == sorted(_batch(*names).checked)
    assert _rows(list(table)) == _rows(table)


def test_parts_are_put_together_in_their_order() -> None:
    first, second = _table("a"), list(_table("b c"))
    found = together([first, (), second])
    assert isinstance(found, CheckedTogether)
    assert list(found) == [*first, *second]
    assert len(found) == len(first) + len(second)
    assert found[-1] == second[-1]
    assert _rows(found) == [*_rows(first), *_rows(second)]


def test_of_one_part_nothing_is_made() -> None:
    only = _table("a")
    assert together([(), only]) is only
    assert together([(), ()]) == ()
    assert _rows(()) == []
