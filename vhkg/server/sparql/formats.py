"""The media types of results, and the names that `vhkg.stores.written` has for their formats."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request

from vhkg.namespaces import FORMATS
from vhkg.server.negotiation import preferred
from vhkg.server.problems import refuse

TABLE_TYPES = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
}
"""Of SELECT and ASK, the first where nothing is asked for; application/json is what many clients say for the first."""
GRAPH_TYPES = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
}
"""Of CONSTRUCT and DESCRIBE, and of descriptions."""
_WITH_CHARSET = ("text/csv", "text/tab-separated-values", "text/turtle")
_NAMES = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
GRAPH_FORMATS = tuple(FORMATS + name for name in _NAMES[4:])
ALL_FORMATS = tuple(FORMATS + name for name in _NAMES)


def chosen(request: Request, offered: Mapping[str, str]) -> str:
    """The media type of the result. Raises Refused (406)."""
    kind = preferred(request.headers.get("accept", ""), tuple(offered))
    if kind is None:
        refuse(HTTPStatus.NOT_ACCEPTABLE, f"Accept one of {', '.join(offered)}.")
    return kind


def content_type(kind: str) -> str:
    """As it is written in the header: formats of text that may be taken for another encoding name theirs."""
    return f"{kind}; charset=utf-8" if kind in _WITH_CHARSET else kind
