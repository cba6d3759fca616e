"""Other ontologies for the tests: the slims, which are no part of this project, and an invented one, which is."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from tests.support import ROOT, shipped
from vhkg.answering.published import published
from vhkg.knowledge.mappings import TermMapping, read_mappings
from vhkg.mapping import Bridge, Hierarchy, build, read_hierarchy
from vhkg.namespaces import OBO, Owl, Rdf, Rdfs

SLIMS = ROOT.parent / "shared" / "mappings" / "slims"
INVENTED = ROOT / "docs" / "examples" / "hierarchy.ttl"
ALL = ("doid", "eco", "hp", "maxo", "mondo", "ncit", "uberon")
LINKED = ("doid", "hp", "maxo", "mondo", "ncit")
"""Those with a class that a term of ours can be placed under. ECO is about evidence; no level is in UBERON's."""


def slim(name: str) -> Path:
    return SLIMS / f"{name}-slim.ttl"


@functools.cache
def hierarchy(name: str) -> Hierarchy:
    return read_hierarchy(str(slim(name)))


@functools.cache
def bridge(*names: str) -> Bridge:
    """The bridge to some slims, or to all that have something to link."""
    return build(shipped(), [hierarchy(name) for name in names or LINKED])


@functools.cache
def held_with_invented() -> Mapping[str, bytes]:
    """What a store holds after ``--link`` with the invented hierarchy."""
    made = build(shipped(), [read_hierarchy(str(INVENTED))])
    return {**published(shipped()), "derived/bridge.ttl": made.ntriples}


@functools.cache
def rows() -> tuple[TermMapping, ...]:
    return read_mappings(shipped().files.ontology, shipped().content.iris)


def obo(content: Hierarchy) -> str:
    """The hierarchy as somebody would have it in OBO."""

    def short(iri: str) -> str:
        return iri.removeprefix(OBO).replace("_", ":") if iri.startswith(OBO) else iri

    text = f"format-version: 1.2\ndata-version: {content.version}\nontology: slim\n"
    for term in content.terms.values():
        text += f"\n[Term]\nid: {short(term.iri)}\nname: {term.label}\n"
        text += "".join(f"is_a: {short(parent)}\n" for parent in term.parents)
        text += "relationship: part_of UBERON:0001062\n"
    for iri, by in content.obsolete.items():
        text += f"\n[Term]\nid: {short(iri)}\nis_obsolete: true\n"
        text += "".join(f"replaced_by: {short(each)}\n" for each in by)
    return text + "\n[Typedef]\nid: part_of\nname: part of\n"


def rdf(path: Path, form: ox.RdfFormat) -> bytes:
    """A Turtle file in another syntax of RDF."""
    return ox.serialize((quad.triple for quad in ox.parse(path=str(path))), format=form) or b""


def ontology(*triples: tuple[str, str, str | ox.Literal], version: str = "") -> bytes:
    """An ontology of these triples, as N-Triples."""
    lines = [f"<{s}> <{p}> {o if isinstance(o, ox.Literal) else f'<{o}>'} .\n" for s, p, o in triples]
    if version:
        lines.append(f"<https://example.org/o> <{Rdf.type}> <{Owl.Ontology}> .\n")
        lines.append(f"<https://example.org/o> <{Owl.versionIRI}> <{version}> .\n")
    return "".join(lines).encode()


def edge(below: str, above: str) -> tuple[str, str, str]:
    return below, Rdfs.subClassOf, above
