"""The page on what this is: versions, digest, review status, limits, how to cite."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    async def about(_: Request) -> Response:
        return HTMLResponse(service.site.page("about.html", here="/about"))

    return [Route("/about", about)]
