"""SPARQL over materialised answers gives the statuses of the answers; so do JSON and, for a sample, HermiT."""

from __future__ import annotations

import json
from typing import TypeAlias

import pytest

from tests.evidence import record
from tests.records import random_readings, random_record, subject_finding
from tests.support import shipped
from tests.whole_cases import read_cases
from vhkg.answering.published import published
from vhkg.assurance.reference import confirm
from vhkg.model.answer import Answer, Verdict
from vhkg.rendering.jsonout import render_json
from vhkg.rendering.rdf import answer_ntriples
from vhkg.stores import Catalogue, EmbeddedStore, Engine, RdflibStore, run

_Engine: TypeAlias = type[EmbeddedStore] | type[RdflibStore]
_Key: TypeAlias = tuple[str, str, str]
KNOWLEDGE = shipped()
QUERY = Catalogue(KNOWLEDGE.files.queries).get("treatments-for-patient")
PARTS, PATIENTS = 10, 110
COMMAND = "pytest tests/assurance/test_channels_of_statuses.py"


def _answers(part: int, count: int = PATIENTS) -> list[Answer]:
    subject = subject_finding(KNOWLEDGE)
    found = []
    for seed in range(part * PATIENTS, part * PATIENTS + count):
        rows = random_record(seed, KNOWLEDGE.compiled.vocabulary, subject, patient=f"p{seed}")
        found += KNOWLEDGE.recommend(rows, readings=random_readings(seed, KNOWLEDGE))
    return found


def _of_cases() -> list[Answer]:
    return [answer for case in read_cases() for answer in KNOWLEDGE.recommend(case.patient, readings=case.readings)]


def _stated(answers: list[Answer]) -> dict[tuple[str, str, str, str], str]:
    return {
        (answer.file, answer.patient, answer.presentation, given.id): given.status.value
        for answer in answers
        for given in answer.recommendations
    }


def _by_sparql(
    answers: list[Answer], engine: type[EmbeddedStore] | type[RdflibStore]
) -> dict[tuple[str, str, str], set[str]]:
    triples = answer_ntriples(KNOWLEDGE.document(answers), KNOWLEDGE.content)
    store: Engine = engine(published(KNOWLEDGE), triples)
    found: dict[_Key, set[str]] = {}
    for row in run(QUERY, store).dicts():
        found.setdefault((row["patient"], row["presentation"], row["item"]), set()).add(row["status"])
    return found


def _wrong(answers: list[Answer], engine: _Engine) -> list[str]:
    expected: dict[_Key, set[str]] = {}
    for (_, patient, presentation, name), status in _stated(answers).items():
        expected.setdefault((patient, presentation, name), set()).add(status)
    found = _by_sparql(answers, engine)
    return [
        f"{key}: {found.get(key)}, not {expected.get(key)}"
        for key in {*expected, *found}
        if expected.get(key) != found.get(key)
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_sparql_gives_the_statuses_of_random_patients(part: int) -> None:
    answers = _answers(part)
    wrong = _wrong(answers, EmbeddedStore)
    record("sparql-statuses", str(part), cases=len(_stated(answers)), disagreements=wrong, command=COMMAND, seed=part)
    assert wrong == []
    assert {verdict for verdict in Verdict if verdict is not Verdict.INVALID} >= {a.verdict for a in answers}


def test_sparql_gives_the_statuses_of_the_cases_on_both_engines() -> None:
    answers = _of_cases()
    wrong = _wrong(answers, EmbeddedStore) + _wrong(answers, RdflibStore)
    record("sparql-statuses", "cases", cases=2 * len(_stated(answers)), disagreements=wrong, command=COMMAND)
    assert wrong == []


def test_json_gives_the_same_statuses() -> None:
    answers = [answer for part in range(3) for answer in _answers(part)]
    document = json.loads(render_json(KNOWLEDGE.document(answers)))
    read = {
        (answer["file"], answer["patient"], answer["presentation"], given["id"]): given["status"]
        for answer in document["answers"]
        for given in answer["recommendations"]
    }
    expected = _stated(answers)
    wrong = [key for key in {*read, *expected} if read.get(key) != expected.get(key)]
    record("json-statuses", "all", cases=len(expected), disagreements=wrong, command=COMMAND)
    assert wrong == []


@pytest.mark.hermit
def test_hermit_confirms_a_sample_of_random_patients() -> None:
    answers = _answers(PARTS, count=36)
    decided = [answer for answer in answers if answer.verdict is not Verdict.INVALID]
    confirmed = confirm(KNOWLEDGE, decided)
    record("hermit-statuses", "sample", cases=confirmed, command=COMMAND, seed=PARTS)
    assert confirmed == sum(len(answer.recommendations) for answer in decided)
