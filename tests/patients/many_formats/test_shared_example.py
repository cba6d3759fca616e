"""The patient of the shared examples, with its codes.tsv, gives one answer in every format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.patients.many_formats.answers import essence
from tests.patients.many_formats.fhir import write_lines
from tests.patients.many_formats.patient import Fact
from tests.patients.many_formats.plain import facts_csv, turtle
from tests.support import ROOT
from vhkg.answering.knowledge import Knowledge
from vhkg.intake import Document, document
from vhkg.model.answer import Verdict
from vhkg.patients import serialize

EXAMPLES = ROOT.parent / "shared" / "examples"


@pytest.fixture(scope="module")
def of_the_examples() -> Knowledge:
    return Knowledge.load(codes=[EXAMPLES / "codes.tsv"])


def _example(kind: str, knowledge: Knowledge, folder: Path) -> Document | Path:
    """The patient of the shared examples: a form of the CSV, or of the bundle."""
    content = json.loads((EXAMPLES / "bundle.json").read_text(encoding="utf-8"))
    resources = [entry["resource"] for entry in content["entry"]]
    facts = [Fact("", finding, status, day) for _, _, finding, status, day in _example_rows()]
    if kind == "Turtle":
        return document("p.ttl", turtle("ann", facts, 0))
    if kind == "patient graph":
        (read,) = knowledge.read(EXAMPLES / "bundle.json")
        return document("p.ttl", serialize(read.graph).encode())
    if kind == "CSV with codes":
        return document("p.csv", "\n".join(["patient,finding,status,date", *map(_with_its_code, facts)]).encode())
    if kind == "FHIR Bundle":
        return EXAMPLES / "bundle.json"
    lines = folder / "lines.ndjson"
    if kind == "FHIR NDJSON, a bundle a line":
        write_lines(lines, [json.dumps(content)])
    else:
        for resource in resources[1:]:
            resource["subject"] = {"reference": f"Patient/{resources[0]['id']}"}
        write_lines(lines, [json.dumps(resource) for resource in resources])
    return lines


def _example_rows() -> list[list[str]]:
    lines = (EXAMPLES / "patient.csv").read_text(encoding="utf-8").splitlines()
    return [line.split(",") for line in lines[1:]]


def _with_its_code(fact: Fact) -> str:
    """A row that names the finding by a code of the examples' codes.tsv."""
    table = (EXAMPLES / "codes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in table if not line.startswith("#")]
    code = next(row[0] for row in rows if row[2:4] == ["skos:exactMatch", f"vhkg:{fact.finding}"])
    return f"p,{code},{fact.status},{fact.day}"


@pytest.mark.parametrize(
    ("kind", "lesion"),
    [
        ("Turtle", ""),
        ("CSV with codes", ""),
        ("patient graph", "L2"),
        ("FHIR Bundle", "L2"),
        ("FHIR NDJSON", "L2"),
        ("FHIR NDJSON, a bundle a line", "L2"),
    ],
)
def test_the_example_in_every_format_is_the_csv(
    of_the_examples: Knowledge, tmp_path: Path, kind: str, lesion: str
) -> None:
    """But for the name of the lesion, which the CSV does not say."""
    (of_csv,) = of_the_examples.recommend(EXAMPLES / "patient.csv")
    (found,) = of_the_examples.recommend(_example(kind, of_the_examples, tmp_path))
    assert of_csv.verdict is Verdict.PROVISIONAL
    assert essence([found], lesions=False) == essence([of_csv], lesions=False)
    assert (of_csv.label, found.label) == ("", lesion)


def test_the_example_phenopacket_is_the_csv_but_for_what_it_cannot_say(of_the_examples: Knowledge) -> None:
    cells = _example_rows()
    kept = [Fact("", finding, status, "") for _, _, finding, status, _ in cells if status != "unknown"]
    assert len(kept) == len(cells) - 1
    expected = of_the_examples.recommend(document("p.csv", facts_csv("p1", kept)))
    found = of_the_examples.recommend(EXAMPLES / "phenopacket.json")
    assert essence(found, lesions=False) == essence(expected, lesions=False)
    assert [answer.label for answer in found] == ["L2"]
    assert (found[0].verdict, found[0].patient) == (Verdict.PROVISIONAL, "p1")
