"""Validation results in words: grouped by cause, with the places below each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from vhkg.model.checks import ValidationReport, ValidationResult
from vhkg.rendering.layout import Page, visible
from vhkg.rendering.wording import sentence

_PLACES = 5


class Cause(NamedTuple):
    """What is wrong, said once, with every place where it is."""

    severity: str
    message: str
    results: tuple[ValidationResult, ...]


def render_report_text(report: ValidationReport, *, file: str = "", width: int = 80) -> str:
    """A report as a person reads it: the verdict, then each message once with the places it concerns."""
    page = Page(width)
    name = f"{visible(file)}: " if file else ""
    count = len(report.results)
    found = f"{count} result{'s' if count != 1 else ''}" if count else "no results"
    page.add(f"{name}{'conforms' if report.conforms else 'does not conform'} ({found})")
    grouped_results(page, report.results, indent=2)
    looked = sum(report.hits.values())
    if report.hits:
        page.add(f"{looked} nodes looked at by {len(report.hits)} shapes", first="  ")
        idle = [local(shape) for shape, hits in report.hits.items() if not hits]
        if idle:
            page.add(f"without a node to look at: {', '.join(idle)}", first="  ", hang=4)
    return page.text()


def render_report_json(reports: Iterable[tuple[str, ValidationReport]]) -> str:
    """The report on each file, with the file's name."""
    shown = [{"file": file, **msgspec.to_builtins(found)} for file, found in reports]
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n"


def grouped_results(page: Page, results: Iterable[ValidationResult], *, indent: int) -> None:
    """The message says the fault and the mend; it is written once, its places below it, worst severity first."""
    margin = " " * indent
    for cause in causes(results):
        group = cause.results
        times = f" ({len(group)} times)" if len(group) > 1 else ""
        page.add(f"{cause.severity}: {sentence(cause.message)}{times}", first=margin, hang=indent + 2)
        for result in group[:_PLACES]:
            page.add(place(result), first=f"{margin}    ", hang=indent + 6)
        if len(group) > _PLACES:
            page.add(f"and {len(group) - _PLACES} more", first=f"{margin}    ")


def causes(results: Iterable[ValidationResult]) -> list[Cause]:
    """Results with the same severity and message together, worst severity first."""
    groups: dict[tuple[str, str], list[ValidationResult]] = {}
    for result in results:
        groups.setdefault((result.severity, result.message), []).append(result)
    ordered = sorted(groups.items(), key=lambda item: (_rank(item[0][0]), item[0][1]))
    return [Cause(severity, message, tuple(group)) for (severity, message), group in ordered]


def place(result: ValidationResult) -> str:
    """Where a result is: focus node, path, value, component."""
    path = result.result_path
    shown_path = f"inverse of {local(path[1:])}" if path.startswith("^") else local(path)
    parts = [result.focus_node or "the whole file", shown_path, f"value {result.value}" if result.value else ""]
    return f"{' · '.join(filter(None, parts))} [{result.component}]"


def _rank(severity: str) -> int:
    order = ("Violation", "Warning", "Info")
    return order.index(severity) if severity in order else len(order)


def local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1] or iri
