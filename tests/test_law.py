"""The law: with fewer facts an answer is weaker, or the same; and a scope limit only weakens.

For fixed readings, over facts consistent with the axioms, removing a fact never moves the base status up or sideways in
the order undetermined < provisional < applies and undetermined, provisional < does-not-apply (advised-against stands
where applies does). The capped status obeys it too unless the fact removed raises a scope limit: without the factor
that held it back, a treatment may apply.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.evidence import record
from tests.records import random_readings
from tests.states import finding_sets, random_states, situation, three_valued
from tests.support import shipped
from vhkg.decision.statuses import Assessed
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status
from vhkg.model.table import AtomKind

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
EVALUATOR = DECIDER.evaluator
TABLE = KNOWLEDGE.compiled.table
NOT_STRONGER = {
    Status.UNDETERMINED: {Status.UNDETERMINED},
    Status.PROVISIONAL: {Status.PROVISIONAL, Status.UNDETERMINED},
    Status.APPLIES: {Status.APPLIES, Status.PROVISIONAL, Status.UNDETERMINED},
    Status.ADVISED_AGAINST: {Status.ADVISED_AGAINST, Status.PROVISIONAL, Status.UNDETERMINED},
    Status.DOES_NOT_APPLY: {Status.DOES_NOT_APPLY, Status.PROVISIONAL, Status.UNDETERMINED},
}
"""What a status may become when a fact is forgotten."""
SMALL_SETS = [atoms for atoms in finding_sets(TABLE) if len(atoms) <= 6]
SEEDS, STATES = range(8), 300
COMMAND = "pytest tests/test_law.py"

Assess = Callable[[tuple[int, ...]], dict[str, Assessed]]


def _assess(literals: tuple[int, ...]) -> dict[str, Assessed]:
    return situation(DECIDER, literals).assessed


def _forgetting(states: Iterable[tuple[int, ...]], assess: Assess) -> Iterator[str | None]:
    """One item for each fact forgotten and each recommendation: what is wrong, or None."""
    for literals in states:
        before = assess(literals)
        for forgotten in literals:
            after = assess(tuple(x for x in literals if x != forgotten))
            for name, assessed in before.items():
                if after[name].base in NOT_STRONGER[assessed.base]:
                    yield None
                else:
                    yield f"{name} was {assessed.base}, is {after[name].base} without {forgotten} of {literals}"


def _settle(claim: str, part: str, found: Iterable[str | None], seed: int | None = None) -> None:
    every = list(found)
    wrong = [each for each in every if each is not None]
    record(claim, part, cases=len(every), disagreements=wrong, command=COMMAND, seed=seed)
    assert every
    assert wrong == []


def _consistent(states: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    return (state for state in states if EVALUATOR.consistent(EVALUATOR.facts(state)))


@pytest.mark.parametrize("atoms", SMALL_SETS, ids=str)
def test_forgetting_in_every_state_of_a_row(atoms: tuple[int, ...]) -> None:
    part = "-".join(map(str, atoms))
    _settle("forgetting-never-strengthens", part, _forgetting(_consistent(three_valued(atoms)), _assess))


@pytest.mark.parametrize("seed", SEEDS)
def test_forgetting_in_random_states_under_random_readings(seed: int) -> None:
    readings = random_readings(seed, KNOWLEDGE)
    states = random_states(DECIDER, TABLE, STATES, seed=seed)
    found = _forgetting(states, lambda literals: situation(DECIDER, literals, **readings).assessed)
    _settle("forgetting-never-strengthens", f"seed-{seed}", found, seed)


def _silence_is_absence(literals: tuple[int, ...]) -> dict[str, Assessed]:
    """A broken decider: what is not recorded is taken for absent, as far as that is consistent."""
    closed: tuple[int, ...] = literals
    for number, atom in enumerate(TABLE.atoms, start=1):
        if atom.kind is AtomKind.FINDING and {number, -number}.isdisjoint(closed):
            closed = next(_consistent([(*closed, -number), closed]))
    return _assess(closed)


def _first_fact_only(literals: tuple[int, ...]) -> dict[str, Assessed]:
    """A broken decider: the more is recorded, the less it sees."""
    return _assess(literals[:2] if len(literals) > 3 else literals)


@pytest.mark.parametrize("broken", [_silence_is_absence, _first_fact_only])
def test_a_broken_decider_breaks_the_law(broken: Assess) -> None:
    states = random_states(DECIDER, TABLE, 40, seed=1)
    assert any(wrong for wrong in _forgetting(states, broken))


def _raising(now: Situation) -> Iterator[str | None]:
    """Every factor of the limits on everything, recorded on top of a state: weaker or as before, cautions as before."""
    for limit in DECIDER.content.limits:
        literal = EVALUATOR.literal(limit.factor, True)
        if limit.limits or now.decided(literal) or now.assume([literal]).holds(limit.raised_by) is not True:
            continue
        then = now.assume([literal])
        for name, assessed in now.assessed.items():
            after = then.assessed[name].status
            capped = {assessed.status, Status.PROVISIONAL} if assessed.status is Status.APPLIES else {assessed.status}
            caution = DECIDER.recommendation[name].direction == "against"
            fine = after is assessed.status if caution else after in capped
            yield None if fine else f"{name}: {assessed.status} to {after} with {limit.factor} on {now.literals}"


def _capped(now: Situation) -> Iterator[str | None]:
    """The status is the base status, or provisional in place of applies for what is for something and limited."""
    for name, assessed in now.assessed.items():
        against = DECIDER.recommendation[name].direction == "against"
        limits = [limit for limit in DECIDER.content.limits if now.holds(limit.caps_within) is True]
        mine = [limit for limit in limits if not limit.limits or name in limit.limits]
        held_back = bool(mine) and not against and assessed.base is Status.APPLIES
        expected = Status.PROVISIONAL if held_back else assessed.base
        yield None if assessed.status is expected else f"{name}: {assessed} at {now.literals}, not {expected}"


@pytest.mark.parametrize("seed", SEEDS)
def test_caps_only_weaken(seed: int) -> None:
    readings = random_readings(seed, KNOWLEDGE)
    states = [situation(DECIDER, each, **readings) for each in random_states(DECIDER, TABLE, STATES, seed=seed + 100)]
    _settle("caps-only-weaken", f"capped-{seed}", (each for now in states for each in _capped(now)), seed)
    _settle("caps-only-weaken", f"raised-{seed}", (each for now in states[:60] for each in _raising(now)), seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_that_no_row_mentions_change_nothing(seed: int) -> None:
    """A fact bears on a goal only through its rows, and through conflicts with what they mention."""
    source = random.Random(seed)
    findings = [number for number, atom in enumerate(TABLE.atoms, start=1) if atom.kind is AtomKind.FINDING]

    def changed() -> Iterator[str | None]:
        for literals in random_states(DECIDER, TABLE, STATES // 2, seed=seed + 200):
            now = situation(DECIDER, literals)
            for goal, bearing in _BEARING.items():
                free = [n for n in findings if n not in bearing and not now.decided(n)]
                if free:
                    further = source.choice(free) * source.choice((1, -1))
                    then = situation(DECIDER, (*literals, further))
                    same = then.verdicts[goal] == now.verdicts[goal]
                    yield None if same else f"{goal} at {literals} with {further}"

    _settle("irrelevant-facts", f"seed-{seed}", changed(), seed)


def _bearing(goal: str) -> set[int]:
    found = TABLE.goals[goal]
    atoms = {abs(literal) for row in (*found.yes, *found.no) for literal in row.literals}
    before: set[int] = set()
    while before != atoms:
        before = set(atoms)
        for conflict in TABLE.conflicts:
            touched = {abs(literal) for literal in conflict}
            if touched & atoms:
                atoms |= touched
    return atoms


_BEARING = {recommendation.name: _bearing(recommendation.name) for recommendation in KNOWLEDGE.content.recommendations}
