"""Five hundred distinct profiles: a cohort says of them what pyshacl and HermiT say.

A profile is what a record states, whoever the patient is. HermiT is asked for the satisfiability of conjunctions of
literals with each goal and with its complement. What no axiom ties to a goal is left out of a conjunction, so that
profiles share questions; that each profile is possible is asked with all of it, and so is everything of some of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
import polars as pl
import pytest

from tests.cli.support import called
from tests.cohort.generator import INVALID, Form, Member, alone, generate, write
from tests.evidence import record
from tests.support import shipped
from vhkg.assurance.certificate import Remembering
from vhkg.assurance.reference import confirm_by, recorded_literals
from vhkg.decision.theory import Theory, read_theory
from vhkg.errors import EngineError
from vhkg.intake import Blank, PatientGraph, Triple
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.vocabulary import patient_shapes_turtle
from vhkg.model.answer import Answer, Status
from vhkg.model.formula import variables
from vhkg.reasoner.hermit import HermitReference
from vhkg.reasoner.query import Query
from vhkg.validation.oracle import validate

KNOWLEDGE = shipped()
FILES = {name: text for name, text in KNOWLEDGE.files.ontology.items() if name.endswith(".ttl")}
THEORY = read_theory(Graph.parse(FILES))
DISTINCT, WHOLE = 500, 12
COMMAND = "pytest tests/cohort/test_profiles.py"


def profiles(seed: int) -> list[Member]:
    """Patients of whom no two state the same; one in eight has a fault, those that are refused left out."""
    found: dict[object, Member] = {}
    for member in generate(seed, 2 * DISTINCT, faulty=1 / 8):
        if member.fault is None or member.fault in INVALID:
            found.setdefault(_stated(member), member)
    return list(found.values())[:DISTINCT]


class Cohort(NamedTuple):
    members: Sequence[Member]
    answers: pl.DataFrame
    validation: pl.DataFrame


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    folder = tmp_path_factory.mktemp("profiles")
    members = profiles(51)
    path = write(members, Form.N_TRIPLES, folder)
    done = called("cohort", str(path), "-o", str(folder / "out"), "--workers", "1")
    assert (done.code, done.err) == (1, "")
    tables = (pl.read_parquet(folder / "out" / name) for name in ("answers", "validation"))
    return Cohort(members, *tables)


def test_they_are_five_hundred_and_distinct(cohort: Cohort) -> None:
    assert len({_stated(member) for member in cohort.members}) == DISTINCT
    assert set(cohort.answers["patient"]) == {member.iri for member in cohort.members}


def _stated(member: Member) -> tuple[str, ...]:
    """What a patient's record states, without the name."""
    return tuple(sorted(map(repr, member.patient.statements)))


def _together(members: Sequence[Member]) -> PatientGraph:
    """All in one graph: blank nodes are named within a patient's, and get names of their own."""
    found: list[Triple] = []
    for member in members:
        for patient in KNOWLEDGE.read_source(alone(member, Form.N_TRIPLES)).patients:
            for subject, predicate, value in patient.graph.triples:
                own = Blank(f"{member.name}{subject.label}") if isinstance(subject, Blank) else subject
                other = Blank(f"{member.name}{value.label}") if isinstance(value, Blank) else value
                found.append((own, predicate, other))
    return PatientGraph.of(found)


def _shown(cell: str) -> str:
    return "_:" if cell.startswith("_:") else cell


def test_validation_is_that_of_pyshacl(cohort: Cohort) -> None:
    shapes = patient_shapes_turtle(KNOWLEDGE.files.ontology)
    found = validate(_together(cohort.members), shapes, KNOWLEDGE.compiled.checks)
    wanted = Counter(
        tuple(map(_shown, (r.focus_node, r.result_path, r.severity, r.component, r.value, r.message, r.shape)))
        for r in found.results
    )
    columns = ("focusNode", "resultPath", "severity", "component", "value", "message", "shape")
    told = Counter(tuple(map(_shown, row)) for row in cohort.validation.select(columns).rows())
    faulty = {member.fault for member in cohort.members if member.fault}
    record(
        "profiles-validated", "all", cases=DISTINCT, disagreements=[*(told - wanted), *(wanted - told)], command=COMMAND
    )
    assert told == wanted
    assert faulty == set(INVALID)
    assert len({(severity, component) for _, _, severity, component, *_ in wanted}) > 2


class Projecting:
    """Leaves out of a question what no axiom ties to its goal: there, the atoms of clauses that share atoms."""

    def __init__(self, reference: Remembering, theory: Theory) -> None:
        self._reference, self._theory = reference, theory
        self._names = {iri: name for name, iri in theory.classes.items()}
        groups = {number: frozenset((number,)) for number in range(1, len(theory.atoms) + 1)}
        for clause in theory.clauses:
            merged = frozenset().union(*(groups[abs(literal)] for literal in clause))
            groups |= dict.fromkeys(merged, merged)
        self._group = {theory.iris[number - 1]: group for number, group in groups.items()}

    def satisfiable(self, queries: Sequence[Query]) -> list[bool]:
        return self._reference.satisfiable([self.projected(query) for query in queries])

    def projected(self, query: Query) -> Query:
        goal = [self._names[iri] for iri in (query.condition, query.exclusion) if iri]
        tied = frozenset().union(*(variables(self._theory.definitions[name]) for name in goal))
        kept = tuple(literal for literal in query.literals if self._group[literal.iri] & tied)
        return msgspec.structs.replace(query, literals=kept)


@pytest.fixture(scope="module")
def hermit() -> Iterator[Remembering]:
    with HermitReference(FILES, bridge="jpype") as reference:
        yield Remembering(reference)


def _decided(cohort: Cohort) -> Iterator[Answer]:
    """The answers of those that conform, with the statuses of the cohort's table in place of their own."""
    told = {
        (row["patient"], row["presentation"], row["recommendation"]): (Status(row["status"]), Status(row["baseStatus"]))
        for row in cohort.answers.drop_nulls("recommendation").iter_rows(named=True)
    }
    for member in cohort.members:
        if member.fault is None:
            for patient in KNOWLEDGE.read_source(alone(member, Form.N_TRIPLES)).patients:
                for answer in KNOWLEDGE.answer(patient):
                    statuses = [told.pop((answer.patient, answer.presentation, r.id)) for r in answer.recommendations]
                    given = tuple(
                        msgspec.structs.replace(r, status=status, base_status=base)
                        for r, (status, base) in zip(answer.recommendations, statuses, strict=True)
                    )
                    yield msgspec.structs.replace(answer, recommendations=given)
    assert not told


@pytest.mark.hermit
def test_statuses_are_those_of_hermit(cohort: Cohort, hermit: Remembering) -> None:
    answers = list(_decided(cohort))
    possible = [Query(tuple(recorded_literals(THEORY, answer))) for answer in answers]
    assert all(hermit.satisfiable(possible))
    confirmed = confirm_by(Projecting(hermit, THEORY), KNOWLEDGE, THEORY, answers)
    record("profiles-by-hermit", "all", cases=confirmed, command=COMMAND, seed=51)
    assert confirmed == sum(len(answer.recommendations) for answer in answers)
    whole = random.Random(51).sample(answers, WHOLE)
    assert confirm_by(hermit, KNOWLEDGE, THEORY, whole) == sum(len(answer.recommendations) for answer in whole)
    assert len({given.status for answer in answers for given in answer.recommendations}) == len(Status)


@pytest.mark.hermit
def test_a_changed_status_is_caught(cohort: Cohort, hermit: Remembering) -> None:
    reference, answers = Projecting(hermit, THEORY), list(_decided(cohort))
    for answer in random.Random(52).sample(answers, 5):
        *others, last = answer.recommendations
        wrong = next(status for status in (Status.APPLIES, Status.DOES_NOT_APPLY) if status is not last.base_status)
        forged = msgspec.structs.replace(last, status=wrong, base_status=wrong)
        with pytest.raises(EngineError, match=last.id):
            confirm_by(
                reference, KNOWLEDGE, THEORY, [msgspec.structs.replace(answer, recommendations=(*others, forged))]
            )
