"""Agreement between the compiled table and a complete reasoner, question by question.

Facts entail a goal if and only if every consistent total extension of them does; so for one goal the total
assignments of the atoms in its rows are enough: 2^n questions decide all 3^n partial ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple, Protocol

import msgspec

from vhkg.decision.compilation import Target
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.theory import Theory
from vhkg.model.table import AtomKind, DecisionTable
from vhkg.reasoner.query import Query, QueryLiteral


class Reference(Protocol):
    """Whatever answers satisfiability questions: HermitReference, or another complete reasoner."""

    def satisfiable(self, queries: Sequence[Query]) -> list[bool]: ...


class Disagreement(msgspec.Struct, frozen=True):
    """`goal` is empty where only the literals were asked about. `question` says what was compared."""

    goal: str
    literals: tuple[str, ...]
    question: str
    compiled: str
    reference: str


class Agreement(msgspec.Struct, frozen=True):
    """`cases` counts comparisons, `questions` the questions put to the reference."""

    cases: int
    questions: int
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether something was compared and nothing differed."""
        return self.cases > 0 and not self.disagreements

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.cases + other.cases, self.questions + other.questions, self.disagreements + other.disagreements
        )


class Subject(NamedTuple):
    """What is put to the test: a table with the theory and targets it was compiled from."""

    theory: Theory
    targets: tuple[Target, ...]
    table: DecisionTable


class _Claim(NamedTuple):
    goal: str
    literals: tuple[int, ...]
    question: str
    satisfiable: bool
    query: Query


def check_rows(subject: Subject, reference: Reference, *, conflicts: bool = True) -> Agreement:
    """Every row, and every conflict: consistent, entailing what it should, no longer so without any one literal."""
    forbidden = subject.table.conflicts if conflicts else ()
    claims = [claim for conflict in forbidden for claim in _conflict_claims(subject.theory, conflict)]
    for target in subject.targets:
        goal = subject.table.goals[target.name]
        for value, rows in ((True, goal.yes), (False, goal.no)):
            for row in rows:
                claims += _row_claims(subject.theory, target, value, row.literals)
    answers = reference.satisfiable([claim.query for claim in claims])
    wrong = [
        Disagreement(
            claim.goal,
            _readable(subject.theory, claim.literals),
            claim.question,
            _word(claim.satisfiable),
            _word(answer),
        )
        for claim, answer in zip(claims, answers, strict=True)
        if answer is not claim.satisfiable
    ]
    return Agreement(cases=len(claims), questions=len(claims), disagreements=tuple(wrong))


def _conflict_claims(theory: Theory, conflict: tuple[int, ...]) -> Iterator[_Claim]:
    yield _Claim("", conflict, "is a conflict", False, Query(_literals(theory, conflict)))
    for shorter in _one_less(conflict):
        yield _Claim("", shorter, "is no conflict", True, Query(_literals(theory, shorter)))


def _row_claims(theory: Theory, target: Target, value: bool, row: tuple[int, ...]) -> Iterator[_Claim]:
    side = "the goal" if value else "its complement"
    yield _Claim(target.name, row, "is consistent", True, Query(_literals(theory, row)))
    yield _Claim(target.name, row, f"entails {side}", False, _query(theory, target, row, not value))
    for shorter in _one_less(row):
        question = f"does not entail {side}"
        yield _Claim(target.name, shorter, question, True, _query(theory, target, shorter, not value))


def check_facts(subject: Subject, cases: Sequence[tuple[int, ...]], reference: Reference) -> Agreement:
    """The status of every goal of `subject.targets` under every set of literals, inconsistent sets included."""
    evaluator = Evaluator(subject.table)
    compared = [(target, literals) for literals in cases for target in subject.targets]
    queries = [
        _query(subject.theory, target, literals, value) for target, literals in compared for value in (True, False)
    ]
    answers = iter(reference.satisfiable(queries))
    wrong = []
    for (target, literals), possible, avoidable in zip(compared, answers, answers, strict=True):
        compiled, true = _compiled(evaluator, target.name, literals), _STATUS[possible, avoidable]
        if compiled != true:
            wrong.append(
                Disagreement(target.name, _readable(subject.theory, literals), "status of the goal", compiled, true)
            )
    return Agreement(cases=len(compared), questions=len(queries), disagreements=tuple(wrong))


def check_assignments(
    subject: Subject, goal: str, reference: Reference, *, limit: int = 4096, seed: int = 0
) -> Agreement:
    """One goal under every total assignment of the atoms in its rows, or `limit` of them drawn at random."""
    only = subject._replace(targets=tuple(target for target in subject.targets if target.name == goal))
    return check_facts(only, total_assignments(subject.table, goal, limit=limit, seed=seed), reference)


def total_assignments(table: DecisionTable, goal: str, *, limit: int, seed: int = 0) -> list[tuple[int, ...]]:
    """Assignments of the atoms that the goal's rows mention. All of them if there are at most `limit`."""
    atoms = atoms_of(table, goal)
    if 2 ** len(atoms) <= limit:
        signs: Iterator[tuple[int, ...]] = product((1, -1), repeat=len(atoms))
    else:
        source = random.Random(seed)
        signs = (tuple(source.choice((1, -1)) for _ in atoms) for _ in range(limit))
    return [tuple(sign * atom for sign, atom in zip(choice, atoms, strict=True)) for choice in signs]


def atoms_of(table: DecisionTable, goal: str) -> list[int]:
    """The atoms that the goal's rows mention; no other fact bears on it, unless through a conflict with these."""
    found = table.goals[goal]
    return sorted({abs(literal) for row in (*found.yes, *found.no) for literal in row.literals})


_STATUS = {(True, False): "entailed", (False, True): "refuted", (True, True): "open", (False, False): "inconsistent"}


def _compiled(evaluator: Evaluator, goal: str, literals: tuple[int, ...]) -> str:
    facts = evaluator.facts(literals)
    if not evaluator.consistent(facts):
        return "inconsistent"
    return {True: "entailed", False: "refuted", None: "open"}[evaluator.holds(goal, facts)]


def _query(theory: Theory, target: Target, literals: Sequence[int], value: bool) -> Query:
    exclusion = theory.classes[target.exclusion] if target.exclusion else ""
    return Query(_literals(theory, literals), theory.classes[target.condition], exclusion, value)


def _literals(theory: Theory, literals: Sequence[int]) -> tuple[QueryLiteral, ...]:
    found = []
    for literal in literals:
        atom, iri = theory.atoms[abs(literal) - 1], theory.iris[abs(literal) - 1]
        role = theory.roles[atom.role] if atom.kind is AtomKind.FINDING else ""
        found.append(QueryLiteral(iri, role, literal > 0))
    return tuple(found)


def _one_less(literals: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for position in range(len(literals)):
        yield literals[:position] + literals[position + 1 :]


def _readable(theory: Theory, literals: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{theory.atoms[abs(x) - 1].name} {'present' if x > 0 else 'absent'}" for x in literals)


def _word(satisfiable: bool) -> str:
    return "satisfiable" if satisfiable else "unsatisfiable"
