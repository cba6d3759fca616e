from __future__ import annotations

import csv
import io
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rendering.four import FOUR
from tests.rendering.samples import content, document, invalid
from vhkg.model.spreadsheet import harmless
from vhkg.rendering.csvout import COLUMNS, render_csv


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_row_stands_alone() -> None:
    made = document(*(make() for make in FOUR.values()), invalid())
    read = rows(render_csv(made, content()))
    assert len(read) == sum(len(answer.recommendations) or 1 for answer in made.answers)
    for row in read:
        assert tuple(row) == COLUMNS
        assert row["knowledgeDigest"] == made.knowledge.digest
        assert row["reviewStatus"]
        assert row["disclaimer"] == made.disclaimer
    assert read[-1]["verdict"] == "invalid"
    assert read[-1]["status"] == ""


def test_quotations_are_exact() -> None:
    made = document(FOUR["a"]())
    for row in rows(render_csv(made, content())):
        statement = content().statements[row["statement"]]
        assert (row["quote"], row["start"], row["end"]) == (statement.quote, str(statement.start), str(statement.end))


def test_lines_end_as_rfc_4180_says() -> None:
    text = render_csv(document(FOUR["a"]()), content())
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n", text)


def test_what_is_asked_names_both_effects() -> None:
    (row,) = [r for r in rows(render_csv(document(FOUR["a"]()), content())) if r["order"] == "1"]
    assert row["ask"] == "VertebroplastyCandidacy (present: applies, absent: does-not-apply)"


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "'=1", "＝1", '=HYPERLINK("x")', "\r\n"])
def test_no_cell_of_a_patient_is_a_formula(value: str) -> None:
    made = msgspec.structs.replace(FOUR["a"](), patient=value, file=value, presentation=value)
    for row in rows(render_csv(document(made), content())):
        for column in ("patient", "file", "presentation"):
            assert row[column] == f"'{value}"


@given(st.text())
def test_an_apostrophe_taken_off_gives_the_value_back(value: str) -> None:
    cell = harmless(value)
    changed = cell != value and cell.startswith("'")
    assert (cell[1:] if changed else cell) == value
    assert changed == (cell.startswith("'") and harmless(cell[1:]) == cell)
