"""Random patients as lines of N-Triples: whole ones, damaged ones, and lines written as few writers would."""

from __future__ import annotations

import functools
import random

from tests.records import random_record, subject_finding
from tests.support import shipped
from vhkg.answering.knowledge import Patient
from vhkg.intake import Format
from vhkg.namespaces import BASE, Prov, Rdf, Rdfs, Xsd
from vhkg.patients.serialization import serialize

_VALUES = (
    "<urn:example:elsewhere>",
    "<urn:example:p1>",
    f"<{BASE}Present>",
    f"<{BASE}Absent>",
    f"<{BASE}NoSuchThing>",
    "_:new",
    f'"2026-02-28"^^<{Xsd.date}>',
    f'"2026-02-30"^^<{Xsd.date}>',
    '"not a date"',
    f'"text"^^<{Xsd.string}>',
    '"x"@en',
    '"x"@en-GB',
    '"näme"',
    '"a\\u202Eb"',
    '"with \\"quotes\\" in it"',
    "<relative>",
    "<http://[bad>",
    "<file:///etc/passwd>",
    "<urn:example:b\\u0061>",
    f"<{Rdfs.label}>",
    '"open',
    "<<( <urn:a> <urn:b> <urn:c> )>>",
    '"' + "long " * 500 + '"',
)
_OF_PATIENTS = ("hasPresentation", "hasAssessment", "ofFinding", "status", "assessedOn", "bodySite", "sourceCode")
_PREDICATES = (
    Rdf.type.value,
    Rdfs.label.value,
    Prov.wasDerivedFrom.value,
    "urn:example:unknown",
    *(BASE + name for name in _OF_PATIENTS),
)
_CLASSES = ("Patient", "Presentation", "Assessment", "Finding")
CODES = ("ICD10CM:M54.9", "SNOMED:22253000", "HP:0003418", "nothing known", "free text")


def patient_lines(seed: int, name: str) -> list[str]:
    """A patient that conforms, with labels, codes and provenance here and there; some of its nodes are blank."""
    return list(_patient_lines(seed, name))


@functools.cache
def _patient_lines(seed: int, name: str) -> tuple[str, ...]:
    knowledge = shipped()
    source = random.Random(seed)
    rows = random_record(seed, knowledge.compiled.vocabulary, subject_finding(knowledge), patient=name)
    (patient,) = knowledge.read(rows)
    lines = [line for line in _written(patient) if source.random() < 0.9 or "wasDerivedFrom" not in line]
    for line in list(lines):
        subject, predicate, value = line.removesuffix(" .").split(" ", 2)
        if predicate == f"<{Rdf.type}>":
            kind = value.removeprefix(f"<{BASE}").rstrip(">")
            if kind == "Patient" and source.random() < 0.3:
                lines.append(f'{subject} <{Rdfs.label}> "Case number {seed}" .')
            elif kind == "Presentation" and source.random() < 0.3:
                lines.append(f'{subject} <{BASE}bodySite> "thoracic spine, left" .')
            elif kind == "Assessment" and source.random() < 0.3:
                lines.append(f'{subject} <{BASE}sourceCode> "{source.choice(CODES)}" .')
    return tuple(_with_blanks(lines, name, source))


def _written(patient: Patient) -> list[str]:
    return serialize(patient.graph, Format.NTRIPLES).splitlines()


def _with_blanks(lines: list[str], name: str, source: random.Random) -> list[str]:
    kinds = {0: (), 1: (), 2: ("Assessment",), 3: ("Presentation",), 4: ("Presentation", "Assessment")}[
        source.randrange(5)
    ]
    share = source.choice((0.3, 1.0))
    for number, line in enumerate(list(lines)):
        subject, predicate, value = line.removesuffix(" .").split(" ", 2)
        if predicate == f"<{Rdf.type}>" and value in [f"<{BASE}{kind}>" for kind in kinds] and source.random() < share:
            label = f"_:{name.replace(':', '')}n{number}"
            lines = [f"{line} ".replace(f"{subject} ", f"{label} ").rstrip() for line in lines]
    return lines


def damaged(lines: list[str], source: random.Random) -> list[str]:
    """After one to three edits: drop, repeat, add, change, break off."""
    lines = list(lines)
    for _ in range(source.randint(1, 3)):
        at = source.randrange(len(lines))
        subject = lines[at].split(" ", 1)[0]
        match source.randrange(7):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.append(lines[at])
            case 2:
                lines.append(f"{subject} <{source.choice(_PREDICATES)}> {source.choice(_VALUES)} .")
            case 3:
                lines[at] = f"{subject} <{source.choice(_PREDICATES)}> {source.choice(_VALUES)} ."
            case 4:
                lines.append(f"{subject} <{Rdf.type}> <{BASE}{source.choice(_CLASSES)}> .")
            case 5:
                lines[at] = lines[at][: source.randrange(1, len(lines[at]))]
            case _:
                lines.append(f"{subject} <{BASE}hasAssessment> {source.choice(lines).split(' ', 1)[0]} .")
    return lines


def restyled(line: str, source: random.Random) -> str:
    """The same statement, written in one of the ways that N-Triples allows."""
    subject, _, rest = line.partition(" ")
    return source.choice(
        (
            line,
            line.replace(" ", "  ", 1),
            line.replace(" ", "\t", 1),
            f" {line}",
            f"{line} # a comment",
            line.removesuffix(" .") + ".",
            f"{subject}{rest}",
            line.replace("urn:", "ur\\u006E:", 1) if subject.startswith("<urn:") else line,
        )
    )
