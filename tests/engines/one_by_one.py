"""What `Knowledge.recommend` says, as the rows that the engines for other systems give; and facts to try them on."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.records import random_record, subject_finding
from tests.states import random_states
from vhkg.answering.knowledge import Knowledge
from vhkg.engines.chosen import ChosenTable, chosen_table
from vhkg.model.answer import Answer, RecommendationAnswer

COLUMNS = (
    "patient", "presentation", "asOf", "verdict", "recommendation", "order", "direction", "status", "baseStatus",
    "because", "decisiveSince", "notAddressed",
)  # fmt: skip


class Fact(NamedTuple):
    patient: str
    presentation: str | None
    finding: str | None
    status: str | None
    date: str | None


def contradictory(seeds: Iterable[int], knowledge: Knowledge) -> list[Fact]:
    """Patients with several lesions, repeated and contradictory facts, dates and unknowns."""
    subject = subject_finding(knowledge)
    return [
        Fact(row["patient"], row["presentation"] or None, row["finding"], row["status"], row["date"] or None)
        for seed in seeds
        for row in random_record(seed, knowledge.compiled.vocabulary, subject, patient=f"r{seed:05}")
    ]


def consistent(count: int, seed: int, knowledge: Knowledge) -> list[Fact]:
    """Patients with one or two lesions, the facts of each possible together, dated on any of five days or not."""
    source = random.Random(seed)
    decider = knowledge.decider
    days = (None, "2026-09-30", "2026-10-01", "2026-11-02", "2026-11-20", "2027-01-01")
    found = []
    for place, state in enumerate(random_states(decider, knowledge.compiled.table, count, seed)):
        patient = f"c{seed}-{place:05}"
        for lesion in source.choice(((None,), ("T9",), ("L1", "T9"))):
            for literal in state:
                name, status = decider.evaluator.atom(literal).name, "present" if literal > 0 else "absent"
                for _ in range(source.choice((1, 1, 1, 2))):
                    found.append(Fact(patient, lesion, name, status, source.choice(days)))
        if source.random() < 0.3:
            name = source.choice(list(knowledge.content.findings))
            found.append(Fact(patient, None, name, "unknown", source.choice(days)))
    source.shuffle(found)
    return found


def write(facts: Sequence[Fact], path: Path) -> Path:
    """As Parquet."""
    import polars

    columns = {name: [getattr(fact, name) for fact in facts] for name in Fact._fields}
    frame = polars.DataFrame(columns, schema=dict.fromkeys(Fact._fields, polars.String))
    frame.with_columns(polars.col("date").str.to_date()).write_parquet(path)
    return path


def expected(
    facts: Sequence[Fact],
    knowledge: Knowledge,
    *,
    readings: Mapping[str, str] | None = None,
    as_of: datetime.date | None = None,
) -> list[tuple[Any, ...]]:
    """Sorted."""
    rows = [{name: value or "" for name, value in fact._asdict().items()} for fact in facts]
    answers = knowledge.recommend(rows, readings=readings, as_of=as_of)
    return sorted((_row(answer, given) for answer in answers for given in answer.recommendations), key=by_text)


def _row(answer: Answer, given: RecommendationAnswer) -> tuple[Any, ...]:
    reasons = [" & ".join(f"{fact.finding}={fact.status}" for fact in reason) for reason in given.because]
    days = [fact.date for reason in given.because for fact in reason]
    since = None if None in days else min(days, default=None)  # type: ignore[type-var]
    return (
        answer.patient, answer.presentation, answer.as_of, answer.verdict.value, given.id, given.order, given.direction,
        given.status.value, given.base_status.value, " | ".join(reasons), since, " ".join(given.not_addressed),
    )  # fmt: skip


def by_text(row: Sequence[Any]) -> list[str]:
    return [str(value) for value in row]


def unlike(found: Iterable[Sequence[Any]], wanted: Iterable[Sequence[Any]]) -> list[tuple[str, tuple[Any, ...]]]:
    """The rows that only one side has."""
    have, want = {tuple(row) for row in found}, {tuple(row) for row in wanted}
    return [("only found", row) for row in sorted(have - want, key=by_text)] + [
        ("only expected", row) for row in sorted(want - have, key=by_text)
    ]


def chosen(knowledge: Knowledge, readings: Mapping[str, str]) -> ChosenTable:
    """The table that engines are given."""
    return chosen_table(knowledge.compiled.table, knowledge.content, knowledge.decider.guards.chosen(readings))
