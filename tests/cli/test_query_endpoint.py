"""`vhkg query --endpoint`: a user's own server says what the embedded engine says, or why it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.support import DEMO, vhkg
from tests.stores.server import free_port, oxigraph
from tests.support import ROOT, shipped
from vhkg.answering.published import published

EXAMPLES = ROOT / "docs" / "examples"
PATIENTS = ("query", "treatments-for-patient")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    answers = vhkg("recommend", DEMO, "--format", "ttl").out.encode()
    with oxigraph([*published(shipped()).values(), answers]) as address:
        yield address


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    with oxigraph([b"<http://example.org/a> <http://example.org/b> <http://example.org/c> ."]) as address:
        yield address


@pytest.mark.parametrize("form", ["text", "csv", "json"])
@pytest.mark.parametrize("question", ["first-line-with-deficit", "mappings-of-terms", "candidacy-criteria"])
def test_the_same_output_as_without(question: str, form: str, url: str) -> None:
    there = vhkg("query", question, "--format", form, "--endpoint", url)
    assert (there.code, there.err) == (0, "")
    assert there.out == vhkg("query", question, "--format", form).out


def test_patients_whose_answers_were_published(url: str) -> None:
    there = vhkg(*PATIENTS, "--format", "csv", "--input", "status=applies", "--endpoint", url)
    assert there.out.count("\n") > 2
    assert there.out == vhkg(*PATIENTS, "--format", "csv", "--input", "status=applies", "--data", DEMO).out


def test_answers_read_with_codes_of_a_hospital_are_published_with_them() -> None:
    """What a code means is part of what an answer rests on, so the digest is that of the knowledge with these codes."""
    codes = ("--codes", str(EXAMPLES / "codes.tsv"))
    bundle = str(EXAMPLES / "bundle.json")
    held = vhkg("export", "--all", "--format", "nt", *codes).out.encode()
    answers = vhkg("recommend", bundle, "--format", "ttl", *codes).out.encode()
    with oxigraph([held, answers]) as address:
        there = vhkg(*PATIENTS, "--format", "csv", "--endpoint", address, *codes)
        other = vhkg(*PATIENTS, "--format", "csv", "--endpoint", address)
    assert (there.code, there.err) == (0, "")
    assert there.out == vhkg(*PATIENTS, "--format", "csv", "--data", bundle, *codes).out
    assert other.code == 4
    assert "holds knowledge" in other.err


def test_a_server_without_answers_says_how_to_publish_them() -> None:
    with oxigraph(published(shipped()).values()) as address:
        none = vhkg(*PATIENTS, "--endpoint", address)
    assert none.code == 0
    assert "vhkg: no answers there; put the answers there with `vhkg publish --data FILE`." in none.err


def test_a_server_of_something_else_is_told_apart(foreign: str) -> None:
    refused = vhkg("query", "first-line-with-deficit", "--endpoint", foreign)
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.startswith(f"vhkg: the endpoint {foreign}: holds no published vhkg knowledge; ")
    assert refused.err.count("\n") == 1


def test_no_server() -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    refused = vhkg("query", "first-line-with-deficit", "--endpoint", address)
    assert refused.code == 4
    assert f"the endpoint {address}: cannot be reached" in refused.err


def test_your_own_query_runs_there_as_it_is(foreign: str, url: str, tmp_path: Path) -> None:
    own = tmp_path / "own.rq"
    own.write_text("BASE <http://example.org/> SELECT ?o { <a> ?p ?o }")
    assert json.loads(vhkg("query", str(own), "--format", "json", "--endpoint", foreign).out) == {
        "knowledge": {
            "version": "not stated",
            "digest": "not stated",
            "reviewStatus": "not stated by the endpoint",
        },
        "columns": ["o"],
        "truncated": False,
        "rows": [{"o": "http://example.org/c"}],
    }
    own.write_text("SELECT (COUNT(?r) AS ?n) { ?r a <https://w3id.org/vhkg/ontology#Recommendation> }")
    assert vhkg("query", str(own), "--endpoint", url).out == vhkg("query", str(own)).out
    own.write_text("SELECT ?s { ?s ?p ?o }")
    cut = vhkg("query", str(own), "--limit", "2", "--endpoint", url)
    assert "cut at the limit (2 shown)" in cut.err
    own.write_text("DROP ALL")
    assert vhkg("query", str(own), "--endpoint", url).code == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--data", DEMO), "--data: cannot be used with --endpoint; put the answers there with `vhkg publish"),
        (("--engine", "rdflib"), "--engine: cannot be used with --endpoint; leave it out"),
        (("--as-of", "2026-11-24"), "--as-of: cannot be used with --endpoint"),
        (("--reading", "LaminectomyReading=x"), "--reading: cannot be used with --endpoint"),
    ],
)
def test_options_that_make_no_sense_with_it(arguments: tuple[str, ...], says: str) -> None:
    refused = vhkg(*PATIENTS, "--endpoint", "http://127.0.0.1:9/", *arguments)
    assert refused.code == 2
    assert says in refused.err


@pytest.mark.parametrize("address", ["file:///etc/passwd", "nowhere", "http://user:secret@127.0.0.1/"])
def test_what_is_no_address(address: str) -> None:
    refused = vhkg("query", "first-line-with-deficit", "--endpoint", address)
    assert refused.code == 2
    assert "--endpoint" in refused.err
    assert "secret" not in refused.err
