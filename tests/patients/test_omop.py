"""Tables of the OMOP common data model as coded entries, and what is wrong with them by file and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from vhkg.errors import InputError
from vhkg.model.coded import CodedEntry, CodeTables
from vhkg.model.source_report import Fate, SourceReport
from vhkg.patients.omop import read_omop
from vhkg.patients.tally import Tally

OMOP, UCUM = "https://omop.example", "http://unitsofmeasure.org"
TABLES = CodeTables(systems={"OMOP": OMOP, "UCUM": UCUM})
PERSON = "person_id\n1\n"


def read(
    tables: Mapping[str, str | bytes], person: str | bytes = PERSON
) -> tuple[dict[str, list[CodedEntry]], SourceReport]:
    tally = Tally("OMOP")
    given = {
        name: text.encode() if isinstance(text, str) else text for name, text in {"PERSON": person, **tables}.items()
    }
    lines = {
        name: (
            f"{name.lower()}.csv",
            [(n, line) for n, line in enumerate(content.split(b"\n"), start=1) if line.strip()],
        )
        for name, content in given.items()
    }
    found = read_omop(lines, TABLES, tally)
    return found, tally.report(len(found))


def table(columns: str, *rows: str) -> str:
    return "\n".join((columns.replace(" ", ""), *rows)) + "\n"


CONDITION = (
    "condition_occurrence_id, person_id, condition_concept_id, condition_start_date, condition_status_concept_id,"
    "condition_source_value, condition_source_concept_id"
)
PROCEDURE = "procedure_occurrence_id, person_id, procedure_concept_id, procedure_date"
OBSERVATION = (
    "observation_id, person_id, observation_concept_id, observation_date, value_as_number, value_as_concept_id,"
    "unit_concept_id"
)
MEASUREMENT = (
    "measurement_id, person_id, measurement_concept_id, measurement_date, operator_concept_id, value_as_number,"
    "value_as_concept_id, unit_concept_id, unit_source_value"
)


def condition(**rest: Any) -> CodedEntry:
    given = {
        "element": "CONDITION_OCCURRENCE",
        "origin": "CONDITION_OCCURRENCE 7",
        "codes": (f"{OMOP}|11",),
        "statuses": (("condition_status_concept_id", "0"),),
        "recorded": "2026-03-01",
    }
    return CodedEntry(**{**given, **rest})


def observation(**rest: Any) -> CodedEntry:
    given: dict[str, Any] = {
        "element": "OBSERVATION", "origin": "OBSERVATION 7", "codes": (f"{OMOP}|11",), "valued": True,
        "unit": f"{UCUM}|", "recorded": "2026-03-01",
    }  # fmt: skip
    return CodedEntry(**{**given, **rest})


def measurement(**rest: Any) -> CodedEntry:
    return observation(
        **{"element": "MEASUREMENT", "origin": "MEASUREMENT 7", "statuses": (("operator_concept_id", ""),), **rest}
    )


A_DATE = "a date that is none"
ROWS: list[tuple[str, str, CodedEntry]] = [
    (CONDITION, "7,1,11,2026-03-01,0,G1,0", condition()),
    (CONDITION, "7,1,11,2026-03-01 00:00:00,0,,", condition()),
    (CONDITION, " 7 , 1 , 11 , 2026-03-01 , 0 , , ", condition()),
    (CONDITION, '"7","1","11","2026-03-01","0","a ""b"", c",""', condition()),
    (CONDITION, "7,1,11,2026-03-01,32899,,", condition(statuses=(("condition_status_concept_id", "32899"),))),
    (CONDITION, "7,1,11,2026-03-01,,,", condition(statuses=(("condition_status_concept_id", ""),))),
    (CONDITION, "7,1,11,,0,,", condition(recorded="")),
    (CONDITION, "7,1,11,2026-02-30,0,,", condition(recorded="", unclear=A_DATE)),
    (CONDITION, "7,1,11,2026-03-01,0,G1,12", condition(codes=(f"{OMOP}|11", f"{OMOP}|12"))),
    (CONDITION, "7,1,11,2026-03-01,0,G1,11", condition()),
    (CONDITION, "7,1,0,2026-03-01,0,G1,12", condition(codes=("source value|G1",))),
    (CONDITION, "7,1,,2026-03-01,0,,12", condition(codes=("source value|",))),
    (CONDITION, ",1,11,2026-03-01,0,,", condition(origin="CONDITION_OCCURRENCE 2")),
    (PROCEDURE, "7,1,11,2026-03-01", CodedEntry(
        element="PROCEDURE_OCCURRENCE", origin="PROCEDURE_OCCURRENCE 7", codes=(f"{OMOP}|11",), recorded="2026-03-01")),
    (OBSERVATION, "7,1,11,2026-03-01,,,", observation()),
    (OBSERVATION, "7,1,11,2026-03-01,,21,", observation(values=(f"{OMOP}|21",))),
    (OBSERVATION, "7,1,11,2026-03-01,,0,", observation()),
    (OBSERVATION, "7,1,11,2026-03-01,2.5,,31", observation(value=2.5, unit=f"{OMOP}|31")),
    (OBSERVATION, "7,1,11,2026-03-01,0,,0", observation(value=0.0)),
    (OBSERVATION, "7,1,11,2026-03-01,many,,", observation(unclear="a number that is none")),
    (OBSERVATION, "7,1,11,soon,many,,", observation(recorded="", unclear=A_DATE)),
    (MEASUREMENT, "7,1,11,2026-03-01,,4,,,mm", measurement(value=4.0, unit=f"{UCUM}|mm")),
    (MEASUREMENT, "7,1,11,2026-03-01,,4,,31,mm", measurement(value=4.0, unit=f"{OMOP}|31")),
    (MEASUREMENT, "7,1,11,2026-03-01,41,4,,,", measurement(value=4.0, statuses=(("operator_concept_id", "41"),))),
]  # fmt: skip
NAMES = {
    CONDITION: "CONDITION_OCCURRENCE",
    PROCEDURE: "PROCEDURE_OCCURRENCE",
    OBSERVATION: "OBSERVATION",
    MEASUREMENT: "MEASUREMENT",
}


@pytest.mark.parametrize(("columns", "row", "entry"), ROWS)
def test_a_row(columns: str, row: str, entry: CodedEntry) -> None:
    found, report = read({NAMES[columns]: table(columns, row)})
    assert found == {"1": [entry]}
    assert report.refusals == ()


def test_tabs_part_cells_where_the_header_has_them() -> None:
    text = table(CONDITION, "7,1,11,2026-03-01,0,G1,0").replace(",", "\t")
    assert read({"CONDITION_OCCURRENCE": text})[0] == {"1": [condition()]}


def test_columns_stand_in_any_order_and_case() -> None:
    columns = "OTHER,Procedure_Date,PERSON_ID,procedure_concept_id,procedure_occurrence_id"
    (entry,) = read({"PROCEDURE_OCCURRENCE": table(columns, "x,2026-03-01,1,11,7")})[0]["1"]
    assert (entry.codes, entry.recorded, entry.origin) == ((f"{OMOP}|11",), "2026-03-01", "PROCEDURE_OCCURRENCE 7")


def test_a_cell_that_goes_on_in_the_next_line_and_the_number_after_it() -> None:
    rows = ['7,1,11,2026-03-01,0,"one', 'two",0', "8,2,11,2026-03-01,0,,0"]
    found, report = read({"CONDITION_OCCURRENCE": table(CONDITION, *rows)})
    assert found == {"1": [condition()]}
    assert report.refusals == (
        "condition_occurrence.csv, line 4: not read, since its person is not in the PERSON table.",
    )


def test_each_person_has_its_own_and_the_persons_come_sorted() -> None:
    rows = ["7,3,11,2026-03-01", "8,1,11,2026-03-01", "9,3,11,2026-03-01"]
    found, report = read(
        {"PROCEDURE_OCCURRENCE": table(PROCEDURE, *rows)}, person="year_of_birth,person_id\n,3\n,1\n,2\n"
    )
    assert {person: [entry.origin[-1] for entry in entries] for person, entries in found.items()} == {
        "1": ["8"],
        "2": [],
        "3": ["7", "9"],
    }
    assert list(found) == ["1", "2", "3"]
    assert report.counts == {Fate.IRRELEVANT: {"PERSON": 3}}


def test_other_tables_are_counted_row_by_row() -> None:
    _, report = read({"DEATH": "person_id,death_date\n9,2026-03-01\n9,\n", "NOTE": "note_id\n", "MINE": "a\nb\n"})
    assert report.counts == {Fate.IRRELEVANT: {"DEATH": 2, "MINE": 1, "PERSON": 1}}


NOBODY = "its person is not in the PERSON table"
REFUSED: dict[str, tuple[str, str, str, str, str]] = {
    "too few cells": (CONDITION, "7,1,11", PERSON, "condition_occurrence.csv, line 2", "it has 3 cells for 7 columns"),
    "too many": (PROCEDURE, "7,1,11,,", PERSON, "procedure_occurrence.csv, line 2", "it has 5 cells for 4 columns"),
    "no such person": (PROCEDURE, "7,2,11,", PERSON, "procedure_occurrence.csv, line 2", NOBODY),
    "no person": (PROCEDURE, "7,,11,", PERSON, "procedure_occurrence.csv, line 2", NOBODY),
    "a person without an id": (
        PROCEDURE,
        "8,1,11,",
        "person_id,a\n1,\n ,x\n",
        "person.csv, line 3",
        "it has no person_id",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_read(name: str) -> None:
    columns, row, person, place, why = REFUSED[name]
    good = {CONDITION: "7,1,11,2026-03-01,0,,", PROCEDURE: "7,1,11,2026-03-01"}[columns]
    found, report = read({NAMES[columns]: table(columns, row, good)}, person)
    assert found["1"][-1].recorded == "2026-03-01"
    assert report.refusals == (f"{place}: not read, since {why}.",)
    assert report.total(Fate.REFUSED) == 1


MISSING = "is missing; export the table as CDM 5.4 has it."
MARKS = "correct the quotation marks."
TOO_LARGE = f"not CSV: field larger than field limit (131072); {MARKS}"
BROKEN: dict[str, tuple[str, str]] = {
    "a missing column": ("person_id,procedure_date\n", f"line 1: the column procedure_occurrence_id {MISSING}"),
    "no header": ("", f"line 1: the column procedure_occurrence_id {MISSING}"),
    "a column that stands twice": (
        f"PERSON_ID, {PROCEDURE}\n",
        "line 1: the column person_id stands twice; keep one.",
    ),
    "quotation marks": (f'{PROCEDURE}\n\n"7"7,1,11,\n', f"line 3: not CSV: ',' expected after '\"'; {MARKS}"),
    "an open quotation mark": (
        f'{PROCEDURE}\n"7,1,11,\n8\n',
        f"line 3: not CSV: unexpected end of data; {MARKS}",
    ),
    "a cell without end": (f"{PROCEDURE}\n{'1' * 200_000}", f"line 2: {TOO_LARGE}"),
    "a column without end": (f"{'p' * 200_000}\n1\n", f"line 1: {TOO_LARGE}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_table_that_cannot_be_read_is_an_error(name: str) -> None:
    text, says = BROKEN[name]
    with pytest.raises(InputError) as caught:
        read({"PROCEDURE_OCCURRENCE": text})
    assert str(caught.value) == f"procedure_occurrence.csv, {says}"


def test_another_encoding() -> None:
    with pytest.raises(InputError, match=r"person.csv, line 3: it is not UTF-8; save it as UTF-8."):
        read({}, "person_id\n1\nö\n".encode("latin-1"))


def test_without_a_person_table_there_is_nobody() -> None:
    with pytest.raises(InputError, match=r"^there is no PERSON table; add PERSON.csv.$"):
        read_omop({"DEATH": ("death.csv", [])}, TABLES, Tally("OMOP"))
