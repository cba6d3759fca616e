"""The report in words: what was measured where, the ratios, and all runs as a table in Markdown."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.cohort.measuring import Measured
from benchmarks.cohort.ratios import Ratio

_PACKAGES = ("duckdb", "numpy", "orjson", "owlready2", "polars", "pyoxigraph", "pyshacl", "rdflib", "shacl")


def report(measured: Sequence[Measured], ratios: Sequence[Ratio], *, command: str, rounds: int, digest: str) -> str:
    parts = (
        "# Cohorts, measured side by side\n",
        f"    {command}\n",
        f"{machine()} {rounds} rounds, all jobs in turn in each; seconds are medians. *net* is without the start, "
        "which is the same command over one patient. *peak* is the most memory held at once by the process and all "
        f"that it started. Knowledge {digest[:12]}.\n",
        "![patients per second](rates.svg)\n",
        "## Ratios\n",
        _table(
            ("ratio", "value", "with starts", "of processors", "must be", "holds"), (_ratio(each) for each in ratios)
        ),
        "## Runs\n",
        _table(
            ("job", "kind", "patients", "MB", "s", "start s", "net s", "cpu s", "patients/s", "peak MiB", "counts"),
            (_run(each) for each in measured),
        ),
    )
    return "\n".join(parts)


def machine() -> str:
    """Processors, memory and versions in a sentence."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    return (
        f"{_processor()}, {len(os.sched_getaffinity(0))} processors, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}; Python {platform.python_version()}, {_java()}; {versions}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _java() -> str:
    try:
        said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return "no Java"
    return "Java " + said.split('"')[1]


def _ratio(ratio: Ratio) -> tuple[str, ...]:
    others = ("" if each is None else f"{each:.2f}" for each in (ratio.whole, ratio.processor))
    return ratio.name, f"{ratio.value:,.2f}", *others, ratio.bound, "yes" if ratio.holds else "**no**"


def _run(each: Measured) -> tuple[str, ...]:
    head = (each.name, each.kind, f"{each.patients:,}", f"{each.size / 1e6:,.1f}")
    if each.fault:
        return (*head, each.fault, *[""] * 6)
    cpu = sorted(run.cpu for run in each.runs)[len(each.runs) // 2]
    counts = ", ".join(f"{name} {count:,}" for name, count in each.runs[-1].counts.items())
    numbers = (each.whole, each.start, each.net, cpu)
    return (*head, *(f"{number:.2f}" for number in numbers), f"{each.rate:,.0f}", f"{each.peak:,.0f}", counts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
