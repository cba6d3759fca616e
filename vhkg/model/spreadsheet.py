"""Cells that a spreadsheet would run as a formula."""

from __future__ import annotations

import re

_RUN = re.compile(r"[\s']*[=+\-@＝＋－＠]|[\t\r\n]")


def harmless(cell: str) -> str:
    """Put an apostrophe before what begins like a formula; taking one apostrophe off gives the value back.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("'t Hart")
    ("'=1+1", "''=1+1", "'t Hart")
    """
    return f"'{cell}" if _RUN.match(cell) else cell
