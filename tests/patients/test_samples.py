"""Public records of others (FHIR, phenopackets, OMOP): all are read, and every entry is counted, by a count of our own.

None of these patients has a vertebral hemangioma. What is expected is counted here, with json and csv only.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from tests.cli.support import called as vhkg
from tests.patients.records import as_json, as_lines, concept
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Patients
from vhkg.errors import InputError, RefusedInput
from vhkg.model.source_report import Fate, SourceReport
from vhkg.namespaces import BASE, Rdf, Vhkg

pytestmark = pytest.mark.source
SAMPLES = ROOT.parent / "shared" / "samples"
FHIR = sorted(SAMPLES.glob("fhir_test_cases/*.json"))
LINES = sorted(SAMPLES.glob("pathling_ndjson/*.ndjson"))
PACKETS = sorted(each for each in SAMPLES.glob("phenopackets/*.json") if "biosamples" not in each.name)
OMOP = SAMPLES / "omop_synthea27nj"
TABLES = sorted(OMOP.glob("*.csv"))
Json = Any
Codes = Counter[str]

READ = ("Condition", "Observation", "Procedure", "List")
PREFIXES = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMEDCT",
    "http://hl7.org/fhir/sid/icd-10": "ICD10",
}
KNOWN = {"LOINC:72514-3", "OMOP:43055141", "HP:0012531", "HP:0001028", "HP:0003416", "HP:0002176"}
"""The codes in the samples that have a row: pain scores, and terms of the Human Phenotype Ontology."""


def test_the_samples_are_all_there() -> None:
    found = Counter(path.parent.name for path in SAMPLES.glob("*/*"))
    assert found == {"fhir_test_cases": 8, "pathling_ndjson": 6, "phenopackets": 61, "omop_synthea27nj": 9}
    assert (len(FHIR), len(LINES), len(PACKETS), len(TABLES)) == (7, 6, 60, 9)


def counted(report: SourceReport, *fates: Fate) -> int:
    return sum(report.total(fate) for fate in fates)


def unmapped(report: SourceReport) -> Codes:
    """The codes, without the words that go with them."""
    found: Codes = Counter()
    for shown, number in report.counts.get(Fate.UNMAPPED, {}).items():
        found[shown if shown.startswith("source value|") else shown.partition(" ")[0]] += number
    return found


def irrelevant(report: SourceReport) -> Counter[str]:
    return Counter(report.counts.get(Fate.IRRELEVANT, {}))


def holds(found: Patients, *, codes: Codes, others: Counter[str], refused: int = 0, read: int = 0) -> None:
    """Every entry is counted: by its code if that is not mapped, by its kind if it states nothing, or as refused."""
    report = found.report
    known = sum(number for code, number in codes.items() if code in KNOWN)
    assert unmapped(report) == Counter({code: number for code, number in codes.items() if code not in KNOWN})
    assert irrelevant(report) == others
    assert counted(report, Fate.READ, Fate.SILENT, Fate.UNKNOWN) == known
    assert counted(report, Fate.READ) == read
    assert (report.total(Fate.REFUSED), len(report.refusals)) == (refused, refused)
    assert report.entries == sum(codes.values()) + sum(others.values()) + refused
    assert all(patient.report.conforms for patient in found.patients)
    assert report.patients == len(found.patients)


def resources(value: Json) -> Iterator[Json]:
    """Every resource of a bundle or resource, those that are contained too."""
    for each in [entry["resource"] for entry in value.get("entry", [])] or [value]:
        yield each
        yield from each.get("contained", [])


def coded(resource: Json) -> Iterator[Json]:
    """What has a code of its own: the resource, unless all is in its components, and each component."""
    own = any(key.startswith("value") or key == "dataAbsentReason" for key in resource)
    parts = resource.get("component", []) if resource["resourceType"] == "Observation" else []
    return iter([*([resource] if own or not parts else []), *parts])


def first_code(value: Json) -> str:
    coding = value["code"]["coding"][0]
    return f"{PREFIXES[coding['system']]}:{coding['code']}"


def of_fhir(found: Iterable[Json]) -> tuple[Codes, Counter[str], int, set[str]]:
    """Codes of what is read, kinds of all else, how many name no subject, and the subjects."""
    codes: Codes = Counter()
    others: Counter[str] = Counter()
    subjects: set[str] = set()
    nameless = 0
    for resource in found:
        kind = resource["resourceType"]
        if kind == "Patient":
            subjects.add(resource["id"])
        if kind not in READ:
            others[kind] += 1
        elif "subject" not in resource:
            nameless += 1
        else:
            subjects.add(resource["subject"]["reference"].rpartition("/")[2])
            codes.update(map(first_code, coded(resource)))
    return codes, others, nameless, subjects


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", FHIR, ids=lambda path: path.stem)
def test_fhir_resources_and_bundles(path: Path) -> None:
    codes, others, nameless, subjects = of_fhir(resources(json.loads(path.read_text(encoding="utf-8"))))
    found = shipped().read_source(path)
    holds(found, codes=codes, others=others, refused=nameless)
    assert {patient.record.patient for patient in found.patients} == subjects


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.stem)
def test_fhir_lines(path: Path) -> None:
    codes, others, nameless, subjects = of_fhir(lines(path))
    found = shipped().read_source(path)
    holds(found, codes=codes, others=others, refused=nameless)
    assert {patient.record.patient for patient in found.patients} == subjects


def test_a_folder_of_lines() -> None:
    codes, others, nameless, subjects = of_fhir(each for path in LINES for each in lines(path))
    found = shipped().read_source(LINES[0].parent)
    holds(found, codes=codes, others=others, refused=nameless)
    assert {patient.record.patient for patient in found.patients} == subjects
    assert (len(subjects), others["Patient"]) == (109, 109)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


CONCEPTS = {
    "CONDITION_OCCURRENCE": "condition",
    "PROCEDURE_OCCURRENCE": "procedure",
    "OBSERVATION": "observation",
    "MEASUREMENT": "measurement",
}


def test_omop_tables() -> None:
    codes: Codes = Counter()
    others: Counter[str] = Counter()
    zero = 0
    for path in TABLES:
        prefix = CONCEPTS.get(path.stem)
        for row in rows(path):
            if prefix is None:
                others[path.stem] += 1
                continue
            concept_id = row[f"{prefix}_concept_id"]
            code = f"OMOP:{concept_id}" if concept_id != "0" else f"source value|{row[f'{prefix}_source_value']}"
            codes[code] += 1
            zero += code in KNOWN and float(row["value_as_number"]) == 0
    found = shipped().read_source(OMOP)
    holds(found, codes=codes, others=others, read=zero)
    assert {patient.record.patient for patient in found.patients} == {
        row["person_id"] for row in rows(OMOP / "PERSON.csv")
    }
    denied = {each.finding for patient in found.patients for each in patient.record.assertions}
    assert (zero, denied) == (45, {"BackPain", "RadicularPain"})


TERMS = {"phenotypicFeatures": "type", "diseases": "term", "measurements": "assay"}


def action(value: Json) -> Json:
    """What a medical action is done with: a procedure, a radiation, or an agent."""
    found: Json = next((value[key] for key in ("procedure", "radiationTherapy", "treatment") if key in value), {})
    return next((found[key] for key in ("code", "modality", "agent") if key in found), {})


@pytest.mark.parametrize("path", PACKETS, ids=lambda path: path.stem)
def test_phenopackets(path: Path) -> None:
    packet = json.loads(path.read_text(encoding="utf-8"))
    terms = [each[name] for part, name in TERMS.items() for each in packet.get(part, [])]
    terms += [action(each) for each in packet.get("medicalActions", [])]
    codes = Counter(term["id"] for term in terms if "id" in term)
    others: Counter[str] = Counter()
    for part, value in packet.items():
        if part not in (*TERMS, "medicalActions", "id", "subject"):
            others[part] += len(value) if isinstance(value, list) else 1
    denied = [each["type"]["id"] for each in packet.get("phenotypicFeatures", []) if each.get("excluded")]
    found = shipped().read_source(path)
    texts = counted(found.report, Fate.TEXT_ONLY)
    assert texts == len(terms) - sum(codes.values())
    (patient,) = found.patients
    assert patient.record.patient == packet["subject"]["id"]
    statuses = {str(each.status) for each in patient.record.assertions}
    assert statuses == ({"absent"} if KNOWN.intersection(denied) else set())
    holds_of_a_packet(found, codes, others, read=sum(code in KNOWN for code in denied))


def holds_of_a_packet(found: Patients, codes: Codes, others: Counter[str], *, read: int) -> None:
    """A prefix may be written in the sample in another way than we show it, so codes are compared without it."""

    def local(codes_: Codes) -> Codes:
        bare: Codes = Counter()
        for code, number in codes_.items():
            bare[code.rpartition(":")[2].rpartition("|")[2]] += number
        return bare

    report = found.report
    assert local(unmapped(report)) == local(Counter({c: n for c, n in codes.items() if c not in KNOWN}))
    assert irrelevant(report) == others
    assert counted(report, Fate.READ) == read
    assert counted(report, Fate.READ, Fate.SILENT) == sum(n for c, n in codes.items() if c in KNOWN)
    assert report.entries == sum(codes.values()) + sum(others.values()) + counted(report, Fate.TEXT_ONLY)
    assert report.refusals == ()


def test_across_all_phenopackets_only_what_is_excluded_is_said() -> None:
    reports = [shipped().read_source(path).report for path in PACKETS]
    assert sum(counted(report, Fate.READ) for report in reports) == 15
    assert sum(counted(report, Fate.SILENT) for report in reports) == 2


def test_what_is_none_of_these_formats_is_an_error_that_says_so() -> None:
    (sample,) = SAMPLES.glob("phenopackets/*biosamples*.json")
    with pytest.raises(InputError, match="this JSON is no FHIR resource, phenopacket or JSON-LD; give a FHIR Bundle"):
        shipped().read_source(sample)
    (turtle,) = SAMPLES.glob("fhir_test_cases/*.ttl")
    with pytest.raises(RefusedInput, match=r"the class .* is not allowed; allowed: vhkg:Assessment, vhkg:Patient,"):
        shipped().read_source(turtle)


def conditions() -> list[Json]:
    """All Conditions of the samples."""
    single = [each for path in FHIR for each in resources(json.loads(path.read_text(encoding="utf-8")))]
    every = [*single, *(each for path in LINES for each in lines(path))]
    return [each for each in every if each["resourceType"] == "Condition"]


def as_hemangioma(condition: Json, status: str) -> Json:
    """The same Condition, as one of a finding of ours, with this verification status."""
    code = concept("VertebralHemangioma", BASE)
    return {**condition, "code": code, "verificationStatus": concept(status, "")}


def statuses(found: Patients) -> set[str]:
    records = [patient.record for patient in found.patients]
    of_lesions = (each for record in records for lesion in record.presentations for each in lesion.assertions)
    return {str(each.status) for each in (*of_lesions, *(each for record in records for each in record.assertions))}


def test_a_refuted_condition_never_becomes_present() -> None:
    """Each of the Conditions, were it refuted; were it confirmed, those that are active would be present."""
    every = conditions()
    assert len(every) == 711
    for status, expected in {
        "refuted": {"absent"},
        "confirmed": {"present", "absent"},
        "entered-in-error": set(),
    }.items():
        found = shipped().read_source(as_lines(*(as_hemangioma(each, status) for each in every)))
        assert statuses(found) == expected
        assert counted(found.report, Fate.READ if expected else Fate.DROPPED) == len(every)


def test_a_refuted_condition_alone_never_becomes_present() -> None:
    for each in conditions()[:50]:
        assert statuses(shipped().read_source(as_json(as_hemangioma(each, "refuted")))) == {"absent"}


COMMANDS = [
    ("fhir", LINES[0].parent if LINES else SAMPLES, 0),
    ("fhir", SAMPLES / "fhir_test_cases" / "r4__examples__diagnosticreport-example.json", 0),
    ("omop", OMOP, 0),
    ("phenopacket", SAMPLES / "phenopackets" / "python__tests__covid19.json", 0),
]


@pytest.mark.parametrize(("kind", "source", "code"), COMMANDS, ids=lambda value: getattr(value, "name", str(value)))
def test_the_import_command_writes_the_graphs_and_the_report(
    kind: str, source: Path, code: int, tmp_path: Path
) -> None:
    report_file = tmp_path / "report.json"
    run = vhkg("import", kind, str(source), "-o", "-", "--report", str(report_file))
    found = shipped().read_source(source)
    assert run.code == code
    quads = list(ox.parse(run.out.encode(), ox.RdfFormat.TURTLE))
    patients = [
        quad.subject for quad in quads if (quad.predicate.value, quad.object) == (Rdf.type, ox.NamedNode(Vhkg.Patient))
    ]
    assert len(patients) == len(found.patients)
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert report["counts"] == {fate.value: counts for fate, counts in found.report.counts.items()}
    assert f"{found.report.entries} entries" in run.err
