"""The ontology as a file, in the form that a client accepts or names."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from vhkg import exchange
from vhkg.server.negotiation import preferred
from vhkg.server.problems import refuse
from vhkg.server.service import Service

FORMS = {
    "ttl": ("text/turtle", "Turtle"),
    "jsonld": ("application/ld+json", "JSON-LD"),
    "rdf": ("application/rdf+xml", "RDF/XML"),
    "nt": ("application/n-triples", "N-Triples"),
}
"""Endings of the file's name, with the media type and the name of the form."""
_WRITERS = {"rdf": "rdfxml"}
_ENDINGS = {kind: ending for ending, (kind, _) in FORMS.items()}


def routes(service: Service) -> list[BaseRoute]:
    @cache
    def written(ending: str) -> bytes:
        triples = exchange.ontology_document(service.knowledge.files.ontology)
        return exchange.write(triples, _WRITERS.get(ending, ending))

    async def ontology(request: Request) -> Response:
        """Negotiated at /ontology, fixed at /ontology.ttl and its like."""
        ending = request.path_params.get("ending")
        if ending is None:
            kind = preferred(request.headers.get("accept", ""), tuple(_ENDINGS))
            if kind is None:
                refuse(
                    HTTPStatus.NOT_ACCEPTABLE, f"The ontology is given as {', '.join(_ENDINGS)}; accept one of them."
                )
            ending = _ENDINGS[kind]
        if ending not in FORMS:
            refuse(HTTPStatus.NOT_FOUND, f"The ontology is given as {', '.join(FORMS)}.")
        content = await run_in_threadpool(written, ending)
        etag = f'"{service.stamp.digest[:32]}-{ending}"'
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Content-Location": f"/ontology.{ending}",
            "Content-Disposition": f'inline; filename="ontology.{ending}"',
            "ETag": etag,
        }
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        kind = FORMS[ending][0]
        return Response(
            content, media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, headers=headers
        )

    return [Route("/ontology", ontology), Route("/ontology.{ending}", ontology)]
