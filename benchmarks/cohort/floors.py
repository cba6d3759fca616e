"""Floors: the least that anybody does who reads such a file. ``python -m benchmarks.cohort.floors NAME FILE``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.cohort.outcome import Action, Outcome, main

_BLOCK = 1 << 20


def lines(file: Path, _: int, outcome: Outcome) -> None:
    """Read the bytes and count the newlines."""
    found = 0
    with file.open("rb") as source:
        while block := source.read(_BLOCK):
            found += block.count(b"\n")
    outcome.counts["lines"] = found


def parse(file: Path, _: int, outcome: Outcome) -> None:
    """Parse N-Triples as fast as pyoxigraph does, in one process."""
    import pyoxigraph

    outcome.counts["triples"] = sum(1 for _ in pyoxigraph.parse(path=file, lenient=True))


def load_lines(file: Path, _: int, outcome: Outcome) -> None:
    """Load each line of NDJSON, of a file or of all files of a folder."""
    import orjson

    found = 0
    for each in sorted(file.iterdir()) if file.is_dir() else [file]:
        with each.open("rb") as source:
            for line in source:
                orjson.loads(line)
                found += 1
    outcome.counts["lines"] = found


def masks(file: Path, _: int, outcome: Outcome) -> None:
    """DuckDB over facts in Parquet, see masks.sql."""
    import duckdb

    import vhkg

    content = vhkg.load().content
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        target = Path(folder) / "rows.parquet"
        connection.execute("CREATE TABLE findings (finding VARCHAR, bit BIGINT)")
        connection.executemany(
            "INSERT INTO findings VALUES (?, ?)", [[name, 1 << place] for place, name in enumerate(content.findings)]
        )
        connection.execute('CREATE TABLE recommendations (recommendation VARCHAR, "order" INTEGER)')
        connection.executemany(
            "INSERT INTO recommendations VALUES (?, ?)",
            [[each.name, place] for place, each in enumerate(content.recommendations)],
        )
        connection.read_parquet(str(file)).create_view("facts")
        with outcome.phase("query"):
            connection.sql((Path(__file__).parent / "masks.sql").read_text()).write_parquet(str(target))
        outcome.counts["rows"] = connection.read_parquet(str(target)).count("*").fetchall()[0][0]


FLOORS: dict[str, Action] = {"lines": lines, "parse": parse, "orjson": load_lines, "masks": masks}


if __name__ == "__main__":
    main(FLOORS)
