"""No channel ever shows that something applies which the article advises against or which a scope limit caps.

All 3^n states over the findings that each row mentions, each also with a factor recorded; then, in every channel,
one state for each distinct vector of statuses and 300 random ones.
"""

from __future__ import annotations

import csv
import io
import json
from itertools import cycle

import pytest

from tests.states import factors, finding_sets, random_states, situation, three_valued
from tests.support import answer, shipped
from vhkg.explanation.situation import Situation
from vhkg.model.answer import AnswerDocument, Status
from vhkg.namespaces import BASE
from vhkg.rendering.csvout import render_csv
from vhkg.rendering.jsonout import render_json
from vhkg.rendering.rdf import render_turtle
from vhkg.rendering.text import Detail, render_text

KNOWLEDGE = shipped()
DECIDER = KNOWLEDGE.decider
TABLE = KNOWLEDGE.compiled.table
SETS = finding_sets(TABLE)
State = tuple[int, ...]


def _forbidden(now: Situation) -> list[str]:
    """Recommendations shown as applying although they are against something, or capped."""
    in_force = [limit for limit in now.decider.content.limits if now.holds(limit.caps_within) is True]
    return [
        name
        for name, assessed in now.assessed.items()
        if assessed.status is Status.APPLIES
        and (
            now.decider.recommendation[name].direction == "against"
            or any(not limit.limits or name in limit.limits for limit in in_force)
        )
    ]


def _representatives(atoms: State) -> dict[tuple[Status, ...], State]:
    """Check every state over these atoms; return one for each distinct vector of statuses."""
    found: dict[tuple[Status, ...], State] = {}
    factor = cycle(factors(DECIDER))
    for literals in three_valued(atoms):
        if not DECIDER.evaluator.consistent(DECIDER.evaluator.facts(literals)):
            continue
        for state in (literals, (*(x for x in literals if abs(x) != (one := next(factor))), one)):
            now = situation(DECIDER, state)
            assert not _forbidden(now), state
            found.setdefault(tuple(a.status for a in now.assessed.values()), state)
    return found


_SHOWN: set[tuple[Status, ...]] = set()
"""Vectors that were seen in every channel: several rows lead to one."""


@pytest.mark.parametrize("atoms", SETS, ids=lambda atoms: "-".join(map(str, atoms)))
def test_every_state_of_every_row_and_each_vector_of_statuses_in_every_channel(atoms: State) -> None:
    found = _representatives(atoms)
    assert found
    for statuses, state in found.items():
        if statuses not in _SHOWN:
            _check_channels(state)
            _SHOWN.add(statuses)


@pytest.mark.parametrize("seed", range(10))
def test_every_channel_for_random_states(seed: int) -> None:
    for state in random_states(DECIDER, TABLE, 30, seed=seed):
        _check_channels(state)


def _check_channels(state: State) -> None:
    facts = {DECIDER.evaluator.atom(x).name: "present" if x > 0 else "absent" for x in state}
    found = answer(facts or {"Pregnancy": "unknown"})
    document = KNOWLEDGE.document([found])
    allowed = {r.id for r in found.recommendations if r.status is Status.APPLIES}
    assert not _forbidden(situation(DECIDER, state))
    assert allowed.isdisjoint(r.id for r in found.recommendations if r.direction == "against")
    assert _in_json(document) == allowed
    assert _in_csv(document) == allowed
    assert _in_sparql(document) == allowed
    for detail in Detail:
        text = render_text(document, KNOWLEDGE.content, detail=detail, audience="clinician", width=110)
        assert text.count("APPLIES") <= len(allowed)
        assert allowed or "APPLIES" not in text


def _in_json(document: AnswerDocument) -> set[str]:
    (found,) = json.loads(render_json(document))["answers"]
    return {r["id"] for r in found["recommendations"] if r["status"] == "applies"}


def _in_csv(document: AnswerDocument) -> set[str]:
    rows = csv.DictReader(io.StringIO(render_csv(document, KNOWLEDGE.content)))
    return {row["recommendation"] for row in rows if "applies" in row.values()}


def _in_sparql(document: AnswerDocument) -> set[str]:
    import pyoxigraph as ox

    store = ox.Store()
    store.load(render_turtle(document, KNOWLEDGE.content).encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query(
        f'SELECT DISTINCT ?r {{ ?s <{BASE}ofRecommendation> ?r ; ?any ?code . FILTER(STR(?code) = "applies") }}'
    )
    return {row["r"].value.removeprefix(BASE) for row in rows}  # type: ignore[union-attr]
