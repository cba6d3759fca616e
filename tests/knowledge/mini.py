"""Small graphs and statements for the tests of this folder."""

from __future__ import annotations

from vhkg.knowledge.graph import Graph
from vhkg.model.content import Statement
from vhkg.namespaces import BASE

PREFIXES = f"""@prefix : <{BASE}> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def graph_of(text: str) -> Graph:
    return Graph.parse({"a.ttl": (PREFIXES + text).encode()})


def statement(name: str, start: int, end: int, *, quote: str = "", citations: tuple[str, ...] = ()) -> Statement:
    return Statement(
        name=name,
        kind="Sentence",
        section="",
        line=1,
        order=1,
        start=start,
        end=end,
        quote=quote,
        prefix="",
        suffix="",
        span_sha256="",
        description="",
        citations=citations,
        disposition="modelled",
        because="",
        modelled_by=(),
        part_of=(),
    )
