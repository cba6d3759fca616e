"""Tables of the OMOP common data model 5.4 as coded entries (https://ohdsi.github.io/CommonDataModel/cdm54.html).

A row's standard concept is its code, beside it the source concept. Concept 0 means that the source code has no
standard concept: such a row is listed under its source value and asserts nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping

from vhkg.errors import InputError
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.source_report import Fate
from vhkg.patients.days import written_day
from vhkg.patients.tally import Tally

PERSON = "PERSON"
_NO_DAY = "a date that is none"
Row = Mapping[str, str]
TextLines = Iterable[tuple[int, bytes]]


def read_omop(
    files: Mapping[str, tuple[str, TextLines]], tables: CodeTables, tally: Tally
) -> dict[str, list[CodedEntry]]:
    """The entries of each person, by person_id. `files` gives each table, by its upper-case name, its file and lines.

    A row that cannot be read is named and set aside. Raises InputError where there is no PERSON table, or a table
    lacks a column that is needed.
    """
    if PERSON not in files:
        raise InputError("there is no PERSON table", mend="add PERSON.csv")
    flattening = _Flattening(tables)
    readers: dict[str, Callable[[Row, str], CodedEntry]] = {
        "CONDITION_OCCURRENCE": flattening.condition,
        "PROCEDURE_OCCURRENCE": flattening.procedure,
        "OBSERVATION": flattening.observation,
        "MEASUREMENT": flattening.measurement,
    }
    found: dict[str, list[CodedEntry]] = {}
    for name, (file, lines) in sorted(files.items(), key=lambda item: (item[0] != PERSON, item[0])):
        reader = readers.get(name)
        for line, row in rows_of_table(name, file, lines, tally):
            place = f"{file}, line {line}"
            if name == PERSON and not row["person_id"]:
                tally.refuse(f"{place}: not read, since it has no person_id.")
                continue
            if name == PERSON:
                found.setdefault(row["person_id"], [])
            if reader is None:
                tally.count(Fate.IRRELEVANT, name)
            elif row["person_id"] not in found:
                tally.refuse(f"{place}: not read, since its person is not in the PERSON table.")
            else:
                found[row["person_id"]].append(reader(row, f"{name} {row[_IDENTITY[name]] or line}"))
    return dict(sorted(found.items()))


_IDENTITY = {
    "CONDITION_OCCURRENCE": "condition_occurrence_id",
    "PROCEDURE_OCCURRENCE": "procedure_occurrence_id",
    "OBSERVATION": "observation_id",
    "MEASUREMENT": "measurement_id",
}
TABLES_OF_ENTRIES = frozenset(_IDENTITY)
"""The tables that are read. Rows of the others are irrelevant, those of PERSON too."""

_NEEDED: dict[str, tuple[str, ...]] = {
    PERSON: ("person_id",),
    "CONDITION_OCCURRENCE": (
        "condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date",
        "condition_status_concept_id",
    ),
    "PROCEDURE_OCCURRENCE": ("procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date"),
    "OBSERVATION": (
        "observation_id", "person_id", "observation_concept_id", "observation_date", "value_as_number",
        "value_as_concept_id", "unit_concept_id",
    ),
    "MEASUREMENT": (
        "measurement_id", "person_id", "measurement_concept_id", "measurement_date", "operator_concept_id",
        "value_as_number", "value_as_concept_id", "unit_concept_id",
    ),
}  # fmt: skip


def rows_of_table(name: str, file: str, lines: TextLines, tally: Tally) -> Iterator[tuple[int, Row]]:
    """The rows with the lines on which they end; tab or comma parts the cells, as the header shows.

    No line is taken before it is needed. A row that has not as many cells as the header is refused.
    """
    needed = _NEEDED.get(name, ())
    numbers: list[int] = []

    def text() -> Iterator[str]:
        for number, content in lines:
            numbers.append(number)
            try:
                yield content.decode("utf-8")
            except UnicodeDecodeError as error:
                place = f"line {number}"
                raise InputError("it is not UTF-8", file=file, place=place, mend="save it as UTF-8") from error

    stream = text()
    first = next(stream, "")
    separator = "\t" if "\t" in first else ","
    try:
        header = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=separator), [])]
    except csv.Error as error:
        raise _not_csv(error, file, 1) from error
    doubled = next((name for at, name in enumerate(header) if name in header[:at]), "")
    if doubled and doubled in needed:
        raise InputError(f"the column {doubled} stands twice", file=file, place="line 1", mend="keep one")
    missing = [name for name in needed if name not in header]
    if missing:
        raise InputError(
            f"the column {missing[0]} is missing", file=file, place="line 1", mend="export the table as CDM 5.4 has it"
        )
    reader = csv.reader(stream, delimiter=separator, strict=True)
    try:
        for cells in reader:
            line = numbers[-1]
            numbers[:] = numbers[-1:]
            if len(cells) != len(header):
                tally.refuse(
                    f"{file}, line {line}: not read, since it has {len(cells)} cells for {len(header)} columns."
                )
                continue
            yield line, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise _not_csv(error, file, numbers[-1] if numbers else 1) from error


def _not_csv(error: csv.Error, file: str, line: int) -> InputError:
    return InputError(f"not CSV: {error}", file=file, place=f"line {line}", mend="correct the quotation marks")


class _Flattening:
    def __init__(self, tables: CodeTables) -> None:
        self._omop = tables.systems.get("OMOP", "OMOP")
        self._ucum = tables.systems.get("UCUM", "UCUM")

    def condition(self, row: Row, origin: str) -> CodedEntry:
        began, wrong = _day(row["condition_start_date"])
        return CodedEntry(
            element="CONDITION_OCCURRENCE",
            origin=origin,
            codes=self._codes(row, "condition"),
            statuses=(("condition_status_concept_id", row["condition_status_concept_id"]),),
            recorded=began,
            unclear=wrong,
        )

    def procedure(self, row: Row, origin: str) -> CodedEntry:
        recorded, wrong = _day(row["procedure_date"])
        return CodedEntry(
            element="PROCEDURE_OCCURRENCE",
            origin=origin,
            codes=self._codes(row, "procedure"),
            recorded=recorded,
            unclear=wrong,
        )

    def observation(self, row: Row, origin: str) -> CodedEntry:
        return self._valued(row, origin, "OBSERVATION", "observation", ())

    def measurement(self, row: Row, origin: str) -> CodedEntry:
        status = (("operator_concept_id", row["operator_concept_id"]),)
        return self._valued(row, origin, "MEASUREMENT", "measurement", status)

    def _valued(
        self, row: Row, origin: str, element: str, prefix: str, statuses: tuple[tuple[str, str], ...]
    ) -> CodedEntry:
        recorded, wrong = _day(row[f"{prefix}_date"])
        number, unclear = _number(row["value_as_number"])
        answer, unit = row["value_as_concept_id"], row["unit_concept_id"]
        return CodedEntry(
            element=element,
            origin=origin,
            codes=self._codes(row, prefix),
            statuses=statuses,
            values=(f"{self._omop}|{answer}",) if answer not in ("", "0") else (),
            value=number,
            valued=True,
            unit=f"{self._omop}|{unit}"
            if unit not in ("", "0")
            else f"{self._ucum}|{row.get('unit_source_value', '')}",
            recorded=recorded,
            unclear=wrong or unclear,
        )

    def _codes(self, row: Row, prefix: str) -> tuple[str, ...]:
        concept, source = row[f"{prefix}_concept_id"], row.get(f"{prefix}_source_concept_id", "")
        if concept in ("", "0"):
            return (f"source value|{row.get(f'{prefix}_source_value', '')[:60]}",)
        found = [concept] if source in ("", "0", concept) else [concept, source]
        return tuple(f"{self._omop}|{each}" for each in found)


def _day(text: str) -> tuple[str, str]:
    found = written_day(text) if text else ""
    return found, "" if found or not text else _NO_DAY


def _number(text: str) -> tuple[float | None, str]:
    if not text:
        return None, ""
    try:
        return float(text), ""
    except ValueError:
        return None, "a number that is none"
