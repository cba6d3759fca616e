"""What has to stand wherever the decision table goes: which knowledge it is, and what to think of it."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from vhkg.engines.chosen import ChosenTable


class Provenance(NamedTuple):
    """What every answer says of the knowledge that it rests on."""

    version: str
    digest: str
    review_status: str
    disclaimer: str


def header(table: ChosenTable, provenance: Provenance, as_of: datetime.date | None) -> tuple[str, ...]:
    """Lines for the comment with which a program begins."""
    texts = (
        f"knowledge {provenance.version}, digest {provenance.digest}",
        f"review status: {provenance.review_status}",
        provenance.disclaimer,
        "readings: " + ", ".join(f"{name}={option}" for name, option in table.readings.items()),
        f"as of {as_of}" if as_of else "as of the latest day in each patient's record",
    )
    return tuple(line for text in texts for line in text.splitlines())
