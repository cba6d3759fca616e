"""The shapes say of any rows what was found out of a few; where they might not, nothing is concluded."""

from __future__ import annotations

import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.shapes import row_results
from vhkg.cohort.tables.undated import undated_results
from vhkg.model.checks import PropertyCheck
from vhkg.namespaces import Prov, Rdfs, Vhkg

NAMES = list(shipped().content.findings)
RESULTS = row_results(shipped())
ROWS = st.fixed_dictionaries(
    {
        "patient": st.sampled_from(["a", "b b", "ü"]),
        "presentation": st.sampled_from(["", "T9", "L/1"]),
        "finding": st.sampled_from(NAMES),
        "status": st.sampled_from(["present", "absent", "unknown"]),
        "date": st.dates().map(datetime.date.isoformat) | st.just(""),
    }
)


@settings(max_examples=60)
@given(rows=st.lists(ROWS, min_size=1, max_size=30))
def test_of_any_rows_they_say_what_was_found_out(rows: list[dict[str, str]]) -> None:
    knowledge = shipped()
    assert RESULTS is not None
    batch = batch_of("rows", knowledge.read(rows), knowledge)
    found = undated_results(batch, RESULTS)
    assert sorted(found) == sorted(batch.checked)
    assert len(found) == len(batch.checked) == sum(not row["date"] for row in rows)
    assert [found[at] for at in range(-len(found), 0)] == list(found) == list(found[:])


def _with(change: dict[str, object], path: str) -> Knowledge:
    """The knowledge with one constraint more, on every shape with that path."""
    known = shipped()

    def changed(part: PropertyCheck) -> PropertyCheck:
        return msgspec.structs.replace(part, **change) if part.path == path and not part.inverse else part

    checks = tuple(
        msgspec.structs.replace(shape, properties=tuple(map(changed, shape.properties)))
        for shape in known.compiled.checks
    )
    return Knowledge(known.files, msgspec.structs.replace(known.compiled, checks=checks))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"pattern": "^T"}, Rdfs.label.value),
        ({"max_length": 9}, Rdfs.label.value),
        ({"max_count": 3}, Vhkg.hasAssessment.value),
        ({"min_count": 2}, Vhkg.hasPresentation.value),
        ({"min_count": 1}, Vhkg.hasAssessment.value),
        ({"min_count": 1}, Rdfs.label.value),
        ({"min_count": 1}, Vhkg.sourceCode.value),
        ({"values": ("urn:x:only-this",)}, Prov.wasDerivedFrom.value),
        ({"values": ("urn:x:no-finding",)}, Vhkg.ofFinding.value),
        ({"node_kind": Vhkg.Patient}, Vhkg.status.value),
    ],
)
def test_shapes_that_look_further_are_asked_patient_by_patient(change: dict[str, object], path: str) -> None:
    assert row_results(_with(change, path)) is None


def test_a_violation_of_undated_rows_only_is_no_fast_answer() -> None:
    assert row_results(_with({"severity": "Violation"}, Vhkg.assessedOn.value)) is None
    warned = row_results(_with({"severity": "Warning"}, Vhkg.assessedOn.value))
    assert warned is not None
    assert [each.severity for each in warned.undated] == ["Warning"]
