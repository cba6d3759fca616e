"""What a client sends of patients: a file as the body, a file in a form, or rows in JSON.

The bytes pass the same front door as a file on disk does, and never become one.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from vhkg.answering.knowledge import Knowledge, Patients
from vhkg.errors import UsageError
from vhkg.intake import Document, document
from vhkg.server.limits import MULTIPART, URLENCODED, Form, body, form, media_type
from vhkg.server.problems import refuse
from vhkg.server.service import Service

SUFFIXES = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/n-quads": ".nq",
    "application/trig": ".trig",
    "application/ld+json": ".jsonld",
    "application/rdf+xml": ".rdf",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/fhir+json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/fhir+ndjson": ".ndjson",
}
"""Media types of patient files, with the file name's ending that stands for each."""
_ANY = ("", "application/octet-stream", "text/plain")
_NAME = "request"
_STATUSES = {"present": True, "absent": False}


class Question(msgspec.Struct, frozen=True):
    """What is asked: of which source, under which readings, as of when, and under which assumptions."""

    source: Document | tuple[dict[str, str], ...]
    readings: dict[str, str] = {}
    as_of: datetime.date | None = None
    assume: dict[str, bool] = {}


class _Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    rows: tuple[dict[str, str], ...]
    readings: dict[str, str] = {}
    as_of: datetime.date | None = None
    if_: dict[str, str] = msgspec.field(default_factory=dict, name="if")


async def question(request: Request, service: Service) -> Question:
    """Read the body, whichever of the three it is. Raises Refused, and InputError for bytes that the door refuses."""
    settings = service.settings
    kind = media_type(request)
    if kind in (MULTIPART, URLENCODED):
        return _of_form(await form(request, limit=settings.upload, seconds=settings.patience))
    if kind not in SUFFIXES and kind not in _ANY:
        refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {', '.join(SUFFIXES)} or a form with a field file.")
    content = await body(request, limit=settings.upload, seconds=settings.patience)
    if kind == "application/json" and (rows := _rows(content)) is not None:
        return rows
    query = request.query_params
    return Question(
        document(_NAME + SUFFIXES.get(kind, ""), content),
        pairs(query.getlist("reading")),
        date(query.get("as-of", "")),
    )


def _rows(content: bytes) -> Question | None:
    """The envelope {rows, readings, asOf, if}; None for JSON that is something else."""
    if b'"rows"' not in content:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "rows" not in found:
        return None
    try:
        given = msgspec.convert(found, _Rows, strict=True)
    except msgspec.ValidationError:
        detail = "The body is not {rows, readings, asOf, if}; each row maps columns of the facts CSV to texts."
        refuse(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return Question(given.rows, given.readings, given.as_of, assumed(given.if_))


def _of_form(sent: Form) -> Question:
    file = sent.files.get("file")
    if file is None:
        refuse(HTTPStatus.BAD_REQUEST, "The form has no file; send one in the field file.")
    return Question(
        document(file_name(file.name), file.content),
        pairs(sent.every("reading")),
        date(sent.one("as-of")),
        assumed(pairs(sent.every("if"))),
    )


def file_name(name: str) -> str:
    """A client's name for a file, without folders."""
    return PurePath(name.replace("\\", "/")).name[:120] or _NAME


def pairs(given: list[str] | tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE, each. Raises Refused."""
    found: dict[str, str] = {}
    for each in given:
        name, separator, value = each.partition("=")
        if not separator:
            refuse(HTTPStatus.BAD_REQUEST, "A reading or an assumption names no value; write NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found


def date(text: str) -> datetime.date | None:
    """A day as YYYY-MM-DD; None for an empty text. Raises Refused."""
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        refuse(HTTPStatus.BAD_REQUEST, "The as-of day is no calendar date; write it as YYYY-MM-DD.")


def assumed(given: Mapping[str, str]) -> dict[str, bool]:
    """Findings as true or false. Raises Refused."""
    if not all(value in _STATUSES for value in given.values()):
        refuse(HTTPStatus.BAD_REQUEST, "An assumption is neither present nor absent; write FINDING=present.")
    return {name: _STATUSES[value] for name, value in given.items()}


async def read(knowledge: Knowledge, asked: Question) -> Patients:
    """The patients, in a thread: a large file must not keep others waiting. Raises InputError."""
    source: Any = list(asked.source) if isinstance(asked.source, tuple) else asked.source
    found = await run_in_threadpool(knowledge.read_source, source)
    if not found.patients:
        raise UsageError("there is no patient in it", mend="add the patient")
    return found
