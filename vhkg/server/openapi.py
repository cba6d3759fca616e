"""The description of the HTTP API as OpenAPI 3.1, whose schemas are those of JSON Schema 2020-12.

The schemas of answers are generated from the types that are written, so that they cannot part from them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from vhkg.model.answer import AnswerDocument
from vhkg.model.checks import ValidationResult
from vhkg.server.problems import PROBLEM
from vhkg.server.stamp import KNOWLEDGE_HEADER
from vhkg.server.uploads import ANY, AS_OF, FILE, IF, READING, SUFFIXES
from vhkg.version import __version__

READ = "VHKG-Read"
"""The header that says what became of the entries of a source."""
_READ = {
    "description": "The format, how many patients, and how many entries were read, unmapped, refused and so on.",
    "schema": {"type": "string"},
}
_KNOWLEDGE = {
    "description": "Version, digest and review status of the knowledge, as a dictionary (RFC 9651).",
    "schema": {"type": "string"},
}
_DISCLAIMER = (
    "What one clinical article says for a patient. The article is pending review; this is no medical advice and no "
    "guideline. What is sent is held in memory for the request and is neither stored nor logged."
)
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_ENVELOPE = {
    "type": "object",
    "description": "Rows as in the facts CSV, with what is asked of them.",
    "required": ["rows"],
    "additionalProperties": False,
    "properties": {
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["patient", "finding", "status"],
                "properties": {
                    "patient": {"type": "string"},
                    "presentation": {"type": "string", "description": "The lesion; empty where it is not recorded."},
                    "finding": {"type": "string", "description": "A name of the knowledge, see /api/terms."},
                    "status": {"enum": ["present", "absent", "unknown"]},
                    "date": {"type": "string", "description": "YYYY-MM-DD, or empty."},
                },
                "additionalProperties": False,
            },
        },
        "readings": {"type": "object", "additionalProperties": {"type": "string"}},
        "asOf": {"type": ["string", "null"], "format": "date"},
        "if": {"type": "object", "additionalProperties": {"enum": ["present", "absent"]}},
    },
}
_TERM = {
    "type": "object",
    "required": ["kind", "name", "label", "note"],
    "properties": {name: {"type": "string"} for name in ("kind", "name", "label", "note")},
}
_TIMES = {"type": "array", "items": {"type": "string", "pattern": "^[^=]+=[^=]*$"}}
_PARAMETERS: dict[str, dict[str, Any]] = {
    READING: {
        "name": READING,
        "in": "query",
        "description": "ID=ALTERNATIVE: read the text another way. For a file as the body.",
        "schema": _TIMES,
    },
    AS_OF: {
        "name": AS_OF,
        "in": "query",
        "description": "Take the facts as known on this day. For a file as the body.",
        "schema": {"type": "string", "format": "date"},
    },
    IF: {
        "name": IF,
        "in": "query",
        "description": "FINDING=present or FINDING=absent: take it as that. For a file as the body.",
        "schema": _TIMES,
    },
}
_FAILURES = {
    "400": "The request is wrong: a reading, a finding or a form.",
    "406": "None of the media types that are accepted is given.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large, or about too many lesions at once.",
    "415": "The body is of a type that is not read.",
    "422": "The body cannot be read as patient data.",
}


@cache
def description(base: str = "") -> dict[str, Any]:
    """The document. `base` is the address of the service, empty for where the document was got from."""
    (answers, result), schemas = msgspec.json.schema_components(
        [AnswerDocument, ValidationResult], ref_template="#/components/schemas/{name}"
    )
    report = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["file", "conforms", "results", "hits"],
            "additionalProperties": False,
            "properties": {
                "file": {"type": "string"},
                "conforms": {"type": "boolean"},
                "results": {"type": "array", "items": result},
                "hits": {
                    "type": "object",
                    "description": "How many nodes each shape looked at.",
                    "additionalProperties": {"type": "integer", "minimum": 0},
                },
            },
        },
    }
    json = "application/json"
    text = {"schema": {"type": "string"}}
    texts = dict.fromkeys(("text/turtle", "text/csv", "text/plain", "application/x-ndjson"), text)
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "vhkg", "version": __version__, "description": _DISCLAIMER},
        "servers": [{"url": base or "/"}],
        "paths": {
            "/api/recommend": _post(
                "recommend",
                "The answer for each lesion of each patient.",
                {json: {"schema": answers}, **texts},
            ),
            "/api/explain": _post(
                "explain",
                "The answers as recorded, then as many answers with what is assumed in if.",
                {json: {"schema": answers}},
                (READING, AS_OF, IF),
            ),
            "/api/validate": _post(
                "validate",
                "What the patient shapes say of the records.",
                {json: {"schema": report}, "text/turtle": text},
            ),
            "/api/terms": {
                "get": {
                    "operationId": "terms",
                    "summary": "The names that exist, or those in which a word occurs.",
                    "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
                    "responses": {
                        "200": _response({json: {"schema": _list("terms", _TERM)}}),
                        "406": _failure(_FAILURES["406"]),
                    },
                }
            },
        },
        "components": {"schemas": dict(sorted(schemas.items()))},
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    return plain


def _post(
    name: str, summary: str, content: dict[str, Any], parameters: tuple[str, ...] = (READING, AS_OF)
) -> dict[str, Any]:
    upload = {
        "type": "object",
        "required": [FILE],
        "properties": {
            FILE: {"type": "string", "contentMediaType": "application/octet-stream"},
            **{each: _PARAMETERS[each]["schema"] for each in parameters},
        },
    }
    bodies: dict[str, Any] = {kind: {"schema": {"type": "string", "minLength": 1}} for kind in (*SUFFIXES, *ANY)}
    bodies["application/json"] = {"schema": {"anyOf": [_ENVELOPE, {"type": "object", "not": {"required": ["rows"]}}]}}
    bodies["multipart/form-data"] = {"schema": upload}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "parameters": [_PARAMETERS[each] for each in parameters],
            "requestBody": {"required": True, "content": bodies},
            "responses": {
                "200": _response(content) | {"headers": {READ: _READ, KNOWLEDGE_HEADER: _KNOWLEDGE}},
                **{status: _failure(text) for status, text in _FAILURES.items()},
            },
        }
    }


def _response(content: dict[str, Any]) -> dict[str, Any]:
    return {"description": "Done.", "content": content}


def _failure(text: str) -> dict[str, Any]:
    return {"description": text, "content": {PROBLEM: {"schema": _PROBLEM}}}


def _list(name: str, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: {"type": "array", "items": item}}}
