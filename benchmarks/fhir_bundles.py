"""FHIR bundles, side by side in one run: `python benchmarks/fhir_bundles.py [--patients N] [--rounds N] [NDJSON…]`.

Against `orjson.loads` of the same bytes, in turn, in one process: from the bytes of each bundle to its explained
answer, one after another, and from a folder of bundles to the decided columns and tables of a cohort. Times are those
of the processor; the median of the ratios is what counts, since machines drift. Ours includes strict UTF-8, doubled
keys, depth, and the patient shapes; the cohort's way includes reading the files, whose time the floor does not have.
Bundles are seeded, of several sizes: only what the article asks for (a condition and eight findings), and the same
among more and more of what the record of some years holds besides (vital signs, laboratory results). The resources of
files of NDJSON, if some are given, become a bundle for each patient, repeated up to the number of patients.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson

import vhkg
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.deciding import Answers, Decision
from vhkg.cohort.fhir import BundleFolderReader
from vhkg.cohort.frames import Framer
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


class Measured(NamedTuple):
    """Microseconds a bundle of orjson; in its time: reading with validation, bundle to answer, and for a folder of
    them, to a batch, to columns that are decided, and to the tables of `vhkg cohort`. Medians.
    """

    floor: float
    read: float
    answer: float
    batch: float
    decided: float
    tables: float


def measure(contents: Sequence[bytes], rounds: int, folder: Path) -> Measured:
    documents = [document("b.json", text) for text in contents]
    for number, content in enumerate(contents):
        (folder / f"{number:06}.json").write_bytes(content)
    knowledge = vhkg.load()
    cohort = Cohort(folder, knowledge)
    actions: tuple[Callable[[], object], ...] = (
        lambda: one_by_one(orjson.loads, contents),
        lambda: one_by_one(knowledge.read, documents),
        lambda: one_by_one(knowledge.recommend, documents),
        cohort.batches,
        cohort.decided,
        cohort.tables,
    )
    for action in actions[1:]:
        action()
    found = [[seconds(action) for action in actions] for _ in range(rounds)]
    ratios = [[each / times[0] for each in times[1:]] for times in found]
    floor = statistics.median(times[0] for times in found) / len(contents) * 1e6
    return Measured(floor, *(statistics.median(each) for each in zip(*ratios, strict=True)))


class Cohort:
    """A folder of bundles, the way of `vhkg cohort`, in one process."""

    def __init__(self, folder: Path, knowledge: Knowledge) -> None:
        self._reader = BundleFolderReader(str(folder), knowledge)
        self._decision, self._framer = Decision(knowledge), Framer(knowledge)

    def batches(self) -> list[Batch]:
        return [self._reader.read(piece) for piece in self._reader.pieces()]

    def decided(self) -> list[Answers]:
        return [self._decision.decide(batch) for batch in self.batches()]

    def tables(self) -> list[object]:
        decision = self._decision
        return [self._framer.frames(batch, decision.decide(batch), decision.texts) for batch in self.batches()]


def one_by_one(action: Callable[[Any], object], inputs: Iterable[object]) -> None:
    """Nothing is kept, so that the memory that it takes is not part of the time."""
    for each in inputs:
        action(each)


def seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("ndjson", nargs="*", type=Path)
    options = parser.parse_args()
    findings = [finding.name for finding in vhkg.load().content.findings.values() if finding.question]
    print("other entries  kB a bundle  orjson us      read    answer | cohort:    batch   decided    tables")
    for history in HISTORIES:
        show(str(history), [bundle(number, findings, history) for number in range(options.patients)], options.rounds)
    if options.ndjson:
        show("as given", repeated(bundles_of(options.ndjson), options.patients), options.rounds)


def show(name: str, contents: Sequence[bytes], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(contents, rounds, Path(folder))
    size = sum(map(len, contents)) / len(contents) / 1000
    one, many = (found.read, found.answer), (found.batch, found.decided, found.tables)
    shown = " | ".join("".join(f"{each:9.1f}x" for each in ratios) for ratios in (one, many))
    print(f"{name:>13} {size:12.1f} {found.floor:10.0f} {shown}", flush=True)


def repeated(bundles: Sequence[tuple[str, bytes]], count: int) -> list[bytes]:
    """So many bundles in turn, each of another patient: the last characters of an id are a number."""
    found = []
    for number, (identity, content) in enumerate(islice(cycle(bundles), count)):
        tail = f"{number:06}"
        found.append(content.replace(identity.encode(), f"{identity[: -len(tail)]}{tail}".encode()))
    return found


def bundles_of(files: Sequence[Path]) -> list[tuple[str, bytes]]:
    """The id of each patient that the files have, with a compact bundle of what is recorded."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        for line in filter(None, file.read_bytes().splitlines()):
            resource = json.loads(line)
            patient = resource["resourceType"] == "Patient"
            reference = f"Patient/{resource['id']}" if patient else resource.get("subject", {}).get("reference", "")
            found.setdefault(reference, []).append({"resource": resource})
    return [
        (reference.removeprefix("Patient/"), json.dumps(_collection(entries), separators=(",", ":")).encode())
        for reference, entries in found.items()
        if any(entry["resource"]["resourceType"] == "Patient" for entry in entries)
    ]


def _collection(entries: list[dict[str, Any]]) -> dict[str, object]:
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


if __name__ == "__main__":
    main()
