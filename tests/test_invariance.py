"""What must not matter does not: names of nodes, order, repetition, blank nodes, format, line ends, other patients."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest

from tests.evidence import record
from tests.records import Rows, random_readings, random_record, subject_finding
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.intake import Format, document
from vhkg.model.answer import Answer
from vhkg.namespaces import CONTEXT, Rdf, Vhkg
from vhkg.patients import serialize

KNOWLEDGE = shipped()
SUBJECT = subject_finding(KNOWLEDGE)
VOCABULARY = KNOWLEDGE.compiled.vocabulary
SEEDS, RECORDS = range(10), 25
COMMAND = "pytest tests/test_invariance.py"
FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
}
HEADER = ("patient", "presentation", "finding", "status", "date")


def _csv(rows: Rows, end: str = "\n") -> bytes:
    lines = [",".join(HEADER), *(",".join(row[column] for column in HEADER) for row in rows)]
    return (end.join(lines) + end).encode()


def _essence(answers: list[Answer]) -> list[str]:
    """All that is said, but for the names of file, patient, lesion and origins; sorted, since names give the order."""
    found = []
    for answer in answers:
        said = json.loads(json.dumps(answer.to_dict()))
        for name in ("file", "patient", "presentation"):
            said.pop(name)
        for conflict in said["conflicts"]:
            conflict.pop("origins")
            conflict["facts"] = _once(conflict["facts"])
        said["superseded"] = _once({**entry, "by": _once(entry["by"])} for entry in said["superseded"])
        for state in said["findings"].values():
            state.pop("from")
        for result in said["violations"]:
            result.pop("focusNode")
        said["violations"] = _once(said["violations"])
        found.append(json.dumps(said, sort_keys=True))
    return sorted(found)


def _once(entries: Iterable[object]) -> list[str]:
    """What is recorded twice is told twice, with both places; that is no difference here."""
    return sorted({json.dumps(entry, sort_keys=True) for entry in entries})


def _ask(content: bytes, extension: str, seed: int, knowledge: Knowledge = KNOWLEDGE) -> list[str]:
    return _essence(
        knowledge.recommend(document(f"record.{extension}", content), readings=random_readings(seed, knowledge))
    )


def _triples(rows: Rows) -> str:
    (patient,) = KNOWLEDGE.read(document("record.csv", _csv(rows)))
    return serialize(patient.graph, Format.NTRIPLES)


def _renamed(triples: str, seed: int) -> str:
    """Each node of the patient's under a name that says nothing."""

    def fresh(found: re.Match[str]) -> str:
        return f"<https://example.org/{hashlib.sha256(f'{seed}{found[0]}'.encode()).hexdigest()[:12]}>"

    return re.sub(r"<urn:vhkg:patient:[^>]*>", fresh, triples)


def _with_blank_assessments(triples: str, seed: int) -> str:
    return re.sub(r"<urn:vhkg:patient:[^>]*:assessment:(\d+)>", lambda m: f"_:a{_short(m[0])}", triples)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _shuffled(triples: str, seed: int) -> str:
    lines = triples.splitlines()
    random.Random(seed).shuffle(lines)
    return "\n".join(lines) + "\n"


def _repeated(triples: str, seed: int) -> str:
    return _shuffled(triples + triples, seed)


CHANGES: dict[str, Callable[[str, int], str]] = {
    "renamed": _renamed,
    "blank-nodes": _with_blank_assessments,
    "shuffled": _shuffled,
    "repeated": _repeated,
    "all-of-it": lambda triples, seed: _renamed(_with_blank_assessments(_repeated(triples, seed), seed), seed),
}


def _settle(claim: str, part: str, cases: int, wrong: list[str], seed: int) -> None:
    record(claim, part, cases=cases, disagreements=wrong, command=COMMAND, seed=seed)
    assert cases
    assert wrong == []


def _records(seed: int) -> list[tuple[int, Rows]]:
    numbers = range(seed * RECORDS, (seed + 1) * RECORDS)
    return [(number, random_record(number, VOCABULARY, SUBJECT)) for number in numbers]


@pytest.mark.parametrize("seed", SEEDS)
def test_names_order_repetition_and_blank_nodes(seed: int) -> None:
    wrong, cases = [], 0
    for number, rows in _records(seed):
        triples = _triples(rows)
        expected = _ask(triples.encode(), "nt", number)
        for name, change in CHANGES.items():
            cases += 1
            changed = change(triples, number)
            assert changed != triples
            if _ask(changed.encode(), "nt", number) != expected:
                wrong.append(f"{name} of record {number}")
    _settle("graph-invariance", f"seed-{seed}", cases, wrong, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_formats(seed: int) -> None:
    wrong, cases = [], 0
    for number, rows in _records(seed):
        expected = _ask(_csv(rows), "csv", number)
        triples = list(ox.parse(_triples(rows), format=ox.RdfFormat.N_TRIPLES))
        texts = {name: ox.serialize(triples, format=form) or b"" for name, form in FORMATS.items()}
        texts["jsonld"] = _jsonld(triples)
        for name, text in texts.items():
            cases += 1
            if _ask(text, name, number) != expected:
                wrong.append(f"{name} of record {number}")
    _settle("format-invariance", f"seed-{seed}", cases, wrong, seed)


def _jsonld(quads: list[ox.Quad]) -> bytes:
    """One object for each node, linked by id, in the words of the shipped context."""
    nodes: dict[str, dict[str, object]] = {}
    for quad in quads:
        node = nodes.setdefault(quad.subject.value, {"id": quad.subject.value})  # type: ignore[union-attr]
        key = re.split(r"[#/]", quad.predicate.value)[-1]
        value = quad.object.value  # type: ignore[union-attr]
        if quad.predicate.value == Rdf.type:
            node["type"] = value.rpartition("#")[2]
            continue
        if quad.predicate.value in (Vhkg.ofFinding, Vhkg.status):
            value = value.rpartition("#")[2]
        node.setdefault(key, []).append(value)  # type: ignore[attr-defined]
    return json.dumps({"@context": CONTEXT, "@graph": list(nodes.values())}).encode()


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_line_ends_and_other_patients(seed: int) -> None:
    wrong, cases = [], 0
    for number, rows in _records(seed):
        expected = _ask(_csv(rows), "csv", number)
        other = random_record(number + 10_000, VOCABULARY, SUBJECT, patient="someone else")
        shuffled = random.Random(number).sample(rows, len(rows))
        variants = {
            "shuffled": _csv(shuffled),
            "repeated": _csv([*rows, *shuffled]),
            "CRLF": _csv(rows, "\r\n"),
            "CR": _csv(rows, "\r"),
            "byte order mark": b"\xef\xbb\xbf" + _csv(rows),
        }
        for name, text in variants.items():
            cases += 1
            if _ask(text, "csv", number) != expected:
                wrong.append(f"{name} of record {number}")
        together = KNOWLEDGE.recommend(
            document("record.csv", _csv([*other, *rows])), readings=random_readings(number, KNOWLEDGE)
        )
        cases += 1
        if _essence([answer for answer in together if answer.patient == "p"]) != expected:
            wrong.append(f"beside another patient, record {number}")
    _settle("row-invariance", f"seed-{seed}", cases, wrong, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_unknown_asserts_nothing(seed: int) -> None:
    """Recording as unknown what was not recorded changes no status."""
    wrong, cases = [], 0
    for number, rows in _records(seed):
        lesion = next(row["presentation"] for row in rows)
        named = {row["finding"] for row in rows}
        free = sorted(set(VOCABULARY.findings) - named)
        further = random.Random(number).sample(free, min(5, len(free)))
        day = max(row["date"] for row in rows)
        unknown = [
            {"patient": "p", "presentation": lesion, "finding": name, "status": "unknown", "date": day}
            for name in further
        ]
        before, after = (
            [{r.id: r.status for r in answer.recommendations} for answer in KNOWLEDGE.recommend(given)]
            for given in (rows, [*rows, *unknown])
        )
        cases += 1
        if before != after:
            wrong.append(f"record {number} with {further} unknown")
    _settle("unknown-asserts-nothing", f"seed-{seed}", cases, wrong, seed)


def test_the_comparison_sees_a_difference() -> None:
    """One status turned round, one date moved, one finding exchanged: each is seen in the answer of some record."""
    seen = {"status": 0, "date": 0, "finding": 0}
    for number, rows in _records(0):
        expected = _ask(_csv(rows), "csv", number)
        row = next(row for row in rows if row["finding"] == SUBJECT) if _named(rows) else rows[0]
        others = [each for each in rows if each is not row]
        turned = "absent" if row["status"] == "present" else "present"
        changed = {
            "status": {**row, "status": turned},
            "date": {**row, "date": "2019-01-01"},
            "finding": {**row, "finding": "Pain" if row["finding"] != "Pain" else SUBJECT},
        }
        for name, other in changed.items():
            seen[name] += _ask(_csv([*others, other]), "csv", number) != expected
    assert all(seen.values())


def _named(rows: Rows) -> bool:
    return any(row["finding"] == SUBJECT for row in rows)


SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from tests.records import random_record, subject_finding
from tests.support import shipped
from vhkg.rendering.jsonout import render_json
from vhkg.rendering.rdf import render_turtle
k = shipped()
found = [a for n in range(12) for a in k.recommend(random_record(n, k.compiled.vocabulary, subject_finding(k)))]
document = k.document(found)
print(hashlib.sha256((render_json(document) + render_turtle(document, k.content)).encode()).hexdigest())
"""


def test_hash_seed_locale_and_time_zone() -> None:
    environments = [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
        {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "TZ": "America/New_York"},
    ]
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(ROOT)],
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for environment in environments
    }
    assert len(found) == 1
