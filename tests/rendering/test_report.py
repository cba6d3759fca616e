from __future__ import annotations

from tests.rendering.samples import invalid
from vhkg.model.checks import ValidationReport
from vhkg.rendering.report import render_report_text


def report(conforms: bool = False) -> ValidationReport:
    results = () if conforms else invalid().violations
    return ValidationReport(
        conforms=conforms, results=results, hits={"https://x.example/s#A": 3, "https://x.example/s#B": 0}
    )


def test_each_message_once_with_its_places() -> None:
    text = render_report_text(report(), file="e.ttl", width=100)
    assert text.startswith("e.ttl: does not conform (7 results)\n")
    assert text.count("add present, absent or unknown") == 1
    assert "urn:vhkg:assessment/4 · status [MinCountConstraintComponent]" in text
    assert "urn:vhkg:assessment/5" not in text
    assert "and 2 more" in text


def test_shapes_that_looked_at_nothing_are_named() -> None:
    text = render_report_text(report(conforms=True))
    assert text.startswith("conforms (no results)\n")
    assert "without a node to look at: B" in text


def test_a_hostile_value_is_shown() -> None:
    (one, *_) = invalid().violations
    made = ValidationReport(
        conforms=False,
        results=(
            type(one)(
                focus_node="a\x1b",
                result_path="",
                severity="Violation",
                component="c",
                value="\u202ev\n",
                message="M\x07.",
                shape="s",
            ),
        ),
        hits={},
    )
    text = render_report_text(made, file="\x1bf")
    assert all(line.isprintable() for line in text.split("\n"))
