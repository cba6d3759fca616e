"""The ASGI application: the routes of each area, with what holds for all of them around."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from vhkg.errors import VhkgError
from vhkg.server import api, assets, cds, pages, sparql
from vhkg.server.logs import Logged
from vhkg.server.memory import Weighed
from vhkg.server.problems import Refused, of_error, respond
from vhkg.server.said import words
from vhkg.server.security import Addressed, Guarded
from vhkg.server.service import Service

_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method.",
}


def create_app(service: Service) -> Starlette:
    """The application for one service. Every failure of a route becomes a problem document or a page."""
    routes: list[BaseRoute] = []
    for area in (assets, pages, api, sparql, cds):
        routes += area.routes(service)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(words)
        async with sparql.answering(service):
            yield

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Guarded, private=bool(service.answers)),
            Middleware(Logged),
            Middleware(Addressed, service.settings.hosts),
            Middleware(Weighed, service.settings.held),
        ],
        exception_handlers={Refused: _refused, VhkgError: _failed, HTTPException: _http},
    )
    app.state.service = service
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return respond(request, error)


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, VhkgError)
    service: Service = request.app.state.service
    return respond(request, of_error(error, service.names))


async def _http(request: Request, error: Exception) -> Response:
    """What the router itself says, in our form; OPTIONS is told the methods."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=error.headers)
    return respond(request, Refused(status, _DETAILS.get(status, status.phrase + "."), dict(error.headers or {})))
