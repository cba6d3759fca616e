"""A page for people: every term of the knowledge, what it does first, then what it is. One file, readable offline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape

from vhkg.exchange.descriptions import Descriptions
from vhkg.exchange.forms import UPPER_VOCABULARY
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.description import Description, Part, PartKind

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1a1a1a;background:#fff}
h2{border-bottom:1px solid #888;margin-top:3rem}h3{margin:2rem 0 .3rem}dl{margin:0;display:grid;
grid-template-columns:10rem 1fr;gap:.1rem 1rem}dt{color:#555}dd{margin:0}q{font-style:italic}code{font-size:.9em}
nav{columns:16rem}nav a{display:block}@media(max-width:40rem){dl{display:block}dd{margin:0 0 .4rem 1rem}}
@media(prefers-color-scheme:dark){body{color:#eee;background:#111}a{color:#8cf}dt{color:#bbb}}"""


def terms_page(files: dict[str, bytes], compiled: CompiledKnowledge) -> str:
    """HTML with one section for each file and one entry, with an anchor, for each term of the knowledge's own."""
    return "\n".join(_Page(Descriptions(files, compiled), compiled).lines()) + "\n"


class _Page:
    def __init__(self, descriptions: Descriptions, compiled: CompiledKnowledge) -> None:
        self._descriptions, self._content, self._digest = descriptions, compiled.content, compiled.digest

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
        by_file: defaultdict[str, list[Description]] = defaultdict(list)
        for described in map(self._descriptions.of, self._descriptions):
            by_file[described.file].append(described)
        names = sorted(by_file, key=lambda name: (name == UPPER_VOCABULARY, name))
        yield "<nav aria-label='Terms'>"
        for name in names:
            yield f"<strong>{escape(name)}</strong>"
            yield from (f'<a href="#{escape(each.name)}">{escape(each.name)}</a>' for each in by_file[name])
        yield "</nav><main>"
        for name in names:
            yield f"<section><h2>{escape(name)}</h2>"
            for each in by_file[name]:
                yield from _term(each)
            yield "</section>"
        yield "</main></body></html>"


def _term(described: Description) -> Iterator[str]:
    yield f'<article id="{escape(described.name)}"><h3>{escape(described.label)}</h3><dl>'
    for line in (*described.doing, *described.being):
        yield f"<dt>{escape(line.heading)}</dt><dd>{''.join(map(_part, line.parts))}</dd>"
    yield f"<dt>IRI</dt><dd><code>{escape(described.iri)}</code></dd>"
    yield "</dl></article>"


def _part(part: Part) -> str:
    text = escape(part.text)
    if part.kind is PartKind.TERM:
        return f'<a href="#{text}">{text}</a>'
    if part.kind is PartKind.QUOTE:
        return f"<q>{text}</q>"
    return f"<code>{text}</code>" if part.kind is PartKind.FOREIGN else text
