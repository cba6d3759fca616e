"""Hostile values in what `vhkg import` reads: none becomes syntax, and none reaches the terminal as it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import called as vhkg
from tests.support import ROOT
from vhkg.answering.knowledge import Knowledge
from vhkg.model.record import PatientRecord

BUNDLE, CODES = (str(ROOT / "docs" / "examples" / name) for name in ("bundle.json", "codes.tsv"))


def _changed(change: Callable[[list[dict[str, Any]]], object]) -> str:
    """The bundle of the docs with its resources changed."""
    content = json.loads(Path(BUNDLE).read_text(encoding="utf-8"))
    change([entry["resource"] for entry in content["entry"]])
    return json.dumps(content)


def _named(identity: str) -> str:
    def rename(resources: list[dict[str, Any]]) -> None:
        resources[0]["id"] = identity
        for resource in resources[1:]:
            resource["subject"] = {"reference": f"Patient/{identity}"}

    return _changed(rename)


def _at(site: dict[str, Any]) -> str:
    def locate(resources: list[dict[str, Any]]) -> None:
        for resource in resources:
            if resource["resourceType"] == "Condition":
                resource["bodySite"] = [site]

    return _changed(locate)


def _pain(**coding: str) -> str:
    return _changed(lambda resources: resources[2]["code"]["coding"][0].update(coding))


HOSTILE = {
    "a patient that ends an IRI": _named("a>.<urn:x>"),
    "a patient that is a formula": _named("=1+1"),
    "a patient that ends a cell": _named('a",b,"c'),
    "a patient of our namespace": _named("vhkg:Patient"),
    "a site that ends a text": _at({"text": 'x" . <urn:a> <urn:b> <urn:c> . "\\'}),
    "a site with Turtle in it": _at({"text": '""" ] . a vhkg:Patient #'}),
    "a site with a comma": _at({"text": "T9, left,present"}),
    "a site that turns the direction": _at({"text": "T9\u202eR"}),
    "a site that colours the terminal": _at({"text": "\x1b[31mT9"}),
    "a site with a line break": _at({"text": "T9\nann,,Pregnancy,present,"}),
    "a site with a long name": _at({"text": "T" * 501}),
    "a code that colours the terminal": _pain(code="\x1b[31m"),
    "a display that colours the terminal": _pain(code="1", display="\x1b[31mred"),
    "a display with a line break": _pain(code="1", display="red\nvhkg: all is well"),
    "a system with quotes": _pain(system='urn:"x" <y>', code="1"),
    "a day with a line break": _changed(lambda resources: resources[2].update(recordedDate="2026-03-01\n")),
}


@pytest.mark.parametrize("form", ["ttl", "nt", "csv"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_value_becomes_syntax(tmp_path: Path, name: str, form: str) -> None:
    """What is written says of the one patient what the source says, and nothing of anything else."""
    source, target = tmp_path / "in.json", tmp_path / f"out.{form}"
    source.write_text(HOSTILE[name], encoding="utf-8")
    found = vhkg("import", "fhir", str(source), "-o", str(target), "--codes", CODES)
    assert found.code in (0, 3)
    assert (found.code == 3) is ("not read, since" in found.err)
    assert not any(sign in found.err for sign in ("\x1b", "\u202e", "Traceback", "all is well"))
    (before,) = Knowledge.load(codes=[CODES]).read(source)
    (after,) = Knowledge.load().read(target)
    assert Counter(_facts(after.record)) == Counter(_facts(before.record))
    assert len(_facts(after.record)) > 1
    if form == "csv":
        assert after.record.patient == before.record.patient


def _facts(record: PatientRecord) -> list[tuple[str, ...]]:
    return [
        (lesion, fact.finding, fact.status, str(fact.date))
        for lesion, facts in [
            ("", record.assertions),
            *((each.label, each.assertions) for each in record.presentations),
        ]
        for fact in facts
    ]
