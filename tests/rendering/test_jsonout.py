from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import msgspec
import pytest

import vhkg.rendering
from tests.rendering.four import FOUR
from tests.rendering.samples import document, invalid
from vhkg.model.answer import AnswerDocument, Status, Verdict
from vhkg.namespaces import ANSWER_SCHEMA
from vhkg.rendering.jsonout import render_json, render_jsonl, schema

COMMITTED = Path(vhkg.rendering.__file__).parent / "answer.schema.json"


def everything() -> AnswerDocument:
    return document(*(make() for make in FOUR.values()), invalid())


def test_committed_schema_is_the_generated_one() -> None:
    """After a change of the model, write it again with VHKG_UPDATE_GOLDEN=1."""
    if os.environ.get("VHKG_UPDATE_GOLDEN"):
        COMMITTED.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == schema()


def test_schema_is_valid_and_names_every_code() -> None:
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == ANSWER_SCHEMA
    assert made["$defs"]["Status"]["enum"] == sorted(Status)
    assert made["$defs"]["Verdict"]["enum"] == sorted(Verdict)


def test_documents_validate() -> None:
    jsonschema.validate(json.loads(render_json(everything())), schema())


@pytest.mark.parametrize("path", ["status", "verdict"])
def test_schema_refuses_codes_that_do_not_exist(path: str) -> None:
    wrong = json.loads(render_json(everything()))
    answer = wrong["answers"][0]
    (answer if path == "verdict" else answer["recommendations"][0])[path] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema())


def test_json_reads_back_to_the_same_document() -> None:
    made = everything()
    assert msgspec.json.decode(render_json(made).encode(), type=AnswerDocument) == made


def test_each_line_stands_alone() -> None:
    made = everything()
    lines = render_jsonl(made).splitlines()
    assert len(lines) == len(made.answers)
    line_schema = schema() | {"$ref": "#/$defs/AnswerLine"}
    for line in lines:
        read = json.loads(line)
        assert read["knowledgeDigest"] == made.knowledge.digest
        assert read["disclaimer"] == made.disclaimer
        jsonschema.validate(read, line_schema)


def test_values_are_exact_and_escaped() -> None:
    hostile = "\x1b[2J\u202e\u2028\x85\U000e0041é漢"
    made = document(msgspec.structs.replace(FOUR["a"](), patient=hostile))
    text = render_json(made)
    assert all(line.isprintable() for line in text.split("\n"))
    assert json.loads(text)["answers"][0]["patient"] == hostile
    assert "é漢" in text


def test_undecodable_file_names_are_shown_as_codes() -> None:
    made = document(msgspec.structs.replace(FOUR["a"](), file="a\udcff.csv"))
    assert json.loads(render_json(made))["answers"][0]["file"] == "a\\udcff.csv"
    assert "a\\\\udcff.csv" in render_jsonl(made)
