"""The shipped knowledge, compiled, against HermiT: every row, and every total assignment behind the treatments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import shipped
from vhkg.answering.compiled import targets
from vhkg.assurance.agreement import Subject, check_assignments, check_rows
from vhkg.decision.theory import read_theory
from vhkg.knowledge.graph import Graph
from vhkg.reasoner.hermit import HermitReference

KNOWLEDGE = shipped()
FILES = {name: text for name, text in KNOWLEDGE.files.ontology.items() if name.endswith(".ttl")}
TREATMENTS = [r for r in KNOWLEDGE.content.recommendations if r.kind in ("treatment", "surgical-option")]
# Each treatment with its condition and its exclusion, and what decides verdicts.
GOALS = sorted(
    {r.name for r in TREATMENTS}
    | {r.condition for r in TREATMENTS}
    | {r.exclusion for r in TREATMENTS if r.exclusion}
    | {KNOWLEDGE.content.article.subject, KNOWLEDGE.content.article.scope}
)
ALL = 4096


@pytest.fixture(scope="module")
def hermit() -> Iterator[HermitReference]:
    with HermitReference(FILES, bridge="jpype") as reference:
        yield reference


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(read_theory(Graph.parse(FILES)), targets(KNOWLEDGE.content), KNOWLEDGE.compiled.table)


@pytest.mark.hermit
def test_every_row_of_the_table(hermit: HermitReference, subject: Subject) -> None:
    found = check_rows(subject, hermit)
    assert found.disagreements == ()
    assert found.cases > 4_000


@pytest.mark.hermit
@pytest.mark.parametrize("goal", GOALS)
def test_every_total_assignment(hermit: HermitReference, subject: Subject, goal: str) -> None:
    found = check_assignments(subject, goal, hermit, limit=ALL)
    assert found.disagreements == ()
    assert found.cases >= 2


def test_at_least_ten_classes_are_decided_that_way() -> None:
    assert len({r.condition for r in TREATMENTS} | {r.exclusion for r in TREATMENTS if r.exclusion}) >= 10


def test_none_of_them_is_only_sampled() -> None:
    for goal in GOALS:
        rows = (*KNOWLEDGE.compiled.table.goals[goal].yes, *KNOWLEDGE.compiled.table.goals[goal].no)
        assert 2 ** len({abs(literal) for row in rows for literal in row.literals}) <= ALL
