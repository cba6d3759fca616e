"""A query that somebody wrote, answered by the same service as the SPARQL endpoint, as rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
import pyoxigraph as ox

from vhkg.errors import UsageError
from vhkg.server.problems import Refused
from vhkg.server.said import without_values
from vhkg.server.service import Service
from vhkg.server.sparql.replies import told
from vhkg.stores.embedded import cell
from vhkg.stores.queries import Ending, Question
from vhkg.stores.results import Rows, shown_iri
from vhkg.stores.screening import screen

_PLACE = re.compile(r"line ([0-9]+), column ([0-9]+)")


class Fault(NamedTuple):
    """Why a query was not answered; `line` and `column` are 0 where no place is known."""

    status: HTTPStatus
    sentence: str
    line: int = 0
    column: int = 0


async def ask(service: Service, text: str, client: str = "") -> Rows | Fault:
    """The rows, in the query's own order or sorted; ASK gives the column `answer`, a graph its triples."""
    try:
        screened = screen(text)
    except UsageError as error:
        return _fault(HTTPStatus.BAD_REQUEST, without_values(error))
    rows = service.settings.sparql_rows
    reply = await service.queries.asked(Question(text=text, screened=screened, rows=rows, graph="ntriples"), client)
    if reply.ending is Ending.answered:
        tabular = screened.form in ("SELECT", "ASK")
        found = _table(reply.result.body) if tabular else _graph(reply.result.body)
        return msgspec.structs.replace(found, truncated=reply.result.cut)
    if reply.ending is Ending.busy:
        return _fault(HTTPStatus.SERVICE_UNAVAILABLE, "Too many queries are being answered; ask again later.")
    if reply.ending is Ending.lost:
        return _fault(HTTPStatus.SERVICE_UNAVAILABLE, "The query was lost; ask again.")
    if reply.ending is Ending.stopped:
        return _fault(HTTPStatus.UNPROCESSABLE_ENTITY, f"The query {reply.fault}; ask for less, or add LIMIT.")
    return _fault(HTTPStatus.BAD_REQUEST, told(reply.fault))


def refused(fault: Fault) -> Refused:
    """The fault for a client that wants no page."""
    return Refused(fault.status, fault.sentence)


def _fault(status: HTTPStatus, sentence: str) -> Fault:
    sentence = sentence[:1].upper() + sentence[1:]
    place = _PLACE.search(sentence)
    return Fault(status, sentence, *(map(int, place.groups()) if place else ()))


def _table(body: bytes) -> Rows:
    """From SPARQL 1.1 Query Results JSON."""
    found: dict[str, Any] = msgspec.json.decode(body)
    if "boolean" in found:
        return Rows(("answer",), (("true" if found["boolean"] else "false",),))
    columns = tuple(found["head"]["vars"])
    rows = (tuple(_text(each.get(name)) for name in columns) for each in found["results"]["bindings"])
    return Rows(columns, tuple(rows))


def _text(term: dict[str, Any] | None) -> str:
    """A term as `vhkg query` shows it."""
    if term is None:
        return ""
    kind, value = term["type"], term["value"]
    if kind == "triple":
        return f"<< {' '.join(_text(value[part]) for part in ('subject', 'predicate', 'object'))} >>"
    if kind == "uri":
        return shown_iri(value)
    return f"_:{value}" if kind == "bnode" else str(value)


def _graph(body: bytes) -> Rows:
    def rows() -> Iterator[tuple[str, ...]]:
        for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
            yield cell(quad.subject), cell(quad.predicate), cell(quad.object)

    return Rows(("subject", "predicate", "object"), tuple(rows()))
