"""RDF in any of its syntaxes becomes plain triples, through one parser that touches neither network nor files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from vhkg.errors import InputError, RefusedInput
from vhkg.intake.document import Document, Format
from vhkg.intake.jsonld import with_bundled_context
from vhkg.intake.terms import Blank, Iri, Literal, Node, Term, Triple
from vhkg.intake.turtle import check_turtle
from vhkg.intake.xml import check_xml

MAX_TRIPLES = 50_000

_SYNTAXES: dict[Format, tuple[ox.RdfFormat, Callable[[Document], None] | None]] = {
    Format.TURTLE: (ox.RdfFormat.TURTLE, check_turtle),
    Format.TRIG: (ox.RdfFormat.TRIG, check_turtle),
    Format.NTRIPLES: (ox.RdfFormat.N_TRIPLES, check_turtle),
    Format.NQUADS: (ox.RdfFormat.N_QUADS, check_turtle),
    Format.RDFXML: (ox.RdfFormat.RDF_XML, check_xml),
}
_PLACE = re.compile(r"^(?:Parser error )?at line (\d+) (?:between columns? (\d+) and \d+|column (\d+)): ")
_LINES = re.compile(r"^Parser error between line (\d+) column (\d+) and line \d+ column \d+: ")


def parse_triples(document: Document, *, context: bytes = b"") -> tuple[Triple, ...]:
    """All triples of the default graph, as the file has them; a named graph is refused.

    `context` is the content of ontology/context.jsonld, the only context that JSON-LD may name.
    """
    if document.format is Format.JSONLD:
        bundled = with_bundled_context(document, context)
        triples = tuple(_parse(document, bundled.content, ox.RdfFormat.JSON_LD))
        if len(triples) != bundled.statements:
            raise InputError(
                f"{bundled.statements} statements were written and {len(triples)} can be read",
                file=document.name,
                mend="write every IRI in full",
            )
        return triples
    if document.format not in _SYNTAXES:
        raise InputError(
            f"{document.format} is not RDF", file=document.name, mend="give the patient as RDF or as a facts CSV"
        )
    syntax, check = _SYNTAXES[document.format]
    if check is not None:
        check(document)
    return tuple(_parse(document, document.content, syntax))


def _parse(document: Document, content: bytes, syntax: ox.RdfFormat) -> Iterator[Triple]:
    count = 0
    try:
        for quad in ox.parse(content, format=syntax):
            count += 1
            if count > MAX_TRIPLES:
                raise InputError(
                    f"there are more than {MAX_TRIPLES} triples", file=document.name, mend="split it by patient"
                )
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                raise RefusedInput(
                    f"a named graph, {quad.graph_name.value}", file=document.name, mend="use the default graph only"
                )
            yield _node(quad.subject, document), quad.predicate.value, _term(quad.object, document)
    except (SyntaxError, ValueError) as error:
        raise syntax_error(document, error) from error


def _node(term: object, document: Document) -> Node:
    found = _term(term, document)
    if isinstance(found, Literal):
        raise RefusedInput("a literal is a subject", file=document.name, mend="use an IRI")
    return found


def _term(term: object, document: Document) -> Term:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.BlankNode):
        return Blank(term.value)
    if isinstance(term, ox.Literal):
        if term.direction is not None:
            raise RefusedInput("a text with a base direction", file=document.name, mend="leave out --ltr or --rtl")
        return Literal(term.value, term.datatype.value, term.language or "")
    raise RefusedInput("a statement about a statement (RDF 1.2 triple term)", file=document.name, mend="remove it")


def syntax_error(document: Document, error: Exception) -> InputError:
    message = error.msg if isinstance(error, SyntaxError) and error.msg else str(error)
    place: str | None = None
    found = _PLACE.match(message) or _LINES.match(message)
    if found and document.format is not Format.JSONLD:
        line, *columns = (group for group in found.groups() if group)
        place = f"line {line}, column {columns[0]}"
    fault = message[found.end() :] if found else message
    return InputError(
        f"not {document.format}: {fault[:200].rstrip('.')}", file=document.name, place=place, mend="correct the syntax"
    )
