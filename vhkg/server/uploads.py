"""What a client sends of patients: a file as the body, a file in a form, or rows in JSON.

The bytes pass the same front door as a file on disk does, and never become one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

import msgspec
from anyio import to_thread
from starlette.requests import Request

from vhkg.answering.knowledge import Patients
from vhkg.errors import InputError
from vhkg.intake import Document, document
from vhkg.intake.json_text import Json, parse_json
from vhkg.model.choices import chosen_readings
from vhkg.model.content import Content
from vhkg.model.record import PatientRecord
from vhkg.server.limits import MULTIPART, URLENCODED, Form, body, form, media_type
from vhkg.server.problems import refuse
from vhkg.server.service import Service, Settings

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
ANY = ("application/octet-stream", "text/plain")
"""Media types that say nothing of the format: it is told by the content."""
FILE, READING, AS_OF, IF = "file", "reading", "as-of", "if"
"""Fields of a form, and parameters of the query where the body is the file."""
_NAME = "request"
_STATUSES = {"present": True, "absent": False}
_LONGEST_NAME = 120
_LARGE = 128 << 10
"""Bytes from which a file is one of the few that are read at once."""


class Question(msgspec.Struct, frozen=True):
    """What is asked: of which source, under which readings, as of when, and under which assumptions."""

    source: Document | tuple[dict[str, str], ...]
    readings: dict[str, str] = {}
    as_of: datetime.date | None = None
    assume: dict[str, bool] = {}


class _Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    rows: tuple[dict[str, str], ...]
    readings: dict[str, str] = {}
    as_of: str | None = None
    if_: dict[str, str] = msgspec.field(default_factory=dict, name="if")


async def question(request: Request, service: Service) -> Question:
    """Read the body, whichever of the three it is.

    Raises Refused, InputError for bytes that the door refuses, and UsageError for a reading that does not exist.
    """
    settings, content = service.settings, service.content
    kind = media_type(request)
    if kind in (MULTIPART, URLENCODED):
        return of_form(await form(request, limit=settings.upload, seconds=settings.patience), content)
    if kind and kind not in SUFFIXES and kind not in ANY:
        refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {', '.join(SUFFIXES)} or a form with a field {FILE}.")
    sent = await body(request, limit=settings.upload, seconds=settings.patience)
    if kind == "application/json" and (rows := _rows(sent, content)) is not None:
        return rows
    query = request.query_params
    return Question(
        document(_NAME + SUFFIXES.get(kind, ""), sent),
        chosen_readings(pairs(query.getlist(READING)), content),
        date(query.get(AS_OF, "")),
        assumed(pairs(query.getlist(IF))),
    )


def _rows(sent: bytes, content: Content) -> Question | None:
    """The envelope {rows, readings, asOf, if}; None for JSON that is something else."""
    if b'"rows"' not in sent:
        return None
    found: Json = parse_json(document(f"{_NAME}.json", sent))
    if not isinstance(found, dict) or "rows" not in found:
        return None
    try:
        given = msgspec.convert(found, _Rows, strict=True)
    except msgspec.ValidationError:
        detail = "The body is not {rows, readings, asOf, if}; each row maps columns of the facts CSV to texts."
        refuse(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    if not given.rows:
        raise InputError("there are no rows in it", mend="add a row for each finding")
    readings = chosen_readings(given.readings.items(), content)
    return Question(given.rows, readings, date(given.as_of or ""), assumed(given.if_.items()))


def of_form(sent: Form, content: Content) -> Question:
    """The file of a form, and what its other fields ask. Raises as `question`."""
    file = sent.files.get(FILE)
    if file is None:
        refuse(HTTPStatus.BAD_REQUEST, f"The form has no file; send one in the field {FILE}.")
    return Question(
        document(file_name(file.name), file.content),
        chosen_readings(pairs(sent.every(READING)), content),
        date(sent.one(AS_OF)),
        assumed(pairs(sent.every(IF))),
    )


def file_name(name: str) -> str:
    """A client's name for a file, without folders."""
    return PurePath(name.replace("\\", "/").replace("\0", "")).name[-_LONGEST_NAME:] or _NAME


def pairs(given: Iterable[str]) -> list[tuple[str, str]]:
    """NAME=VALUE, each. Raises Refused."""
    found = []
    for each in given:
        name, separator, value = each.partition("=")
        if not separator:
            refuse(HTTPStatus.BAD_REQUEST, "A reading or an assumption names no value; write NAME=VALUE.")
        found.append((name.strip(), value.strip()))
    return found


def date(text: str) -> datetime.date | None:
    """A day as YYYY-MM-DD; None for an empty text. Raises Refused."""
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        refuse(HTTPStatus.BAD_REQUEST, "The as-of day is no calendar date; write it as YYYY-MM-DD.")


def assumed(given: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """Findings as true or false. Raises Refused."""
    found: dict[str, bool] = {}
    for name, value in given:
        if value not in _STATUSES:
            refuse(HTTPStatus.BAD_REQUEST, "An assumption is neither present nor absent; write FINDING=present.")
        if name in found:
            refuse(HTTPStatus.BAD_REQUEST, "A finding is assumed twice; leave one assumption.")
        found[name] = _STATUSES[value]
    return found


async def read(service: Service, asked: Question) -> Patients:
    """The patients, in a thread: a large file must not keep others waiting, and few are read at once.

    Raises InputError, and Refused for more lesions than are answered at once.
    """
    source: Document | list[Mapping[str, str]]
    source = asked.source if isinstance(asked.source, Document) else list[Any](asked.source)
    large = isinstance(source, list) or len(source.content) > _LARGE
    limiter = service.large_files if large else None
    found = await to_thread.run_sync(service.knowledge.read_source, source, limiter=limiter)
    if not found.patients and found.report.refusals:
        raise InputError(f"no patient in it can be read: {found.report.refusals[0].rstrip('.')}")
    if not found.patients:
        raise InputError("there is no patient in it", mend="add the patient")
    refuse_many(found, service.settings)
    return found


def refuse_many(found: Patients, settings: Settings) -> None:
    """Raises Refused for more than one request is answered about: answers are far longer than what they are about."""
    lesions, facts = map(sum, zip((0, 0), *(_counted(each.record) for each in found.patients), strict=True))
    if lesions > settings.lesions or facts > settings.facts:
        detail = f"There are more than {settings.lesions} lesions in it, or {settings.facts} facts about lesions; send"
        refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{detail} fewer at once, or use `vhkg cohort`.")


def _counted(record: PatientRecord) -> tuple[int, int]:
    """The lesions of a patient, and the facts about each, where those of the patient are about every lesion."""
    lesions = max(1, len(record.presentations))
    own = sum(len(each.assertions) for each in record.presentations)
    return lesions, own + lesions * len(record.assertions)
