"""The tables of a cohort run, asked in SQL: the shipped questions, and what they may refer to.

A question sees the six tables under their names, of the knowledge `findings`, `recommendations` and `notices`, and the
counts of `vhkg.cohort.counts`. It runs in DuckDB with bounded memory; what does not fit goes to a temporary folder.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vhkg.cohort.counts import count_rows, fill
from vhkg.errors import EngineError, InputError, UsageError
from vhkg.model.cohort import COHORT_SCHEMA_VERSION, TABLES
from vhkg.model.content import Content
from vhkg.stores.catalogue import Query
from vhkg.stores.results import LIST_SEPARATOR, Rows, sort_lists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from vhkg.cohort.tallies import Tallies

_MEMORY = "700MiB"
_TYPES = {
    "asOf": "DATE", "decisiveSince": "DATE", "order": "INTEGER", "ambiguousCode": "BOOLEAN",
    "holdsUnderEveryReading": "BOOLEAN", "entries": "BIGINT",
}  # fmt: skip
"""Of the columns that are not texts."""


class Cohort:
    """The tables in a folder, open for questions."""

    def __init__(self, connection: DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def ask(self, query: Query, values: Mapping[str, str] | None = None, *, limit: int | None = None) -> Rows:
        """The answer to a question of the kind cohort. Raises UsageError for inputs, InputError for broken tables."""
        parameters = query.parameters(values or {})
        with _named(self._folder):
            found = self._connection.execute(query.text, parameters or None)
            columns = tuple(name for name, *_ in found.description or ())
            rows = found.fetchall() if limit is None else found.fetchmany(limit + 1)
        if columns != query.columns:
            raise EngineError(
                f"{query.name} gave the columns {' '.join(columns)}", mend="make its header and its SELECT agree"
            )
        shown = tuple(tuple(map(_text, row)) for row in rows[:limit])
        return sort_lists(Rows(columns, shown, truncated=limit is not None and len(rows) > limit), query.lists)

    def count(self, table: str, without: str = "") -> int:
        """How many rows a table has, or how many of them have nothing in the column `without`."""
        condition = f" WHERE coalesce({without}, '') = ''" if without else ""
        with _named(self._folder):
            (found,) = self._connection.execute(f"SELECT count(*) FROM {table}{condition}").fetchall()
        return int(found[0])

    def confirm(self, version: str, digest: str) -> None:
        """Raises UsageError unless all rows come from this knowledge: labels are taken from it."""
        for table in TABLES:
            with _named(self._folder):
                found = self._connection.execute(
                    f"SELECT DISTINCT schemaVersion, knowledgeVersion, knowledgeDigest FROM {table}"
                ).fetchall()
            for schema, other, theirs in found:
                if schema != COHORT_SCHEMA_VERSION:
                    raise UsageError(
                        f"the tables have the schema {schema}, not {COHORT_SCHEMA_VERSION}",
                        file=str(self._folder),
                        mend="use the version of vhkg that wrote them, or run it again",
                    )
                if (other, theirs) != (version, digest):
                    raise UsageError(
                        f"the tables are of knowledge {other} ({theirs[:12]}), not {version} ({digest[:12]})",
                        file=str(self._folder),
                        mend="give the --knowledge and the --codes of that run",
                    )


@contextlib.contextmanager
def opened(folder: Path, content: Content, counted: Tallies | None = None) -> Iterator[Cohort]:
    """The tables that a run wrote to `folder`, and what it `counted`, or what they say of that.

    Raises InputError if there are none, or they cannot be read.
    """
    if not (folder / "patients").is_dir():
        raise InputError(
            "holds no tables of a cohort", file=str(folder), mend="give the folder that `vhkg cohort -o` wrote"
        )
    try:
        import duckdb
    except ImportError as error:
        raise EngineError("needs the package duckdb", mend="install vhkg[cohort]") from error
    with tempfile.TemporaryDirectory(prefix="vhkg-") as spill:
        connection = duckdb.connect(
            ":memory:",
            config={"memory_limit": _MEMORY, "temp_directory": spill, "autoinstall_known_extensions": "false"},
        )
        try:
            with _named(folder):
                for table, columns in TABLES.items():
                    _view(connection, table, columns, folder / table)
            _knowledge(connection, content)
            if counted is None:
                count_rows(connection)
            else:
                fill(connection, counted)
            yield Cohort(connection, folder)
        finally:
            connection.close()


def _view(connection: DuckDBPyConnection, table: str, columns: tuple[str, ...], folder: Path) -> None:
    """A table that no row was written for has no file, or an empty one."""
    parts = [_literally(path) for path in sorted(folder.glob("part-*.parquet"))]
    if parts:
        connection.read_parquet(parts).create_view(table)
    else:
        declared = ", ".join(f'"{name}" {_TYPES.get(name, "VARCHAR")}' for name in columns)
        connection.execute(f"CREATE TABLE {table} ({declared})")


def _literally(path: Path) -> str:
    """A path as a pattern that matches nothing else."""
    return re.sub(r"([\[*?])", r"[\1]", str(path))


def _knowledge(connection: DuckDBPyConnection, content: Content) -> None:
    connection.execute("CREATE TABLE findings (place INTEGER, name VARCHAR, label VARCHAR, question VARCHAR)")
    connection.executemany(
        "INSERT INTO findings VALUES (?, ?, ?, ?)",
        [
            (place, each.name, each.label, each.question or each.label)
            for place, each in enumerate(content.findings.values())
        ],
    )
    connection.execute("CREATE TABLE notices (name VARCHAR, stale_after_days INTEGER)")
    if content.notices:
        connection.executemany(
            "INSERT INTO notices VALUES (?, ?)", [(each.name, each.stale_after_days) for each in content.notices]
        )
    connection.execute(
        "CREATE TABLE recommendations (name VARCHAR, label VARCHAR, kind VARCHAR, line VARCHAR, condition VARCHAR,"
        ' quote VARCHAR, section VARCHAR, "start" INTEGER, "end" INTEGER, citations VARCHAR, source_standing VARCHAR)'
    )
    if content.recommendations:
        connection.executemany(
            f"INSERT INTO recommendations VALUES ({', '.join('?' * 11)})", list(_recommendations(content))
        )


def _recommendations(content: Content) -> Iterator[tuple[str | int | None, ...]]:
    for each in content.recommendations:
        named = next((use.statement for use in each.uses if use.role == "action"), "")
        action = content.statements.get(named)
        cited = [marker for marker in (action.citations if action else ()) if marker in content.sources]
        condition = "; unless ".join(_label(content, name) for name in (each.condition, each.exclusion) if name)
        yield (
            each.name, each.label, each.kind, each.line, condition,
            action.quote if action else "", action.section if action else "",
            action.start if action else None, action.end if action else None,
            LIST_SEPARATOR.join(cited),
            LIST_SEPARATOR.join(f"{marker}: {content.sources[marker].standing}" for marker in cited),
        )  # fmt: skip


def _label(content: Content, name: str) -> str:
    known = content.classes.get(name)
    return known.label if known else name


@contextlib.contextmanager
def _named(folder: Path) -> Iterator[None]:
    """What DuckDB says of a table that it cannot read, in one sentence that names the folder."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        fault = str(error).partition("\n")[0].removesuffix(".")
        raise InputError(
            f"the tables cannot be asked: {fault}",
            file=str(folder),
            mend="run `vhkg cohort` again into an empty folder",
        ) from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)
