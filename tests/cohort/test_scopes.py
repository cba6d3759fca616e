"""The law behind the words: presentations that agree in the bits agree in what is said of them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from tests.records import random_readings
from tests.states import random_states
from tests.support import shipped
from vhkg.cohort.alike import distinct
from vhkg.cohort.placing import Recorded
from vhkg.cohort.scopes import OPEN, Scopes
from vhkg.decision.restriction import restrict
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import ColumnsEngine
from vhkg.explanation.readings import dependence
from vhkg.explanation.reasons import completions, reasons
from vhkg.explanation.situation import Situation

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
COUNT = 1_500


@pytest.mark.parametrize("seed", range(3))
def test_equal_bits_are_equal_words(seed: int) -> None:
    readings = DECIDER.guards.chosen(random_readings(seed, KNOWLEDGE) if seed else {})
    chosen = DECIDER.guards.literals(readings)
    places = {name: at for at, name in enumerate(KNOWLEDGE.content.findings)}
    atoms = {DECIDER.evaluator.literal(name, True): at for name, at in places.items()}
    engine = ColumnsEngine(restrict(KNOWLEDGE.compiled.table, chosen), places, DECIDER.rules, KNOWLEDGE.content.limits)
    states = random_states(DECIDER, KNOWLEDGE.compiled.table, COUNT, seed)
    sides = np.zeros((2, COUNT, len(places)), np.bool_)
    for row, state in enumerate(states):
        for literal in state:
            sides[int(literal < 0), row, atoms[abs(literal)]] = True
    masks = engine.masks(sides[0], sides[1])
    stated = np.hstack((*sides,))
    scopes = Scopes(DECIDER, engine, KNOWLEDGE.compiled.table, chosen, atoms)
    scene = scopes.scene(masks, Recorded(stated, np.zeros(stated.shape, np.int32), stated))
    base = engine.decide(masks).base
    situations = [Situation(DECIDER, state, readings) for state in states]
    every = np.arange(COUNT)
    shared = reduced = kept = 0
    for column, rule in enumerate(DECIDER.rules):
        for bits, words in (
            (scopes.reasons(rule, scene, base[:, column], every), lambda s, r=rule: reasons(s, r.name)),
            (scopes.readings(rule, scene, every), lambda s, r=rule: dependence(s, r)),
            (
                scopes.completions(rule, scene, base[:, column], every),
                lambda s, r=rule: (completions(s, r.name, True), completions(s, r.name, False)),
            ),
        ):
            inverse = distinct(np.packbits(bits.matrix, axis=1))[1].of
            members = defaultdict(list)
            for row, group in zip(bits.rows.tolist(), inverse.tolist(), strict=True):
                members[group].append(row)
            members[-1] = sorted(set(range(COUNT)) - set(bits.rows.tolist()))
            for rows in members.values():
                said = {repr(words(situations[row])) for row in rows[:6]}
                assert len(said) <= 1, (rule.name, said)
                shared += len(rows) > 1
        alike = defaultdict(set)
        for row in np.flatnonzero(np.isin(base[:, column], OPEN)).tolist():
            least = scopes.least(rule, scene, row)
            if least is not None:
                found = situations[row]
                alike[least].add((completions(found, rule.name, True), completions(found, rule.name, False)))
        assert all(len(said) == 1 for said in alike.values()), rule.name
        reduced += len(alike)
        alike_in_all = scopes.kinds(rule, scene)
        stands_for = alike_in_all.places[alike_in_all.of]
        assert (base[:, column] == base[stands_for, column]).all()
        for row in np.flatnonzero(stands_for != every)[:40].tolist():
            mine, other = situations[row], situations[stands_for[row]]
            assert repr(_words(mine, rule)) == repr(_words(other, rule)), rule.name
            kept += 1
    assert shared > 300
    assert reduced > 50
    assert kept > 300


def _words(situation: Situation, rule: StatusRule) -> tuple[object, ...]:
    name = rule.name
    lacking = completions(situation, name, True), completions(situation, name, False)
    return reasons(situation, name), dependence(situation, rule), lacking
