"""Style sheets, scripts and pictures of the pages, under names that change with their content."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from vhkg.server.problems import refuse
from vhkg.server.service import Service

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def routes(service: Service) -> list[BaseRoute]:
    held = service.site.assets

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        found = held.get(name)
        if found is None or found.digest != request.path_params["digest"]:
            refuse(HTTPStatus.NOT_FOUND, "There is no such file; load the page again.")
        kind = _KINDS[name[name.rindex(".") :]]
        return Response(found.content, media_type=kind, headers=_KEPT)

    return [Route("/static/{digest}/{name}", asset)]
