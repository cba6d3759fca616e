"""Links to a state of the page: what was written is read, and what does not exist any more is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.server.pages.patient_link import DIGITS, link_of, link_to
from vhkg.server.problems import Refused

CONTENT = shipped().content
DIGEST = shipped().compiled.digest
FACTS = st.dictionaries(st.sampled_from(list(CONTENT.findings)), st.sampled_from(("present", "absent", "unknown")))
READINGS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([a.name for a in each.alternatives]) for name, each in CONTENT.readings.items()}
)


@given(FACTS, READINGS)
def test_what_is_written_is_read(facts: dict[str, str], readings: dict[str, str]) -> None:
    found = link_of(link_to(facts, readings, CONTENT, DIGEST), CONTENT, DIGEST)
    assert found.facts == facts
    assert found.readings == {name: each for name, each in readings.items() if each != CONTENT.readings[name].default}
    assert (found.gone, found.digest) == ((), "")


def test_it_says_nothing_but_names() -> None:
    link = link_to({"BackPain": "present"}, {}, CONTENT, DIGEST)
    assert link == f"k={DIGEST[:DIGITS]}&f=BackPain.p"


def test_what_is_not_of_this_knowledge_is_named_and_left_out() -> None:
    found = link_of("k=0123456789ab&f=BackPain.p,Gone.a,BackPain.x&r=Lost.One,FractureReading.Two", CONTENT, DIGEST)
    assert found.facts == {"BackPain": "present"}
    assert found.readings == {}
    assert found.gone == ("Gone.a", "BackPain.x", "Lost.One", "FractureReading.Two")
    assert found.digest == "0123456789ab"


def test_a_link_without_a_digest_is_of_other_knowledge() -> None:
    assert link_of("f=BackPain.p", CONTENT, DIGEST).digest == "not stated"


@pytest.mark.parametrize("text", ["f", "x=1", "f=BackPain.p&f=Pain.p", "f=" + "a" * 30_000, "k=1&<b>=2"])
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        link_of(text, CONTENT, DIGEST)


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_refused(text: str) -> None:
    try:
        found = link_of(f"f={text}", CONTENT, DIGEST)
    except Refused:
        return
    assert set(found.facts) <= set(CONTENT.findings)
