"""The facts as facts CSV, with our names or with codes, and as a patient graph in Turtle."""

from __future__ import annotations

import random
from collections.abc import Iterable

from tests.patients.many_formats import codes
from tests.patients.many_formats.generator import LEVELS
from tests.patients.many_formats.patient import SUBJECT, Fact, Patient
from vhkg.namespaces import BASE

_HEADER = "patient,presentation,finding,status,date\n"
_WORDS = {"present": ("present", "yes"), "absent": ("absent", "no"), "unknown": ("unknown", "NA", "")}


def facts_csv(patient: str, facts: Iterable[Fact]) -> bytes:
    """What every other format must be read as."""
    rows = (f"{patient},{fact.lesion},{fact.finding},{fact.status},{fact.day}\n" for fact in facts)
    return (_HEADER + "".join(rows)).encode()


def coded_csv(patient: Patient) -> bytes:
    """The same with codes in place of names, in any order."""
    choice = random.Random(patient.seed)
    rows = [
        f"{patient.name},{fact.lesion},{_code(fact, choice)},{choice.choice(_WORDS[fact.status])},{fact.day}\n"
        for fact in patient.facts
    ]
    rows.append(f"{patient.name},,{codes.UNMAPPED.curie},present,2026-01-01\n")
    choice.shuffle(rows)
    return (_HEADER + "".join(rows)).encode()


def _code(fact: Fact, choice: random.Random) -> str:
    found = [fact.finding, f"vhkg:{fact.finding}", *(codes.exact(fact.finding, choice).curie for _ in range(3))]
    if fact.status == "present":
        found.append(codes.narrower(fact.finding, choice).curie)
        if fact.finding == SUBJECT and fact.lesion in LEVELS:
            found.append(codes.SITE_DEPENDENT.curie)
    if fact.status == "absent":
        found.append(codes.broader(fact.finding, choice).curie)
    return choice.choice(found)


def turtle(patient: str, facts: Iterable[Fact], seed: int) -> bytes:
    """Names that say nothing; what is of no lesion stands at the patient, or at the sole lesion if that is unnamed."""
    choice = random.Random(seed)
    facts = list(facts)
    lesions = sorted({fact.lesion for fact in facts} - {""})
    names = {lesion: f"<urn:example:{patient}:{choice.getrandbits(64):x}>" for lesion in lesions or [""]}
    me = f"<urn:example:{patient}>"
    blocks = [f"{me} a vhkg:Patient ; vhkg:hasPresentation {', '.join(names.values())} .\n"]
    for lesion, name in names.items():
        label = f' ; rdfs:label "{lesion}"' if lesion else ""
        blocks.append(f"{name} a vhkg:Presentation{label} .\n")
    for number, fact in enumerate(facts):
        bearer = names[fact.lesion] if fact.lesion else choice.choice([me, *([names[""]] if not lesions else [])])
        day = f' ; vhkg:assessedOn "{fact.day}"^^xsd:date' if fact.day else ""
        said = (
            f"a vhkg:Assessment ; vhkg:ofFinding vhkg:{fact.finding} ; vhkg:status vhkg:{fact.status.capitalize()}{day}"
        )
        if choice.random() < 0.5:
            blocks.append(f"{bearer} vhkg:hasAssessment [ {said} ] .\n")
        else:
            node = f"<urn:example:{patient}:a{number}>"
            blocks.append(
                f"{bearer} vhkg:hasAssessment {node} .\n{node} {said} ; prov:wasDerivedFrom <urn:x:{number}> .\n"
            )
    choice.shuffle(blocks)
    prefixes = {
        "vhkg": BASE,
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "prov": "http://www.w3.org/ns/prov#",
    }
    return ("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items()) + "".join(blocks)).encode()
