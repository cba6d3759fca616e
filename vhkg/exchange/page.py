"""A page for people: every term of the knowledge, what it does first, then what it is. One file, readable offline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape

import pyoxigraph as ox

from vhkg.exchange.expressions import expression
from vhkg.exchange.forms import UPPER_VOCABULARY
from vhkg.exchange.uses import uses
from vhkg.knowledge.graph import Graph, iris, local_name
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Recommendation
from vhkg.namespaces import FOREIGN, Iao, Owl, Rdf, Rdfs, Vhkg

_DECLARED = (
    Owl.Class,
    Owl.NamedIndividual,
    Owl.ObjectProperty,
    Owl.DatatypeProperty,
    Owl.AnnotationProperty,
)
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1a1a1a;background:#fff}
h2{border-bottom:1px solid #888;margin-top:3rem}h3{margin:2rem 0 .3rem}dl{margin:0;display:grid;
grid-template-columns:10rem 1fr;gap:.1rem 1rem}dt{color:#555}dd{margin:0}q{font-style:italic}code{font-size:.9em}
nav{columns:16rem}nav a{display:block}@media(max-width:40rem){dl{display:block}dd{margin:0 0 .4rem 1rem}}
@media(prefers-color-scheme:dark){body{color:#eee;background:#111}a{color:#8cf}dt{color:#bbb}}"""


def terms_page(files: dict[str, bytes], compiled: CompiledKnowledge) -> str:
    """HTML with one section for each file and one entry, with an anchor, for each term of the knowledge's own."""
    graph = Graph.parse({name: text for name, text in files.items() if name.endswith(".ttl") and "/" not in name})
    return "\n".join(_Page(graph, compiled).lines()) + "\n"


class _Page:
    def __init__(self, graph: Graph, compiled: CompiledKnowledge) -> None:
        self._graph, self._content, self._digest = graph, compiled.content, compiled.digest
        self._terms = _own_terms(graph)
        self._used = uses(self._content)
        self._below: defaultdict[str, list[str]] = defaultdict(list)
        for below, above in graph.pairs(Rdfs.subClassOf):
            if isinstance(below, ox.NamedNode) and isinstance(above, ox.NamedNode):
                self._below[above.value].append(below.value)

    def lines(self) -> Iterator[str]:
        content = self._content
        yield "<!DOCTYPE html>"
        yield f'<html lang="en"><head><meta charset="utf-8"><title>{escape(content.title)}: terms</title>'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<style>{_STYLE}</style></head><body>"
        yield f"<h1>{escape(content.title)}</h1>"
        yield (
            f"<p>Knowledge {escape(content.version)}, digest <code>{self._digest[:12]}</code>. "
            f"The article: {escape(content.article.review_status)}. {escape(content.article.disclaimer)}</p>"
        )
        by_file: defaultdict[str, list[str]] = defaultdict(list)
        for iri in self._terms:
            by_file[self._graph.file_of(ox.NamedNode(iri))].append(iri)
        names = sorted(by_file, key=lambda name: (name == UPPER_VOCABULARY, name))
        yield "<nav aria-label='Terms'>"
        for name in names:
            yield f"<strong>{escape(name)}</strong>"
            yield from (f'<a href="#{_anchor(iri)}">{escape(local_name(iri))}</a>' for iri in by_file[name])
        yield "</nav><main>"
        for name in names:
            yield f"<section><h2>{escape(name)}</h2>"
            for iri in by_file[name]:
                yield from self._term(iri)
            yield "</section>"
        yield "</main></body></html>"

    def _term(self, iri: str) -> Iterator[str]:
        name, graph = local_name(iri), self._graph
        yield f'<article id="{_anchor(iri)}"><h3>{escape(graph.label(iri) or name)}</h3><dl>'
        for heading, text in (*self._doing(name), *self._being(iri)):
            yield f"<dt>{heading}</dt><dd>{text}</dd>"
        yield "</dl></article>"

    def _doing(self, name: str) -> Iterator[tuple[str, str]]:
        """What the term does: where it is used, with the sentences."""
        for role, users in self._used.get(name, {}).items():
            yield role, ", ".join(self._link(self._content.iris.get(user, user)) for user in users)
        given = next((r for r in self._content.recommendations if r.name == name), None)
        if given is not None:
            yield from self._recommendation(given)
        statement = self._content.statements.get(name)
        if statement is not None and statement.quote:
            yield "quotation", f"{self._quote(name)} {escape(statement.section)}"
        if statement is not None:
            yield "became", escape(f"{statement.disposition}{f', {statement.because}' if statement.because else ''}")

    def _recommendation(self, given: Recommendation) -> Iterator[tuple[str, str]]:
        verb = "recommends" if given.direction == "for" else "advises against"
        yield verb, self._link(self._content.iris[given.target])
        yield "where", self._link(self._content.iris[given.condition])
        if given.exclusion:
            yield "unless", self._link(self._content.iris[given.exclusion])
        yield "line", escape(given.line)
        for use in given.uses:
            yield escape(use.role), self._quote(use.statement)

    def _quote(self, name: str) -> str:
        statement = self._content.statements[name]
        cited = f" cites {', '.join(statement.citations)}" if statement.citations else " no citation"
        link = self._link(self._content.iris.get(name, name))
        return f"<q>{escape(statement.quote)}</q> {link}, {statement.start}-{statement.end},{cited}"

    def _being(self, iri: str) -> Iterator[tuple[str, str]]:
        graph = self._graph
        plain = graph.text(iri, Vhkg.plainLabel)
        if plain:
            yield "in plain words", escape(plain)
        definition = graph.text(iri, Iao.definition)
        if definition:
            yield "definition", escape(definition)
        for value in graph.values(iri, Vhkg.tension):
            yield "tension", escape(str(value.value))
        for value in graph.values(iri, Vhkg.question):
            yield "question", escape(str(value.value))
        for heading, predicate in (("equivalent to", Owl.equivalentClass), ("subclass of", Rdfs.subClassOf)):
            for value in graph.values(iri, predicate):
                if not isinstance(value, ox.Literal):
                    yield heading, expression(graph, value, self._link)
        if below := self._below.get(iri):
            yield "superclass of", ", ".join(self._link(each) for each in below)
        for other in iris(graph.values(iri, Owl.disjointWith)):
            yield "disjoint with", self._link(other)
        kinds = [each for each in iris(graph.values(iri, Rdf.type)) if each not in set(_DECLARED)]
        if kinds:
            yield "a", ", ".join(self._link(each) for each in kinds)
        note = graph.text(iri, Vhkg.scopeNote)
        if note:
            yield "note", escape(note)
        yield "IRI", f"<code>{escape(iri)}</code>"

    def _link(self, iri: str) -> str:
        name = escape(local_name(iri))
        return f'<a href="#{_anchor(iri)}">{name}</a>' if iri in self._terms else f"<code>{name}</code>"


def _own_terms(graph: Graph) -> dict[str, None]:
    """The terms of the knowledge's own: those of no foreign vocabulary."""
    found: dict[str, None] = {}
    for kind in _DECLARED:
        for iri in graph.instances(kind):
            if graph.label(iri) and not iri.startswith(FOREIGN):
                found[iri] = None
    for iri in graph.instances(Vhkg.Statement):
        found.setdefault(iri, None)
    return found


def _anchor(iri: str) -> str:
    return escape(local_name(iri), quote=True)
