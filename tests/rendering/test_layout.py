from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.rendering import csvout, layout, wording
from vhkg.rendering.layout import Page, columns, visible, wrapped


@pytest.mark.parametrize("module", [layout, wording, csvout])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@given(st.text(max_size=200), st.integers(10, 40))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = wrapped(visible(text), first=width, rest=width)
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(visible(text).split())


@given(st.text(max_size=100))
def test_what_is_visible_is_obeyed_by_no_terminal(text: str) -> None:
    shown = visible(text)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert visible(shown) == shown


def test_wide_characters_take_two_columns() -> None:
    assert columns("漢é") == 3
    assert all(columns(line) <= 10 for line in wrapped("漢" * 30, first=10, rest=10))


def test_rows_go_below_where_they_do_not_fit() -> None:
    page = Page(40)
    page.row("a short name", "APPLIES", first="", hang=2, column=30)
    page.row("a name that is much too long for this", "APPLIES · cites 2, 3", first="", hang=2, column=30)
    assert page.lines[0] == "a short name" + " " * 18 + "APPLIES"
    assert page.lines[-1] == "  APPLIES · cites 2, 3"


def test_tables_wrap_their_cells() -> None:
    page = Page(40)
    page.table(("a", "b"), [("x" * 30, "words that take more than one line")])
    assert all(columns(line) <= 40 for line in page.lines)
    assert len(page.lines) > 2
