"""The ratios that the numbers are for: ours against floors and peers, and against itself ten times as large.

A ratio of times is the median of the ratios of each round, both without their starts. Where a job is missing or did not
end, the ratio is not formed.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.cohort.jobs import Source
from benchmarks.cohort.measuring import Measured


class Ratio(NamedTuple):
    """`bound` is what must hold, in words. `whole` is the ratio with the starts included and `processor` that of the
    processors' time, which says more of a machine that does something else besides; where there are such."""

    name: str
    value: float
    bound: str
    holds: bool
    whole: float | None = None
    processor: float | None = None


class _Found:
    def __init__(self, measured: Sequence[Measured]) -> None:
        self._measured = [each for each in measured if each.runs and not each.fault]

    def at(self, name: str, patients: int) -> Measured | None:
        return next((each for each in self._measured if (each.name, each.patients) == (name, patients)), None)

    def sizes(self, name: str) -> list[int]:
        return sorted(each.patients for each in self._measured if each.name == name)

    def best(self, start: str) -> Measured | None:
        """The fastest of the jobs whose names begin so."""
        return max((e for e in self._measured if e.name.startswith(start)), key=lambda each: each.rate, default=None)


_FLOORS = (
    (Source.NTRIPLES, "parse", "at most 3, aim 1.5", 3.0),
    (Source.SHUFFLED, "parse", "at most 5", 5.0),
    (Source.FHIR, "orjson", "at most 5, aim 3", 5.0),
    (Source.BUNDLES, "orjson", "at most 5, aim 3", 5.0),
    (Source.PARQUET, "masks", "at most 3 at 1,000,000 patients", 3.0),
)
_MEBIBYTES = 1536.0


def ratios(measured: Sequence[Measured]) -> list[Ratio]:
    found = _Found(measured)
    return [*_against_floors(found), *_against_peers(found), *_growth(found)]


def ours(source: Source, workers: int = 2) -> str:
    return f"cohort {source}, {workers} worker(s)"


def _median_ratio(mine: Sequence[float], other: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(mine, other, strict=True))


def _against_floors(found: _Found) -> Iterator[Ratio]:
    for source, floor, bound, most in _FLOORS:
        for patients in found.sizes(ours(source)):
            mine, least = found.at(ours(source), patients), found.at(f"{floor} {source}", patients)
            if mine and least:
                value = _median_ratio(mine.nets, least.nets)
                processor = _median_ratio(mine.processor, least.processor)
                name = f"{source}, {patients:,} patients: time of ours in times of the floor ({floor})"
                yield Ratio(name, value, bound, value <= most, mine.whole / least.whole, processor)


def _against_peers(found: _Found) -> Iterator[Ratio]:
    pyshacl, hermit, rdflib = (found.best(name) for name in ("pyshacl,", "HermiT,", "rdflib,"))
    for workers in (2, 1):
        name = ours(Source.NTRIPLES, workers)
        mine = found.at(name, max(found.sizes(name), default=0))
        if mine and pyshacl and hermit and rdflib:
            together = (
                pyshacl.phase("validate") / pyshacl.patients
                + hermit.phase("classify") / hermit.patients
                + rdflib.phase("load", "query") / rdflib.patients
            )
            value = mine.rate * together
            text = f"rate of {name} at {mine.patients:,} in that of pyshacl, HermiT (classes only) and rdflib together"
            yield Ratio(f"{text} ({1 / together:.1f} patients/s)", value, "at least 300", value >= 300)
    columns, shacl = "validation in columns, 2 worker(s)", found.best("shacl")
    mine = found.at(columns, max(found.sizes(columns), default=0))
    if mine and shacl:
        value = mine.rate / (shacl.patients / shacl.phase("load and validate"))
        processor = _median_ratio(shacl.processor, mine.processor) * mine.patients / shacl.patients
        name = f"rate of {columns} at {mine.patients:,} in that of {shacl.name}"
        yield Ratio(name, value, "above 1", value > 1, processor=processor)


def _growth(found: _Found) -> Iterator[Ratio]:
    for source in Source:
        name = ours(source)
        large, small = found.at(name, 1_000_000), found.at(name, 100_000)
        if large and small:
            value = _median_ratio(large.nets, small.nets)
            yield Ratio(f"{source}: time of 1,000,000 patients in times of 100,000", value, "at most 11", value <= 11)
        largest = found.at(name, max(found.sizes(name), default=0))
        if largest:
            text = f"{source}: peak memory at {largest.patients:,} patients, in parts of 1.5 GiB"
            value = largest.peak / _MEBIBYTES
            yield Ratio(text, value, "under 1", value < 1)
