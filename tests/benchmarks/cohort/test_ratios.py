"""Ratios from given times, and the table and plot over them."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec
import pytest

from benchmarks.cohort.jobs import Kind, Source
from benchmarks.cohort.measuring import Measured
from benchmarks.cohort.plot import plot
from benchmarks.cohort.process import Run
from benchmarks.cohort.ratios import ours, ratios
from benchmarks.cohort.table import report

PARSE = f"parse {Source.NTRIPLES}"


def measured(
    name: str,
    patients: int,
    *seconds: float,
    start: float = 1.0,
    phases: dict[str, float] | None = None,
    peak: float = 100,
) -> Measured:
    return Measured(
        name=name,
        kind=Kind.OURS,
        source=Source.NTRIPLES,
        patients=patients,
        size=1_000_000,
        runs=tuple(Run(seconds=each, cpu=each, peak=peak, phases=phases or {}) for each in seconds),
        starts=tuple(Run(seconds=start, cpu=1, peak=10) for _ in seconds),
    )


PEERS = [
    measured("pyshacl, graphs of 10", 100, 3, phases={"load": 1.0, "validate": 1.0}),
    measured("HermiT, 10 lesions at a time", 100, 3, phases={"classify": 1.0, "refute": 9.0}),
    measured("HermiT, 25 lesions at a time", 100, 9, phases={"classify": 5.0, "refute": 9.0}),
    measured("rdflib, 100 patients", 100, 3, phases={"load": 1.0, "query": 1.0}),
    measured("shacl, graphs of 10", 100, 3, phases={"load and validate": 0.5}),
]
CASES = [
    (
        "the median of the rounds, without the starts",
        [measured(ours(Source.NTRIPLES), 10, 3, 5, 11), measured(PARSE, 10, 2, 2, 2)],
        [("patients.nt, 10 patients: time of ours", 4.0, False)],
    ),
    (
        "against peers together: 25 patients a second",
        [*PEERS, measured(ours(Source.NTRIPLES), 20_000, 3)],
        [("rate of cohort patients.nt, 2 worker(s) at 20,000", 400.0, True)],
    ),
    (
        "validation",
        [*PEERS, measured("validation in columns, 2 worker(s)", 100_000, 1001)],
        [("rate of validation in columns, 2 worker(s) at 100,000", 0.5, False)],
    ),
    (
        "growth",
        [measured(ours(Source.SHUFFLED), 100_000, 2), measured(ours(Source.SHUFFLED), 1_000_000, 11.5, peak=1536)],
        [("shuffled.nt: time of 1,000,000", 10.5, True), ("shuffled.nt: peak memory at 1,000,000", 1.0, False)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_ratios(given: list[Measured], expected: list[tuple[str, float, bool]]) -> None:
    found = ratios(given)
    for name, value, holds in expected:
        (one,) = [each for each in found if each.name.startswith(name)]
        assert one.value == pytest.approx(value)
        assert one.holds is holds


def test_what_did_not_end_has_no_ratio_and_is_named() -> None:
    late = Run(seconds=3, cpu=1, peak=1, fault="not done in 3 s")
    failed = msgspec.structs.replace(measured(PARSE, 10, 2), runs=(late,))
    given = [measured(ours(Source.NTRIPLES), 10, 3), failed]
    assert not [each for each in ratios(given) if "floor" in each.name]
    text = report(given, ratios(given), command="python -m benchmarks.cohort", rounds=1, digest="0123")
    assert "| not done in 3 s |" in text
    assert "python -m benchmarks.cohort" in text
    assert plot(given).count("<rect") == 1 + 1 + 3


def test_the_plot_has_a_bar_for_each_job_at_its_largest_size_as_long_as_its_rate() -> None:
    given = [*PEERS, measured("a <b> & c", 1_000, 2), measured("a <b> & c", 100_000, 11)]
    root = ElementTree.fromstring(plot(given))
    texts = [each.text for each in root.iter() if each.text]
    assert "a <b> & c (100,000)" in texts
    assert "a <b> & c (1,000)" not in texts
    bars = [float(e.get("width", "0")) for e in root.iter() if e.tag.endswith("rect") and e.get("height") == "14"]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] == pytest.approx(560)
