"""The agreement certificate of the shipped knowledge, and proof, goal by goal, that it can fail."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from tests.evidence import record
from tests.mutants import Ontology, shown
from tests.support import shipped
from vhkg.answering.compiled import targets
from vhkg.assurance.agreement import Subject, atoms_of, check_facts, check_rows, total_assignments
from vhkg.assurance.certificate import MOST_ATOMS, RANDOM_CASES, Remembering, certify_goal
from vhkg.decision.compilation import compile_table
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.theory import read_theory
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.model.table import DecisionTable, Goal, Row
from vhkg.namespaces import Owl, Rdfs
from vhkg.reasoner.hermit import HermitReference

KNOWLEDGE = shipped()
FILES = {name: text for name, text in KNOWLEDGE.files.ontology.items() if name.endswith(".ttl")}
TARGETS = targets(KNOWLEDGE.content)
TABLE = KNOWLEDGE.compiled.table
LARGE = [target.name for target in TARGETS if len(atoms_of(TABLE, target.name)) > MOST_ATOMS]
# Goals that ask the same questions are put to one reference, which asks each once.
GROUPS: dict[tuple[int, ...], list[str]] = {}
for _target in TARGETS:
    GROUPS.setdefault(tuple(atoms_of(TABLE, _target.name)), []).append(_target.name)
MUTANTS_OF_A_KIND = 4
AXIOMS = (Rdfs.subClassOf, Owl.equivalentClass, Owl.disjointWith, Owl.disjointUnionOf, Owl.members)
PARTS = 8
COMMAND = "pytest tests/assurance/test_certificate.py"


@pytest.fixture(scope="module")
def hermit() -> Iterator[Remembering]:
    with HermitReference(FILES, bridge="jpype") as reference:
        yield Remembering(reference)


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(read_theory(Graph.parse(FILES)), TARGETS, TABLE)


@pytest.mark.hermit
def test_every_row_and_every_conflict(hermit: Remembering, subject: Subject) -> None:
    found = check_rows(subject, hermit)
    record("rows", "all", cases=found.cases, disagreements=found.disagreements, command=COMMAND)
    assert found.complete


@pytest.mark.hermit
@pytest.mark.parametrize("goals", GROUPS.values(), ids=lambda goals: goals[0])
def test_every_goal(hermit: Remembering, subject: Subject, goals: list[str]) -> None:
    for goal in goals:
        found = certify_goal(subject, goal, hermit)
        claim = "every-assignment" if found.exhaustive else "partial-assignments"
        agreement = found.agreement
        record(claim, goal, cases=agreement.cases, disagreements=agreement.disagreements, command=COMMAND, seed=0)
        assert found.holds
        assert found.agreement.cases >= (2**found.atoms if found.exhaustive else RANDOM_CASES)


@pytest.mark.hermit
@pytest.mark.parametrize("goals", GROUPS.values(), ids=lambda goals: goals[0])
def test_a_changed_row_is_caught(hermit: Remembering, subject: Subject, goals: list[str]) -> None:
    """A literal dropped, a literal turned round, a row dropped, a row added: whatever changes the meaning shows."""
    generator = random.Random(goals[0])
    missed, tried = [], 0
    for name in goals:
        goal = TABLE.goals[name]
        facts = _questions(name)
        for kind, mutant in _mutants(goal, generator):
            table = msgspec.structs.replace(TABLE, goals={**TABLE.goals, name: mutant})
            only = tuple(target for target in TARGETS if target.name == name)
            tried += 1
            if not check_facts(Subject(subject.theory, only, table), facts, hermit).disagreements:
                missed.append(f"{name}: {kind}")
    record("changed-rows-caught", goals[0], cases=tried, disagreements=missed, command=COMMAND)
    assert tried
    assert missed == []


def _questions(name: str) -> list[tuple[int, ...]]:
    """Every total assignment where that is feasible, else some; and each row as a partial one."""
    goal = TABLE.goals[name]
    rows = [row.literals for row in (*goal.yes, *goal.no)]
    shorter = [row[:place] + row[place + 1 :] for row in rows for place in range(len(row))]
    return [*total_assignments(TABLE, name, limit=2**9), *rows, *shorter]


def _mutants(goal: Goal, generator: random.Random) -> Iterator[tuple[str, Goal]]:
    evaluator = Evaluator(TABLE)
    for side, own in (("yes", goal.yes), ("no", goal.no)):
        rows = list(own)
        generator.shuffle(rows)
        for row in rows[:MUTANTS_OF_A_KIND]:
            rest = tuple(other for other in own if other != row)
            dropped = generator.choice(row.literals) if row.literals else None
            if dropped is not None:
                shorter = tuple(x for x in row.literals if x != dropped)
                yield f"{row.literals} without {dropped}", _with(goal, side, (*rest, Row(shorter)))
                turned = tuple(sorted((*shorter, -dropped), key=abs))
                if evaluator.consistent(evaluator.facts(turned)):
                    yield f"{row.literals} with {-dropped}", _with(goal, side, (*rest, Row(turned)))
            if not _follows(evaluator, row, rest):
                yield f"without {row.literals}", _with(goal, side, rest)
    for row in goal.no[:1]:
        yield f"{row.literals} on the other side", _with(goal, "yes", (*goal.yes, row))


def _follows(evaluator: Evaluator, row: Row, rest: Sequence[Row]) -> bool:
    """Whether another row matches wherever this one does, by the axioms: then dropping this one changes nothing."""
    closed = set(evaluator.literals(evaluator.close(evaluator.facts(row.literals))))
    return any(closed.issuperset(other.literals) for other in rest)


def _with(goal: Goal, side: str, rows: tuple[Row, ...]) -> Goal:
    return Goal(goal.name, rows, goal.no) if side == "yes" else Goal(goal.name, goal.yes, rows)


@pytest.mark.hermit
@pytest.mark.parametrize("part", range(PARTS))
def test_a_dropped_axiom_is_caught(hermit: Remembering, part: int) -> None:
    """Compiled without the axiom, compared with HermiT that has it. What is refused is caught before."""
    ontology = Ontology(KNOWLEDGE.files)
    missed, tried = [], 0
    for place, axiom in enumerate(ontology.axioms(AXIOMS)):
        if place % PARTS != part:
            continue
        files = ontology.weakened(axiom).ontology
        try:
            theory = read_theory(Graph.parse({n: text for n, text in files.items() if n.endswith(".ttl")}))
            table = compile_table(theory, TARGETS)
        except KnowledgeError:
            continue
        if not {atom.name for atom in table.atoms} >= {atom.name for atom in TABLE.atoms}:
            continue  # the vocabulary shrank: what is recorded of a lost finding is refused at the front door
        if _canonical(table) == _canonical(TABLE):
            continue  # prime implicants are canonical: the other axioms entail this one, as far as statuses go
        tried += 1
        if not _caught(Subject(theory, TARGETS, table), hermit):
            missed.append(f"{shown(axiom[0])} {shown(axiom[1])} {shown(axiom[2])}")
    record("dropped-axioms-caught", str(part), cases=tried, disagreements=missed, command=COMMAND)
    assert tried
    assert missed == []


def _canonical(table: DecisionTable) -> set[tuple[str, frozenset[str]]]:
    """The table without the numbers of its atoms."""

    def named(literals: Sequence[int]) -> frozenset[str]:
        return frozenset(f"{'+' if x > 0 else '-'}{table.atoms[abs(x) - 1].name}" for x in literals)

    found = {("conflict", named(conflict)) for conflict in table.conflicts}
    for name, goal in table.goals.items():
        found |= {(f"{name} yes", named(row.literals)) for row in goal.yes}
        found |= {(f"{name} no", named(row.literals)) for row in goal.no}
    return found


def _caught(mutant: Subject, hermit: Remembering) -> bool:
    """Ask about the conflicts, and about the rows of goals that differ, those with the fewest atoms first."""
    numbers = {atom.name: number for number, atom in enumerate(mutant.table.atoms, start=1)}

    def translated(literals: Sequence[int]) -> tuple[int, ...]:
        return tuple(numbers[TABLE.atoms[abs(x) - 1].name] * (1 if x > 0 else -1) for x in literals)

    ours, theirs = _canonical(TABLE), _canonical(mutant.table)
    differing = {said.rpartition(" ")[0] for said, _ in ours ^ theirs} - {""}
    conflicts = [translated(conflict) for conflict in TABLE.conflicts]
    for name in sorted(differing or {TARGETS[0].name}, key=lambda name: (len(atoms_of(TABLE, name)), name)):
        only = mutant._replace(targets=tuple(target for target in TARGETS if target.name == name))
        rows = [row.literals for goal in (mutant.table.goals[name],) for row in (*goal.yes, *goal.no)]
        rows += [translated(row.literals) for goal in (TABLE.goals[name],) for row in (*goal.yes, *goal.no)]
        if check_facts(only, [*conflicts, *rows], hermit).disagreements:
            return True
    return False


def test_the_rules_of_the_certificate() -> None:
    """What is sampled and not exhausted is little, and known."""
    assert set(LARGE) == {
        name
        for name, goal in TABLE.goals.items()
        if len({abs(x) for row in (*goal.yes, *goal.no) for x in row.literals}) > MOST_ATOMS
    }
    assert len(LARGE) <= 6
    assert {target.name for target in TARGETS} == {name for names in GROUPS.values() for name in names}


class _Yes:
    def __init__(self) -> None:
        self.asked = 0

    def satisfiable(self, queries: Sequence[object]) -> list[bool]:
        self.asked += len(queries)
        return [True] * len(queries)


def test_no_question_is_put_twice(subject: Subject) -> None:
    counting = _Yes()
    remembering = Remembering(counting)
    goal = TARGETS[0].name
    certify_goal(subject, goal, remembering)
    asked = counting.asked
    certify_goal(subject, goal, remembering)
    assert counting.asked == asked > 0


def test_a_reference_that_says_otherwise_is_a_disagreement(subject: Subject) -> None:
    found = certify_goal(subject, TARGETS[0].name, _Yes())
    assert not found.holds
    assert found.agreement.disagreements
