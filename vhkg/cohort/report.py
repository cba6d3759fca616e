"""The report of a run, from its tables. Every number is the answer to a shipped question (queries/cohort/*.sql)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.questions import Cohort, opened
from vhkg.cohort.tallies import Tallies
from vhkg.model.cohort import (
    COHORT_SCHEMA_VERSION,
    Age,
    Asked,
    CodeCount,
    CohortReport,
    Count,
    EntryCount,
    Fault,
    Refused,
    StatusCount,
)
from vhkg.model.content import Content
from vhkg.model.source_report import Fate
from vhkg.stores.catalogue import Catalogue

LISTED = 100
"""Of refusals and of unmapped codes, the report lists so many."""


def report(
    folder: Path,
    knowledge: Knowledge,
    *,
    inputs: Sequence[str],
    fates: Mapping[str, int],
    readings: Mapping[str, str] | None = None,
    counted: Tallies | None = None,
) -> CohortReport:
    """What the tables in `folder` say; `readings` are those chosen for the run, in place of the defaults.

    `fates` is what the run says became of the entries that it read: that is in no table. What the run has `counted` of
    its answers need not be counted again.

    Raises InputError for a folder that holds no tables, or broken ones, and UsageError if they are of another
    knowledge.
    """
    content, document = knowledge.content, knowledge.document(())
    with opened(folder, content, counted) as cohort:
        if counted is None:
            cohort.confirm(content.version, knowledge.compiled.digest)
        ask = _Asking(cohort, Catalogue(knowledge.files.cohort_queries))
        attrition = tuple(
            Count(name=row["item"], patients=int(row["patients"]), presentations=_number(row["presentations"]))
            for row in ask("attrition")
        )
        together = ask("conflicting-facts")[0]
        return CohortReport(
            schema_version=COHORT_SCHEMA_VERSION,
            knowledge=document.knowledge,
            disclaimer=document.disclaimer,
            inputs=tuple(inputs),
            patients=attrition[0].patients,
            presentations=attrition[0].presentations or 0,
            attrition=attrition,
            set_aside=Count(
                name="conflict", patients=int(together["patients"]), presentations=int(together["presentations"])
            ),
            ask=tuple(_asked(row) for row in ask("missing-findings")),
            recommendations=tuple(_statuses(ask("statuses-by-recommendation"))),
            ages=tuple(_age(row) for row in ask("ages-of-decisive-facts")),
            stale_after_days=_stale_after(content),
            entries=tuple(EntryCount(fate=fate, entries=fates[fate]) for fate in Fate if fates.get(fate)),
            unmapped=tuple(
                CodeCount(code=row["item"], entries=int(row["entries"]), files=int(row["files"]))
                for row in ask("unmapped-codes", limit=LISTED)
            ),
            unmapped_codes=cohort.count("(SELECT DISTINCT code FROM unmapped)"),
            refused=cohort.count("refused"),
            refused_unnamed=cohort.count("refused", without="patient"),
            refusals=tuple(
                Refused(file=row["file"], patient=row["patient"], message=row["answer"])
                for row in ask("refused-records", limit=LISTED)
            ),
            faults=tuple(
                Fault(
                    message=row["answer"],
                    severity=row["status"],
                    patients=int(row["patients"]),
                    results=int(row["results"]),
                )
                for row in ask("faults-by-message")
            ),
            readings=dict(knowledge.decider.guards.chosen(readings or {})),
        )


class _Asking:
    """A shipped question by its name, as rows by column."""

    def __init__(self, cohort: Cohort, catalogue: Catalogue) -> None:
        self._cohort, self._catalogue = cohort, catalogue

    def __call__(self, name: str, *, limit: int | None = None) -> list[dict[str, str]]:
        return self._cohort.ask(self._catalogue.get(name), limit=limit).dicts()


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _asked(row: Mapping[str, str]) -> Asked:
    return Asked(
        finding=row["item"],
        label=row["item_label"],
        question=row["answer"],
        presentations=int(row["presentations"]),
        decides=int(row["decides"]),
        opens=int(row["opens"]),
        answers=int(row["answers"]),
    )


def _statuses(rows: Sequence[Mapping[str, str]]) -> Iterator[StatusCount]:
    for name in dict.fromkeys(row["item"] for row in rows):
        own = [row for row in rows if row["item"] == name]
        yield StatusCount(
            recommendation=name,
            label=own[0]["item_label"],
            line=own[0]["line"],
            direction=own[0]["answer"],
            statuses={row["status"]: int(row["presentations"]) for row in own},
            rest_on_reading=sum(int(row["rest_on_reading"]) for row in own),
        )


def _age(row: Mapping[str, str]) -> Age:
    return Age(
        days_from=_number(row["days_from"]),
        days_to=_number(row["days_to"]),
        answers=int(row["answers"]),
        in_force=int(row["in_force"]),
    )


def _stale_after(content: Content) -> int | None:
    return min((each.stale_after_days for each in content.notices if each.stale_after_days), default=None)
