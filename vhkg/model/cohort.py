"""The tables that a cohort run writes, one folder of Parquet files each, and the report over them.

Every row of every table ends with `PROVENANCE`. Lists are texts, joined as in the CSV of `vhkg recommend`.
"""

from __future__ import annotations

import msgspec

COHORT_SCHEMA_VERSION = "1.0"

PROVENANCE = ("schemaVersion", "knowledgeVersion", "knowledgeDigest", "reviewStatus", "disclaimer")

ANSWERS = (
    "file", "patient", "presentation", "asOf", "verdict", "recommendation", "order", "direction", "status", "baseStatus",
    "because", "decisiveSince", "ambiguousCode", "confirm", "refute", "questions", "notAddressed", "readings",
    "holdsUnderEveryReading", "sources", "statement", "flags", *PROVENANCE,
)  # fmt: skip
"""One row per patient, presentation and recommendation; a record that does not conform has one row without one.

`asOf` and `decisiveSince` are dates: the day that the answer is about, and the oldest day of a fact in `because` (null
where there is none, or one is undated). `because`, `confirm` and `refute` are sets of facts, written
``Finding=present & Finding=absent | …`` without days; `questions` are the findings of `confirm` and `refute`. `order`
is an integer; `ambiguousCode` (a fact in `because` comes from a code that means more than one thing) and
`holdsUnderEveryReading` are Boolean. All other columns are texts.
"""

PATIENTS = ("file", "patient", "presentation", "outcome", "verdict", "asOf", "flags", *PROVENANCE)
"""One row per presentation, and one per record without any. `outcome` is one of `OUTCOMES`."""

VALIDATION = (
    "file", "patient", "focusNode", "resultPath", "severity", "component", "value", "message", "shape", *PROVENANCE,
)  # fmt: skip
"""The results of the patient shapes, those of severity Info among them."""

CONFLICTS = ("file", "patient", "presentation", "facts", *PROVENANCE)
"""One row per minimal set of assertions that cannot all hold: ``Finding=status@day & …``."""

UNMAPPED = ("file", "code", "entries", *PROVENANCE)
"""Codes that nothing maps, with how many entries have them (integer)."""

REFUSED = ("file", "patient", "message", *PROVENANCE)
"""Records and entries that were set aside, in one sentence each; `patient` is empty where it is not known."""

TABLES = {
    "answers": ANSWERS,
    "patients": PATIENTS,
    "validation": VALIDATION,
    "conflicts": CONFLICTS,
    "unmapped": UNMAPPED,
    "refused": REFUSED,
}
"""The folders, with their columns."""

OUTCOMES = ("invalid", "contradictory", "outside", "undetermined", "decided")
"""What became of a presentation: it does not conform; facts of it were set aside and the rest decides nothing; the
article does not apply, does not cover it, or is silent about it (verdicts outside, not-applicable and gap); no
treatment can be read yet (undecided); one can (first-line or provisional)."""


class Count(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many patients and presentations something is true of."""

    name: str
    patients: int
    presentations: int


class Asked(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A finding that is not known: how many presentations have it among the questions of a recommendation that is not
    settled, and in how many it alone, recorded one way or the other, would settle one."""

    finding: str
    label: str
    question: str
    presentations: int
    decides: int


class StatusCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One recommendation: presentations by status, and of how many the status rests on how the text is read."""

    recommendation: str
    label: str
    statuses: dict[str, int]
    rest_on_reading: int


class Age(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Settled answers by how old, in days before the day they are about, the oldest fact behind them is.

    `up_to` is null for the oldest class, and for facts without a day (`undated` true).
    """

    up_to: int | None
    undated: bool
    answers: int


class CodeCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    code: str
    entries: int


class CohortReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a run found. `attrition` goes from what was read through `OUTCOMES`; `refusals` are the first of them."""

    schema_version: str
    knowledge: dict[str, str]
    disclaimer: str
    inputs: tuple[str, ...]
    patients: int
    presentations: int
    attrition: tuple[Count, ...]
    ask: tuple[Asked, ...]
    recommendations: tuple[StatusCount, ...]
    ages: tuple[Age, ...]
    unmapped: tuple[CodeCount, ...]
    refused: int
    refusals: tuple[str, ...]
    violations: tuple[Count, ...]
    """By the message of the shape."""
    readings: dict[str, str]
