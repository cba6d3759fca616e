"""The report of a cohort run as files beside its tables."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from vhkg.answering.knowledge import Knowledge
from vhkg.model.cohort import CohortReport

REPORT_JSON, REPORT_PAGE = "report.json", "report.html"


def write_report(
    folder: Path, knowledge: Knowledge, *, inputs: Sequence[str], readings: Mapping[str, str] | None = None
) -> CohortReport:
    """Sum up the tables in `folder` and write `report.json` and `report.html` there, each whole or not at all.

    Raises InputError for tables that are missing or broken, UsageError for those of another knowledge, and OSError.
    """
    from vhkg.cohort.report import report
    from vhkg.rendering.cohort_page import render_cohort_page
    from vhkg.rendering.jsonout import render_cohort_json

    made = report(folder, knowledge, inputs=inputs, readings=readings)
    _replace(folder / REPORT_JSON, render_cohort_json(made))
    _replace(folder / REPORT_PAGE, render_cohort_page(made, knowledge.content))
    return made


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
