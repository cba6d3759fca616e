"""Random ontologies of the fragment, with invented names: every construct that the compiler accepts turns up."""

from __future__ import annotations

import random

PREFIXES = """\
@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


class RandomOntology:
    """`turtle` is the file; `classes` are the presentation classes that may be asked about."""

    def __init__(self, seed: int, *, findings: int = 6, presentations: int = 6) -> None:
        self._source = random.Random(seed)
        self._lines = [PREFIXES, ":Presentation a owl:Class .", ":assertedThrough a owl:AnnotationProperty ."]
        self._lines += [":hasAlternative a owl:AnnotationProperty ."]
        everywhere = self._chance(0.15)
        self._roots = [f"Root{number}" for number in range(self._source.choice((1, 2, 2)))]
        self._findings: dict[str, list[str]] = {}
        for number, root in enumerate(self._roots):
            self._hierarchy(number, root, self._source.randint(2, findings), everywhere and number == 0)
        if not everywhere and self._chance(0.6):
            self._say("[]", "a owl:AllDisjointClasses", f"owl:members ( :Presentation {self._names(self._roots)} )")
        self._alternatives = self._readings()
        self.classes = self._presentations(self._source.randint(3, presentations))
        self.turtle = "\n".join(self._lines).encode()

    def _chance(self, probability: float) -> bool:
        return self._source.random() < probability

    def _say(self, subject: str, *statements: str) -> None:
        self._lines.append(f"{subject} {' ; '.join(statements)} .")

    @staticmethod
    def _names(names: list[str]) -> str:
        return " ".join(f":{name}" for name in names)

    def _boolean(self, leaves: list[str], depth: int) -> str:
        if depth == 0 or self._chance(0.35):
            return self._source.choice(leaves)
        form = self._source.choice(("unionOf", "intersectionOf", "complementOf", "unionOf", "intersectionOf"))
        if form == "complementOf":
            return f"[ a owl:Class ; owl:complementOf {self._boolean(leaves, depth - 1)} ]"
        operands = list(dict.fromkeys(self._boolean(leaves, depth - 1) for _ in range(self._source.randint(2, 3))))
        if len(operands) == 1:
            return operands[0]
        return f"[ a owl:Class ; owl:{form} ( {' '.join(operands)} ) ]"

    def _hierarchy(self, number: int, root: str, size: int, everywhere: bool) -> None:
        role = f"role{number}"
        self._say(f":{role}", "a owl:ObjectProperty")
        if self._chance(0.5):
            self._say(f":{role}", "rdfs:domain :Presentation" if not everywhere else "rdfs:range owl:Thing")
        self._say(f":{root}", "a owl:Class", f":assertedThrough :{role}")
        names = [f"F{number}{position}" for position in range(size)]
        self._findings[role] = names
        for position, name in enumerate(names):
            above = self._source.choice([root, *names[:position]])
            self._say(f":{name}", "a owl:Class", f"rdfs:subClassOf :{above}")
        leaves = [f":{name}" for name in names]
        if everywhere:
            self._say("owl:Thing", f"rdfs:subClassOf {self._source.choice(leaves)}")
        for _ in range(self._source.randint(0, 4)):
            self._finding_axiom(root, names, leaves)

    def _finding_axiom(self, root: str, names: list[str], leaves: list[str]) -> None:
        name, other = self._source.sample(leaves, 2)
        kind = self._source.randrange(9)
        if kind == 0:
            self._say(name, f"owl:disjointWith {other}")
        elif kind == 1 and len(names) > 2:
            chosen = self._source.sample(names, 3)
            self._say("[]", "a owl:AllDisjointClasses", f"owl:members ( {self._names(chosen)} )")
        elif kind == 2 and len(names) > 2:
            whole, *parts = self._source.sample(names, 3)
            self._say(f":{whole}", f"owl:disjointUnionOf ( {self._names(parts)} )")
        elif kind == 3:
            self._say(name, f"owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :{root} {other} ) ]")
        elif kind == 4:
            self._say(f":{root}", f"owl:equivalentClass [ a owl:Class ; owl:unionOf ( {' '.join(leaves)} ) ]")
        elif kind == 5:
            self._say(name, f"rdfs:subClassOf [ a owl:Class ; owl:complementOf {other} ]")
        elif kind == 6 and self._chance(0.5):
            self._say(name, "rdfs:subClassOf owl:Nothing")
        elif kind == 7:
            # Under the root on both sides, so that nothing outside it is concerned.
            body = self._boolean(leaves, 2)
            self._say(
                f"[ a owl:Class ; owl:intersectionOf ( :{root} {body} ) ]",
                f"rdfs:subClassOf {self._boolean(leaves, 1)}",
            )
        else:
            self._say(name, f"rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :{root} {self._boolean(leaves, 2)} ) ]")

    def _readings(self) -> list[str]:
        alternatives = []
        for number in range(self._source.randint(0, 2)):
            mine = [f"A{number}{position}" for position in range(self._source.choice((2, 2, 3)))]
            for name in mine:
                self._say(f":{name}", "a owl:Class")
            self._say(f":Reading{number}", f":hasAlternative {', '.join(f':{name}' for name in mine)}")
            self._say(":Presentation", f"owl:disjointUnionOf ( {self._names(mine)} )")
            alternatives += mine
        return alternatives

    def _presentations(self, count: int) -> list[str]:
        classes: list[str] = []
        facts = [
            f"[ a owl:Restriction ; owl:onProperty :{role} ; owl:someValuesFrom :{name} ]"
            for role, names in self._findings.items()
            for name in [*names, *([self._roots[list(self._findings).index(role)]] if self._chance(0.2) else [])]
        ]
        for number in range(count):
            name = f"P{number}"
            leaves = facts * 2 + [f":{earlier}" for earlier in classes + self._alternatives] + [":Presentation"]
            leaves += ["owl:Thing", "owl:Nothing"] if self._chance(0.2) else []
            self._say(f":{name}", "a owl:Class")
            if not self._chance(0.1):
                self._say(f":{name}", f"owl:equivalentClass {self._boolean(leaves, 3)}")
            else:
                self._say(f":{name}", "rdfs:subClassOf :Presentation")
            if self._chance(0.1):
                self._say(f":{name}", f"owl:equivalentClass {self._boolean([*leaves, f':{name}'], 2)}")
            classes.append(name)
        leaves = facts + [f":{name}" for name in classes]
        if self._chance(0.3):
            self._say(self._source.choice(leaves), f"rdfs:subClassOf {self._boolean(leaves, 2)}")
        if self._chance(0.2):
            first, second = self._source.sample(classes, 2)
            self._say(f":{first}", f"owl:disjointWith :{second}")
        return classes
