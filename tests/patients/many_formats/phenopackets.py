"""A patient as a GA4GH phenopacket, version 2, with what it cannot say."""

from __future__ import annotations

import json
import random
from typing import Any, NamedTuple

from tests.patients.many_formats import codes
from tests.patients.many_formats.codes import Code
from tests.patients.many_formats.generator import LEVELS
from tests.patients.many_formats.patient import (
    INTERVENTIONS,
    OF_PATIENT,
    SUSPICION,
    Fact,
    Loss,
    Lost,
    Patient,
    Resolved,
    Score,
    Statement,
    Suspected,
)

_DISEASES = frozenset({"VertebralHemangioma", "SpinalStenosis", "VertebralCompressionFracture", "Pregnancy"})
"""Findings that are written as diseases, which have a site, more often than as features."""

Part = dict[str, Any]


class Written(NamedTuple):
    content: bytes
    lost: tuple[Lost, ...]


def phenopacket(patient: Patient) -> Written:
    return _Writer(patient).written()


class _Writer:
    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        self._choice = random.Random(patient.seed)
        self._lost: list[Lost] = []
        self._parts: dict[str, list[Part]] = {
            name: [] for name in ("phenotypicFeatures", "diseases", "measurements", "medicalActions")
        }

    def written(self) -> Written:
        for statement in self._patient.statements:
            self._write(statement)
        packet: Part = {"id": f"packet-{self._patient.name}", "subject": {"id": self._patient.name, "sex": "FEMALE"}}
        packet |= {name: parts for name, parts in self._parts.items() if parts}
        if self._chance(0.3):
            packet["phenotypicFeatures"] = [*packet.get("phenotypicFeatures", []), {"type": _term(codes.UNMAPPED)}]
            packet["interpretations"] = [{"id": "i", "progressStatus": "SOLVED"}]
        packet["metaData"] = {
            "created": "2026-11-20T00:00:00Z",
            "phenopacketSchemaVersion": "2.0",
            "resources": [{"id": "hx", "namespacePrefix": "LOCAL", "iriPrefix": f"{codes.HX}#"}],
        }
        keys = self._choice.sample(list(packet), len(packet))
        return Written(json.dumps({key: packet[key] for key in keys}, indent=1).encode(), tuple(self._lost))

    def _write(self, statement: Statement) -> None:
        if isinstance(statement, Score):
            unit = {"id": self._choice.choice(("UCUM:{score}", "UCUM:cm")), "label": "as written"}
            value = {"quantity": {"unit": unit, "value": statement.value}}
            self._measured(self._choice.choice(codes.SCORES), value, statement.day)
        elif isinstance(statement, Suspected):
            unknown, suspicion = statement.facts
            self._lost.append(Lost((Loss.SUSPICION,), unknown, None))
            self._feature(suspicion, codes.exact(SUSPICION, self._choice))
        elif isinstance(statement, Resolved):
            self._resolved(statement)
        else:
            self._fact(statement.fact)

    def _fact(self, fact: Fact) -> None:
        if fact.finding in INTERVENTIONS:
            self._action(fact)
        elif self._chance(0.15):
            self._answered(fact)
        elif fact.status == "unknown":
            self._lost.append(Lost((Loss.ASKED_AND_UNKNOWN,), fact, None))
        else:
            likely = {"present": codes.narrower, "absent": codes.broader}[fact.status]
            code = likely(fact.finding, self._choice) if self._chance(0.2) else codes.exact(fact.finding, self._choice)
            self._disease(fact, code) if self._as_disease(fact.finding) else self._feature(fact, code)

    def _as_disease(self, finding: str) -> bool:
        return self._chance(0.8 if finding in _DISEASES else 0.1)

    def _feature(self, fact: Fact, code: Code) -> None:
        part = self._held("type", code, fact)
        self._parts["phenotypicFeatures"].append(part)
        self._less(fact, self._day_of(part, fact), lesion=False)

    def _disease(self, fact: Fact, code: Code) -> None:
        located = fact.finding not in OF_PATIENT
        part = self._held("term", code, fact) | (self._site("primarySite", fact.lesion) if located else {})
        self._parts["diseases"].append(part)
        self._less(fact, self._day_of(part, fact), lesion=located)

    def _held(self, name: str, code: Code, fact: Fact) -> Part:
        """A feature or disease; where it is present, now and then with an onset, which is a day or an age."""
        part: Part = {name: self._written(code)}
        if fact.status == "absent":
            return part | {"excluded": True}
        if self._chance(0.3):
            part["excluded"] = False
        if fact.day and self._chance(0.5):
            part["onset"] = {"timestamp": f"{fact.day}T00:00:00Z"}
        elif self._chance(0.2):
            part["onset"] = {"age": {"iso8601duration": "P40Y"}}
        return part

    @staticmethod
    def _day_of(part: Part, fact: Fact) -> str:
        return fact.day if "timestamp" in part.get("onset", {}) else ""

    def _less(self, fact: Fact, day: str, *, lesion: bool) -> None:
        """Note what a part says less than the fact."""
        after = fact._replace(lesion=fact.lesion if lesion else "", day=day)
        why_day = Loss.DAY_OF_EXCLUSION if fact.status == "absent" else Loss.DAY_OF_FEATURE
        whys = [Loss.LESION_OF_FEATURE] if after.lesion != fact.lesion else []
        whys += [why_day] if after.day != fact.day else []
        if whys:
            self._lost.append(Lost(tuple(whys), fact, after))

    def _resolved(self, statement: Resolved) -> None:
        days = {
            "onset": {"timestamp": f"{statement.began}T00:00:00Z"},
            "resolution": {"interval": {"start": "2001-01-01T00:00:00Z", "end": f"{statement.ended}T00:00:00Z"}}
            if self._chance(0.3)
            else {"timestamp": f"{statement.ended}T10:00:00Z"},
        }
        disease = self._as_disease(statement.finding)
        code = {("term" if disease else "type"): self._written(codes.exact(statement.finding, self._choice))}
        site = self._site("primarySite", statement.lesion) if disease else {}
        self._parts["diseases" if disease else "phenotypicFeatures"].append(code | days | site)
        for fact in statement.facts:
            self._less(fact, fact.day, lesion=disease)

    def _answered(self, fact: Fact) -> None:
        """Assessed as a measurement, whose value is an answer: this has a day and says unknown."""
        answer = {"ontologyClass": _term(self._choice.choice(codes.ANSWERS[fact.status]))}
        self._measured(codes.exact(fact.finding, self._choice), answer, fact.day)
        self._less(fact, fact.day, lesion=False)

    def _measured(self, code: Code, value: Part, day: str) -> None:
        time = {"timeObserved": {"timestamp": f"{day}T00:00:00Z"}} if day else {}
        self._parts["measurements"].append({"assay": self._written(code), "value": value} | time)

    def _action(self, fact: Fact) -> None:
        if fact.status != "present":
            self._lost.append(Lost((Loss.ACTION_NOT_DONE,), fact, None))
            return
        code = self._written(codes.exact(fact.finding, self._choice))
        if fact.finding == "RadiationTherapy" and self._chance(0.5):
            radiated = {"modality": code, "dosage": 40, "fractions": 20} | self._site("bodySite", fact.lesion)
            self._parts["medicalActions"].append({"radiationTherapy": radiated})
            if fact.day:
                self._lost.append(Lost((Loss.DAY_OF_RADIATION,), fact, fact._replace(day="")))
            return
        times = ({"timestamp": f"{fact.day}T00:00:00Z"}, {"interval": {"start": "2001-01-01T00:00:00Z",
                                                                       "end": f"{fact.day}T00:00:00Z"}})  # fmt: skip
        performed = {"performed": self._choice.choice(times)} if fact.day else {}
        action = {"code": code} | performed | self._site("bodySite", fact.lesion)
        self._parts["medicalActions"].append({"procedure": action})

    def _site(self, name: str, lesion: str) -> Part:
        if not lesion:
            return {}
        if lesion not in LEVELS:
            return {name: {"label": lesion}}
        return {name: self._written(codes.site(lesion, self._choice))}

    def _written(self, code: Code) -> Part:
        """The local codes under their own prefix, or under one that the packet declares."""
        found = _term(code)
        if code.system == codes.HX and self._chance(0.3):
            found["id"] = f"LOCAL:{code.code}"
        return found

    def _chance(self, share: float) -> bool:
        return self._choice.random() < share


def _term(code: Code) -> Part:
    return {"id": code.curie, "label": f"display of {code.code}"}
