"""Cases of Accept, and the law that what is chosen is on offer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.server.negotiation import preferred

TURTLE, JSON, CSV = "text/turtle", "application/json", "text/csv"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", TURTLE),
        ("*/*", TURTLE),
        ("application/json", JSON),
        ("APPLICATION/JSON", JSON),
        ("application/*", JSON),
        ("text/*, application/json", TURTLE),
        ("text/csv;q=0.9, text/turtle;q=0.3", CSV),
        ("text/*;q=0.9, text/turtle;q=0.3", CSV),
        ("text/*;q=0.3, text/csv;q=0.3, application/json;q=0.4", JSON),
        ("*/*, text/turtle;q=0", JSON),
        ("text/turtle;q=0", None),
        ("image/png", None),
        ("image/png, */*;q=0.1", TURTLE),
        ("text/csv; header=present; q=0.5, application/json;q=0.6", JSON),
        ("nonsense", None),
        ("text/csv;q=2", CSV),
    ],
)
def test_accept(accept: str, chosen: str | None) -> None:
    assert preferred(accept, (TURTLE, JSON, CSV)) == chosen


@given(st.text(), st.lists(st.sampled_from((TURTLE, JSON, CSV)), min_size=1, unique=True))
def test_what_is_chosen_is_on_offer(accept: str, offered: list[str]) -> None:
    assert preferred(accept, offered) in (None, *offered)
