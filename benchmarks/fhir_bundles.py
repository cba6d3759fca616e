"""FHIR bundles, side by side in one run: `python benchmarks/fhir_bundles.py [--patients N] [--rounds N] [NDJSON…]`.

From the bytes of each bundle to its explained answer, against `orjson.loads` of the same bytes, in turn; the median of
the ratios is what counts, since machines drift. Ours includes the front door: strict UTF-8, doubled keys, depth.
Bundles are seeded, of several sizes: only what the article asks for (a condition and eight findings), and the same
among more and more of what the record of some years holds besides (vital signs, laboratory results). The resources of
files of NDJSON, if some are given, become a bundle for each patient, repeated up to the number of patients.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson

import vhkg
from vhkg.intake import document

HISTORIES = (0, 30, 100, 300, 1000)
"""How many other observations."""
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


def measure(contents: Sequence[bytes], rounds: int) -> tuple[float, float, float]:
    """Microseconds a bundle of orjson; then, in its time, reading with validation, and bundle to answer: medians."""
    documents = [document("b.json", text) for text in contents]
    floors, reads, answers = [], [], []
    for _ in range(rounds):
        knowledge = vhkg.load()
        knowledge.recommend(documents[0])
        floors.append(seconds(orjson.loads, contents))
        reads.append(seconds(knowledge.read, documents) / floors[-1])
        answers.append(seconds(knowledge.recommend, documents) / floors[-1])
    return statistics.median(floors) / len(contents) * 1e6, statistics.median(reads), statistics.median(answers)


def seconds(action: Callable[[Any], object], inputs: Iterable[object]) -> float:
    start = time.perf_counter()
    for each in inputs:
        action(each)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("ndjson", nargs="*", type=Path)
    options = parser.parse_args()
    findings = [finding.name for finding in vhkg.load().content.findings.values() if finding.question]
    print("other entries  kB a bundle  orjson us  read and validated  bundle to answer")
    for history in HISTORIES:
        show(str(history), [bundle(number, findings, history) for number in range(options.patients)], options.rounds)
    if options.ndjson:
        show("as given", list(islice(cycle(bundles_of(options.ndjson)), options.patients)), options.rounds)


def show(name: str, contents: Sequence[bytes], rounds: int) -> None:
    floor, read, answer = measure(contents, rounds)
    size = sum(map(len, contents)) / len(contents) / 1000
    print(f"{name:>13} {size:12.1f} {floor:10.0f} {read:18.1f}x {answer:16.1f}x", flush=True)


def bundles_of(files: Sequence[Path]) -> list[bytes]:
    """A compact bundle for each patient that the files have."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        for line in filter(None, file.read_bytes().splitlines()):
            resource = json.loads(line)
            patient = resource["resourceType"] == "Patient"
            reference = f"Patient/{resource['id']}" if patient else resource.get("subject", {}).get("reference", "")
            found.setdefault(reference, []).append({"resource": resource})
    whole = (
        {"resourceType": "Bundle", "type": "collection", "entry": entries}
        for entries in found.values()
        if any(entry["resource"]["resourceType"] == "Patient" for entry in entries)
    )
    return [json.dumps(each, separators=(",", ":")).encode() for each in whole]


if __name__ == "__main__":
    main()
