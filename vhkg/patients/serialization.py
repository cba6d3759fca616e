"""Patient graphs as N-Triples and Turtle: sorted, the same bytes for the same graph."""

from __future__ import annotations

import re
from itertools import groupby

from vhkg.errors import UsageError
from vhkg.intake import Blank, Format, Iri, Literal, PatientGraph, Term, quoted
from vhkg.namespaces import BASE, Prov, Rdf, Rdfs, Xsd

_PREFIXES = {
    "prov": Prov.wasDerivedFrom.removesuffix("wasDerivedFrom"),
    "rdfs": Rdfs.label.removesuffix("label"),
    "vhkg": BASE,
    "xsd": Xsd.date.removesuffix("date"),
}
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def serialize(graph: PatientGraph, format: Format = Format.TURTLE) -> str:
    """The graph as text; ``Format.NTRIPLES`` or ``Format.TURTLE``."""
    if format is Format.NTRIPLES:
        return "".join(f"{_ntriples(s)} <{p}> {_ntriples(o)} .\n" for s, p, o in graph.triples)
    if format is not Format.TURTLE:
        raise UsageError(f"patient graphs are not written as {format}", mend="ask for Turtle or N-Triples")
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in _PREFIXES.items())
    blocks = []
    for subject, triples in groupby(graph.triples, key=lambda triple: triple[0]):
        lines = sorted(triples, key=lambda triple: (triple[1] != Rdf.type, triple[1]))
        body = " ;\n    ".join(
            f"{'a' if predicate == Rdf.type else _turtle(Iri(predicate))} {_turtle(value)}"
            for _, predicate, value in lines
        )
        blocks.append(f"\n{_turtle(subject)} {body} .\n")
    return header + "".join(blocks)


def _turtle(term: Term) -> str:
    if isinstance(term, Iri):
        return _iri(term.value)
    if isinstance(term, Literal) and not term.language and term.datatype != Xsd.string:
        return f"{quoted(term.value)}^^{_iri(term.datatype)}"
    return _ntriples(term)


def _iri(iri: str) -> str:
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri.removeprefix(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def _ntriples(term: Term) -> str:
    if isinstance(term, Iri):
        return f"<{term.value}>"
    if isinstance(term, Blank):
        return str(term)
    if term.language:
        return f"{quoted(term.value)}@{term.language}"
    return quoted(term.value) + ("" if term.datatype == Xsd.string else f"^^<{term.datatype}>")
