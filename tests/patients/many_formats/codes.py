"""An invented hospital's codes, as files for --codes, and which codes say what.

Codes of ours, public ones that the shipped tables know, and local ones under HX; OMOP concepts of the range that is
left to sites (above 2,000,000,000).
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

from tests.patients.many_formats.generator import LEVELS
from tests.patients.many_formats.patient import FINDINGS, SUBJECT
from vhkg.namespaces import BASE

HX = "https://hospital-x.example/codes"
SNOMED, LOINC, ICD10CM = "http://snomed.info/sct", "http://loinc.org", "http://hl7.org/fhir/sid/icd-10-cm"
HPO, OURS = "http://human-phenotype-ontology.org", BASE.rstrip("#")
OMOP = "https://athena.ohdsi.org/search-terms/terms/"
_CONCEPTS = 2_000_000_000


class Code(NamedTuple):
    system: str
    code: str

    @property
    def curie(self) -> str:
        """As phenopackets and the facts CSV write it."""
        return f"{_PREFIXES[self.system]}:{self.code.removeprefix('HP:')}"

    @property
    def coding(self) -> dict[str, str]:
        return {"system": self.system, "code": self.code, "display": f"display of {self.code}"}


_PREFIXES = {SNOMED: "SNOMEDCT", LOINC: "LOINC", ICD10CM: "ICD10CM", HPO: "HP", OURS: "vhkg", HX: "HX"}

_PUBLIC: dict[str, tuple[Code, ...]] = {
    "BackPain": (Code(SNOMED, "161891005"), Code(HPO, "HP:0003418")),
    "VertebralCompressionFracture": (Code(SNOMED, "42942008"), Code(HPO, "HP:0002953")),
    "SpinalInstability": (Code(HPO, "HP:0005881"),),
    "Laminectomy": (Code(SNOMED, "387731002"),),
    "RadiationTherapy": (Code(SNOMED, "1287742003"),),
}
"""Exact matches of the shipped tables."""

_PUBLIC_NARROWER: dict[str, tuple[Code, ...]] = {"BackPain": (Code(SNOMED, "279039007"), Code(HPO, "HP:0003419"))}
_PUBLIC_BROADER: dict[str, tuple[Code, ...]] = {SUBJECT: (Code(SNOMED, "400210000"), Code(HPO, "HP:0001028"))}

SITE_DEPENDENT = Code(ICD10CM, "D18.09")
"""R5: means the subject only with a vertebral body site."""

SCORES = (Code(LOINC, "72514-3"), Code(LOINC, "38214-3"))
ANSWERS = {
    "present": (Code(LOINC, "LA9633-4"), Code(SNOMED, "52101004"), Code(HX, "Y")),
    "absent": (Code(LOINC, "LA9634-2"), Code(SNOMED, "2667000"), Code(HX, "N")),
    "unknown": (Code(LOINC, "LA4489-6"), Code(SNOMED, "261665006"), Code(HX, "U")),
}
SPINE, LIVER = Code(HX, "spine"), Code(HX, "liver")
UNMAPPED_SITE_CODE = Code(HX, "somewhere")
UNMAPPED = Code(HX, "never-mapped")


def local(finding: str) -> Code:
    return Code(HX, f"F{FINDINGS.index(finding):03}")


def exact(finding: str, choice: random.Random) -> Code:
    return choice.choice((local(finding), local(finding), Code(OURS, finding), *_PUBLIC.get(finding, ())))


def narrower(finding: str, choice: random.Random) -> Code:
    """A code whose presence is that of the finding, and whose absence says nothing."""
    return choice.choice((Code(HX, f"narrower-{local(finding).code}"), *_PUBLIC_NARROWER.get(finding, ())))


def broader(finding: str, choice: random.Random) -> Code:
    """A code whose absence is that of the finding, and whose presence says nothing."""
    return choice.choice((Code(HX, f"broader-{local(finding).code}"), *_PUBLIC_BROADER.get(finding, ())))


def says_no(finding: str) -> Code:
    """A code that says by itself that the finding is absent."""
    return Code(HX, f"no-{local(finding).code}")


def site(level: str, choice: random.Random) -> Code:
    shipped = [Code(SNOMED, "14293000")] if level == "L2" else []
    return choice.choice([Code(HX, f"level-{level}"), *shipped])


def concept(finding: str) -> str:
    """The concept id of a finding in OMOP tables."""
    return str(_CONCEPTS + 1 + FINDINGS.index(finding))


SCORE_CONCEPT, UNMAPPED_CONCEPT = str(_CONCEPTS + 900), str(_CONCEPTS + 999)
ANSWER_CONCEPTS = {status: str(_CONCEPTS + 901 + at) for at, status in enumerate(ANSWERS)}


def write_codes(folder: Path) -> tuple[Path, ...]:
    """The files for ``Knowledge.load(codes=...)``."""
    codes, sites = folder / "codes.tsv", folder / "sites.tsv"
    codes.write_text(_codes(), encoding="utf-8")
    sites.write_text(_sites(), encoding="utf-8")
    return codes, sites


def _codes() -> str:
    rows = [
        row
        for finding in FINDINGS
        for row in (
            (local(finding).curie, "skos:exactMatch", finding, ""),
            (f"HX:narrower-{local(finding).code}", "skos:broadMatch", finding, ""),
            (f"HX:broader-{local(finding).code}", "skos:narrowMatch", finding, ""),
            (says_no(finding).curie, "skos:exactMatch", finding, "absent"),
            (f"OMOP:{concept(finding)}", "skos:exactMatch", finding, ""),
        )
    ]
    rows.append((f"OMOP:{SCORE_CONCEPT}", "skos:exactMatch", "PainScore", ""))
    for status, (*_, code) in ANSWERS.items():
        rows.append((code.curie, "skos:exactMatch", status.capitalize(), ""))
        rows.append((f"OMOP:{ANSWER_CONCEPTS[status]}", "skos:exactMatch", status.capitalize(), ""))
    lines = [
        f'#curie_map: {{HX: "{HX}#", OMOP: "{OMOP}", vhkg: "{BASE}"}}',
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tfinding_status",
        *(
            f"{code}\t{match}\tvhkg:{term}\tsemapv:ManualMappingCuration\t{status}"
            for code, match, term, status in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def _sites() -> str:
    rows = [(f"HX:level-{level}", level, "vertebra") for level in LEVELS]
    rows += [(SPINE.curie, "", "vertebra"), (LIVER.curie, "", "")]
    lines = ["site\tsite_label\tlesion\tkind", *(f"{code}\t\t{lesion}\t{kind}" for code, lesion, kind in rows)]
    return f'#curie_map: {{HX: "{HX}#"}}\n' + "\n".join(lines) + "\n"
