"""The counts that questions see: filled with what a run counted, or views of what its tables say."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from vhkg.cohort.counts import count_rows, fill
from vhkg.cohort.tallies import Tallies
from vhkg.model.cohort import OUTCOMES, TABLES

FULL = Tallies(
    statuses=(("r", "for", 3, "applies", 2, 1),),
    ages=((0, 2, 1), (40, 1, 0), (None, 5, 2)),
    lacking=(("f", 4, 3, 2, 1),),
    reached=(("invalid", 1, 1), ("decided", 2, 3)),
    faults=(("Info", "m", 1, 2),),
)
_OTHERS = {"asOf": "DATE", "decisiveSince": "DATE", "order": "INTEGER", "holdsUnderEveryReading": "BOOLEAN"}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        for table, columns in TABLES.items():
            declared = ", ".join(f'"{name}" {_OTHERS.get(name, "VARCHAR")}' for name in columns)
            made.execute(f"CREATE TABLE {table} ({declared})")
        made.execute("CREATE TABLE findings (place INTEGER, name VARCHAR)")
        made.execute("CREATE TABLE recommendations (name VARCHAR, kind VARCHAR)")
        yield made


def rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    return connection.execute(f"FROM {name}").fetchall()


def test_what_was_counted_is_there_as_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, FULL)
    for name in Tallies.__struct_fields__:
        assert rows(connection, name) == list(getattr(FULL, name))


def test_both_forms_have_the_same_columns(connection: duckdb.DuckDBPyConnection) -> None:
    count_rows(connection)
    counted = {name: columns_of(connection, name) for name in Tallies.__struct_fields__}
    for name in counted:
        connection.execute(f"DROP VIEW {name}")
    fill(connection, Tallies())
    assert counted == {name: columns_of(connection, name) for name in counted}


def columns_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [column for column, *_ in connection.execute(f"DESCRIBE {name}").fetchall()]


def test_nobody_has_reached_anything(connection: duckdb.DuckDBPyConnection) -> None:
    count_rows(connection)
    assert rows(connection, "reached") == [(outcome, 0, 0) for outcome in OUTCOMES]
    assert not any(rows(connection, name) for name in Tallies.__struct_fields__ if name != "reached")
