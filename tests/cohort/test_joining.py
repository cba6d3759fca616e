"""Batches that are joined say what they say apart."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohort.batches import shown, together
from tests.support import shipped
from vhkg.cohort.batch import Batch
from vhkg.cohort.joining import joined
from vhkg.cohort.records import batch_of

ROW = st.fixed_dictionaries(
    {
        "presentation": st.sampled_from(["", "T9", "L1"]),
        "finding": st.sampled_from(["BackPain", "Pregnancy", "HP:0003418", "HP:9999999"]),
        "status": st.sampled_from(["present", "absent"]),
    }
)


def _batch(number: int, patients: list[list[dict[str, str]]]) -> Batch:
    knowledge = shipped()
    rows = [{"patient": f"{number}-{at}", **row} for at, found in enumerate(patients) for row in found]
    if not rows:
        return batch_of("rows", (), knowledge)
    source = knowledge.read_source(rows)
    return batch_of("rows", source.patients, knowledge, report=source.report)


@settings(max_examples=60)
@given(parts=st.lists(st.lists(st.lists(ROW, min_size=1, max_size=3), max_size=4), min_size=1, max_size=4))
def test_nothing_is_changed(parts: list[list[list[dict[str, str]]]]) -> None:
    batches = [_batch(number, patients) for number, patients in enumerate(parts)]
    found = joined(batches)
    assert shown(found, shipped()) == together(shown(batch, shipped()) for batch in batches)
    assert list(found.patients) == [name for batch in batches for name in batch.patients]
    assert found.keys.tolist() == [key for batch in batches for key in batch.keys.tolist()]
    assert [column.dtype for column in found.facts] == [column.dtype for column in batches[0].facts]
