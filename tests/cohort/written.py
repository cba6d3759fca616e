"""Tables as a run writes them, made from answers one by one: two parts each, so that no reader may rely on one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from tests.records import random_record, subject_finding
from tests.support import shipped
from vhkg.cohort.rows import Cell, outcome, provenance, rows_of
from vhkg.model.answer import Answer
from vhkg.model.cohort import TABLES

TYPES: dict[str, type[pl.DataType]] = {
    "asOf": pl.Date,
    "decisiveSince": pl.Date,
    "order": pl.Int32,
    "ambiguousCode": pl.Boolean,
    "holdsUnderEveryReading": pl.Boolean,
    "entries": pl.Int64,
}
"""Of the columns that are not texts."""

TableRows = dict[str, list[dict[str, Cell]]]


def random_answers(patients: int, *, first: int = 0) -> list[Answer]:
    """Several lesions, dates, unknowns, contradictions, factors; each patient in a file of ten."""
    knowledge = shipped()
    subject = subject_finding(knowledge)
    found: list[Answer] = []
    for seed in range(first, first + patients):
        rows = random_record(seed, knowledge.compiled.vocabulary, subject, patient=f"p{seed}")
        found += knowledge.recommend(rows)
    return found


def tables_of(answers: Iterable[Answer]) -> TableRows:
    """The rows of tables `answers`, `patients`, `validation` and `conflicts` for these answers."""
    knowledge = shipped()
    document = knowledge.document(())
    end = provenance(document)
    found: TableRows = {table: [] for table in TABLES}
    for answer in answers:
        own: dict[str, Cell] = {"file": answer.file, "patient": answer.patient, "presentation": answer.presentation}
        found["answers"] += rows_of(answer, knowledge.content, document)
        found["patients"].append(
            {
                **own,
                "outcome": outcome(answer.verdict.value),
                "verdict": answer.verdict.value,
                "asOf": answer.as_of,
                "flags": " ".join(answer.flags),
                **end,
            }
        )
        for conflict in answer.conflicts:
            facts = " & ".join(f"{fact.finding}={fact.status}@{fact.date}" for fact in conflict.facts)
            found["conflicts"].append({**own, "facts": facts, **end})
        for result in answer.violations:
            row: dict[str, Cell] = {
                "file": answer.file,
                "patient": answer.patient,
                "focusNode": result.focus_node,
                "resultPath": result.result_path,
                "severity": result.severity,
                "component": result.component,
                "value": result.value,
                "message": result.message,
                "shape": result.shape,
                **end,
            }
            if row not in found["validation"]:
                found["validation"].append(row)
    return found


def with_end(table: str, **cells: Cell) -> dict[str, Cell]:
    """A row with the provenance of the shipped knowledge."""
    row: dict[str, Cell] = {**dict.fromkeys(TABLES[table]), **cells, **provenance(shipped().document(()))}
    assert tuple(row) == TABLES[table]
    return row


def write(folder: Path, rows: Mapping[str, Sequence[Mapping[str, Cell]]]) -> Path:
    """Write the tables below `folder`; one without rows has its folder only."""
    for table, columns in TABLES.items():
        (folder / table).mkdir(parents=True)
        given = rows.get(table, [])
        schema = {name: TYPES.get(name, pl.String) for name in columns}
        half = (len(given) + 1) // 2
        for number, part in enumerate((given[:half], given[half:])):
            if part:
                frame = pl.DataFrame([dict(row) for row in part], schema=schema)
                frame.write_parquet(folder / table / f"part-{number:05}.parquet")
    return folder
