"""A source record in its own codes, and the tables that say what such codes mean.

A code is written as a token, ``system|code``, as in FHIR search (https://hl7.org/fhir/R4/search.html#token). All
meaning is data: the tables are read from ontology/mappings/ and from the files that users add.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reading(StrEnum):
    """What the status of a record says of its content."""

    ASSERTED = "asserted"
    DENIED = "denied"
    RESOLVED = "resolved"
    """It held, and holds no longer from the day on which it ended."""
    SUSPECTED = "suspected"
    UNCERTAIN = "uncertain"
    """Recorded, but neither asserted nor denied."""
    DROPPED = "dropped"
    """Entered in error: as if it had never been recorded."""


class BodySite(msgspec.Struct, frozen=True, gc=False):
    """One body site: the tokens of its codes, which are translations of each other, or text in their place."""

    codes: tuple[str, ...] = ()
    text: str = ""


class CodedEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One statement of a source record; nothing is interpreted yet. This is the one shape that all readers flatten to.

    `element` names the kind of record in the source's own terms, such as ``Condition`` or ``phenotypicFeature``, and
    selects the rows of the status table. `origin` is where it was read, as `Assertion.origin`. `codes`, `values` and
    `unit` are tokens. `statuses` pairs a field with its code; the code is empty where a field that matters
    is missing. `value` is a boolean or a number; `unclear` says why the entry asserts nothing whatever its codes mean,
    such as a modifier extension. `recorded`, `began` and `ended` are days, months or years in ISO 8601 (``2026``,
    ``2026-03``, ``2026-03-01``) or empty. `text` is the display or text that goes with the codes.
    """

    element: str
    origin: str
    codes: tuple[str, ...] = ()
    text: str = ""
    statuses: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    value: bool | float | None = None
    valued: bool = False
    """Whether the content is in the value (an observation), rather than in the record's being there (a condition)."""
    unit: str = ""
    absent_reason: bool = False
    sites: tuple[BodySite, ...] = ()
    lesion: str = ""
    """The lesion, where the source names one itself."""
    recorded: str = ""
    began: str = ""
    ended: str = ""
    unclear: str = ""


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What one code says of one term of ours.

    `if_present` and `if_absent`: whether the code's presence, or absence, is that of our term (a narrower code's
    presence is, its absence is not). `status` is what a code says by itself, as "no pain" does, else empty. With a
    `site_kind`, it says anything only of a body site of that kind.
    """

    term: str
    if_present: bool = True
    if_absent: bool = True
    site_kind: str = ""
    status: str = ""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A body site. `lesion` is the level that it names, such as ``L2``, or empty where it names none."""

    lesion: str
    kind: str


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of a measure: the scale of the measure is the number times `factor`."""

    factor: float
    minimum: float
    maximum: float


class CodeTables(msgspec.Struct, frozen=True, kw_only=True):
    """All meaning of source codes.

    `systems` maps every known way to write a code system (IRI prefix, CURIE prefix, FHIR uri) to the system of tokens,
    and `prefixes` a system to the CURIE prefix that is shown. `readings` is keyed ``element.field|code``, `units`
    ``measure|unit token``. `suspected` maps a finding to the one that a suspicion of it asserts, `zero_denies` a
    measure to the findings that a value of zero denies. `elements` says of each element of a format, keyed
    ``format|element``, whether it is ``read``, names the ``patient``, holds others (``container``), or is
    ``irrelevant``. `read_from` is, by system, the least confidence of a mapping by which records are read.
    """

    systems: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    meanings: dict[str, tuple[Meaning, ...]] = {}
    answers: dict[str, str] = {}
    readings: dict[str, Reading] = {}
    sites: dict[str, Site] = {}
    units: dict[str, Unit] = {}
    suspected: dict[str, str] = {}
    zero_denies: dict[str, tuple[str, ...]] = {}
    elements: dict[str, str] = {}
    read_from: dict[str, float] = {}

    def token(self, prefix: str, code: str) -> str:
        """The token of a code under a CURIE prefix, IRI prefix or system uri; an unknown one stands for itself."""
        return f"{self.systems.get(prefix, prefix)}|{code}"

    def shown(self, token: str) -> str:
        """A token as a CURIE where its system has a prefix, else the token."""
        system, _, code = token.rpartition("|")
        prefix = self.prefixes.get(system)
        return f"{prefix}:{code}" if prefix else token
