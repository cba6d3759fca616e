"""Blank nodes have the names in columns that they have in the graph of their patient alone."""

from __future__ import annotations

import random

import pytest

from tests.cohort.batches import shown
from tests.cohort.rdf.expected import expected
from tests.support import shipped
from vhkg.cohort.rdf import text
from vhkg.cohort.rdf.exact import Part, exact_batch
from vhkg.cohort.rdf.text import TextReader
from vhkg.intake import Format
from vhkg.namespaces import BASE, Prov, Rdf, Rdfs, Xsd

LABELS = ('"T9"', '"T9"@en', '"left side"', '"ähnlich"')


def patient(number: int, source: random.Random) -> list[str]:
    """Up to three lesions and four assessments of each and of the patient, with and without names, some alike."""
    findings = sorted(term.iri for term in shipped().compiled.vocabulary.findings.values())[:3]
    name = f"<urn:example:p{number}>"
    lines = [f"{name} <{Rdf.type}> <{BASE}Patient> ."]
    bearers = [name]
    for at in range(source.randint(1, 3)):
        lesion = source.choice((f"_:l{number}x{at}", f"<urn:example:p{number}:l{at}>"))
        bearers.append(lesion)
        lines.append(f"{name} <{BASE}hasPresentation> {lesion} .")
        lines.append(f"{lesion} <{Rdf.type}> <{BASE}Presentation> .")
        if source.random() < 0.5:
            lines.append(f"{lesion} <{Rdfs.label}> {source.choice(LABELS)} .")
    for at in range(source.randint(0, 4 * len(bearers))):
        node = source.choice((f"_:a{number}x{at}", f"<urn:example:p{number}:a{at}>"))
        lines.append(f"{source.choice(bearers)} <{BASE}hasAssessment> {node} .")
        lines.append(f"{node} <{Rdf.type}> <{BASE}Assessment> .")
        lines.append(f"{node} <{BASE}ofFinding> <{source.choice(findings)}> .")
        lines.append(f"{node} <{BASE}status> <{BASE}{source.choice(('Present', 'Absent'))}> .")
        if source.random() < 0.5:
            lines.append(f'{node} <{BASE}assessedOn> "2026-03-0{source.randint(1, 2)}"^^<{Xsd.date}> .')
        if source.random() < 0.3:
            lines.append(f"{node} <{Prov.wasDerivedFrom}> <urn:example:record:{source.randint(1, 3)}> .")
    return lines


@pytest.mark.parametrize("seed", range(4))
def test_names(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(seed)
    lines = [line for number in range(60) for line in patient(number, source)]
    source.shuffle(lines)
    apart: list[Part] = []

    def none_apart(file: str, format: Format, parts: object, knowledge: object) -> object:
        apart.extend(parts)  # type: ignore[arg-type]  # parts
        return exact_batch(file, format, apart, knowledge)  # type: ignore[arg-type]  # the knowledge

    monkeypatch.setattr(text, "exact_batch", none_apart)
    reader = TextReader("cohort.nt", Format.NTRIPLES, shipped())
    found = reader.batch("".join(f"{line}\n" for line in lines).encode(), whole=True)
    assert not apart, "all of these are understood in columns"
    assert shown(found, shipped()) == expected("cohort.nt", lines)
