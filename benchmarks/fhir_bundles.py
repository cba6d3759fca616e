"""FHIR bundles, side by side in one run: `python benchmarks/fhir_bundles.py [--patients N] [--rounds N]`.

From the bytes of each bundle to its explained answer, against `orjson.loads` of the same bytes, in turn; the median of
the ratios is what counts, since machines drift. Ours includes the front door: strict UTF-8, doubled keys, depth.
Bundles are of two sizes, both seeded: only what the article asks for (eight findings), and the same within the record
of some years (encounters, vital signs, laboratory results, medication), which is what a hospital exports.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence

import orjson

import vhkg
from vhkg.intake import Document, document

SYSTEM = "https://w3id.org/vhkg/ontology"
YES, NO = ("LA9633-4", "Present"), ("LA9634-2", "Absent")


def bundle(number: int, findings: Sequence[str], history: int) -> bytes:
    """One patient as a collection, as a hospital's server writes it."""
    source = random.Random(number)
    patient = f"p{number:06}"
    resources = [_person(patient, source), _condition(patient, findings[0], source, number)]
    for place, finding in enumerate(source.sample(list(findings[1:]), 8)):
        resources.append(_finding(patient, finding, place, source))
    for place in range(history):
        resources.append(_vital(patient, place, source))
    entries = [{"fullUrl": f"https://ehr.example/fhir/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    return json.dumps({"resourceType": "Bundle", "id": f"b{number}", "type": "collection", "entry": entries}).encode()


def _day(source: random.Random) -> str:
    return f"2026-{source.randint(1, 12):02}-{source.randint(1, 28):02}"


def _person(patient: str, source: random.Random) -> dict[str, object]:
    text = f'<div xmlns="http://www.w3.org/1999/xhtml">Patient {patient}, record of {_day(source)}</div>'
    return {
        "resourceType": "Patient",
        "id": patient,
        "meta": {"versionId": "1", "lastUpdated": f"{_day(source)}T08:00:00.000+00:00"},
        "text": {"status": "generated", "div": text},
        "identifier": [{"system": "https://ehr.example/mrn", "value": patient}],
        "name": [{"use": "official", "family": f"Family{patient}", "given": ["Given"]}],
        "gender": source.choice(("female", "male")),
        "birthDate": f"{source.randint(1930, 2000)}-05-04",
        "address": [{"line": ["1 Street"], "city": "City", "postalCode": "00000", "country": "XX"}],
    }


def _condition(patient: str, finding: str, source: random.Random, number: int) -> dict[str, object]:
    status = "refuted" if number % 20 == 0 else "confirmed"
    return {
        "resourceType": "Condition",
        "id": f"{patient}-c",
        "clinicalStatus": _concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "verificationStatus": _concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", status),
        "code": _concept(SYSTEM, finding, finding),
        "subject": {"reference": f"Patient/{patient}"},
        "recordedDate": _day(source),
    }


def _finding(patient: str, finding: str, place: int, source: random.Random) -> dict[str, object]:
    code, display = source.choice((YES, NO))
    return {
        "resourceType": "Observation",
        "id": f"{patient}-o{place}",
        "status": "final",
        "code": _concept(SYSTEM, finding, finding),
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": f"{_day(source)}T10:15:00+01:00",
        "valueCodeableConcept": _concept("http://loinc.org", code, display),
    }


def _vital(patient: str, place: int, source: random.Random) -> dict[str, object]:
    code, display, unit = source.choice(
        (("8302-2", "Body height", "cm"), ("29463-7", "Body weight", "kg"), ("2339-0", "Glucose", "mg/dL"))
    )
    return {
        "resourceType": "Observation",
        "id": f"{patient}-v{place}",
        "status": "final",
        "category": [_concept("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs")],
        "code": {**_concept("http://loinc.org", code, display), "text": display},
        "subject": {"reference": f"Patient/{patient}"},
        "encounter": {"reference": f"Encounter/{patient}-e{place}"},
        "effectiveDateTime": f"{_day(source)}T10:15:00+01:00",
        "issued": f"{_day(source)}T10:15:00.000+01:00",
        "valueQuantity": {
            "value": round(source.uniform(1, 200), 1),
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    }


def _concept(system: str, code: str, display: str = "") -> dict[str, object]:
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    return {"coding": [coding]}


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    knowledge = vhkg.load()
    findings = [finding.name for finding in knowledge.content.findings.values() if finding.question]
    for name, history in (("findings only", 0), ("record of some years", 300)):
        contents = [bundle(number, findings, history) for number in range(options.patients)]
        documents: list[Document] = [document(f"{number}.json", text) for number, text in enumerate(contents)]
        knowledge.recommend(documents[0])
        pairs, reads = [], []
        for _ in range(options.rounds):
            fresh = vhkg.load()
            fresh.recommend(documents[0])
            floor = seconds(lambda: [orjson.loads(text) for text in contents])
            ours = seconds(lambda: [fresh.recommend(document("b.json", text)) for text in contents])
            reads.append(seconds(lambda: [fresh.read(document("b.json", text)) for text in contents]))
            pairs.append((floor, ours))
        size = sum(map(len, contents)) / len(contents)
        floor, ours = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        reading = statistics.median(read / a for read, (a, _) in zip(reads, pairs, strict=True))
        print(
            f"{name}, {size / 1000:.1f} kB a bundle: orjson {floor / len(contents) * 1e6:.0f} us, bundle to answer "
            f"{ours / len(contents) * 1e6:.0f} us, ratio {ratio:.1f} (read and validated, without the answer: {reading:.1f})"
        )


if __name__ == "__main__":
    main()
