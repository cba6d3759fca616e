"""Result rows as text, CSV and JSON. The same rows and columns in each; only where the provenance stands differs."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

import msgspec

from vhkg.model.spreadsheet import harmless
from vhkg.stores.results import Rows

_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
PROVENANCE_COLUMNS = ("knowledge_version", "knowledge_digest", "review_status")


class Provenance(msgspec.Struct, frozen=True):
    """What every output carries: a table gets separated from its header, so in CSV every row does."""

    version: str
    digest: str
    review_status: str


def rows_to_csv(rows: Rows, provenance: Provenance) -> str:
    """RFC 4180 with a header line; the provenance in the last three columns of every row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*rows.columns, *PROVENANCE_COLUMNS))
    for row in rows.rows:
        writer.writerow((*map(_cell, row), provenance.version, provenance.digest, provenance.review_status))
    return out.getvalue()


def _cell(text: str) -> str:
    """Numbers as they are; of other texts, those that a spreadsheet would run are made harmless."""
    return text if _NUMBER.fullmatch(text) else harmless(text)


def rows_to_json(rows: Rows, provenance: Provenance) -> str:
    """One object: the provenance, the columns, then the rows as objects, and whether some were cut off."""
    document = {
        "knowledge": {
            "version": provenance.version,
            "digest": provenance.digest,
            "reviewStatus": provenance.review_status,
        },
        "columns": list(rows.columns),
        "truncated": rows.truncated,
        "rows": rows.dicts(),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def rows_to_text(rows: Rows, provenance: Provenance, *, width: int = 100) -> str:
    """A table where it fits the width, else one block a row; cells without a value are left out of blocks."""
    shown = [tuple(_printable(cell) for cell in row) for row in rows.rows]
    widths = [max([len(column), *(len(row[place]) for row in shown)]) for place, column in enumerate(rows.columns)]
    if sum(widths) + 2 * len(widths) <= width:
        lines = _table(rows.columns, shown, widths)
    else:
        lines = _blocks(rows.columns, shown)
    count = f"{len(shown)} row{'' if len(shown) == 1 else 's'}"
    if rows.truncated:
        count += ", cut off at the limit: there are more"
    stand = f"knowledge {provenance.version} ({provenance.digest[:12]}); {_printable(provenance.review_status)}"
    return "\n".join([*lines, "", f"{count}; {stand}"]) + "\n"


def _table(columns: tuple[str, ...], shown: list[tuple[str, ...]], widths: list[int]) -> list[str]:
    rule = tuple("-" * each for each in widths)
    return [
        "  ".join(cell.ljust(each) for cell, each in zip(row, widths, strict=True)).rstrip()
        for row in (columns, rule, *shown)
    ]


def _blocks(columns: tuple[str, ...], shown: list[tuple[str, ...]]) -> list[str]:
    margin = max((len(column) for column in columns), default=0)
    lines: list[str] = []
    for number, row in enumerate(shown, start=1):
        lines += ["", f"[{number}]"] if number > 1 else [f"[{number}]"]
        lines += [f"{column.ljust(margin)}  {cell}" for column, cell in zip(columns, row, strict=True) if cell]
    return lines


def _printable(text: str) -> str:
    """Without characters that move a cursor or change direction: a cell may hold a name from a file."""
    return "".join(
        "\ufffd" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in text
    )
