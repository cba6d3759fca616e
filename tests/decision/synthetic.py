"""An invented ontology of the size that the real one has: 45 findings, 9 two-valued readings, 60 targets."""

from __future__ import annotations

import random

from tests.assurance.random_ontology import PREFIXES
from vhkg.decision.compilation import Target


def synthetic(seed: int = 7, *, findings: int = 45, readings: int = 9, targets: int = 60) -> tuple[bytes, list[Target]]:
    source = random.Random(seed)
    lines = [PREFIXES, ":Presentation a owl:Class .", ":assertedThrough a owl:AnnotationProperty ."]
    lines += [":hasAlternative a owl:AnnotationProperty .", "[] a owl:AllDisjointClasses ; owl:members"]
    lines += ["( :Presentation :Root0 :Root1 ) ."]
    names: list[str] = []
    facts: list[str] = []
    for role in (0, 1):
        lines.append(f":role{role} a owl:ObjectProperty ; rdfs:domain :Presentation ; rdfs:range :Root{role} .")
        lines.append(f":Root{role} a owl:Class ; :assertedThrough :role{role} .")
        mine: list[str] = []
        for number in range(findings * (2 - role) // 3):
            above = f"Root{role}" if len(mine) < 4 or source.random() < 0.5 else source.choice(mine)
            mine.append(f"F{role}x{number}")
            lines.append(f":{mine[-1]} a owl:Class ; rdfs:subClassOf :{above} .")
            facts.append(f"[ a owl:Restriction ; owl:onProperty :role{role} ; owl:someValuesFrom :{mine[-1]} ]")
        names += mine
        whole, *parts = mine[-1], *mine[:3]
        lines.append(f":{whole} rdfs:subClassOf [ a owl:Class ; owl:unionOf ( {' '.join(f':{p}' for p in parts)} ) ] .")
        lines.append(f":{mine[0]} owl:disjointWith :{mine[1]} .")
    guards: list[tuple[str, str]] = []
    for number in range(readings):
        yes, no = f"Yes{number}", f"No{number}"
        guards.append((yes, no))
        lines.append(f":{yes} a owl:Class . :{no} a owl:Class . :Reading{number} :hasAlternative :{yes} , :{no} .")
        lines.append(f":Presentation owl:disjointUnionOf ( :{yes} :{no} ) .")

    def group(form: str, members: list[str]) -> str:
        return f"[ a owl:Class ; owl:{form} ( {' '.join(members)} ) ]"

    def guarded() -> str:
        guard = f":{source.choice(source.choice(guards))}"
        return group("unionOf", [source.choice(facts), group("intersectionOf", [guard, source.choice(facts)])])

    shared = []
    for number in range(8):
        shared.append(f":Shared{number}")
        lines.append(f":Shared{number} a owl:Class ; owl:equivalentClass {guarded()} .")
    found = []
    for number in range(targets):
        parts = list(dict.fromkeys([":Shared0", *source.sample(shared[1:], 2), source.choice(facts)]))
        if number % 3 == 0:
            parts.append(f"[ a owl:Class ; owl:complementOf {source.choice(facts)} ]")
        lines.append(f":Class{number} a owl:Class ; owl:equivalentClass {group('intersectionOf', parts)} .")
        found.append(Target(f"goal{number}", f"Class{number}", f"Shared{1 + number % 7}" if number % 5 == 0 else ""))
    return "\n".join(lines).encode(), found
