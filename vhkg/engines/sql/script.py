"""The statements as a file that people take to their warehouse."""

from __future__ import annotations

import datetime

from vhkg.engines.chosen import ChosenTable
from vhkg.engines.provenance import Provenance, header
from vhkg.engines.sql.query import Statements, render

_TABLES = """\
Reads facts(patient, presentation, finding, status, date): one row per assessment. presentation is NULL for what is
recorded of the patient; finding is a name of this knowledge; status is present, absent or unknown; date may be NULL."""
_LISTED = "And presentations(patient, presentation): the lesions, so that one without any fact is answered."
_COLUMNS = """\
p0, a0, d0 and so on are the facts of the lesion as bits: present, absent, and present in a record that contradicts
itself."""
_FIRST = "1. Facts that are not understood. It should find nothing: their patients are not decided on."
_SECOND = """\
2. The answers: one row per lesion and recommendation. A lesion of which mark is not NULL has one row without a
recommendation: contradictory (its facts cannot all hold together) or unrecognised (see 1)."""
_THIRD = """\
3. All facts of the marked lesions, placed. Those of a contradictory one have to be weighed by their days, which
vhkg does: give them to `vhkg recommend`, or run the whole with `vhkg cohort`."""


def script(
    table: ChosenTable,
    provenance: Provenance,
    dialect: str,
    *,
    as_of: datetime.date | None = None,
    listed: bool = False,
) -> str:
    """Three statements with a comment before each. Raises UsageError if the dialect cannot say them."""
    statements = Statements(table, as_of=as_of, listed=listed)
    about = "\n".join((*header(table, provenance, as_of), "", _TABLES, *([_LISTED] if listed else []), _COLUMNS))
    parts = (
        (_FIRST, statements.unrecognised()),
        (_SECOND, statements.answers()),
        (_THIRD, statements.to_weigh()),
    )
    written = [f"{_comment(words)}\n{render(query, dialect, pretty=True)};\n" for words, query in parts]
    return "\n".join((_comment(about) + "\n", *written))


def _comment(words: str) -> str:
    return "\n".join(f"-- {line}".rstrip() for line in words.splitlines())
