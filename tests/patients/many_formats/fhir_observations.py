"""Observations of FHIR R4: answers coded or not, pain scores, panels; and the parts that all resources share."""

from __future__ import annotations

import random
from typing import Any

from tests.patients.many_formats import codes
from tests.patients.many_formats.codes import Code
from tests.patients.many_formats.fhir_parts import MODIFIED, Resource, concept, status
from tests.patients.many_formats.generator import LEVELS
from tests.patients.many_formats.patient import OF_PATIENT, Assessed, Fact, Patient, Score

_ASSERTED = ("final", "amended", "corrected")
_NOT_FINAL = ("registered", "preliminary", "cancelled", "unknown", "")
"""The empty one is missing, as below."""


class PartWriter:
    """What the resources of one patient are made of; their subject is the resource under `me`."""

    def __init__(self, patient: Patient, choice: random.Random) -> None:
        self._patient, self._choice = patient, choice
        self._number = 0
        levels = {fact.lesion for fact in patient.facts if fact.finding not in OF_PATIENT} & set(LEVELS)
        self._has_level = bool(levels)
        self.me = {"reference": f"Patient/{patient.name}"}

    def _made(self, kind: str, **content: Any) -> Resource:
        """A resource of the patient."""
        self._number += 1
        return {
            "resourceType": kind,
            "id": f"{self._patient.name}-{self._number}",
            "subject": dict(self.me),
            "note": [{"text": "status of \u201cno\u201d: a text that nothing reads"}],
            **content,
        }

    def _exact(self, finding: str) -> list[Code]:
        """The finding's code, perhaps beside one that is not mapped."""
        found = [codes.exact(finding, self._choice)]
        if self._chance(0.2):
            found.insert(self._choice.randint(0, 1), codes.UNMAPPED)
        return found

    def _sites(self, lesion: str, *, several: bool = False) -> Resource:
        if not lesion:
            return {}
        if lesion not in LEVELS:
            found: Resource = {"text": lesion}
        else:
            site = [codes.site(lesion, self._choice)]
            found = concept([codes.UNMAPPED_SITE_CODE, *site] if self._chance(0.2) else site)
        return {"bodySite": [found] if several else found}

    def _written(self, day: str) -> str:
        """A day with or without a time; a month or year where no more is known."""
        if day in self._patient.coarse:
            return self._patient.coarse[day]
        return day + self._choice.choice(("", "", "T23:59:00Z", "T00:30:00+14:00", "T12:00:00.123-05:00"))

    def _day(self, element: str, day: str) -> Resource:
        return {element: self._written(day)} if day else {}

    def _period(self, element: str, day: str) -> Resource:
        """A period that ended on the day, or of which only its start is known."""
        if not day:
            return {}
        written = self._written(day)
        return {element: self._choice.choice(({"start": written}, {"end": written}, {"start": "2001", "end": written}))}

    def _chance(self, share: float) -> bool:
        return self._choice.random() < share


class ObservationWriter(PartWriter):
    """Facts and scores as observations."""

    def _coded_answer(self, fact: Fact) -> Resource:
        return self._observation(self._observed(fact), fact.lesion, fact.day)

    def _observed(self, fact: Fact) -> Resource:
        """Code and value: coded, a boolean, or a reason why there is none."""
        found = {"code": concept(self._exact(fact.finding))}
        if fact.status != "unknown":
            narrower = codes.narrower if fact.status == "present" else codes.broader
            if self._chance(0.15):
                found = {"code": concept([narrower(fact.finding, self._choice)])}
            if self._chance(0.3):
                return found | {"valueBoolean": fact.status == "present"}
            return found | {"valueCodeableConcept": self._answer(fact.status)}
        contradictory = concept([codes.ANSWERS["present"][0], codes.ANSWERS["absent"][1]])
        ways = (
            {"dataAbsentReason": status("data-absent-reason", "asked-unknown")},
            {"dataAbsentReason": status("data-absent-reason", "unknown"), "valueBoolean": False},
            {"valueCodeableConcept": self._answer("unknown")},
            {"valueCodeableConcept": contradictory},
            {"valueCodeableConcept": concept([codes.UNMAPPED])},
            {"valueString": "no"},
            {"valueInteger": 0},
        )
        return found | self._choice.choice(ways)

    def _answer(self, status: str) -> Resource:
        found = [self._choice.choice(codes.ANSWERS[status])]
        if self._chance(0.2):
            found.insert(self._choice.randint(0, 1), codes.UNMAPPED)
        return concept(found)

    def _observation(self, content: Resource, lesion: str, day: str) -> Resource:
        written = self._made("Observation", status=self._choice.choice(_ASSERTED), **content, **self._sites(lesion))
        return written | self._effective(day)

    def _spoilt(self, fact: Fact) -> Resource:
        """An answer that does not count: not final, modified, or about something else than the patient."""
        content = {"code": concept(self._exact(fact.finding)), "valueBoolean": self._chance(0.5)}
        spoils = (*({"status": each} for each in _NOT_FINAL), MODIFIED, {"focus": [{"reference": "Device/d"}]})
        return self._observation(content, fact.lesion, fact.day) | self._choice.choice(spoils)

    def _effective(self, day: str) -> Resource:
        kind = self._choice.choice(("effectiveDateTime", "effectiveDateTime", "effectivePeriod", "issued", "instant"))
        if kind == "effectivePeriod":
            return self._period("effectivePeriod", day)
        if kind in ("issued", "instant") and day and day not in self._patient.coarse:
            return {"issued" if kind == "issued" else "effectiveInstant": f"{day}T08:15:00.000+01:00"}
        return self._day("effectiveDateTime", day)

    def _score(self, statement: Score) -> Resource:
        return self._observation(self._scored(statement), "", statement.day)

    def _scored(self, statement: Score) -> Resource:
        value, system = statement.value, "http://unitsofmeasure.org"
        quantity = self._choice.choice(
            (
                {"value": value, "unit": "score", "system": system, "code": "{score}"},
                {"value": value, "unit": "{score}"},
                {"value": value, "code": "1", "system": system},
                {"value": float(value), "unit": "cm", "system": system, "code": "cm"},
                {"value": value * 10, "unit": "mm", "system": system, "code": "mm"},
            )
        )
        return {"code": concept([self._choice.choice(codes.SCORES)]), "valueQuantity": quantity}

    def _panel(self, group: list[Assessed | Score]) -> Resource:
        lesion, day = next(place_of(each) for each in group)
        parts = [self._scored(each) if isinstance(each, Score) else self._observed(each.fact) for each in group]
        content: Resource = {"component": parts}
        if self._chance(0.7):
            content["code"] = concept([codes.UNMAPPED])
        else:
            content |= parts.pop(0)
        return self._observation(content, lesion, day)


def place_of(statement: Assessed | Score) -> tuple[str, str]:
    """Lesion and day."""
    return ("", statement.day) if isinstance(statement, Score) else (statement.fact.lesion, statement.fact.day)
