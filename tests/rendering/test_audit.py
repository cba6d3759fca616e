"""Audits as text, table, JSON and RDF: every reason in words, and nothing that reads as a verdict on the care."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pyoxigraph as ox
import pytest

import vhkg.rendering
from tests.support import ROOT, shipped
from vhkg.auditing import audit, audit_document
from vhkg.model.audit import AuditDocument, AuditReason
from vhkg.rendering.audit import LABELS, render_audit_csv, render_audit_text
from vhkg.rendering.audit_rdf import audit_ntriples
from vhkg.rendering.jsonout import audit_schema, render_audit_json, render_audit_jsonl
from vhkg.rendering.layout import columns

KNOWLEDGE = shipped()
CASES: dict[str, Any] = json.loads((ROOT / "tests" / "audits" / "labels.json").read_text(encoding="utf-8"))["cases"]
SCHEMA = Path(vhkg.rendering.__file__).parent / "audit.schema.json"


def _document(name: str) -> AuditDocument:
    rows = [
        {"patient": "=p", "presentation": lesion, "finding": finding, "status": status, "date": date}
        for lesion, finding, status, date in CASES[name]["rows"]
    ]
    return audit_document(KNOWLEDGE, [audit(KNOWLEDGE, patient) for patient in KNOWLEDGE.read(rows)])


def _text(name: str, width: int = 110) -> str:
    return render_audit_text(_document(name), KNOWLEDGE.content, width=width)


@pytest.mark.parametrize("name", CASES)
def test_the_label_the_reason_and_the_sentence(name: str) -> None:
    document, text = _document(name), " ".join(_text(name).split())
    for entry in document.audits:
        assert f"{LABELS[entry.label]}: " in text
        for statement in entry.statements:
            assert f'"{statement.quote}"' in text
        for fact in entry.ask:
            assert KNOWLEDGE.content.findings[fact].label in text
    assert "no judgement of the care" in text
    assert "pending human review" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("first line", "the article names percutaneous vertebroplasty (first line) for these facts"),
        ("advised against", "the article advises against en bloc resection"),
        ("not named anywhere", "the article does not name it; it does not forbid it"),
        ("named for other presentations", "for other presentations; it does not forbid it here"),
        ("first line over two days", "going on with: preoperative embolization"),
        ("first line without its embolization", "preoperative embolization is recorded as not done"),
        ("a factor is not addressed", "the article does not address pregnancy"),
        ("the record names a wider class", "the record does not say whether it was percutaneous vertebroplasty"),
        ("the day is not recorded", "the day of the treatment is not recorded"),
        ("the hemangioma is refuted", "the lesion is not one that the article is about"),
        (
            "the deciding fact is recorded after the treatment",
            "recorded later: neurological deficit absent",
        ),
        ("two lesions", "lesion L1 · no treatment is recorded: nothing to audit"),
        ("an examination is no treatment", "no treatment is recorded: nothing to audit"),
    ],
)
def test_in_words(name: str, words: str) -> None:
    assert words in " ".join(_text(name).split())


@pytest.mark.parametrize("width", [50, 80, 110])
def test_lines_fit(width: int) -> None:
    assert max(columns(line) for line in _text("first line over two days", width).splitlines()) <= width


def test_the_schema_is_the_generated_one() -> None:
    made = audit_schema()
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == made
    jsonschema.Draft202012Validator.check_schema(made)


@pytest.mark.parametrize("name", CASES)
def test_json_conforms_and_lines_stand_alone(name: str) -> None:
    document = _document(name)
    jsonschema.validate(json.loads(render_audit_json(document)), audit_schema())
    lines = [json.loads(line) for line in render_audit_jsonl(document).splitlines()]
    assert [line["label"] for line in lines] == [entry.label.value for entry in document.audits]
    assert all(line["knowledgeDigest"] == KNOWLEDGE.compiled.digest for line in lines)


def test_each_row_stands_alone_and_runs_no_formula() -> None:
    (row,) = csv.DictReader(io.StringIO(render_audit_csv(_document("advised against"))))
    assert row["patient"] == "'=p"
    assert (row["label"], row["recommendation"]) == ("advised-against", "AvoidEnBlocResection")
    assert row["reviewStatus"]
    assert row["disclaimer"]
    assert "NeurologicalDeficit=present@2026-01-01" in row["because"]


def test_as_rdf_every_subject_is_named_and_every_property_declared() -> None:
    declared = KNOWLEDGE.files.ontology["vhkg.ttl"].decode()
    for name in CASES:
        for quad in ox.parse(audit_ntriples(_document(name), KNOWLEDGE.content), format=ox.RdfFormat.N_TRIPLES):
            assert isinstance(quad.subject, ox.NamedNode)
            local = quad.predicate.value.rpartition("#")[2]
            assert local == "type" or f"\n:{local} a owl:AnnotationProperty" in declared


def test_every_reason_is_told() -> None:
    told = {entry.reason for name in CASES for entry in _document(name).audits}
    assert told == set(AuditReason) - {AuditReason.INVALID}
