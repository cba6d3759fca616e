"""Tab-separated files: rows with their lines, headers as values, and the line and mend of every fault."""

from __future__ import annotations

import pytest

from vhkg.errors import InputError, KnowledgeError, VhkgError
from vhkg.knowledge.tables import Table


def table(text: str | bytes, error: type[VhkgError] = InputError) -> Table:
    return Table("a.tsv", text.encode() if isinstance(text, str) else text, error)


def everything(text: str | bytes) -> tuple[object, ...]:
    found = table(text)
    return found.metadata(), *found.rows()


def test_rows_have_their_lines_and_stripped_cells() -> None:
    found = table("#a comment\n#another\none\ttwo\n\n 1 \t2\n\t\n3\t\n")
    assert found.columns == ("one", "two")
    assert [(row.line, dict(row)) for row in found.rows()] == [
        (5, {"one": "1", "two": "2"}),
        (7, {"one": "3", "two": ""}),
    ]


@pytest.mark.parametrize("text", ["﻿one\ttwo\n1\t2\n", "one\ttwo\r\n1\t2\r\n", "one\ttwo\n1\t2"])
def test_byte_order_marks_and_line_ends(text: str) -> None:
    (row,) = table(text).rows()
    assert row == {"one": "1", "two": "2"}


def test_quotation_marks_are_part_of_a_cell() -> None:
    (row,) = table('one\ttwo\n"1\t2"\n').rows()
    assert row == {"one": '"1', "two": '2"'}


def test_an_empty_file_has_no_columns() -> None:
    assert table("").columns == ()
    assert table("#only\n#comments").columns == ()


def test_the_header_is_yaml() -> None:
    found = table('#curie_map:\n#  NO: "https://no.example/"\n#  ON: https://on.example/\n#date: 2026-02-30\none\n')
    assert found.metadata() == {
        "curie_map": {"NO": "https://no.example/", "ON": "https://on.example/"},
        "date": "2026-02-30",
    }


def test_prose_declares_nothing() -> None:
    assert table("# Body sites: {of [all kinds\none\n").metadata() == {}
    assert table("#curie_map:\none\n").metadata() == {"curie_map": ""}
    assert table("#- curie_map: x\none\n").metadata() == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"one\n\xff", "a.tsv: not UTF-8; save it as UTF-8."),
        ("#x\none\ttwo\n1\n", "a.tsv, line 3: there are 1 cells for 2 columns; separate the cells by tabs."),
        ("one\ttwo\n1,2\n", "line 2: there are 1 cells for 2 columns"),
        ("one\ttwo\n1\t2\t3\n", "line 2: there are 3 cells for 2 columns"),
        ("one\ttwo\n1\t2\rx\ty\n", "line 2: a cell holds a line break or is too long"),
        ("one\ttwo\r1\t2\r", "line 1: a cell holds a line break or is too long"),
        (f"one\n{'x' * 200_000}\n", "line 2: a cell holds a line break or is too long"),
        ("#curie_map: {a: [}\none\n", "line 1: the header is not YAML; write #name: value."),
        ("#x: y\n#curie_map:\n#  a: b: c\none\n", "line 3: the header is not YAML"),
        (f"#curie_map: {'[' * 5000}\none\n", "line 1: the header is nested too deep"),
    ],
)  # fmt: skip
def test_faults_have_a_line_and_a_mend(text: str | bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        everything(text)
    assert says in str(caught.value)
    assert str(caught.value).count("; ") == 1


def test_a_fault_of_the_knowledge_is_told_from_one_of_the_user() -> None:
    with pytest.raises(KnowledgeError, match=r"a.tsv, line 2: there are 2 cells"):
        list(table("one\n1\t2\n", KnowledgeError).rows())
