"""The Terms pages: a list by groups with one search, and a page for each term that begins with what it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from vhkg.model.content import Content
from vhkg.model.description import Description, Line, PartKind
from vhkg.model.terms import kind_of
from vhkg.rendering.site.article_values import sentence_link, term_link

FORMS = (
    (".ttl", "Turtle", "text/turtle"),
    (".jsonld", "JSON-LD", "application/ld+json"),
    (".rdf", "RDF/XML", "application/rdf+xml"),
    (".nt", "N-Triples", "application/n-triples"),
)
"""Endings of addresses, with the form and its media type."""
_EXPRESSIONS = ("equivalent to", "subclass of")
_SENTENCES = "stated in"
"""What stands first."""
_WEB = ("http://", "https://")
_OPEN = ("finding", "intervention", "recommendation", "reading", "silence", "source")
"""The kinds whose groups stand open; the others are longer, or for fewer."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A term in the list. `under`: it belongs to the one before. `said` is what the search looks through besides."""

    kind: str
    group: str
    name: str
    label: str
    note: str
    said: str = ""
    under: bool = False

    def matches(self, words: Iterable[str]) -> bool:
        """Whether all of some words in lower case occur in it."""
        text = "\n".join((self.kind, self.group, self.name, self.label, self.note, self.said)).lower()
        return all(word in text for word in words)


class Group(msgspec.Struct, frozen=True):
    kind: str
    title: str
    entries: tuple[Entry, ...]
    opened: bool


class MappedSet(msgspec.Struct, frozen=True):
    """Where matches come from, under which licence; `comment` says whose ids and labels they carry."""

    title: str
    licence: str
    comment: str

    @property
    def address(self) -> str:
        return self.licence if self.licence.startswith(_WEB) else ""


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """A match in another vocabulary, or the statement that there is none such: `negated`.

    `verified`: a person compared the two. `address` is empty where the IRI is none of the web.
    """

    curie: str
    iri: str
    label: str
    relation: str
    negated: bool
    verified: bool
    justification: str
    confidence: str
    version: str
    comment: str
    set: MappedSet

    @property
    def address(self) -> str:
        return self.iri if self.iri.startswith(_WEB) else ""


class Shown(msgspec.Struct, frozen=True):
    """A part of a line; `address` is empty for what leads nowhere."""

    text: str
    kind: str
    address: str = ""


class Row(msgspec.Struct, frozen=True):
    """A line of the page. `code`: a class expression."""

    heading: str
    parts: tuple[Shown, ...]
    code: bool


class TermView(msgspec.Struct, frozen=True, kw_only=True):
    """`sentence` is the address of the sentence in the article, for statements."""

    iri: str
    name: str
    label: str
    kind: str
    doing: tuple[Row, ...]
    being: tuple[Row, ...]
    mappings: tuple[Mapped, ...]
    sets: tuple[MappedSet, ...]
    sentence: str
    forms: tuple[tuple[str, str, str], ...]


class _Kind(NamedTuple):
    kind: str
    group: str
    note: str
    said: str = ""
    under: bool = False


def entries(
    content: Content, labels: Mapping[str, str], sources: Mapping[str, str], mapped: Mapping[str, tuple[Mapped, ...]]
) -> tuple[Entry, ...]:
    """Every term once: those of the content in its order, then what else the ontology declares.

    `labels` are those of all terms by name; `sources` the names of sources by marker; `mapped` the matches by name.
    """
    kinds = _kinds(content, sources)
    names = [*(name for name in kinds if name in labels), *(name for name in labels if name not in kinds)]
    found = []
    for name in names:
        kind = kinds.get(name) or _Kind("vocabulary", "Vocabulary", "")
        matches = " ".join(f"{each.curie} {each.label}" for each in mapped.get(name, ()))
        found.append(
            Entry(
                kind=kind.kind,
                group=kind.group,
                name=name,
                label=labels[name],
                note=kind.note,
                said=f"{kind.said} {matches}",
                under=kind.under,
            )
        )
    return tuple(found)


def _kinds(content: Content, sources: Mapping[str, str]) -> dict[str, _Kind]:
    """What each term of the content is; of two kinds for one name, the first."""
    found: dict[str, _Kind] = {}
    for name, kind in (*_clinical(content), *_ledgers(content, sources), *_parts(content)):
        found.setdefault(name, kind)
    return found


def _clinical(content: Content) -> Iterator[tuple[str, _Kind]]:
    for role in ("finding", "intervention"):
        for finding in content.findings.values():
            if kind_of(finding) == role:
                group = f"{role.capitalize()}s: {finding.group}" if finding.group else f"{role.capitalize()}s"
                said = f"{finding.plain_label} {finding.definition}"
                yield finding.name, _Kind(role, group, finding.question or finding.definition, said)
    for each in content.recommendations:
        note = f"advises against, {each.line}" if each.direction == "against" else each.line
        yield each.name, _Kind("recommendation", "Recommendations", note, f"{each.plain_label} {each.modality}")


def _ledgers(content: Content, sources: Mapping[str, str]) -> Iterator[tuple[str, _Kind]]:
    for reading in content.readings.values():
        yield reading.name, _Kind("reading", "Readings", reading.question, reading.tension)
        for option in reading.alternatives:
            note = "default" if option.name == reading.default else ""
            yield option.name, _Kind("reading alternative", "Readings", note, option.definition, under=True)
    for silence in content.silences:
        yield silence.name, _Kind("silence", "Silences", silence.question, silence.plain)
    for marker, name in sources.items():
        if marker:
            yield name, _Kind("source", "Sources", _standing(content, marker))
    yield content.article.name, _Kind("source", "Sources", content.article.title)


def _parts(content: Content) -> Iterator[tuple[str, _Kind]]:
    for known in content.classes.values():
        yield known.name, _Kind("presentation class", "Kinds of presentation", known.definition)
    for decision in content.decisions.values():
        yield decision.name, _Kind("modelling decision", "Modelling decisions", decision.tension, decision.decision)
    for limit in content.limits:
        yield limit.name, _Kind("scope limit", "Scope limits", "")
    for plan in content.plans.values():
        yield plan.name, _Kind("plan", "Plans", f"{len(plan.steps)} steps", plan.plain_label)
        yield from ((step.name, _Kind("step of a plan", "Plans", "", under=True)) for step in plan.steps)
    for outcome in content.outcomes.values():
        yield outcome.id, _Kind("outcome", "Outcomes", outcome.kind, outcome.quote)
    for notice in content.notices:
        yield notice.name, _Kind("safety notice", "Safety notices of the software", notice.text)
    for statement in content.statements.values():
        note = statement.quote or statement.description
        yield statement.name, _Kind("statement", "Statements", note, statement.because)


def _standing(content: Content, marker: str) -> str:
    source = content.sources[marker]
    return f"{source.standing}{f': {source.candidate}' if source.candidate else ''}"


def groups(found: Iterable[Entry], *, opened: bool = False) -> tuple[Group, ...]:
    """The entries under their headings, in order. `opened`: every group, as for what was searched for."""
    by_group: dict[str, list[Entry]] = {}
    for each in found:
        by_group.setdefault(each.group, []).append(each)
    return tuple(
        Group(listed[0].kind, title, tuple(listed), opened or listed[0].kind in _OPEN)
        for title, listed in by_group.items()
    )


def term_view(
    described: Description, kind: str, labels: Mapping[str, str], content: Content, mapped: tuple[Mapped, ...]
) -> TermView:
    """The page of one term."""

    def row(line: Line) -> Row:
        code = line.heading in _EXPRESSIONS
        parts = []
        for part in line.parts:
            address, text = "", part.text
            if part.kind is PartKind.TERM:
                statement = part.text in content.statements
                address = sentence_link(part.text) if statement else term_link(part.text)
                text = part.text if code or statement else labels.get(part.text, part.text)
            parts.append(Shown(text, part.kind.value, address))
        return Row(line.heading, tuple(parts), code and any(part.kind is not PartKind.TERM for part in line.parts))

    return TermView(
        iri=described.iri,
        name=described.name,
        label=described.label,
        kind=kind,
        doing=tuple(map(row, sorted(described.doing, key=lambda line: line.heading != _SENTENCES))),
        being=tuple(map(row, described.being)),
        mappings=mapped,
        sets=tuple(dict.fromkeys(each.set for each in mapped)),
        sentence=sentence_link(described.name) if described.name in content.statements else "",
        forms=tuple((f"/terms/{quote(described.name)}{ending}", form, kind) for ending, form, kind in FORMS),
    )


def spaced(name: str) -> str:
    """The local name of a term of another vocabulary as words.

    >>> spaced("exactMatch"), spaced("ManualMappingCuration")
    ('exact match', 'manual mapping curation')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
