"""The agreement certificate: for every class that decides a status, the compiled table says what HermiT says.

Where a goal's rows mention few atoms, every total assignment of them is asked, alternatives of readings included:
facts entail a goal if and only if every consistent total extension does, so these 2^n questions decide all 3^n partial
assignments. Where they mention more, every row is asked (it entails the goal, and no longer does without any one of
its literals), and random partial assignments besides.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import msgspec

from vhkg.assurance.agreement import (
    Agreement,
    Reference,
    Subject,
    atoms_of,
    check_assignments,
    check_facts,
    check_rows,
)
from vhkg.reasoner.query import Query

MOST_ATOMS = 14
RANDOM_CASES = 2000


class Certified(msgspec.Struct, frozen=True):
    """One goal compared. `exhaustive` says by which of the two ways; `atoms` are those that its rows mention."""

    goal: str
    atoms: int
    exhaustive: bool
    agreement: Agreement

    @property
    def holds(self) -> bool:
        return self.agreement.complete


class Remembering:
    """A reference that puts no question twice: goals share conditions, and assignments of them."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._known: dict[Query, bool] = {}

    def satisfiable(self, queries: Sequence[Query]) -> list[bool]:
        fresh = [query for query in dict.fromkeys(queries) if query not in self._known]
        self._known |= zip(fresh, self._reference.satisfiable(fresh), strict=True)
        return [self._known[query] for query in queries]


def certify(
    subject: Subject,
    reference: Reference,
    *,
    goals: Sequence[str] | None = None,
    most_atoms: int = MOST_ATOMS,
    random_cases: int = RANDOM_CASES,
) -> Iterator[Certified]:
    """Compare each goal of the subject, or those named, in their order."""
    remembering = Remembering(reference)
    for target in subject.targets:
        if goals is None or target.name in goals:
            yield certify_goal(subject, target.name, remembering, most_atoms=most_atoms, random_cases=random_cases)


def certify_goal(
    subject: Subject,
    goal: str,
    reference: Reference,
    *,
    seed: int = 0,
    most_atoms: int = MOST_ATOMS,
    random_cases: int = RANDOM_CASES,
) -> Certified:
    """Compare one goal: exhaustively up to so many atoms, else by row and over so many random partial assignments."""
    atoms = atoms_of(subject.table, goal)
    if len(atoms) <= most_atoms:
        return Certified(
            goal, len(atoms), True, check_assignments(subject, goal, reference, limit=2**most_atoms, seed=seed)
        )
    only = subject._replace(targets=tuple(target for target in subject.targets if target.name == goal))
    generator = random.Random(f"{seed} {goal}")
    drawn = [_partial(generator, atoms) for _ in range(random_cases)]
    return Certified(
        goal,
        len(atoms),
        False,
        check_rows(only, reference, conflicts=False) + check_facts(only, drawn, reference),
    )


def _partial(generator: random.Random, atoms: Sequence[int]) -> tuple[int, ...]:
    """Sparse and dense partial assignments alike."""
    share = generator.uniform(0.1, 1.0)
    return tuple(generator.choice((1, -1)) * atom for atom in atoms if generator.random() < share)
