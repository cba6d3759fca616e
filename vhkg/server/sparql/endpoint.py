"""Routes of the endpoint: queries at /sparql, its description there without one, and VoID at its well-known place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.server.negotiation import preferred
from vhkg.server.problems import Refused, refuse
from vhkg.server.service import Service
from vhkg.server.sparql.call import Call, read_call
from vhkg.server.sparql.description import Describer
from vhkg.server.sparql.formats import GRAPH_TYPES, TABLE_TYPES, chosen, content_type
from vhkg.server.sparql.replies import response
from vhkg.server.stamp import shared, stamp
from vhkg.stores.queries import Question

PATH = "/sparql"
VOID = "/.well-known/void"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_READING = ("GET", "HEAD")
_HTML = "text/html"

_Handler = Callable[[Request], Awaitable[Response]]


def routes(service: Service) -> list[BaseRoute]:
    describer = Describer(service)

    async def sparql(request: Request) -> Response:
        call = await read_call(request, service)
        if call is None:
            return await _described(request, describer)
        return await _answered(request, service, call)

    async def void(request: Request) -> Response:
        kind = chosen(request, GRAPH_TYPES)
        content = await asyncio.to_thread(describer.void, _base(request, service), GRAPH_TYPES[kind])
        return Response(content, media_type=content_type(kind))

    return [
        Route(PATH, _stamped(sparql, service, (*_READING, "POST")), methods=_METHODS),
        Route(VOID, _stamped(void, service, _READING), methods=_METHODS),
    ]


def _stamped(handler: _Handler, service: Service, methods: tuple[str, ...]) -> _Handler:
    """The handler, whose every reply, refusals too, says which knowledge it is from."""

    async def stamped(request: Request) -> Response:
        if request.method == "OPTIONS":
            allowed = {"Allow": ", ".join(methods)}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=stamp(service) | allowed)
        headers = stamp(service) | (shared(service) if request.method in _READING else {})
        try:
            if request.method not in methods:
                detail = f"Ask with {', '.join(methods)}."
                refuse(HTTPStatus.METHOD_NOT_ALLOWED, detail, Allow=", ".join(methods))
            reply = await handler(request)
        except Refused as refused:
            raise Refused(refused.status, refused.detail, refused.headers | headers) from None
        reply.headers.update(headers)
        return reply

    return stamped


async def _answered(request: Request, service: Service, call: Call) -> Response:
    tabular = call.screened.form in ("SELECT", "ASK")
    types = TABLE_TYPES if tabular else GRAPH_TYPES
    kind = chosen(request, types)
    form = types[kind]
    rows = service.settings.sparql_rows if call.rows is None else call.rows
    question = Question(
        text=call.text,
        screened=call.screened,
        rows=rows,
        default=call.default,
        named=call.named,
        base=f"{_base(request, service)}{PATH}",
        **({"table": form} if tabular else {"graph": form}),
    )
    reply = await service.queries.asked(question, request.client.host if request.client else "")
    return response(reply, service, kind=kind, form=form, asked=call.rows)


async def _described(request: Request, describer: Describer) -> Response:
    """The service description (SPARQL 1.1 Service Description, section 2), or the page for people with a browser."""
    if preferred(request.headers.get("accept", ""), (*GRAPH_TYPES, _HTML)) == _HTML:
        return RedirectResponse("/queries", HTTPStatus.SEE_OTHER)
    kind = chosen(request, GRAPH_TYPES)
    content = await asyncio.to_thread(describer.service, _base(request, describer.of), GRAPH_TYPES[kind])
    return Response(content, media_type=content_type(kind))


def _base(request: Request, service: Service) -> str:
    return service.settings.base or str(request.base_url).rstrip("/")
