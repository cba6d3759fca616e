"""Texts as members of an Enum: the same texts, whatever else was said before."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vhkg.cohort.recurring import coded, joined, members, names, same

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=1, max_size=8, unique=True)


@given(TEXTS, st.data())
def test_codes_become_their_texts_and_only_these_are_members(texts: list[str], data: st.DataObject) -> None:
    codes = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=20))
    found = coded(np.array(codes, np.uint32), texts)
    assert found.to_list() == [texts[code] for code in codes]
    assert found.dtype == pl.Enum(sorted({texts[code] for code in codes}))


def test_a_text_that_is_none_is_null() -> None:
    found = coded(np.array([1, 0, 1], np.uint32), ["a", None])
    assert found.to_list() == [None, "a", None]
    assert members(["b", None, "a", "b"]).to_list() == ["b", None, "a", "b"]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=3)))
def test_names_stay_as_they_are(given_names: list[str]) -> None:
    found = names(given_names)
    assert found.to_list() == given_names
    assert found.dtype == pl.Enum(list(dict.fromkeys(given_names)))


def test_one_text_can_stand_in_every_row() -> None:
    assert same("a", 3).to_list() == ["a"] * 3
    assert len(same("a", 0)) == 0


def test_columns_with_other_members_are_joined_with_all_of_them() -> None:
    found = joined([members(["b", "a"]), pl.Series(["c", None, "a"], dtype=pl.String), members(["d"])])
    assert found.to_list() == ["b", "a", "c", None, "a", "d"]
    assert found.dtype == pl.Enum(["a", "b", "c", "d"])
    assert joined([pl.Series(["x"]), pl.Series(["y"])]).dtype == pl.String
