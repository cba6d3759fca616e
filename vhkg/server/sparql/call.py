"""A query operation as the SPARQL 1.1 Protocol sends it, in any of its three ways (section 2.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Sequence
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request

from vhkg.errors import UsageError
from vhkg.server.limits import URLENCODED, body, form, media_type
from vhkg.server.problems import refuse
from vhkg.server.said import without_values
from vhkg.server.service import Service
from vhkg.stores.screening import LONGEST, Screened, screen

DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_ENCODED = 3 * LONGEST + 8192
"""The longest form: each byte of the query in percent signs, and the other parameters."""
_PARAMETERS = 100
_SHORT = 2000
"""Characters that are screened in a millisecond or two, for which the event loop may wait."""
_LIMIT_DIGITS = 9
_READ_ONLY = "The endpoint changes nothing; send a query, not an update."
_ACCEPTED = f"{DIRECT}, {URLENCODED}"


class Call(NamedTuple):
    """`default` and `named`: graphs, None where none of the kind is named; `rows`: None where no limit is given."""

    text: str
    screened: Screened
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    rows: int | None


async def read_call(request: Request, service: Service) -> Call | None:
    """What the request asks, or None for a GET that asks nothing. Raises Refused."""
    parameters = _url_parameters(request)
    if request.method == "POST":
        parameters = [*parameters, *await _body_parameters(request, service)]
    elif not parameters:
        return None
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in parameters):
        refuse(HTTPStatus.BAD_REQUEST, _READ_ONLY)
    text = _query(parameters, posted=request.method == "POST")
    try:
        screened = screen(text) if len(text) < _SHORT else await asyncio.to_thread(screen, text)
    except UsageError as error:
        refuse(HTTPStatus.BAD_REQUEST, _sentence(without_values(error)))
    held = service.queries.graphs
    return Call(
        text,
        screened,
        _graphs(parameters, "default-graph-uri", held),
        _graphs(parameters, "named-graph-uri", held),
        _rows(parameters),
    )


def _url_parameters(request: Request) -> list[tuple[str, str]]:
    try:
        written = request.scope["query_string"].decode("utf-8")
        return parse_qsl(written, keep_blank_values=True, errors="strict", max_num_fields=_PARAMETERS)
    except ValueError:
        refuse(HTTPStatus.BAD_REQUEST, "The address cannot be read; encode its parameters in percent signs, as UTF-8.")


async def _body_parameters(request: Request, service: Service) -> Sequence[tuple[str, str]]:
    kind = media_type(request)
    if kind == _UPDATE:
        refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _READ_ONLY, Accept_Post=_ACCEPTED)
    if kind not in (DIRECT, URLENCODED):
        detail = f"Send the query as {DIRECT}, or as the field query of a form ({URLENCODED})."
        refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, Accept_Post=_ACCEPTED)
    if _charset(request) not in ("", "utf-8", "utf8", "us-ascii"):
        refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the query in UTF-8.", Accept_Post=_ACCEPTED)
    patience = service.settings.patience
    if kind == URLENCODED:
        return (await form(request, limit=_ENCODED, seconds=patience)).fields
    content = await body(request, limit=LONGEST, seconds=patience)
    try:
        return [("query", content.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        refuse(HTTPStatus.BAD_REQUEST, "The query is not UTF-8; save it as UTF-8.")


def _charset(request: Request) -> str:
    for parameter in request.headers.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""


def _query(parameters: Sequence[tuple[str, str]], *, posted: bool) -> str:
    texts = [value for name, value in parameters if name == "query"]
    if len(texts) != 1:
        refuse(HTTPStatus.BAD_REQUEST, "Give exactly one query, as the parameter query.")
    if len(texts[0].encode("utf-8", "surrogatepass")) > LONGEST:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if posted else HTTPStatus.REQUEST_URI_TOO_LONG
        refuse(status, f"The query is longer than {LONGEST} bytes; shorten it.")
    return texts[0]


def _graphs(parameters: Sequence[tuple[str, str]], name: str, held: Container[str]) -> tuple[str, ...] | None:
    """The graphs of one kind. Those that are not held are neither fetched nor taken for empty."""
    found = tuple(value for given, value in parameters if given == name)
    if any(value not in held for value in found):
        detail = (
            f"A graph in {name} is not held here, and nothing is fetched; GET the endpoint without a query for those."
        )
        refuse(HTTPStatus.BAD_REQUEST, detail)
    return found or None


def _rows(parameters: Sequence[tuple[str, str]]) -> int | None:
    found = [value for name, value in parameters if name == "limit"]
    if not found:
        return None
    value = found[0]
    digits = value.isascii() and value.isdecimal() and len(value) <= _LIMIT_DIGITS
    if len(found) > 1 or not digits or int(value) == 0:
        refuse(HTTPStatus.BAD_REQUEST, "The parameter limit is a number of rows; give one, from 1.")
    return int(value)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
