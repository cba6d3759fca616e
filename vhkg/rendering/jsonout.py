"""The answer document as JSON, and its JSON Schema.

Members keep the order of the types, maps are sorted, so the same document always gives the same bytes. Values
are exact; characters that a terminal would obey (see `layout`) are written as JSON escapes, which no reader of
JSON can tell from the characters themselves.

JSON alone carries `baseStatus`, the status before scope limits, because the contract asks for both. A filter
belongs on `status`, which is never *applies* under a scope limit or for something that is advised against.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from vhkg.model.answer import AnswerDocument
from vhkg.model.audit import AuditDocument
from vhkg.model.cohort import CohortReport
from vhkg.namespaces import ANSWER_SCHEMA, AUDIT_SCHEMA, COHORT_SCHEMA, JSON_SCHEMA_DIALECT

_OBEYED = re.compile(
    "[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def render_json(document: AnswerDocument) -> str:
    """The document, indented by two spaces, with a final newline."""
    return _escaped(msgspec.json.format(_encoded(document), indent=2).decode()) + "\n"


def render_jsonl(document: AnswerDocument) -> str:
    """One answer per line that stands alone: what the document says once is said again in each."""
    head = {
        "schemaVersion": document.schema_version,
        "knowledgeVersion": document.knowledge.version,
        "knowledgeDigest": document.knowledge.digest,
        "reviewStatus": document.knowledge.review_status,
        "disclaimer": document.disclaimer,
    }
    lines = (_encoded(head)[:-1] + b"," + _encoded(answer)[1:] for answer in document.answers)
    return "".join(f"{_escaped(line.decode())}\n" for line in lines)


def render_audit_json(document: AuditDocument) -> str:
    """The audits, indented by two spaces, with a final newline."""
    return _escaped(msgspec.json.format(_encoded(document), indent=2).decode()) + "\n"


def render_audit_jsonl(document: AuditDocument) -> str:
    """One entry per line that stands alone."""
    knowledge = document.knowledge
    head = {
        "schemaVersion": document.schema_version,
        "knowledgeVersion": knowledge.version,
        "knowledgeDigest": knowledge.digest,
        "reviewStatus": knowledge.review_status,
        "disclaimer": document.disclaimer,
    }
    lines = (_encoded(head)[:-1] + b"," + _encoded(entry)[1:] for entry in document.audits)
    return "".join(f"{_escaped(line.decode())}\n" for line in lines)


def audit_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `render_audit_json`."""
    return _schema(
        AuditDocument,
        AUDIT_SCHEMA,
        "vhkg audit document",
        "How treatments given relate to what one article says. No judgement of the care.",
        {},
    )


def render_cohort_json(report: CohortReport) -> str:
    """The report on a cohort, indented by two spaces, with a final newline."""
    return _escaped(msgspec.json.format(_encoded(report), indent=2).decode()) + "\n"


def cohort_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `render_cohort_json`."""
    return _schema(
        CohortReport,
        COHORT_SCHEMA,
        "vhkg cohort report",
        "What one article says for many patients, in numbers. No judgement of the care.",
        {},
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `render_json`; `$defs/AnswerLine` is that of a line of `render_jsonl`."""
    texts = ("schemaVersion", "knowledgeVersion", "knowledgeDigest", "reviewStatus", "disclaimer")
    line = {
        "title": "AnswerLine",
        "description": "One line of JSON Lines: an answer with what the document says once.",
        "allOf": [{"$ref": "#/$defs/Answer"}],
        "properties": {name: {"type": "string"} for name in texts},
        "required": list(texts),
    }
    return _schema(
        AnswerDocument,
        ANSWER_SCHEMA,
        "vhkg answer document",
        "What one article says for the presentations of one or more patients. Not medical advice.",
        {"AnswerLine": line},
    )


def _schema(kind: type, iri: str, title: str, description: str, further: dict[str, Any]) -> dict[str, Any]:
    (reference,), definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    made = {
        "$schema": JSON_SCHEMA_DIALECT,
        "$id": iri,
        "title": title,
        "description": description,
        **reference,
        "$defs": dict(sorted({**definitions, **further}.items())),
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    return plain


def without_surrogates(text: str) -> str:
    """Lone surrogates, as in undecodable file names, shown as their codes: UTF-8 has no form for them."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _encoded(value: object) -> bytes:
    try:
        return msgspec.json.encode(value, order="deterministic")
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(value)), order="deterministic")


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, (list, tuple)) else value


def _escaped(json_text: str) -> str:
    """Outside its strings JSON is ASCII, so every match is inside one."""
    return _OBEYED.sub(lambda found: _escape(found.group()), json_text)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
