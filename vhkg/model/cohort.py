"""The tables that a cohort run writes, one folder of Parquet files each, and the report over them.

Every row of every table ends with `PROVENANCE`. Lists are texts, joined as in the CSV of `vhkg recommend`.
"""

from __future__ import annotations

import msgspec

from vhkg.model.answer import KnowledgeShown
from vhkg.model.source_report import Fate

COHORT_SCHEMA_VERSION = "1.0"

PROVENANCE = ("schemaVersion", "knowledgeVersion", "knowledgeDigest", "reviewStatus", "disclaimer")

ANSWERS = (
    "file", "patient", "presentation", "asOf", "verdict", "recommendation", "order", "direction", "status",
    "baseStatus", "because", "decisiveSince", "ambiguousCode", "confirm", "refute", "questions", "notAddressed",
    "readings", "holdsUnderEveryReading", "sources", "statement", "flags", *PROVENANCE,
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


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the parts of the report."""


class Count(Part, frozen=True):
    """How many patients and presentations something is true of; null where the presentations are not known."""

    name: str
    patients: int
    presentations: int | None


class Asked(Part, frozen=True):
    """A finding that is not known.

    `presentations` are those in which a recommendation that is not settled depends on it; `decides` those in which it
    alone, recorded one way or the other, could settle one; `opens` those for which no treatment can be read yet, and it
    alone could make one apply; `answers` counts the recommendations that it alone could settle. Where a recorded factor
    is not addressed, only an answer by which a recommendation falls away settles it.
    """

    finding: str
    label: str
    question: str
    presentations: int
    decides: int
    opens: int
    answers: int


class StatusCount(Part, frozen=True):
    """One recommendation: presentations by status, and of how many the status rests on how the text is read."""

    recommendation: str
    label: str
    line: str
    direction: str
    statuses: dict[str, int]
    rest_on_reading: int


class Age(Part, frozen=True):
    """Settled answers by how old, in days before the day they are about, the oldest fact behind them is.

    The class is `days_from` to `days_to`, both included. `days_to` is null for the oldest; both are null where a fact
    has no day. `in_force` are those of `answers` that apply or are advised against; the others do not apply.
    """

    days_from: int | None
    days_to: int | None
    answers: int
    in_force: int


class EntryCount(Part, frozen=True):
    """Entries of what was read (rows of facts, assessments, resources, features) with the same `fate`."""

    fate: Fate
    entries: int


class CodeCount(Part, frozen=True):
    """A code that nothing maps, with how many entries have it and in how many files."""

    code: str
    entries: int
    files: int


class Fault(Part, frozen=True):
    """Results of the patient shapes with the same severity and message."""

    message: str
    severity: str
    patients: int
    results: int


class Refused(Part, frozen=True):
    """A record or entry that was set aside; `patient` is empty where it is not known."""

    file: str
    patient: str
    message: str


class CohortReport(Part, frozen=True):
    """What a run found.

    `attrition` goes from what was read and refused through `OUTCOMES`. A patient counts once: under the last outcome
    that any of the presentations reached; as refused, if named by a refusal and nothing else of the patient was read.
    `unmapped` and `refusals` are the first of `unmapped_codes` and `refused`; `refused_unnamed` of the latter name no
    patient. `set_aside` counts presentations of which some facts conflict, whatever the rest decided.
    """

    schema_version: str
    knowledge: KnowledgeShown
    disclaimer: str
    inputs: tuple[str, ...]
    patients: int
    presentations: int
    attrition: tuple[Count, ...]
    set_aside: Count
    ask: tuple[Asked, ...]
    recommendations: tuple[StatusCount, ...]
    ages: tuple[Age, ...]
    stale_after_days: int | None
    """From the knowledge: the age of a decisive fact beyond which every answer says so."""
    entries: tuple[EntryCount, ...]
    """What became of the entries of the sources, each counted once; in the order of `Fate`, those that occur."""
    unmapped: tuple[CodeCount, ...]
    unmapped_codes: int
    refused: int
    refused_unnamed: int
    refusals: tuple[Refused, ...]
    faults: tuple[Fault, ...]
    readings: dict[str, str]
