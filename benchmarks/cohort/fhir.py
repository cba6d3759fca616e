"""Generated patients as FHIR R4: a bulk export (a folder with a file for each type), and a bundle a line.

A Patient, a Condition for the subject at each lesion, an Observation for every other assessment, and up to two
observations of something else, with what a hospital's server writes besides. A resource that is invalid has a list of
two statuses, no code, or a wrong date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.cohort.drawing import ASSESSMENTS, NONE, Block, Fault
from benchmarks.cohort.rdf import dates, names
from benchmarks.cohort.terms import Terms
from vhkg.cohort.batch import ABSENT, PRESENT, UNKNOWN

TYPES = ("Patient", "Condition", "Observation")
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_OTHERS = (("8302-2", "Body height", "cm"), ("29463-7", "Body weight", "kg"), ("2339-0", "Glucose", "mg/dL"))
"""LOINC code, display and unit of what nobody asks for here."""


def write_bulk(folder: Path, drawn: Iterable[Block], terms: Terms) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        outs = {kind: stack.enter_context((folder / f"{kind}.ndjson").open("wb")) for kind in TYPES}
        for block in drawn:
            frame = resources(block, terms)
            for kind, out in outs.items():
                lines = frame.filter(pl.col("kind") == kind).select("resource")
                lines.write_csv(out, include_header=False, quote_style="never")


def write_bundles(file: Path, drawn: Iterable[Block], terms: Terms) -> None:
    url = _concat('{"fullUrl":"https://ehr.example/fhir/', "@kind", "/", "@id", '","resource":', "@resource", "}")
    bundle = _concat('{"resourceType":"Bundle","id":"b', "@name", '","type":"collection","entry":[', "@entries", "]}")
    with file.open("wb") as out:
        for block in drawn:
            found = resources(block, terms).group_by("name", maintain_order=True).agg(entries=url.str.join(","))
            found.select(bundle).write_csv(out, include_header=False, quote_style="never")


def resources(block: Block, terms: Terms) -> pl.DataFrame:
    """`name` of the patient, `kind`, `id` and `resource`: the resources of each patient together."""
    found = (_persons(block), _conditions(block, terms), _observations(block, terms), _others(block))
    frame = pl.concat([each.select("name", "kind", "id", "resource") for each in found])
    return frame.sort("name", maintain_order=True)


def _persons(block: Block) -> pl.DataFrame:
    frame = pl.DataFrame({"name": names(block), "born": pl.Series(1930 + block.number % 70).cast(pl.String)})
    frame = frame.with_columns(kind=pl.lit("Patient"), id=_concat("p", "@name"))
    template = {
        "resourceType": "Patient",
        "id": "@id",
        "meta": {"versionId": "1", "lastUpdated": "2026-11-01T08:00:00.000+00:00"},
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Patient @id</div>'},
        "identifier": [{"system": "https://ehr.example/mrn", "value": "@id"}],
        "name": [{"use": "official", "family": "Family@name", "given": ["Given"]}],
        "gender": "unknown",
        "birthDate": "@born-05-04",
        "address": [{"line": ["1 Street"], "city": "City", "postalCode": "00000", "country": "XX"}],
    }
    return frame.with_columns(resource=_filled(template))


def _conditions(block: Block, terms: Terms) -> pl.DataFrame:
    verification = ("refuted", "confirmed", "unconfirmed")
    frame = _facts(block, terms, subject=True).with_columns(
        kind=pl.lit("Condition"),
        id=_concat("p", "@name", "-c", "@number"),
        verification=_chosen("status", verification),
    )
    template = {
        "resourceType": "Condition",
        "id": "@id",
        "meta": {"versionId": "1", "lastUpdated": "2026-11-01T08:00:00.000+00:00"},
        "clinicalStatus": _concept(_HL7 + "condition-clinical", "active"),
        "verificationStatus": _concept(_HL7 + "condition-ver-status", "@verification"),
        "category": [_concept(_HL7 + "condition-category", "encounter-diagnosis")],
        "code": {**_concept(terms.system, "@finding"), "text": "@label"},
        "subject": {"reference": "Patient/p@name"},
        "encounter": {"reference": "Encounter/p@name-e@number"},
    }
    recorded = pl.when(pl.col("date") != "").then(_concat(',"recordedDate":"', "@date", '"')).otherwise(pl.lit(""))
    site = pl.when(pl.col("site") != "").then(_concat(',"bodySite":[', "@site", "]")).otherwise(pl.lit(""))
    return frame.with_columns(resource=_filled(template, recorded, site))


def _observations(block: Block, terms: Terms) -> pl.DataFrame:
    answers = [json.dumps(_concept(*answer), separators=(",", ":")) for answer in terms.answers]
    values = [f',"valueCodeableConcept":{answer}' for answer in answers]
    reason = json.dumps(_concept(_HL7 + "data-absent-reason", "unknown"), separators=(",", ":"))
    fault = pl.col("fault")
    frame = _facts(block, terms, subject=False).with_columns(
        kind=pl.lit("Observation"),
        id=_concat("p", "@name", "-o", "@number"),
        value=_chosen("status", (*values, f',"dataAbsentReason":{reason}')),
        state=pl.when(fault == Fault.TWO_STATUSES)
        .then(pl.lit(',"status":["final","amended"]'))
        .otherwise(pl.lit(',"status":"final"')),
        coded=pl.when(fault == Fault.NO_FINDING)
        .then(pl.lit(""))
        .otherwise(_filled({"code": {**_concept(terms.system, "@finding"), "text": "@label"}}, inside=True)),
    )
    template = {
        "resourceType": "Observation",
        "id": "@id",
        "meta": {"versionId": "1", "lastUpdated": "2026-11-01T08:00:00.000+00:00"},
        "category": [_concept(_HL7 + "observation-category", "exam")],
        "subject": {"reference": "Patient/p@name"},
        "encounter": {"reference": "Encounter/p@name-e@number"},
        "performer": [{"reference": "Practitioner/d@number", "display": "Dr Given Family"}],
    }
    effective = _concat(
        ',"effectiveDateTime":"', "@date", 'T10:15:00+01:00","issued":"', "@date", 'T10:20:00.000+01:00"'
    )
    day = pl.when(pl.col("date") != "").then(effective).otherwise(pl.lit(""))
    site = pl.when(pl.col("site") != "").then(_concat(',"bodySite":', "@site")).otherwise(pl.lit(""))
    return frame.with_columns(resource=_filled(template, pl.col("state"), pl.col("coded"), day, pl.col("value"), site))


def _facts(block: Block, terms: Terms, *, subject: bool) -> pl.DataFrame:
    """The assessments of the subject, or the others, with `number` in the patient, `date` and `site` (or empty)."""
    repeated = np.repeat(np.arange(len(block.number)), ASSESSMENTS)
    lesion = block.lesion.ravel()
    finding = block.finding.ravel()
    sites = [
        json.dumps(
            {"coding": [{"system": level.system, "code": level.code}], "text": level.name}, separators=(",", ":")
        )
        for level in terms.levels
    ]
    fault = pl.col("fault")
    frame = pl.DataFrame(
        {
            "name": names(block).gather(repeated),
            "number": pl.Series(np.tile(np.arange(1, ASSESSMENTS + 1), len(block.number))).cast(pl.String),
            "finding": pl.Series(list(terms.findings)).gather(finding),
            "label": pl.Series(list(terms.labels)).gather(finding),
            "site": pl.Series(sites).gather(block.levels[repeated, np.maximum(lesion, 0)]),
            "lesion": lesion,
            "status": block.status.ravel(),
            "day": block.day.ravel(),
            "fault": block.fault.ravel(),
        }
    ).with_columns(
        site=pl.when(pl.col("lesion") != NONE).then("site").otherwise(pl.lit("")),
        date=pl.when(fault == Fault.WRONG_DATE)
        .then(pl.lit("2026-02-30"))
        .when(pl.col("day") != NONE)
        .then(dates(pl.col("day")))
        .otherwise(pl.lit("")),
    )
    return frame.filter(pl.Series(finding == terms.subject) == subject)


def _others(block: Block) -> pl.DataFrame:
    """Vital signs and laboratory results: none, one or two of them."""
    patients, columns = np.nonzero(block.others != NONE)
    amount = block.others[patients, columns]
    code, display, unit = (pl.Series(list(texts)).gather(amount % len(_OTHERS)) for texts in zip(*_OTHERS, strict=True))
    frame = pl.DataFrame(
        {
            "name": names(block).gather(patients),
            "number": pl.Series(columns + 1).cast(pl.String),
            "code": code,
            "display": display,
            "unit": unit,
            "date": pl.Series(block.day.max(axis=1)[patients]),
            "amount": pl.Series(amount / 10).cast(pl.String),
        }
    ).with_columns(kind=pl.lit("Observation"), id=_concat("p", "@name", "-v", "@number"), date=dates(pl.col("date")))
    template = {
        "resourceType": "Observation",
        "id": "@id",
        "status": "final",
        "category": [_concept(_HL7 + "observation-category", "vital-signs")],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "@code", "display": "@display"}],
            "text": "@display",
        },
        "subject": {"reference": "Patient/p@name"},
        "effectiveDateTime": "@dateT10:15:00+01:00",
        "issued": "@dateT10:15:00.000+01:00",
    }
    quantity = _concat(
        ',"valueQuantity":{"value":', "@amount", ',"unit":"', "@unit",
        '","system":"http://unitsofmeasure.org","code":"', "@unit", '"}',
    )  # fmt: skip
    return frame.with_columns(resource=_filled(template, quantity))


def _concept(system: str, code: str) -> dict[str, object]:
    return {"coding": [{"system": system, "code": code}]}


def _chosen(column: str, texts: Sequence[str]) -> pl.Expr:
    absent, present, unknown = (pl.lit(texts[status]) for status in (ABSENT, PRESENT, UNKNOWN))
    status = pl.col(column)
    return pl.when(status == PRESENT).then(present).when(status == UNKNOWN).then(unknown).otherwise(absent)


_COLUMN = re.compile(r"@(name|number|id|born|verification|finding|label|code|display|date)")


def _filled(template: Mapping[str, object], *fields: pl.Expr, inside: bool = False) -> pl.Expr:
    """The JSON of the template with each ``@column`` in place, and the texts of further fields at its end.

    `inside`: without braces, behind a comma, to become such a field.
    """
    text = json.dumps(template, ensure_ascii=False, separators=(",", ":"))
    text = "," + text[1:-1] if inside else text[:-1]
    parts = [pl.col(part) if place % 2 else pl.lit(part) for place, part in enumerate(_COLUMN.split(text))]
    return pl.concat_str(*parts, *fields, pl.lit("" if inside else "}"))


def _concat(*parts: str) -> pl.Expr:
    """Texts, and columns as ``@column``."""
    return pl.concat_str(*(pl.col(part[1:]) if part.startswith("@") else pl.lit(part) for part in parts))
