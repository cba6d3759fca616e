"""The addresses of CDS Hooks, with what a browser in another place must be told (Fetch Standard, CORS protocol)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from vhkg.errors import VhkgError
from vhkg.server import problems
from vhkg.server.cds.answering import ID, discovery, respond, taken
from vhkg.server.cds.protocol import sent
from vhkg.server.limits import body, media_type
from vhkg.server.problems import Refused, of_error, refuse
from vhkg.server.service import Service

JSON = "application/json"
_ANY = "*"
_HOUR = "3600"
Handler = Callable[[Request], Awaitable[Response]]


def routes(service: Service) -> list[BaseRoute]:
    """/cds-services and what is below it."""
    hooks = _Hooks(service)
    return [
        Route("/cds-services", hooks.of_others(hooks.discover, "GET"), methods=["GET", "OPTIONS"]),
        Route("/cds-services/{id}", hooks.of_others(hooks.call, "POST"), methods=["POST", "OPTIONS"]),
        Route("/cds-services/{id}/feedback", hooks.of_others(hooks.feedback, "POST"), methods=["POST", "OPTIONS"]),
    ]


class _Hooks:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._settings = service.settings

    async def discover(self, request: Request) -> Response:  # noqa: ARG002 - a handler's signature
        return Response(sent(discovery(self._service.content)), media_type=JSON)

    async def call(self, request: Request) -> Response:
        content = await self._body(request)
        base = self._settings.base or str(request.base_url).rstrip("/")
        cards = await run_in_threadpool(respond, self._service.knowledge, content, base, self._settings)
        return Response(sent(cards), media_type=JSON)

    async def feedback(self, request: Request) -> Response:
        taken(await self._body(request))
        return Response(status_code=HTTPStatus.OK)

    async def _body(self, request: Request) -> bytes:
        if request.path_params["id"] != ID:
            refuse(HTTPStatus.NOT_FOUND, "There is no such service; GET /cds-services names those there are.")
        if media_type(request) != JSON:
            refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {JSON}.")
        return await body(request, limit=self._settings.upload, seconds=self._settings.patience)

    def of_others(self, handler: Handler, method: str) -> Handler:
        """With the headers for pages of the origins that are allowed, on refusals too, and their preflights."""

        async def handled(request: Request) -> Response:
            try:
                response = Response(status_code=HTTPStatus.NO_CONTENT)
                if request.method != "OPTIONS":
                    response = await handler(request)
            except Refused as refused:
                response = problems.respond(request, refused)
            except VhkgError as error:
                response = problems.respond(request, of_error(error, self._service.names))
            origin = request.headers.get("origin", "")
            if self._settings.origins:
                response.headers.add_vary_header("Origin")
            if origin and (origin in self._settings.origins or _ANY in self._settings.origins):
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Allow-Methods"] = method
                response.headers["Access-Control-Allow-Headers"] = "Content-Type, Authorization"
                response.headers["Access-Control-Max-Age"] = _HOUR
            elif request.method == "OPTIONS":
                response.headers["Allow"] = f"{method}, OPTIONS"
            return response

        return handled


__all__ = ["routes"]
