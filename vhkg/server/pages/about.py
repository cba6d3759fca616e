"""The page on what this is: versions, digest, review status, limits, how to cite."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.rendering.site.about import about
from vhkg.server.limits import PACE
from vhkg.server.pages.ontology import FORMS
from vhkg.server.service import Service, Settings
from vhkg.stores.screening import DEEPEST, LONGEST


def routes(service: Service) -> list[BaseRoute]:
    async def page(_: Request) -> Response:
        shown = about(service.content, _limits(service.settings))
        values = {"about": shown, "forms": FORMS, "holds_patients": bool(service.answers)}
        return HTMLResponse(service.site.page("about.html", here="/about", **values))

    return [Route("/about", page)]


def _limits(settings: Settings) -> list[tuple[str, str]]:
    query = settings.sparql
    return [
        ("One request", _size(settings.upload)),
        ("In it", f"{settings.lesions} lesions, {settings.facts} facts about them; the command line has no such limit"),
        ("Its pace", f"{PACE >> 10} KiB a second or more, after the first {settings.patience:g} seconds"),
        ("A query", f"{LONGEST // 1000} kB of text, {DEEPEST} levels deep, {query.seconds:g} seconds"),
        ("Its rows", f"{settings.sparql_rows} unless more are asked for, {query.rows} at most, {_size(query.size)}"),
    ]


def _size(number: int) -> str:
    return f"{number / (1 << 20):g} MiB"
