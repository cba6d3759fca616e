"""A patient's record as it was read: assertions, dated and sourced, nothing decided yet."""

from __future__ import annotations

import datetime
from enum import StrEnum

import msgspec

STANDARD_INPUT = "standard input"
"""What `file` is where the record came through standard input."""
ENTERED = "entered by hand"
"""What `file` is where the record was entered on a page."""


class AssertionStatus(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """One assessment: a finding was recorded present, absent or as unknown.

    `finding` is a local name of the vocabulary (interventions included). `origin` says where it was read:
    the node's IRI or label in RDF, ``line 4`` in CSV, the resource in FHIR. `codes` are the source's codes.
    """

    finding: str
    status: AssertionStatus
    date: datetime.date | None = None
    origin: str = ""
    codes: tuple[str, ...] = ()


class PresentationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One lesion. `name` identifies it within the patient; `label` is what people call it, such as ``T9``."""

    name: str
    label: str = ""
    assertions: tuple[Assertion, ...] = ()


class PatientRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One patient of one file. `assertions` are those recorded without a lesion."""

    file: str
    patient: str
    presentations: tuple[PresentationRecord, ...] = ()
    assertions: tuple[Assertion, ...] = ()
