"""Mappings of our terms to other terminologies, read from SSSOM files (https://mapping-commons.github.io/sssom/).

A row is verified where a person compared the two terms (semapv:ManualMappingCuration), and a lead otherwise. What
can be judged without the other terminology is judged here: that the term is ours, that ids can be expanded and
SNOMED CT ids have their check digit, and that no two rows contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from vhkg.errors import KnowledgeError
from vhkg.knowledge.checkdigit import is_snomed_id
from vhkg.knowledge.tables import Table
from vhkg.namespaces import SNOMED_IDS, Semapv, Skos, Sssom

SUFFIX = ".sssom.tsv"
COLUMNS = (
    "subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id", "object_label", "object_source",
    "object_source_version", "mapping_justification", "confidence", "comment",
)  # fmt: skip
_HEADER = ("mapping_set_id", "mapping_set_version", "mapping_set_title", "license", "comment")
_PREFIXES = {
    "skos": Skos.notation.removesuffix("notation"),
    "semapv": Semapv.ManualMappingCuration.removesuffix("ManualMappingCuration"),
    "sssom": Sssom.Mapping.removesuffix("Mapping"),
}
"""Those that a file need not declare."""
_CURIE = re.compile(r"([A-Za-z][\w.]*):(\S+)")


class MappingSet(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a file; `comment` says whose ids and labels it carries."""

    iri: str
    version: str
    title: str
    licence: str
    comment: str


class TermMapping(msgspec.Struct, frozen=True, kw_only=True):
    """One row; IRIs in full, and `curie` is the object as written. A row that is not `found` says that none was."""

    set: MappingSet
    subject: str
    negated: bool
    predicate: str
    object: str
    curie: str
    label: str
    source: str
    version: str
    justification: str
    confidence: Decimal
    comment: str

    @property
    def verified(self) -> bool:
        return self.justification == Semapv.ManualMappingCuration

    @property
    def found(self) -> bool:
        return self.object != Sssom.NoTermFound


def read_mappings(files: Mapping[str, bytes], terms: Mapping[str, str]) -> tuple[TermMapping, ...]:
    """The rows of all SSSOM files among `files`; `terms` are the IRIs of the knowledge by local name.

    Raises KnowledgeError naming file, line and mend.
    """
    found: list[TermMapping] = []
    places: dict[tuple[str, str], list[tuple[TermMapping, str]]] = {}
    for file in sorted(name for name in files if name.endswith(SUFFIX)):
        opened = _File(file, files[file], frozenset(terms.values()))
        for line, row in opened.rows():
            others = places.setdefault((row.subject, row.object), [])
            for other, place in others:
                if row.negated == other.negated or row.predicate == other.predicate:
                    opened.table.fail(line, f"{row.curie} contradicts or repeats {place}", "leave one of the two")
            others.append((row, f"{file}, line {line}"))
            found.append(row)
    return tuple(found)


class _File:
    """One file while it is read: its table, its header, its prefixes."""

    def __init__(self, name: str, content: bytes, terms: frozenset[str]) -> None:
        self.terms = terms
        self.table = Table(name, content, KnowledgeError, quoted=True)
        header = self.table.metadata()
        declared = header.get("curie_map")
        own = declared.items() if isinstance(declared, dict) else ()
        self.prefixes: dict[str, str] = _PREFIXES | {prefix: space for prefix, space in own if isinstance(space, str)}
        self.set = self._set(header)

    def rows(self) -> Iterator[tuple[int, TermMapping]]:
        if self.table.columns != COLUMNS:
            self.table.fail(self.table.heading, "not the columns of a mapping file", f"write {' '.join(COLUMNS)}")
        return ((row.line, self._row(row.line, row)) for row in self.table.rows())

    def _set(self, header: Mapping[str, object]) -> MappingSet:
        missing = [name for name in _HEADER if not isinstance(header.get(name), str) or not header[name]]
        if missing:
            self.table.fail(1, f"the header lacks {' and '.join(missing)}", "add it")
        return MappingSet(
            iri=str(header["mapping_set_id"]),
            version=str(header["mapping_set_version"]),
            title=str(header["mapping_set_title"]),
            licence=str(header["license"]),
            comment=str(header["comment"]),
        )

    def _row(self, line: int, cells: Mapping[str, str]) -> TermMapping:
        subject, target = (self._iri(line, cells[name]) for name in ("subject_id", "object_id"))
        predicate = self._iri(line, cells["predicate_id"])
        negated = cells["predicate_modifier"] == "Not"
        if subject not in self.terms:
            self.table.fail(line, f"{cells['subject_id']} is no term of this knowledge", "correct it, or leave it out")
        if predicate not in set(Skos) or predicate == Skos.notation:
            self.table.fail(line, f"{cells['predicate_id']} is no mapping relation", "take one of the five of SKOS")
        if cells["predicate_modifier"] not in ("", "Not"):
            self.table.fail(line, f"the modifier {cells['predicate_modifier']!r} is not known", "write Not or nothing")
        if cells["object_label"].startswith("obsolete ") and not negated:
            self.table.fail(line, f"{cells['object_id']} is obsolete", "map to what replaced it, or reject it with Not")
        if target.startswith(SNOMED_IDS) and not is_snomed_id(target.removeprefix(SNOMED_IDS)):
            self.table.fail(line, f"{cells['object_id']} has a wrong check digit", "read the id again in its source")
        return TermMapping(
            set=self.set,
            subject=subject,
            negated=negated,
            predicate=predicate,
            object=target,
            curie=cells["object_id"],
            label=cells["object_label"],
            source=self._iri(line, cells["object_source"]) if cells["object_source"] else "",
            version=cells["object_source_version"],
            justification=self._iri(line, cells["mapping_justification"]),
            confidence=self._confidence(line, cells["confidence"]),
            comment=cells["comment"],
        )

    def _iri(self, line: int, curie: str) -> str:
        found = _CURIE.fullmatch(curie)
        if not found or found[1] not in self.prefixes:
            self.table.fail(line, f"{curie!r} cannot be expanded", "add its prefix to the curie_map")
        return self.prefixes[found[1]] + found[2]

    def _confidence(self, line: int, text: str) -> Decimal:
        if not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?", text, re.ASCII):
            self.table.fail(line, f"the confidence {text!r} is no number from 0 to 1", "correct it")
        return Decimal(text)
