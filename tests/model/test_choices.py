"""Readings as callers name them: by name or label, in any case, each once."""

from __future__ import annotations

import pytest

from tests.support import shipped
from vhkg.errors import UnknownName, UsageError
from vhkg.model.choices import chosen_readings
from vhkg.model.content import Reading

CONTENT = shipped().content


@pytest.mark.parametrize("reading", CONTENT.readings.values(), ids=lambda reading: reading.name)
def test_every_way_to_name_a_reading(reading: Reading) -> None:
    for option in reading.alternatives:
        for name in (reading.name, reading.name.removesuffix("Reading").lower(), reading.label.upper()):
            for alternative in (option.name, option.name.lower(), option.label):
                assert chosen_readings([(name, alternative)], CONTENT) == {reading.name: option.name}


def test_what_is_none() -> None:
    first, second = list(CONTENT.readings.values())[:2]
    with pytest.raises(UnknownName, match="unknown reading 'nothing'"):
        chosen_readings([("nothing", "x")], CONTENT)
    with pytest.raises(UsageError, match=f"no alternative of {first.name}"):
        chosen_readings([(first.name, second.default)], CONTENT)
    with pytest.raises(UsageError, match=f"{first.name} is given twice"):
        chosen_readings([(first.name, first.default), (first.label, first.default)], CONTENT)


def test_the_place_is_that_of_the_caller() -> None:
    with pytest.raises(UsageError) as caught:
        chosen_readings([("nothing", "x")], CONTENT, place="--reading")
    assert str(caught.value).startswith("--reading: ")
