"""Many patients decided together get what each gets alone, to the letter."""

from __future__ import annotations

import datetime

import msgspec
import polars as pl
import pytest

from tests.records import Rows, random_readings, random_record
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.deciding import Decision
from vhkg.cohort.frames import SCHEMA, Framer
from vhkg.cohort.records import batch_of
from vhkg.cohort.rows import rows_of
from vhkg.model.answer import Answer
from vhkg.model.cohort import ANSWERS, TABLES
from vhkg.model.table import AtomKind, Goal, Row

PATIENTS = 600


def records(seed: int, count: int = PATIENTS) -> list[Rows]:
    """Patients with one to three lesions: consistent, superseded and contradictory ones, factors, unknowns."""
    knowledge = shipped()
    subject = knowledge.content.article.subject
    (name,) = (
        knowledge.compiled.table.atoms[abs(x) - 1].name for x in knowledge.compiled.table.goals[subject].yes[0].literals
    )
    return [
        random_record(seed * count + number, knowledge.compiled.vocabulary, name, patient=f"p{number:05}")
        for number in range(count)
    ]


def together(
    knowledge: Knowledge, rows: Rows, readings: dict[str, str], as_of: datetime.date | None
) -> tuple[dict[str, pl.DataFrame], list[Answer]]:
    patients = knowledge.read(rows)
    batch = batch_of("rows", patients, knowledge)
    decision = Decision(knowledge, readings, as_of)
    frames = Framer(knowledge).frames(batch, decision.decide(batch), decision.texts)
    alone = [a for p in patients for a in knowledge.answer(p, readings=readings, as_of=as_of)]
    return frames, alone


def expected(knowledge: Knowledge, answers: list[Answer]) -> pl.DataFrame:
    document = knowledge.document(answers)
    rows = [row for answer in answers for row in rows_of(answer, knowledge.content, document)]
    return pl.DataFrame(rows, schema={name: SCHEMA[name] for name in ANSWERS})


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    texts = frame.cast({name: pl.String for name, kind in frame.schema.items() if isinstance(kind, pl.Enum)})
    return texts.sort("file", "patient", "presentation", "recommendation")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("day", [None, datetime.date(2026, 10, 20)])
def test_every_cell_is_that_of_the_answer_alone(seed: int, day: datetime.date | None) -> None:
    knowledge = shipped()
    readings = random_readings(seed, knowledge) if seed else {}
    frames, alone = together(knowledge, [row for record in records(seed) for row in record], readings, day)
    found, wanted = plain(frames["answers"]), plain(expected(knowledge, alone))
    assert found.drop("ambiguousCode").equals(wanted.drop("ambiguousCode")), difference(found, wanted)
    assert {"conflict", "superseded"} <= {flag for answer in alone for flag in answer.flags}
    assert len({answer.verdict for answer in alone}) >= 5
    assert not found["ambiguousCode"].any()


def difference(found: pl.DataFrame, wanted: pl.DataFrame) -> str:
    for name in found.columns:
        if not found[name].equals(wanted[name], null_equal=True) and name != "ambiguousCode":
            where = [i for i, (a, b) in enumerate(zip(found[name], wanted[name], strict=True)) if a != b][:3]
            return f"{name}: {[(found.row(i, named=True), wanted[name][i]) for i in where]}"
    return "none"


def test_conflicts_are_those_of_the_answers() -> None:
    knowledge = shipped()
    frames, alone = together(knowledge, [row for record in records(7) for row in record], {}, None)
    wanted = sorted(
        (a.patient, a.presentation, text)
        for a in alone
        for text in {
            " & ".join(
                dict.fromkeys(f"{f.finding}={f.status}" + (f"@{f.date}" if f.date else "") for f in conflict.facts)
            )
            for conflict in a.conflicts
        }
    )
    found = frames["conflicts"].select("patient", "presentation", "facts").unique().rows()
    assert sorted(found) == wanted
    assert wanted


def test_patients_have_a_row_each_and_every_table_its_columns() -> None:
    knowledge = shipped()
    frames, alone = together(knowledge, [row for record in records(3, 50) for row in record], {}, None)
    assert {name: tuple(frame.columns) for name, frame in frames.items()} == TABLES
    assert sorted(frames["patients"].select("patient", "presentation", "verdict").rows()) == sorted(
        (a.patient, a.presentation, a.verdict.value) for a in alone
    )
    assert frames["patients"]["knowledgeDigest"].unique().to_list() == [knowledge.compiled.digest]


def test_no_patients_are_no_rows() -> None:
    knowledge = shipped()
    batch: Batch = batch_of("rows", (), knowledge)
    decision = Decision(knowledge)
    frames = Framer(knowledge).frames(batch, decision.decide(batch), decision.texts)
    assert {name: len(frame) for name, frame in frames.items()} == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("number", range(6))
def test_one_mutated_row_is_seen(number: int) -> None:
    """The comparison above would fail if one row of the compiled table had a literal less."""
    knowledge = shipped()
    rules = [rule.name for rule in knowledge.decider.rules]
    goal = knowledge.compiled.table.goals[rules[number]]
    longest = max(goal.yes, key=lambda row: len(row.literals))
    findings = [x for x in longest.literals if knowledge.compiled.table.atoms[abs(x) - 1].kind is AtomKind.FINDING]
    mutated = Row(tuple(x for x in longest.literals if x != findings[-1]), longest.general)
    yes = tuple(mutated if row is longest else row for row in goal.yes)
    goals = {**knowledge.compiled.table.goals, goal.name: Goal(goal.name, yes, goal.no)}
    table = msgspec.structs.replace(knowledge.compiled.table, goals=goals)
    other = Knowledge(knowledge.files, msgspec.structs.replace(knowledge.compiled, table=table))
    rows = [row for record in records(number, 300) for row in record]
    frames, _ = together(other, rows, {}, None)
    wanted, _ = together(knowledge, rows, {}, None)
    assert not plain(frames["answers"]).equals(plain(wanted["answers"]))
