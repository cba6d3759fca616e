"""Every shape has a passing and a failing example; what was not looked at does not conform."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.intake.support import INVALID, VALID, patient_checks, read, small_vocabulary
from vhkg.intake import PatientGraph, read_bytes, read_graph
from vhkg.model.checks import ValidationReport
from vhkg.validation import check


def report(path: Path) -> ValidationReport:
    return check(read_graph(read_bytes(str(path)), small_vocabulary()), patient_checks())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_valid_examples_conform(path: Path) -> None:
    for data in read(read_bytes(str(path))):
        found = check(data.graph, patient_checks())
        assert found.conforms
        assert {result.severity for result in found.results} <= {"Info"}


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_examples_give_exactly_the_expected_results(path: Path) -> None:
    found = report(path)
    assert [
        {
            "focusNode": result.focus_node,
            "resultPath": result.result_path,
            "component": result.component,
            "severity": result.severity,
        }
        for result in found.results
    ] == json.loads(path.with_suffix(".json").read_text())
    assert found.conforms is all(result.severity != "Violation" for result in found.results)


def test_every_shape_hit_a_node_passed_and_failed() -> None:
    shapes = {node.shape for node in patient_checks()}
    shapes |= {part.shape for node in patient_checks() for part in node.properties}
    failed = {result.shape for path in INVALID for result in report(path).results}
    assert failed == shapes
    passed: set[str] = set()
    for path in VALID:
        for data in read(read_bytes(str(path))):
            found = check(data.graph, patient_checks())
            assert set(found.hits) == shapes
            passed |= {shape for shape, hits in found.hits.items() if hits} - {r.shape for r in found.results}
    assert passed == shapes


def test_every_constraint_of_every_shape_fails_in_some_example() -> None:
    """Also the second constraint of a shape: sh:maxCount beside sh:minCount, and so on."""
    counted = {
        "min_count": "MinCountConstraintComponent",
        "max_count": "MaxCountConstraintComponent",
        "class_": "ClassConstraintComponent",
        "datatype": "DatatypeConstraintComponent",
        "node_kind": "NodeKindConstraintComponent",
        "values": "InConstraintComponent",
    }
    expected = {
        (part.shape, component)
        for node in patient_checks()
        for part in node.properties
        for field, component in counted.items()
        if getattr(part, field) not in (None, "", ())
    }
    found = {(result.shape, result.component) for path in INVALID for result in report(path).results}
    assert expected <= found


def test_an_empty_graph_does_not_conform() -> None:
    """To conform because nothing was looked at is a failure."""
    found = check(PatientGraph(()), patient_checks())
    assert not found.conforms
    assert [result.message for result in found.results] == ["There is no patient here: type one node as vhkg:Patient."]


def test_no_checks_at_all_find_nothing_to_look_at() -> None:
    assert not check(read_graph(read_bytes(str(VALID[-1])), small_vocabulary()), ()).conforms
