"""Patient files in which each value is in turn a canary: a text that no program has, known wherever it turns up."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.support import ROOT

MARKS = ("zqmill", "77317731", "1931-04-17")
"""In lower case; every canary holds one of them."""
CANARIES = (
    "Zqmiller",
    'Zqmill O\'Hara "X"',
    "urn:zqmill:77317731",
    "http://zqmill.example/77317731",
    "1931-04-17",
    "77317731",
    "<zqmill>",
    "Patient/zqmill-1",
    "Zqmüller\u202e\u00a0zqmill",
    "zqmill " * 40,
)
_TOKEN = re.compile(r'<[^<>\s]*>|"[^"\n]*"|[\w.-]*:[\w.-]+|[\w-]+')
EXAMPLES = ROOT / "tests" / "data" / "patients" / "valid"


class Sent(NamedTuple):
    """A file as a client sends it."""

    name: str
    kind: str
    content: bytes


CSV = (
    "patient,presentation,finding,status,date\n"
    "ann,T9,VertebralHemangioma,present,2026-01-02\n"
    "ann,T9,BackPain,present,2026-01-03\n"
    "bob,,NeurologicalDeficit,unknown,\n"
)
TURTLE = """\
@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:ex:ann> a :Patient ; rdfs:label "ann" ; :hasPresentation <urn:ex:spot> .
<urn:ex:spot> a :Presentation ; rdfs:label "T9" ; :hasAssessment _:b1 .
_:b1 a :Assessment ; :ofFinding :BackPain ; :status :Present ; :assessedOn "2026-01-02"^^xsd:date .
"""
JSONLD = {
    "@context": "https://w3id.org/vhkg/context.jsonld",
    "@id": "urn:ex:ann",
    "@type": "Patient",
    "label": "ann",
    "hasPresentation": {
        "@id": "urn:ex:spot",
        "@type": "Presentation",
        "hasAssessment": [
            {"@type": "Assessment", "ofFinding": "BackPain", "status": "Present", "assessedOn": "2026-01-02"}
        ],
    },
}
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "p1", "birthDate": "1979-05-04"}},
        {
            "fullUrl": "urn:uuid:2",
            "resource": {
                "resourceType": "Condition",
                "id": "c1",
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "161891005", "display": "Backache"}]},
                "subject": {"reference": "Patient/p1"},
                "verificationStatus": {"text": "confirmed"},
                "recordedDate": "2026-03-01",
                "modifierExtension": [{"url": "urn:x", "valueString": "y"}],
            },
        },
    ],
}
PACKET = {
    "id": "p1",
    "subject": {"id": "p1", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P46Y"}}},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0003418", "label": "Back pain"}, "onset": {"timestamp": "2026-01-01T00:00:00Z"}},
        {"type": {"id": "vhkg:NeurologicalDeficit", "label": "Neurological deficit"}, "excluded": True},
    ],
    "metaData": {"created": "2026-06-01T00:00:00Z", "createdBy": "x", "phenopacketSchemaVersion": "2.0"},
}
CALL = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/x", "patientId": "p1"},
    "prefetch": {
        "patient": {"resourceType": "Patient", "id": "p1"},
        "conditions": {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [
                {
                    "resource": {
                        "resourceType": "Condition",
                        "id": "c1",
                        "code": BUNDLE["entry"][1]["resource"]["code"],
                        "subject": {"reference": "Patient/p1"},
                        "recordedDate": "2026-03-01",
                    }
                }
            ],
        },
        "observations": {"resourceType": "Bundle", "type": "searchset", "total": 0},
        "procedures": {"resourceType": "Bundle", "type": "searchset", "total": 0},
        "lists": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "x"}]},
    },
}
"""Of CDS Hooks."""
ROWS = {"rows": [{"patient": "ann", "finding": "BackPain", "status": "present", "date": "2026-01-02"}], "asOf": None}
_JSON = {
    ("bundle.json", "application/fhir+json"): BUNDLE,
    ("condition.json", "application/json"): BUNDLE["entry"][1]["resource"],
    ("packet.json", "application/json"): PACKET,
    ("graph.jsonld", "application/ld+json"): JSONLD,
    ("rows.json", "application/json"): ROWS,
}


def tainted() -> Iterator[Sent]:
    """Each value, each key and each word of one file of each format, replaced by canaries in turn."""
    canaries = itertools.cycle(CANARIES)
    for (name, kind), value in _JSON.items():
        for other in _replaced(value, canaries):
            yield Sent(name, kind, json.dumps(other, ensure_ascii=False).encode())
    for name, kind, text in (("facts.csv", "text/csv", CSV), ("graph.ttl", "text/turtle", TURTLE)):
        for found in _TOKEN.finditer(text):
            yield Sent(name, kind, (text[: found.start()] + next(canaries) + text[found.end() :]).encode())
    for name, kind in (("same.nt", "application/n-triples"), ("same.rdf", "application/rdf+xml")):
        text = (EXAMPLES / name).read_text(encoding="utf-8")
        for found in list(_TOKEN.finditer(text))[::7]:
            yield Sent(name, kind, (text[: found.start()] + next(canaries) + text[found.end() :]).encode())


def calls() -> Iterator[bytes]:
    """Calls of CDS Hooks, tainted alike."""
    canaries = itertools.cycle(CANARIES)
    for other in _replaced(CALL, canaries):
        yield json.dumps(other, ensure_ascii=False).encode()


def broken() -> Iterator[Sent]:
    """Files full of canaries that are cut, damaged, too large, doubled, of another type than they say, or no files."""
    row = "Zqmiller,Zqmill lesion,BackPain,present,1931-04-17\n"
    table = CSV.partition("\n")[0] + "\n" + row
    graph = TURTLE.replace("ann", "zqmill").replace("spot", "zqmill-77317731")
    bundle = json.dumps(BUNDLE).replace("p1", "zqmill-77317731").replace("Backache", "Zqmiller")
    packet = json.dumps(PACKET).replace("p1", "zqmill-77317731")
    texts = {
        ("t.csv", "text/csv"): table,
        ("t.ttl", "text/turtle"): graph,
        ("t.json", "application/fhir+json"): bundle,
        ("t.json", "application/json"): packet,
        ("t.ndjson", "application/fhir+ndjson"): "\n".join(
            json.dumps(each["resource"]).replace("p1", "zqmill") for each in BUNDLE["entry"]
        ),
    }
    for (name, kind), text in texts.items():
        whole = text.encode()
        middle = whole.index(b"mill") + 4
        yield Sent(name, kind, whole)
        yield Sent(name, kind, whole[:middle])
        yield Sent(name, kind, whole[: len(whole) // 2])
        yield Sent(name, kind, whole[: len(whole) - 3])
        for damage in (b"\xff", b"\0", b'"', b"'", b"<", b"{", b"\n\n", b"\\u00", "\ufeff".encode()):
            yield Sent(name, kind, whole[:middle] + damage + whole[middle:])
        yield Sent(name, kind, whole.decode().encode("utf-16"))
        yield Sent(name, kind, whole + whole)
        yield Sent(f"{name}.gz", kind, gzip.compress(whole)[:-7])
        if name.endswith((".csv", ".ttl")):
            yield Sent(name, kind, whole + b"\n# zqmill" * (1 << 18))
        for other in ("text/csv", "text/turtle", "application/rdf+xml", "application/ld+json", "text/plain"):
            if other != kind:
                yield Sent("zqmill." + other[-3:], other, whole)
    yield Sent("t.json", "application/json", b'{"zqmill":' * 40 + b"1" + b"}" * 40)
    yield Sent("t.json", "application/json", b'{"resourceType":"Patient","zqmill":1,"zqmill":2}')
    yield Sent("t.json", "application/json", b'{"resourceType":"Zqmill","id":77317731}')
    yield Sent("t.json", "application/json", b'{"rows":[{"patient":"Zqmill","zqmill":"x"}]}')
    yield Sent("t.json", "application/json", b'{"rows":"zqmill"}')
    yield Sent("t.json", "application/json", b'{"rows":[],"zqmill":1}')
    yield Sent(
        "t.rdf", "application/rdf+xml", b'<!DOCTYPE zqmill [<!ENTITY zqmill "77317731">]><zqmill>&zqmill;</zqmill>'
    )
    yield Sent("t.rdf", "application/rdf+xml", b"<zqmill><zqmill2></zqmill>")
    yield Sent("t.csv", "text/csv", (CSV + row + row.replace("present", "absent")).encode())
    yield Sent("t.csv", "text/csv", (table + row.replace("present", '"zqmill')).encode())
    yield Sent("Zqmiller 1931-04-17.csv", "text/csv", b"")
    yield Sent("t.ttl", "text/turtle", b"<urn:zqmill> a <http://zqmill.example/Patient> .")
    yield Sent("t.ttl", "text/turtle", b"<urn:zqmill> <http://www.w3.org/2002/07/owl#sameAs> <urn:zqmill:77317731> .")
    yield Sent("t.trig", "application/trig", b"<urn:zqmill> { <urn:zqmill> a <urn:zqmill> }")


def _replaced(value: Any, canaries: Iterator[str]) -> Iterator[Any]:
    """The value with one leaf, or one key, replaced."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {(next(canaries) if each == key else each): other for each, other in value.items()}
            for other in _replaced(inner, canaries):
                yield {**value, key: other}
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            for other in _replaced(inner, canaries):
                yield [*value[:place], other, *value[place + 1 :]]
    else:
        yield next(canaries)
        yield {next(canaries): next(canaries)}
        yield int("77317731")
