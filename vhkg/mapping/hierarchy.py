"""What is taken of another ontology: its named classes, their labels, and which is a subclass of which.

Restrictions (part_of among them), equivalences and all other axioms are left where they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from vhkg.namespaces import OBO

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_.]*):([A-Za-z0-9_.-]+)")
_OBO_ID = re.compile(re.escape(OBO) + r"([A-Za-z][A-Za-z0-9]*)_([A-Za-z0-9.-]+)")


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A class that is in use. `language` is empty where the label says none; `version` is that of its ontology."""

    iri: str
    label: str = ""
    language: str = ""
    parents: tuple[str, ...] = ()
    version: str = ""


class Hierarchy(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is what messages call the file. `obsolete` gives what replaces an id; empty if nothing does."""

    name: str
    version: str
    terms: Mapping[str, Term]
    obsolete: Mapping[str, tuple[str, ...]]

    def above(self, iris: Iterable[str]) -> frozenset[str]:
        """These terms and all above them, as far as the file names them."""
        found: set[str] = set()
        pending = [iri for iri in iris if iri in self.terms]
        while pending:
            iri = pending.pop()
            if iri not in found:
                found.add(iri)
                pending += [parent for parent in self.terms[iri].parents if parent in self.terms]
        return frozenset(found)


class Collector:
    """What is read of a file, in any order, until it ends."""

    def __init__(self) -> None:
        self.classes: set[str] = set()
        self.parents: defaultdict[str, set[str]] = defaultdict(set)
        self.labels: dict[str, tuple[str, str]] = {}
        self.deprecated: set[str] = set()
        self.replaced: defaultdict[str, set[str]] = defaultdict(set)
        self.absorbed: defaultdict[str, set[str]] = defaultdict(set)
        self.versions: dict[str, str] = {}

    def label(self, iri: str, text: str, language: str) -> None:
        """Keep one label: English or without a language before others, then the first in their order."""
        offered = (text, language.lower())
        known = self.labels.get(iri)
        if known is None or _rank(offered) < _rank(known):
            self.labels[iri] = offered

    def hierarchy(self, name: str, version: str) -> Hierarchy:
        """What was read. An id that another term absorbed is obsolete, unless it is a term in use itself."""
        named = self.classes | set(self.parents) | {up for parents in self.parents.values() for up in parents}
        live = named - self.deprecated
        obsolete = {iri: tuple(sorted(self.replaced.get(iri, ()))) for iri in sorted(self.deprecated)}
        for iri, by in sorted(self.absorbed.items()):
            if iri not in live and not obsolete.get(iri):
                obsolete[iri] = tuple(sorted(by))
        terms = {}
        for iri in sorted(live):
            text, language = self.labels.get(iri, ("", ""))
            parents = tuple(sorted(self.parents.get(iri, set()) - self.deprecated - {iri}))
            terms[iri] = Term(
                iri=iri, label=text, language=language, parents=parents, version=self.versions.get(iri, version)
            )
        return Hierarchy(name=name, version=version, terms=terms, obsolete=obsolete)


def _rank(label: tuple[str, str]) -> tuple[bool, str, str]:
    text, language = label
    return (language.partition("-")[0] not in ("", "en"), language, text)


def expanded(curie: str, spaces: Mapping[str, str]) -> str:
    """The IRI of an id by the spaces that a file declares, else by the rule of the OBO Foundry; other text as it is."""
    found = _CURIE.fullmatch(curie)
    if not found:
        return curie
    return f"{spaces[found[1]]}{found[2]}" if found[1] in spaces else f"{OBO}{found[1]}_{found[2]}"


def compact(iri: str, spaces: Mapping[str, str]) -> str:
    """The id as people write it, by the spaces given, else by the rule of the OBO Foundry; else the IRI."""
    for prefix, space in spaces.items():
        if iri.startswith(space) and iri != space:
            return f"{prefix}:{iri.removeprefix(space)}"
    found = _OBO_ID.fullmatch(iri)
    return f"{found[1]}:{found[2]}" if found else iri
