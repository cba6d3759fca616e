"""The table as JSON is what its schema says, and whoever follows the schema decides as one by one."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.engines.interpreter import decided
from tests.engines.one_by_one import chosen
from tests.records import random_readings
from tests.states import random_states, situation
from tests.support import shipped
from vhkg.engines.provenance import Provenance
from vhkg.engines.table_json import table_json, table_schema

KNOWLEDGE = shipped()
PROVENANCE = Provenance("2026-01-01", "digest", "pending", "a disclaimer")


def document(seed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(table_json(chosen(KNOWLEDGE, random_readings(seed, KNOWLEDGE)), PROVENANCE))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_the_schema_says(seed: int) -> None:
    schema = json.loads(table_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    found = document(seed)
    validator.validate(found)
    for broken in ({**found, "more": 1}, {**found, "conflicts": [[0]]}, {**found, "schemaVersion": "2.0"}):
        assert not validator.is_valid(broken)
    assert found["knowledge"]["digest"] == "digest"


@pytest.mark.parametrize("seed", range(4))
def test_whoever_follows_it_decides_as_one_by_one(seed: int) -> None:
    table, decider = document(seed), KNOWLEDGE.decider
    number = {finding["name"]: place for place, finding in enumerate(table["findings"], 1)}
    for state in random_states(decider, KNOWLEDGE.compiled.table, 80, seed):
        facts = {number[decider.evaluator.atom(x).name] * (1 if x > 0 else -1) for x in state}
        found = situation(decider, state, **random_readings(seed, KNOWLEDGE)).assessed
        wanted = {name: (x.status.value, x.base.value, " ".join(x.not_addressed)) for name, x in found.items()}
        assert decided(table, facts) == wanted


def test_the_bytes_are_the_same_each_time() -> None:
    table = chosen(KNOWLEDGE, {})
    assert table_json(table, PROVENANCE) == table_json(chosen(KNOWLEDGE, {}), PROVENANCE)
