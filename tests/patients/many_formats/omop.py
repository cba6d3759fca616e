"""Patients as tables of the OMOP common data model 5.4, with what they cannot say."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path

from tests.patients.many_formats import codes
from tests.patients.many_formats.patient import (
    INTERVENTIONS,
    Fact,
    Loss,
    Lost,
    Patient,
    Resolved,
    Score,
    Statement,
    Suspected,
)

_COLUMNS = {
    "PERSON": ("person_id", "gender_concept_id", "year_of_birth"),
    "CONDITION_OCCURRENCE": (
        "condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date", "condition_end_date",
        "condition_status_concept_id", "condition_source_value", "condition_source_concept_id",
    ),
    "PROCEDURE_OCCURRENCE": (
        "procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date", "procedure_source_value",
    ),
    "OBSERVATION": (
        "observation_id", "person_id", "observation_concept_id", "observation_date", "value_as_number",
        "value_as_concept_id", "unit_concept_id", "unit_source_value",
    ),
    "MEASUREMENT": (
        "measurement_id", "person_id", "measurement_concept_id", "measurement_date", "operator_concept_id",
        "value_as_number", "value_as_concept_id", "unit_concept_id", "unit_source_value",
    ),
    "VISIT_OCCURRENCE": ("visit_occurrence_id", "person_id", "visit_start_date"),
}  # fmt: skip
_PRELIMINARY, _CONFIRMED = "32899", "32893"
"""Concepts of the vocabulary Condition Status that mappings/statuses.tsv has."""

Row = dict[str, str]


def person(patient: Patient) -> str:
    """OMOP names persons by numbers."""
    return str(1_000 + patient.seed)


def write_omop(patients: Iterable[Patient], folder: Path, seed: int) -> dict[str, tuple[Lost, ...]]:
    """The tables of all patients together in a folder; what is lost, by patient."""
    writer = _Writer(random.Random(seed))
    lost = {patient.name: writer.add(patient) for patient in patients}
    folder.mkdir()
    for name, rows in writer.tables.items():
        writer.choice.shuffle(rows)
        tab = writer.choice.random() < 0.3
        with (folder / f"{name.lower()}.{'tsv' if tab else 'csv'}").open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, _COLUMNS[name], delimiter="\t" if tab else ",", restval="")
            table.writeheader()
            table.writerows(rows)
    return lost


class _Writer:
    def __init__(self, choice: random.Random) -> None:
        self.choice = choice
        self.tables: dict[str, list[Row]] = {name: [] for name in _COLUMNS}
        self._person = ""
        self._lost: list[Lost] = []

    def add(self, patient: Patient) -> tuple[Lost, ...]:
        self._person, self._lost = person(patient), []
        self._row("PERSON", gender_concept_id="0", year_of_birth="1980")
        for statement in patient.statements:
            self._write(statement)
        self._row("VISIT_OCCURRENCE", visit_start_date="2026-01-01")
        day = {"condition_start_date": "2026-01-01", "condition_status_concept_id": "0"}
        self._row("CONDITION_OCCURRENCE", condition_concept_id=codes.UNMAPPED_CONCEPT, **day)
        self._row("CONDITION_OCCURRENCE", condition_concept_id="0", condition_source_value="not coded", **day)
        return tuple(self._lost)

    def _row(self, table: str, **cells: str) -> None:
        identity = {} if table == "PERSON" else {f"{table.lower()}_id": str(len(self.tables[table]) + 1)}
        self.tables[table].append({**identity, "person_id": self._person, **cells})

    def _write(self, statement: Statement) -> None:
        if isinstance(statement, Score):
            self._score(statement)
        elif isinstance(statement, Suspected):
            self._suspected(statement)
        elif isinstance(statement, Resolved):
            present, absent = statement.facts
            self._condition(present, condition_end_date=statement.ended)
            self._lost.append(Lost((Loss.END_OF_CONDITION,), absent, None))
        else:
            self._fact(statement.fact)

    def _fact(self, fact: Fact) -> None:
        if not fact.day:
            self._lost.append(Lost((Loss.NO_DAY,), fact, None))
        elif fact.finding in INTERVENTIONS:
            self._procedure(fact)
        elif fact.status == "present" and self.choice.random() < 0.6:
            self._condition(fact)
        elif fact.status == "absent" and self.choice.random() < 0.2:
            self._lost.append(Lost((Loss.ABSENT_CONDITION,), fact, None))
        else:
            self._answered(fact)

    def _less(self, fact: Fact) -> None:
        if fact.lesion:
            self._lost.append(Lost((Loss.BODY_SITE,), fact, fact._replace(lesion="")))

    def _condition(self, fact: Fact, **cells: str) -> None:
        self._row(
            "CONDITION_OCCURRENCE",
            condition_concept_id=codes.concept(fact.finding),
            condition_start_date=fact.day,
            condition_status_concept_id=self.choice.choice(("", "0", _CONFIRMED)),
            condition_source_concept_id=self.choice.choice(("", "0", codes.UNMAPPED_CONCEPT)),
            **cells,
        )
        self._less(fact)

    def _procedure(self, fact: Fact) -> None:
        if fact.status == "present":
            self._row("PROCEDURE_OCCURRENCE", procedure_concept_id=codes.concept(fact.finding), procedure_date=fact.day)
            self._less(fact)
        else:
            self._lost.append(Lost((Loss.PROCEDURE_NOT_DONE,), fact, None))

    def _answered(self, fact: Fact) -> None:
        """An observation or measurement, whose value is a concept; what is unknown may have none."""
        table = self.choice.choice(("OBSERVATION", "MEASUREMENT"))
        name = table.lower()
        unknown = fact.status == "unknown" and self.choice.random() < 0.5
        value = self.choice.choice(("", "0")) if unknown else codes.ANSWER_CONCEPTS[fact.status]
        self._row(
            table,
            **{
                f"{name}_concept_id": codes.concept(fact.finding),
                f"{name}_date": fact.day,
                "value_as_concept_id": value,
            },
        )
        self._less(fact)

    def _suspected(self, statement: Suspected) -> None:
        unknown, suspicion = statement.facts
        if not statement.day:
            self._lost += [Lost((Loss.NO_DAY,), fact, None) for fact in statement.facts]
            return
        self._row(
            "CONDITION_OCCURRENCE",
            condition_concept_id=codes.concept(unknown.finding),
            condition_start_date=statement.day,
            condition_status_concept_id=_PRELIMINARY,
        )
        self._less(unknown)
        self._less(suspicion)

    def _score(self, statement: Score) -> None:
        if not statement.day:
            self._lost += [Lost((Loss.NO_DAY,), fact, None) for fact in statement.facts]
            return
        table = self.choice.choice(("OBSERVATION", "MEASUREMENT"))
        name = table.lower()
        self._row(
            table,
            **{f"{name}_concept_id": codes.SCORE_CONCEPT, f"{name}_date": statement.day},
            value_as_number=self.choice.choice((str(statement.value), f"{statement.value}.0")),
            unit_concept_id=self.choice.choice(("", "0")),
            unit_source_value="{score}",
        )
