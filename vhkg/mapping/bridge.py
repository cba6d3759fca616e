"""The bridge: ``our term rdfs:subClassOf their term`` for the mappings that the rule promotes, and what is above there.

It only goes upwards. No class of ours is ever the superclass in one of its axioms, and no class of theirs is under
owl:Nothing: reading every class of theirs as the whole domain makes all its axioms true, so whatever our ontology
leaves open stays open, and no status can change. An equivalence would not do: theirs may hold one below the other
what we hold apart.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pyoxigraph as ox

from vhkg.answering.knowledge import Knowledge
from vhkg.errors import InputError, KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.mappings import SUFFIX, TermMapping, read_mappings
from vhkg.mapping.hierarchy import Hierarchy, Term, compact
from vhkg.mapping.levels import LevelSite, read_levels
from vhkg.mapping.rule import LinkRule, read_rule
from vhkg.namespaces import BASE, BRIDGES, VOCABULARIES, Owl, Rdf, Rdfs, Skos, Vhkg

_OURS = BASE.removesuffix("ontology#")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
"""Absolute, and with no character that ends an IRI; OBO has ids that are neither."""


class LabelDifference(msgspec.Struct, frozen=True):
    """A mapped term that a file calls otherwise than the row that names it."""

    curie: str
    ours: str
    theirs: str
    file: str


class Unpromoted(msgspec.Struct, frozen=True):
    """Rows that are no axioms of the bridge although a file holds their term, by the reason."""

    reason: str
    rows: int


class Bridge(msgspec.Struct, frozen=True, kw_only=True):
    """`terms` of ours by `rows` of mappings to `mapped` classes, and `levels` of lesions, with `ancestors` above.

    `missing` are ids that the rule would promote, or that are levels, and no file holds, of the terminologies that the
    files are about.
    """

    iri: str
    triples: tuple[ox.Triple, ...]
    terms: int
    rows: int
    mapped: int
    levels: int
    ancestors: int
    unpromoted: tuple[Unpromoted, ...]
    missing: tuple[str, ...]
    differences: tuple[LabelDifference, ...]

    @property
    def ntriples(self) -> bytes:
        return _ntriples(self.triples)


def build(knowledge: Knowledge, hierarchies: Sequence[Hierarchy]) -> Bridge:
    """The bridge from a knowledge to one or more ontologies, in the same order of triples each time.

    Raises InputError for a file that holds no term that ours are mapped to, and KnowledgeError for a mapping to a
    term that a file holds as obsolete.
    """
    files = knowledge.files.ontology
    graph = Graph.parse({name: text for name, text in files.items() if name.endswith(".ttl")})
    rule = read_rule(graph)
    rows = [row for row in read_mappings(files, knowledge.content.iris) if row.found]
    ours = frozenset(graph.instances(Owl.Class))
    sites = read_levels(files, knowledge.compiled.codes)
    foreign = [_without(hierarchy, ours) for hierarchy in hierarchies]
    for hierarchy in foreign:
        _refuse_obsolete(hierarchy, rows, files)
        _refuse_obsolete_sites(hierarchy, sites)
        _refuse_strange(hierarchy, rows, rule, sites)
    merged = _merged(foreign)
    wanted = [row for row in rows if not rule.refusal(row)]
    promoted = [row for row in wanted if row.object in merged.terms]
    levels = {iri: site for site in sites for iri in site.iris if iri in merged.terms}
    kept = merged.above([*(row.object for row in promoted), *levels])
    spaces = _spaces(rows)
    axioms = {_triple(row.subject, Rdfs.subClassOf, ox.NamedNode(row.object)) for row in promoted}
    axioms |= {triple for iri in kept for triple in _described(merged.terms[iri], kept, spaces)}
    axioms |= {_triple(iri, Vhkg.levelName, ox.Literal(site.level)) for iri, site in levels.items()}
    ordered = tuple(sorted(axioms, key=str))
    iri = BRIDGES + hashlib.sha256(_ntriples(ordered) + knowledge.compiled.digest.encode()).hexdigest()[:16]
    held = {_prefix(row.curie) for row in rows if row.object in merged.terms}
    placed = {site.curie for site in levels.values()}
    about = {_prefix(curie) for curie in placed}
    absent = {row.curie for row in wanted if _prefix(row.curie) in held and row.object not in merged.terms}
    absent |= {site.curie for site in sites if _prefix(site.curie) in about} - placed
    mapped = {row.object for row in promoted}
    return Bridge(
        iri=iri,
        triples=(*_header(iri, knowledge), *ordered),
        terms=len({row.subject for row in promoted}),
        rows=len(promoted),
        mapped=len(mapped),
        levels=len(levels),
        ancestors=len(kept - mapped - levels.keys()),
        unpromoted=_unpromoted(rows, merged, rule),
        missing=tuple(sorted(absent)),
        differences=tuple(dict.fromkeys(found for each in foreign for found in _differences(each, rows, sites))),
    )


def _without(hierarchy: Hierarchy, ours: frozenset[str]) -> Hierarchy:
    """Their classes only: whatever a file says of ours, of this project's, or of OWL's own is not taken."""
    terms = {
        iri: msgspec.structs.replace(term, parents=tuple(up for up in term.parents if not _excluded(up, ours)))
        for iri, term in hierarchy.terms.items()
        if not _excluded(iri, ours)
    }
    return msgspec.structs.replace(hierarchy, terms=terms)


def _excluded(iri: str, ours: frozenset[str]) -> bool:
    return iri in ours or iri.startswith((_OURS, *VOCABULARIES)) or not _IRI.fullmatch(iri)


def _refuse_strange(
    hierarchy: Hierarchy, rows: Sequence[TermMapping], rule: LinkRule, sites: Sequence[LevelSite]
) -> None:
    promotable = [row for row in rows if not rule.refusal(row)]
    if not hierarchy.terms.keys().isdisjoint([row.object for row in promotable]):
        return
    if any(iri in hierarchy.terms for site in sites for iri in site.iris):
        return
    curies = [row.curie for row in promotable] + [site.curie for site in sites]
    prefixes = sorted({_prefix(curie) for curie in curies}, key=str.lower)
    raise InputError(
        "it holds no class that a term of ours can be placed under, and no site of a lesion",
        file=hierarchy.name,
        mend=f"give an ontology with ids of {' or '.join(prefixes)}" if prefixes else "add mappings first",
    )


def _refuse_obsolete(hierarchy: Hierarchy, rows: Sequence[TermMapping], files: Mapping[str, bytes]) -> None:
    """A match that a person verified and that a newer ontology has withdrawn must be looked at again."""
    spaces = _spaces(rows)
    for row in rows:
        if row.verified and not row.negated and row.object in hierarchy.obsolete:
            file, line = _place(row, files)
            mend = f"map to what is in use, or link the version in which it was read ({row.version})"
            raise KnowledgeError(_obsolete(hierarchy, row.object, row.curie, spaces), file=file, place=line, mend=mend)


def _refuse_obsolete_sites(hierarchy: Hierarchy, sites: Sequence[LevelSite]) -> None:
    for site in sites:
        for iri in site.iris:
            if iri in hierarchy.obsolete:
                fault, line = _obsolete(hierarchy, iri, site.curie, {}), f"line {site.line}"
                raise KnowledgeError(fault, file=site.file, place=line, mend="name the site that is in use")


def _obsolete(hierarchy: Hierarchy, iri: str, curie: str, spaces: Mapping[str, str]) -> str:
    by = " or ".join(compact(each, spaces) for each in hierarchy.obsolete[iri])
    return f"{curie} is obsolete in {hierarchy.name}, " + (f"replaced by {by}" if by else "without successor")


def _place(row: TermMapping, files: Mapping[str, bytes]) -> tuple[str, str]:
    """The file and line of a row. Cells cannot hold its subject and object otherwise: each pair is there once."""
    name = row.subject.removeprefix(BASE)
    for file, content in sorted(files.items()):
        for number, line in enumerate(content.decode().split("\n") if file.endswith(SUFFIX) else (), start=1):
            cells = line.split("\t")
            if row.curie in cells and cells[0].endswith(f":{name}"):
                return file, f"line {number}"
    return row.set.iri, name


def _merged(hierarchies: Sequence[Hierarchy]) -> Hierarchy:
    """Several files as one: what an earlier file says of a term comes first, all parents count."""
    terms: dict[str, Term] = {}
    for hierarchy in hierarchies:
        for iri, term in hierarchy.terms.items():
            known = terms.get(iri)
            if known is None:
                terms[iri] = term
                continue
            first = known if known.label or not term.label else term
            parents = tuple(sorted({*known.parents, *term.parents}))
            terms[iri] = msgspec.structs.replace(first, parents=parents)
    return Hierarchy(name="", version="", terms=terms, obsolete={})


def _described(term: Term, kept: frozenset[str], spaces: Mapping[str, str]) -> Iterator[ox.Triple]:
    yield _triple(term.iri, Rdf.type, ox.NamedNode(Owl.Class))
    yield _triple(term.iri, Skos.notation, ox.Literal(compact(term.iri, spaces)))
    if term.label:
        language = "en" if term.language in ("", "en") else term.language
        yield _triple(term.iri, Rdfs.label, ox.Literal(term.label, language=language))
    if term.version:
        yield _triple(term.iri, Rdfs.isDefinedBy, ox.NamedNode(term.version))
    for parent in term.parents:
        if parent in kept:
            yield _triple(term.iri, Rdfs.subClassOf, ox.NamedNode(parent))


def _header(iri: str, knowledge: Knowledge) -> Iterator[ox.Triple]:
    content = knowledge.content
    for kind in (Owl.NamedIndividual, Owl.Ontology, Vhkg.Bridge):
        yield _triple(iri, Rdf.type, ox.NamedNode(kind))
    yield _triple(iri, Vhkg.knowledgeVersion, ox.Literal(content.version))
    yield _triple(iri, Vhkg.knowledgeDigest, ox.Literal(knowledge.compiled.digest))
    yield _triple(iri, Vhkg.reviewStatus, ox.Literal(content.article.review_status, language="en"))
    yield _triple(iri, Vhkg.disclaimer, ox.Literal(content.article.disclaimer, language="en"))


def _unpromoted(rows: Sequence[TermMapping], merged: Hierarchy, rule: LinkRule) -> tuple[Unpromoted, ...]:
    found = Counter(rule.refusal(row) for row in rows if row.object in merged.terms)
    return tuple(Unpromoted(reason, count) for reason, count in sorted(found.items()) if reason)


def _differences(
    hierarchy: Hierarchy, rows: Sequence[TermMapping], sites: Sequence[LevelSite]
) -> Iterator[LabelDifference]:
    named = [(row.object, row.curie, row.label) for row in rows]
    named += [(iri, site.curie, site.label) for site in sites for iri in site.iris]
    for iri, curie, label in named:
        term = hierarchy.terms.get(iri)
        if term and label and term.label and term.label != label:
            yield LabelDifference(curie, label, term.label, hierarchy.name)


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


def _spaces(rows: Sequence[TermMapping]) -> dict[str, str]:
    """The prefixes of the mapping files, as far as rows use them."""
    return {_prefix(row.curie): row.object.removesuffix(row.curie.partition(":")[2]) for row in rows}


def _ntriples(triples: Sequence[ox.Triple]) -> bytes:
    return "".join(f"{triple} .\n" for triple in triples).encode()


def _triple(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
