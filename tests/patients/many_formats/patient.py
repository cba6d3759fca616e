"""Statements about a patient, the facts that they stand for by the rules R1 to R6, and what a format loses of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from tests.support import shipped

SUBJECT, SUSPICION = "VertebralHemangioma", "SuspectedVertebralHemangioma"
DENIED_BY_ZERO = ("BackPain", "RadicularPain")
_CONTENT = shipped().content.findings
INTERVENTIONS = frozenset(name for name, term in _CONTENT.items() if term.role == "hadIntervention")
OF_PATIENT = frozenset(name for name, term in _CONTENT.items() if term.bearer == "patient")
FINDINGS = tuple(sorted(_CONTENT))


class Fact(NamedTuple):
    """`lesion` and `day` are empty where nothing is recorded of them."""

    lesion: str
    finding: str
    status: str
    day: str


class Assessed(NamedTuple):
    """One fact as it is."""

    fact: Fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)


class Resolved(NamedTuple):
    """R1: a condition that was there from one day on, and no longer from another."""

    lesion: str
    finding: str
    began: str
    ended: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (
            Fact(self.lesion, self.finding, "present", self.began),
            Fact(self.lesion, self.finding, "absent", self.ended),
        )


class Suspected(NamedTuple):
    """R2: a provisional diagnosis of the article's subject."""

    lesion: str
    day: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        return Fact(self.lesion, SUBJECT, "unknown", self.day), Fact(self.lesion, SUSPICION, "present", self.day)


class Score(NamedTuple):
    """R4: a pain score, 0 to 10."""

    value: int
    day: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(Fact("", name, "absent", self.day) for name in DENIED_BY_ZERO if not self.value)


Statement: TypeAlias = Assessed | Resolved | Suspected | Score


class Patient(NamedTuple):
    """`coarse` are days that the source knows as a month or year only, of which they are the last day."""

    name: str
    seed: int
    statements: tuple[Statement, ...]
    coarse: dict[str, str]
    as_of: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(fact for statement in self.statements for fact in statement.facts)


class Loss(StrEnum):
    """What a format cannot say; docs/patient-files.md lists them in these words."""

    LESION_OF_FEATURE = "the lesion of a feature or measurement"
    DAY_OF_EXCLUSION = "the day of an exclusion"
    DAY_OF_FEATURE = "the day on which a feature or disease was found, if it has no onset"
    ASKED_AND_UNKNOWN = "that something was asked and is unknown"
    ACTION_NOT_DONE = "an intervention that was not done, or is not known to be done"
    DAY_OF_RADIATION = "the day of radiation therapy written as such"
    SUSPICION = "that a diagnosis is provisional"
    BODY_SITE = "the body site, so the lesion"
    NO_DAY = "a fact without a day"
    ABSENT_CONDITION = "that a condition is absent, as a condition"
    PROCEDURE_NOT_DONE = "a procedure that was not done, or is not known to be done"
    END_OF_CONDITION = "the day on which a condition was gone"


CANNOT_SAY: dict[str, tuple[Loss, ...]] = {
    "phenopacket": (
        Loss.LESION_OF_FEATURE,
        Loss.DAY_OF_EXCLUSION,
        Loss.DAY_OF_FEATURE,
        Loss.ASKED_AND_UNKNOWN,
        Loss.ACTION_NOT_DONE,
        Loss.DAY_OF_RADIATION,
        Loss.SUSPICION,
    ),
    "OMOP": (Loss.BODY_SITE, Loss.NO_DAY, Loss.ABSENT_CONDITION, Loss.PROCEDURE_NOT_DONE, Loss.END_OF_CONDITION),
}
"""By format; those that are not here lose nothing."""


class Lost(NamedTuple):
    """A fact that a format says less of, or (`after` is None) not at all."""

    whys: tuple[Loss, ...]
    before: Fact
    after: Fact | None


def reduced(facts: Iterable[Fact], lost: Iterable[Lost]) -> tuple[Fact, ...]:
    """The facts less what is lost, and nothing else; each loss is of a fact that is there."""
    left = Counter(facts)
    gained: Counter[Fact] = Counter()
    for each in lost:
        assert each.whys
        assert left[each.before] > 0
        left[each.before] -= 1
        if each.after is not None:
            gained[each.after] += 1
    return tuple(sorted((left + gained).elements()))
