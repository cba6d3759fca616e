"""Verhoeff's check digit finds every wrong digit and every exchange of neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.knowledge.checkdigit import is_snomed_id

KNOWN = ("161891005", "400210000", "92407004", "2748008", "1287742003", "71286001")
DIGITS = st.text("0123456789", min_size=6, max_size=17).filter(lambda text: text[0] != "0")


def completed(digits: str) -> str:
    (only,) = [digits + last for last in "0123456789" if is_snomed_id(digits + last)]
    return only


@pytest.mark.parametrize("text", KNOWN)
def test_real_ids_pass(text: str) -> None:
    assert is_snomed_id(text)


@pytest.mark.parametrize(
    "text", ["", "12345", "0161891005", "16189100a", "161891005\n", "1618910051618910050", "١٦١٨٩١٠٠٥"]
)
def test_what_is_no_id_at_all(text: str) -> None:
    assert not is_snomed_id(text)


@given(DIGITS, st.data())
def test_one_wrong_digit_is_found(digits: str, data: st.DataObject) -> None:
    text = completed(digits)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789".replace(text[place], "")))
    assert not is_snomed_id(text[:place] + other + text[place + 1 :])


@given(DIGITS, st.data())
def test_two_neighbours_exchanged_are_found(digits: str, data: st.DataObject) -> None:
    text = completed(digits)
    place = data.draw(st.integers(0, len(text) - 2))
    exchanged = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert exchanged == text or not is_snomed_id(exchanged)
