"""The same bytes each time; the same patients in every form; and all that is rare occurs."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

import benchmarks.cohort
from benchmarks.cohort.data import Cohorts, Form
from benchmarks.cohort.drawing import Shares
from benchmarks.cohort.terms import Terms
from tests.benchmarks.cohort.conftest import PATIENTS, content
from vhkg.answering.knowledge import Knowledge
from vhkg.intake import document
from vhkg.model.answer import Answer, Verdict


@pytest.mark.parametrize("form", list(Form))
def test_the_same_bytes_are_made_again(cohorts: Cohorts, terms: Terms, tmp_path: Path, form: Form) -> None:
    again = Cohorts(tmp_path, terms, Shares(superseded=0.2, contradictory=0.1, invalid=0.1))
    assert content(again.file(PATIENTS, form)) == content(cohorts.file(PATIENTS, form))


@pytest.mark.parametrize("form", [Form.NTRIPLES, Form.CSV, Form.BUNDLES])
def test_a_smaller_cohort_is_the_beginning_of_a_larger_one(cohorts: Cohorts, form: Form) -> None:
    smaller = cohorts.file(PATIENTS // 2, form).read_bytes()
    assert cohorts.file(PATIENTS, form).read_bytes().startswith(smaller)


def test_a_cohort_of_another_kind_is_made_anew(cohorts: Cohorts, terms: Terms, tmp_path: Path) -> None:
    before = Cohorts(tmp_path, terms, Shares(invalid=1)).file(PATIENTS, Form.CSV).read_bytes()
    kept = Cohorts(tmp_path, terms, Shares(invalid=1)).file(PATIENTS, Form.CSV)
    assert kept.read_bytes() == before
    assert Cohorts(tmp_path, terms, Shares(invalid=0)).file(PATIENTS, Form.CSV).read_bytes() != before


def test_shuffled_lines_are_the_lines_in_another_order(cohorts: Cohorts) -> None:
    ordered = cohorts.file(PATIENTS, Form.NTRIPLES).read_bytes().splitlines()
    shuffled = cohorts.file(PATIENTS, Form.SHUFFLED).read_bytes().splitlines()
    assert ordered != shuffled
    assert sorted(ordered) == sorted(shuffled)
    places = {line: place for place, line in enumerate(ordered)}
    neighbours = sum(abs(places[a] - places[b]) < 50 for a, b in pairwise(shuffled))
    assert neighbours < len(ordered) / 10


def test_nine_assessments_and_about_forty_triples(cohorts: Cohorts) -> None:
    text = cohorts.file(PATIENTS, Form.NTRIPLES).read_text()
    assert text.count("#Assessment> .") == 9 * PATIENTS
    assert text.count("#Patient> .") == PATIENTS
    assert 40 <= text.count("\n") / PATIENTS <= 50
    assert "_:" in text


def test_ten_to_twelve_resources_a_patient(cohorts: Cohorts) -> None:
    lines = {name: text.count(b"\n") for name, text in content(cohorts.file(PATIENTS, Form.FHIR)).items()}
    assert lines["Patient.ndjson"] == PATIENTS
    assert 10 <= sum(lines.values()) / PATIENTS <= 12
    resources = cohorts.file(PATIENTS, Form.BUNDLES).read_text().count('"resource":')
    assert resources == sum(lines.values())


def _said(answer: Answer) -> tuple[object, ...]:
    """An answer without the names that a form gives to patient and lesion."""
    lesion = re.split("[/:]", answer.presentation)[-1]
    statuses = [(each.id, each.status, each.base_status) for each in answer.recommendations]
    rare = (len(answer.conflicts), len(answer.superseded))
    return re.sub(r"\D", "", answer.patient), lesion, answer.verdict, str(answer.as_of), statuses, rare


def test_every_form_says_the_same(valid: Cohorts, knowledge: Knowledge) -> None:
    told = {}
    for form in set(Form) - {Form.PARQUET}:
        told[form] = sorted(map(_said, knowledge.recommend(valid.file(PATIENTS, form))))
    facts = pl.read_parquet(valid.file(PATIENTS, Form.PARQUET)).with_columns(pl.col("date").cast(pl.String))
    told[Form.PARQUET] = sorted(map(_said, knowledge.recommend(document("facts.csv", facts.write_csv().encode()))))
    for form, answers in told.items():
        assert answers == told[Form.NTRIPLES], form


def test_whatever_is_rare_occurs(cohorts: Cohorts, knowledge: Knowledge) -> None:
    patients = knowledge.read(cohorts.file(PATIENTS, Form.NTRIPLES))
    answers = [answer for patient in patients for answer in knowledge.answer(patient)]
    shapes = Counter(r.shape.rsplit("#")[-1] for p in patients for r in p.report.results)
    assert {"Assessment-status", "Assessment-finding", "Assessment-date", "Assessment-undated"} == set(shapes)
    verdicts = Counter(answer.verdict for answer in answers)
    assert verdicts[Verdict.INVALID] < len(answers) / 5
    assert {Verdict.FIRST_LINE, Verdict.UNDECIDED, Verdict.NOT_APPLICABLE, Verdict.INVALID} <= set(verdicts)
    assert sum(bool(answer.conflicts) for answer in answers) > 3
    assert sum(bool(answer.superseded) for answer in answers) > 10
    assert {len(patient.record.presentations) for patient in patients} == {1, 2}
    assert any(patient.record.assertions for patient in patients)


def test_no_name_or_code_of_the_knowledge_stands_in_the_benchmarks(knowledge: Knowledge) -> None:
    tables = knowledge.compiled.codes
    codes = {token.rpartition("|")[2] for table in (tables.answers, tables.sites) for token in table}
    names = {*knowledge.content.findings, *knowledge.content.classes, *(c for c in codes if len(c) > 4)}
    for file in Path(benchmarks.cohort.__file__).parent.iterdir():
        if file.is_file():
            assert not names & set(re.findall(r"[\w-]+", file.read_text())), file.name
