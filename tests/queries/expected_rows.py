"""The expected rows: one CSV file per query, in expected/, read against the article by a person.

``python -m tests.queries.expected_rows`` writes them anew from what the queries give now; then read the difference.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.mapping.support import held_with_invented
from tests.support import shipped
from vhkg.stores import Catalogue, EmbeddedStore, Rows, run

FOLDER = Path(__file__).parent / "expected"
ANSWERS = Path(__file__).parents[1] / "stores" / "answers.ttl"


def read(name: str) -> Rows:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return Rows(tuple(header), tuple(tuple(row) for row in rows))


def write() -> None:
    store = EmbeddedStore(held_with_invented(), ANSWERS.read_bytes())
    for query in Catalogue(shipped().files.queries):
        rows = run(query, store)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows((rows.columns, *rows.rows))
        (FOLDER / f"{query.name}.csv").write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    write()
