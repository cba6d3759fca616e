"""Rows as text, CSV and JSON: the same cells, and the provenance where it belongs."""

from __future__ import annotations

import csv
import io
import json

from vhkg.stores import Provenance, Rows, rows_to_csv, rows_to_json, rows_to_text

ROWS = Rows(("item", "quote"), (("A", 'says "x", and\nmore'), ("B", "")))
FROM = Provenance("2026-11-23", "a" * 64, "pending human review")


def test_each_row_of_a_csv_carries_the_provenance() -> None:
    header, *rows = csv.reader(io.StringIO(rows_to_csv(ROWS, FROM), newline=""))
    assert header == ["item", "quote", "knowledge_version", "knowledge_digest", "review_status"]
    assert [tuple(row[:2]) for row in rows] == list(ROWS.rows)
    assert all(row[2:] == [FROM.version, FROM.digest, FROM.review_status] for row in rows)


def test_json_has_the_provenance_in_its_header() -> None:
    document = json.loads(rows_to_json(Rows(ROWS.columns, ROWS.rows, truncated=True), FROM))
    assert document["knowledge"] == {
        "version": FROM.version,
        "digest": FROM.digest,
        "reviewStatus": FROM.review_status,
    }
    assert document["columns"] == ["item", "quote"]
    assert document["rows"] == ROWS.dicts()
    assert document["truncated"] is True


def test_text_is_a_table_or_blocks() -> None:
    table = rows_to_text(ROWS, FROM)
    assert table.splitlines()[0] == "item  quote"
    blocks = rows_to_text(ROWS, FROM, width=10)
    assert blocks.splitlines()[0] == "[1]"
    assert "2 rows; knowledge 2026-11-23 (aaaaaaaaaaaa); pending human review" in table


def test_text_says_that_rows_are_missing_and_moves_no_cursor() -> None:
    text = rows_to_text(Rows(("x",), (("\x1b[2Ja\u202eb",),), truncated=True), FROM)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "there are more" in text


def test_no_rows_and_no_columns_are_shown() -> None:
    assert "0 rows" in rows_to_text(Rows((), ()), FROM)
    assert "1 row;" in rows_to_text(Rows((), ((),)), FROM, width=-1)
