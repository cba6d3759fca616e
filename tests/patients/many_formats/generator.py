"""Seeded patients. Each starts from one of tests/cases, so that every branch of the article occurs."""

from __future__ import annotations

import csv
import functools
import random

from tests.patients.many_formats.patient import (
    FINDINGS,
    INTERVENTIONS,
    OF_PATIENT,
    SUBJECT,
    Assessed,
    Fact,
    Patient,
    Resolved,
    Score,
    Statement,
    Suspected,
)
from tests.whole_cases import read_cases

LEVELS = ("C2", "C7", "T5", "T7", "T9", "T11", "L1", "L2", "L4")
UNMAPPED_SITE = "lower thoracic spine"
"""The name of a sole lesion whose site is a text."""

DAYS = ("2025-03-03", "2026-08-09", "2026-10-15", "2026-11-02", "2026-11-02", "2026-11-20")
COARSE = {"2026-05-31": "2026-05", "2024-12-31": "2024"}
"""Days that a source may know as a month or year; no other day lies in that month or year."""

_FURTHER = (
    ("NeurologicalDeficit", "SpinalCordCompression", "-SpinalInstability", "Pregnancy"),
    ("NeurologicalDeficit", "SpinalStenosis", "-SpinalInstability", "Anticoagulation"),
    ("NeurologicalDeficit", "ExtraosseousExtension", "VertebralCompressionFracture", "Childhood"),
    ("NeurologicalDeficit", "ResidualTumor", "SubtotalResection", "MultilevelDisease"),
    ("NeurologicalDeficit", "HighVascularity", "BackPain"),
    ("NeurologicalDeficit", "HighVascularity", "SymptomsDueToAnotherCause"),
    ("-VertebralHemangioma", "-SuspectedVertebralHemangioma", "BackPain"),
    ("BackPain", "-NeurologicalDeficit", "-VertebroplastyCandidacy", "EpiduralHemorrhage"),
)
"""What the cases have too little of: every status of every recommendation is to occur. A minus is an absence."""

_OPPOSITE = {"present": "absent", "absent": "present", "unknown": "present"}


@functools.cache
def _cores() -> tuple[tuple[Fact, ...], ...]:
    cores: list[tuple[Fact, ...]] = []
    for case in read_cases():
        with case.patient.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert len({row["presentation"] for row in rows}) < len(LEVELS)
        found = [Fact(row["presentation"], row["finding"], row["status"], row.get("date", "")) for row in rows]
        cores.append(tuple(fact for fact in found if fact.day not in COARSE))
    for names in _FURTHER:
        facts = [
            Fact("", name.removeprefix("-"), "absent" if name.startswith("-") else "present", DAYS[3]) for name in names
        ]
        known = {fact.finding for fact in facts}
        subject = [Fact("", SUBJECT, "present", DAYS[3])] if SUBJECT not in known else []
        cores += [tuple(subject + facts)] * 2
    return tuple(cores)


def generate(seed: int) -> Patient:
    """The patient of a seed: the same on every machine."""
    return _Generator(seed).patient()


class _Generator:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.choice = random.Random(seed)
        self.coarse = dict([self.choice.choice(list(COARSE.items()))]) if self.chance(0.25) else {}
        self.days = (*DAYS, *self.coarse, "")

    def chance(self, share: float) -> bool:
        return self.choice.random() < share

    def patient(self) -> Patient:
        facts = self._renamed([fact for fact in self._core() if not self.chance(0.04)])
        lesions = sorted({fact.lesion for fact in facts})
        facts += self._extras(lesions)
        facts += self._disturbances(facts, lesions)
        facts = self._located([fact._replace(day="") if self.chance(0.07) else fact for fact in facts])
        facts = facts or [Fact("", SUBJECT, "present", self.choice.choice(DAYS))]
        statements: list[Statement] = [Assessed(fact) for fact in facts]
        statements += self._further(sorted({fact.lesion for fact in facts if fact.finding not in OF_PATIENT}))
        self.choice.shuffle(statements)
        days = sorted({fact.day for each in statements for fact in each.facts} - {""})
        as_of = self.choice.choice(days) if days and self.chance(0.3) else ""
        return Patient(f"p{self.seed:04}", self.seed, tuple(statements), self.coarse, as_of)

    def _core(self) -> list[Fact]:
        """The facts of a case; now and then one more lesion, with the facts of another."""
        cores = _cores()
        found = list(cores[self.seed % len(cores)])
        if self.chance(0.15):
            single = [core for core in cores if len({fact.lesion for fact in core}) == 1]
            found += [fact._replace(lesion="another") for fact in self.choice.choice(single)]
        return found

    def _renamed(self, facts: list[Fact]) -> list[Fact]:
        """Each lesion as a level; a sole one now and then as a site that is not mapped, or unnamed."""
        lesions = sorted({fact.lesion for fact in facts})
        names = dict(zip(lesions, self.choice.sample(LEVELS, len(lesions)), strict=True))
        if lesions == [""] and self.chance(0.6):
            names = {"": ""}
        elif len(lesions) == 1 and self.chance(0.15):
            names = dict.fromkeys(lesions, UNMAPPED_SITE)
        elif "" in lesions and len(lesions) > 1 and "another" not in lesions:
            names[""] = ""
        return [fact._replace(lesion=names[fact.lesion]) for fact in facts]

    def _extras(self, lesions: list[str]) -> list[Fact]:
        share = self.choice.choice((0, 0, 0, 0.04, 0.12))
        statuses = ("present", "absent", "absent", "unknown", "unknown", "unknown")
        return [
            Fact(self.choice.choice(lesions), name, self.choice.choice(statuses), self.choice.choice(self.days))
            for name in FINDINGS
            if lesions and self.chance(share)
        ]

    def _disturbances(self, facts: list[Fact], lesions: list[str]) -> list[Fact]:
        """Contradictions of one day, older facts that newer ones contradict, the same fact at another lesion."""
        found = []
        if facts and self.chance(0.15):
            fact = self.choice.choice(facts)
            found.append(fact._replace(status=_OPPOSITE[fact.status]))
        dated = [fact for fact in facts if fact.day > DAYS[0]]
        if dated and self.chance(0.2):
            fact = self.choice.choice(dated)
            found.append(fact._replace(status=_OPPOSITE[fact.status], day=DAYS[0]))
        if len(lesions) > 1 and self.chance(0.5):
            fact = self.choice.choice(facts)
            found += [fact._replace(lesion=lesion) for lesion in lesions if lesion != fact.lesion]
        if facts and self.chance(0.15):
            found.append(self.choice.choice(facts)._replace(lesion=""))
        return found

    def _further(self, lesions: list[str]) -> list[Statement]:
        found: list[Statement] = []
        lesion = self.choice.choice(lesions or [""])
        conditions = [name for name in FINDINGS if name not in INTERVENTIONS and name != SUBJECT]
        if self.chance(0.2):
            began, ended = self.choice.choice((DAYS[:2], DAYS[1:3], DAYS[2:4]))
            found.append(Resolved(lesion, self.choice.choice(conditions), began, ended))
        if self.chance(0.12):
            found.append(Suspected(lesion, self.choice.choice(self.days)))
        if self.chance(0.35):
            found.append(Score(self.choice.choice((0, 0, 3, 8)), self.choice.choice(self.days)))
        return self._placed(found)

    @staticmethod
    def _placed(statements: list[Statement]) -> list[Statement]:
        return [
            each._replace(lesion="") if isinstance(each, Resolved) and each.finding in OF_PATIENT else each
            for each in statements
        ]

    @staticmethod
    def _located(facts: list[Fact]) -> list[Fact]:
        """What the patient bears names no lesion that nothing else names: only facts of a lesion make one."""
        lesions = {fact.lesion for fact in facts if fact.finding not in OF_PATIENT}
        return [
            fact._replace(lesion="") if fact.finding in OF_PATIENT and fact.lesion not in lesions else fact
            for fact in facts
        ]


def kinds(patient: Patient) -> set[str]:
    """What occurs in a patient, in words, for counting that all of it does."""
    facts = patient.facts
    found = {type(statement).__name__ for statement in patient.statements} | {fact.status for fact in facts}
    found |= {"undated" for fact in facts if not fact.day} | {"coarse" for fact in facts if fact.day in patient.coarse}
    found |= {f"score {min(each.value, 1)}" for each in patient.statements if isinstance(each, Score)}
    for fact in facts:
        if fact.finding in INTERVENTIONS:
            found.add({"present": "done", "absent": "not done"}.get(fact.status, "not known to be done"))
        if fact.finding in OF_PATIENT:
            found.add(f"of the patient {fact.status}")
        if fact.lesion == UNMAPPED_SITE:
            found.add("site as text")
    lesions = {fact.lesion for fact in facts} - {""}
    return found | {"no lesion named" if not lesions else "one lesion" if len(lesions) == 1 else "several lesions"}
