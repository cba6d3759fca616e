"""Rows that are read one by one, as `vhkg recommend` reads them: odd forms, codes, and what is no row.

A patient with a row that cannot be read is set aside with all of its rows, since what is left may say something else
than the whole; the others are answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch, Refusal
from vhkg.cohort.keys import keys_of
from vhkg.cohort.records import batch_of, checked
from vhkg.cohort.tables.cells import PLACE, Cells, RowFault
from vhkg.errors import InputError
from vhkg.intake.rows import FactRow, RowReader
from vhkg.model.source_report import Fate
from vhkg.patients import PatientData
from vhkg.patients.rows import records_of
from vhkg.patients.tally import Tally
from vhkg.patients.writing import patient_graph


def batch_of_rows(cells: Cells, reader: RowReader, knowledge: Knowledge, start: int) -> Batch:
    """The patients of these cells, all of whose rows are among them. `start` is the number of the row at place 0."""
    file = reader.file
    refused: dict[str, list[Refusal]] = {}
    rows: dict[str, list[FactRow]] = {}
    counts: dict[str, int] = {}
    for patient, message in _faults(cells.faults, reader, start):
        refused.setdefault(patient, []).append(Refusal(file, patient, message))
        counts[patient] = counts.get(patient, 0) + 1
    for place, patient, fields in _fields(cells):
        if not any(fields):
            continue
        counts[patient] = counts.get(patient, 0) + 1
        try:
            rows.setdefault(patient, []).append(reader.row(start + place, fields))
        except InputError as error:
            refused.setdefault(patient, []).append(Refusal(file, patient, str(error)))
    good = [row for patient, found in rows.items() if patient not in refused for row in found]
    tally = Tally("CSV")
    tables = knowledge.compiled.codes
    records = records_of(good, file, tables, tally)
    data = [PatientData(record, patient_graph(record, knowledge.compiled.vocabulary)) for record in records]
    found = batch_of(
        file,
        checked(data, knowledge),
        knowledge,
        report=tally.report(len(data)),
        refused=[each for all_ in refused.values() for each in all_],
    )
    unread = sum(counts[patient] for patient in refused)
    fates = {**found.fates, Fate.REFUSED.value: unread} if unread else found.fates
    keys = keys_of([patient for patient in refused if patient])
    return found._replace(fates=fates, keys=np.concatenate([found.keys, keys]))


def _faults(faults: Iterable[RowFault], reader: RowReader, start: int) -> Iterable[tuple[str, str]]:
    return ((each.patient, str(reader.fault(start + each.place, each.fault, each.mend))) for each in faults)


def _fields(cells: Cells) -> Iterable[tuple[int, str, Sequence[str]]]:
    """Place, patient and fields of each row, in the order of the input."""
    rows = cells.rows.sort(PLACE)
    columns = [name for name in rows.columns if name != PLACE]
    at = columns.index("patient")
    for place, *texts in rows.iter_rows():
        fields = [text.strip() for text in texts]
        yield place, fields[at], fields
