"""Reports on several patients as one."""

from __future__ import annotations

from vhkg.model.checks import ValidationReport, ValidationResult, merged


def result(node: str, severity: str) -> ValidationResult:
    return ValidationResult(
        focus_node=node, result_path="", severity=severity, component="c", value="", message="m", shape="s"
    )


def test_merged() -> None:
    good = ValidationReport(conforms=True, results=(result("b", "Info"),), hits={"s": 1, "t": 0})
    bad = ValidationReport(conforms=False, results=(result("a", "Violation"),), hits={"s": 2})
    assert merged([good]) == good
    both = merged(iter((good, bad)))
    assert not both.conforms
    assert both.results == (*good.results, *bad.results)
    assert both.hits == {"s": 3, "t": 0}
    assert merged([]) == ValidationReport(conforms=True, results=(), hits={})
