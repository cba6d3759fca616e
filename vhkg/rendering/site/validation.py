"""A validation report, and what became of the entries of a file, as a page shows them."""

from __future__ import annotations

import msgspec

from vhkg.model.checks import ValidationReport
from vhkg.model.source_report import Fate, SourceReport
from vhkg.rendering.report import causes, local, place
from vhkg.rendering.source_report import summary
from vhkg.rendering.wording import sentence

_MOST = 50
_SEVERITIES = {"Violation": "bad", "Warning": "warn"}
_AS_IT_SHOULD = (Fate.READ,)


class CauseShown(msgspec.Struct, frozen=True):
    """`tone` is the class of its tag; `more` counts the places that are left out."""

    severity: str
    tone: str
    message: str
    count: int
    places: tuple[str, ...]
    more: int


class FateShown(msgspec.Struct, frozen=True):
    """What became of some entries: how many, and by which reason, code or kind, the commonest first."""

    title: str
    count: int
    details: tuple[tuple[str, int], ...]
    more: int


class ValidationShown(msgspec.Struct, frozen=True, kw_only=True):
    """`looked` are the shapes with the number of nodes that each looked at; `idle` looked at none."""

    file: str
    conforms: bool
    count: str
    causes: tuple[CauseShown, ...]
    nodes: int
    looked: tuple[tuple[str, int], ...]
    idle: tuple[str, ...]
    read: str
    entries: int
    fates: tuple[FateShown, ...]
    notes: tuple[tuple[str, int], ...]
    refusals: tuple[str, ...]


def validation_shown(file: str, report: ValidationReport, source: SourceReport) -> ValidationShown:
    """The same results in the same groups as `vhkg validate` prints, with what `vhkg import` says of the source."""
    number = len(report.results)
    return ValidationShown(
        file=file,
        conforms=report.conforms,
        count=f"{number} result{'' if number == 1 else 's'}" if number else "no results",
        causes=tuple(
            CauseShown(
                cause.severity,
                _SEVERITIES.get(cause.severity, ""),
                sentence(cause.message),
                len(cause.results),
                tuple(place(result) for result in cause.results[:_MOST]),
                max(0, len(cause.results) - _MOST),
            )
            for cause in causes(report.results)
        ),
        nodes=sum(report.hits.values()),
        looked=tuple((local(shape), hits) for shape, hits in report.hits.items() if hits),
        idle=tuple(local(shape) for shape, hits in report.hits.items() if not hits),
        read=summary(source) if source.entries else f"{source.format}, {_patients(source.patients)}",
        entries=source.entries,
        fates=tuple(_fate(fate, source) for fate in Fate if fate not in _AS_IT_SHOULD and source.total(fate)),
        notes=tuple(source.notes.items()),
        refusals=source.refusals,
    )


def _fate(fate: Fate, source: SourceReport) -> FateShown:
    found = list(source.counts[fate].items())
    return FateShown(fate.value, source.total(fate), tuple(found[:_MOST]), max(0, len(found) - _MOST))


def _patients(number: int) -> str:
    return f"{number} patient{'' if number == 1 else 's'}"
