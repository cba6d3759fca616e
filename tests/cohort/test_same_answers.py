"""A cohort gets, in every format, what `vhkg recommend` says of its patients one by one, to the letter."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.cohort.generator import INVALID, Form, Member, alone, fault_in, generate, write
from tests.patients.many_formats.codes import write_codes
from vhkg.answering.knowledge import Knowledge, Patients
from vhkg.cohort.frames import SCHEMA
from vhkg.cohort.report import report
from vhkg.cohort.rows import rows_of
from vhkg.cohort.running import run
from vhkg.cohort.tallies import Tallies
from vhkg.errors import InputError
from vhkg.model.answer import Answer
from vhkg.model.cohort import ANSWERS, TABLES, CohortReport

PATIENTS = int(os.environ.get("VHKG_PATIENTS", "250"))
"""Of each format; 5,000 by ``VHKG_PATIENTS=5000``, which takes some minutes."""
SORTED = ("patient", "presentation", "recommendation")
WHOLE = (Form.OMOP, Form.FHIR_BULK)
"""There is no file of one patient in these; the whole is read by the reader of `vhkg recommend`."""


def members(form: Form) -> Sequence[Member]:
    return generate(list(Form).index(form) + 1, PATIENTS)


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name)


def one_by_one(knowledge: Knowledge, cohort: Sequence[Member], form: Form, path: Path) -> tuple[list[Answer], set[str]]:
    """The answers for patients as `recommend` gives them, and the names of those whose file it refuses."""
    if form in WHOLE:
        return _answers(knowledge, knowledge.read_source(path)), set()
    answers, refused = [], set()
    for member in cohort:
        try:
            answers += _answers(
                knowledge, knowledge.read_source(alone(member, Form.CSV if form is Form.PARQUET else form))
            )
        except InputError:
            refused.add(member.name)
    return answers, refused


def _answers(knowledge: Knowledge, found: Patients) -> list[Answer]:
    return [answer for patient in found.patients for answer in knowledge.answer(patient)]


@pytest.fixture(scope="module", params=list(Form), ids=lambda form: form.name)
def form(request: pytest.FixtureRequest) -> Form:
    found: Form = request.param
    return found


def test_every_row_is_that_of_the_patient_alone(form: Form, tmp_path: Path) -> None:
    codes = [str(path) for path in write_codes(tmp_path)]
    knowledge, cohort = Knowledge.load(codes=codes), members(form)
    path = write(cohort, form, tmp_path)
    readings = knowledge.decider.guards.chosen({})
    counted: list[CohortReport] = []

    def finish(folder: Path, fates: Mapping[str, int], tallies: Tallies) -> None:
        counted.append(report(folder, knowledge, inputs=(), fates=fates, counted=tallies))
        counted.append(report(folder, knowledge, inputs=(), fates=fates))

    run([str(path)], tmp_path / "out", knowledge, codes=codes, readings=readings, piece_size=1 << 20, finish=finish)
    assert counted[0] == counted[1], "what was counted while deciding is not what the rows say"
    answers, refused = one_by_one(knowledge, cohort, form, path)
    document = knowledge.document(())
    rows = [row for answer in answers for row in rows_of(answer, knowledge.content, document)]
    wanted = pl.DataFrame(rows, schema={name: SCHEMA[name] for name in ANSWERS})
    found = table(tmp_path / "out", "answers")
    compared = [name for name in ANSWERS if name not in ("file", "ambiguousCode")]
    for name in compared:
        columns = list(dict.fromkeys((*SORTED, name)))
        left, right = found.select(columns), wanted.select(columns)
        assert left.sort(pl.all()).equals(right.sort(pl.all())), _first_difference(left, right, name)
    named = set(table(tmp_path / "out", "refused")["patient"])
    assert {name for name in refused if not any(each.endswith(name) for each in named)} == set()
    assert {tuple(table(tmp_path / "out", t).columns) for t in TABLES} == set(TABLES.values())
    faults = {fault_in(member, form) for member in cohort} - {None}
    verdicts = {answer.verdict.value for answer in answers}
    assert ("invalid" in verdicts) == bool(faults & set(INVALID))
    assert bool(refused) == bool(faults - set(INVALID))
    assert {"conflict", "superseded"} <= {flag for answer in answers for flag in answer.flags}


def _first_difference(left: pl.DataFrame, right: pl.DataFrame, name: str) -> str:
    only = left.join(right, on=left.columns, how="anti", nulls_equal=True)
    missing = right.join(left, on=left.columns, how="anti", nulls_equal=True)
    shown = f"{only.head(2).rows()} {missing.head(2).rows()}"
    return f"{name}: {len(only)} only in columns, {len(missing)} only alone: {shown}"
