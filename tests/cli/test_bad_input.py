"""Bad input: one clear sentence that names the file, the place and the mend; the right exit code; no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.support import DEMO, HEADER
from tests.cli.support import called as vhkg

FILES: list[tuple[str, bytes, int, str]] = [
    ("broken.ttl", b"<urn:p> a <urn:q>\n<urn:r> .", 3, "line 2"),
    ("latin1.csv", HEADER.encode() + b"p,,BackPain,pr\xe9sent,\n", 3, "not UTF-8"),
    ("utf16.csv", (HEADER + "p,,BackPain,present,\n").encode("utf-16"), 3, "UTF-16"),
    ("large.csv", HEADER.encode() + b"p,,BackPain,present,\n" * 150_000, 3, "larger than 2 MiB"),
    ("finding.csv", HEADER.encode() + b"p,,BackPian,present,\n", 3, "did you mean BackPain"),
    ("status.csv", HEADER.encode() + b"p,,BackPain,maybe,\n", 3, "present, absent or unknown"),
    ("date.csv", HEADER.encode() + b"p,,BackPain,present,2026-02-30\n", 3, "YYYY-MM-DD"),
    ("column.csv", b"patient,finding,state\np,BackPain,present\n", 3, "did you mean status"),
    ("empty.csv", b"", 3, "it is empty"),
    ("header.csv", HEADER.encode(), 3, "no rows"),
    ("nul.csv", HEADER.encode() + b"p,,Back\0Pain,present,\n", 3, "NUL"),
    ("untyped.ttl", b"<urn:p> <https://w3id.org/vhkg/ontology#hasPresentation> <urn:l> .", 3, "type"),
    ("foreign.ttl", b"<urn:p> a <http://example.org/Person> .", 3, "example.org/Person"),
    ("axiom.ttl", b"<urn:p> <http://www.w3.org/2002/07/owl#sameAs> <urn:q> .", 3, "sameAs"),
    ("entity.rdf", b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><r/>', 3, "document type"),
    ("context.jsonld", b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:p"}', 3, "context"),
    ("fhir.json", b'{"resourceType": "Bundle"}', 3, "the Bundle has no type"),
]


@pytest.mark.parametrize(("name", "content", "code", "words"), FILES, ids=[case[0] for case in FILES])
@pytest.mark.parametrize("command", ["recommend", "validate"])
def test_files(tmp_path: Path, command: str, name: str, content: bytes, *, code: int, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    run = vhkg(command, str(path))
    assert run.code == code
    _is_one_sentence(run.err)
    assert name in run.err
    assert words in run.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("recommend", "nowhere.ttl"), 3, "nowhere.ttl: there is no such file"),
        (("recommend", "--reading", "candidacies=x", DEMO), 2, "did you mean CandidacyReading"),
        (
            ("recommend", "--reading", "candidacy=x", DEMO),
            2,
            "choose CandidacyExcludes or CandidacyGuidesRadiationOnly",
        ),
        (("recommend", "--reading", "candidacy", DEMO), 2, "write ID=ALTERNATIVE"),
        (
            ("recommend", "--reading", "fracture=PathologicalFractureCounts", "--reading", "fracture=x", DEMO),
            2,
            "twice",
        ),
        (("query", "nope"), 2, "`vhkg query` lists"),
        (("recommend", "--as-of", "yesterday", DEMO), 2, "write it as YYYY-MM-DD"),
        (("recommend", "--knowledge", "nowhere", DEMO), 4, "no Turtle files here"),
        (("explain", DEMO, "Percutaneous"), 2, "unknown recommendation"),
        (("explain", DEMO, "--if", "BackPian=absent"), 2, "did you mean BackPain"),
        (("explain", DEMO, "--if", "BackPain=maybe"), 2, "FINDING=present"),
        (("explain", DEMO, "--if", "Pain=absent", "--if", "BackPain=present"), 2, "contradict each other"),
        (("query", "treatment-for-patient", "--data", DEMO), 2, "did you mean treatments-for-patient"),
        (("query", "treatments-for-patient"), 2, "--data"),
        (("query", "first-line-with-deficit", "--input", "x"), 2, "write NAME=VALUE"),
        (("query", "nowhere.rq"), 3, "nowhere.rq"),
        (("check", "--source", "nowhere.txt"), 3, "nowhere.txt"),
        (("terms", "zzzz"), 2, "unknown term"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else None,
)
def test_calls(arguments: tuple[str, ...], code: int, words: str) -> None:
    run = vhkg(*arguments)
    assert run.code == code, run.err
    _is_one_sentence(run.err)
    assert words in run.err


@pytest.mark.parametrize(
    "arguments", [("recommend",), ("recommend", "--format", "xml", DEMO), ("nothing",), ("--none",)]
)
def test_usage(arguments: tuple[str, ...]) -> None:
    run = vhkg(*arguments)
    assert run.code == 2
    assert "Traceback" not in run.err
    assert "Error:" in run.err


def _is_one_sentence(text: str) -> None:
    assert text.startswith("vhkg: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text
