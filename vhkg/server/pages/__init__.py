"""The pages, one module each: what a request asks for is gathered here and put into words by vhkg.rendering.site."""

from __future__ import annotations

from starlette.routing import BaseRoute

from vhkg.server.pages import about, article, ontology, patient, queries, terms, validate
from vhkg.server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    return [
        route
        for page in (about, article, ontology, patient, queries, terms, validate)
        for route in page.routes(service)
    ]
