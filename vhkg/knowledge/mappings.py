"""Mappings of our terms to other terminologies, read from SSSOM files (https://mapping-commons.github.io/sssom/).

A row is verified where a person compared the two terms (semapv:ManualMappingCuration), and a lead otherwise. What
can be judged without the other terminology is judged here: that the term is ours, that ids can be expanded and
SNOMED CT ids have their check digit, and that no two rows contradict each other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NoReturn

import msgspec

from vhkg.errors import KnowledgeError
from vhkg.knowledge.checkdigit import is_snomed_id
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
_SETTING = re.compile(r"#(\s*)([A-Za-z_][\w.]*):\s*(.*)")
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
        for line, row in _File(file, files[file], frozenset(terms.values())).rows():
            others = places.setdefault((row.subject, row.object), [])
            for other, place in others:
                if row.negated == other.negated or row.predicate == other.predicate:
                    _fail(file, line, f"{row.curie} contradicts or repeats {place}", "leave one of the two")
            others.append((row, f"{file}, line {line}"))
            found.append(row)
    return tuple(found)


class _File:
    """One file while it is read: its lines, its header, its prefixes."""

    def __init__(self, name: str, content: bytes, terms: frozenset[str]) -> None:
        self.name = name
        self.terms = terms
        try:
            lines = content.decode("utf-8").replace("\r\n", "\n").split("\n")
        except UnicodeDecodeError as error:
            raise KnowledgeError("not UTF-8", file=name, mend="save it as UTF-8") from error
        self.opening = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
        self.table = lines[self.opening :]
        self.prefixes = dict(_PREFIXES)
        self.set = self._header(lines[: self.opening])

    def rows(self) -> Iterator[tuple[int, TermMapping]]:
        reader = csv.reader(self.table, delimiter="\t")
        if tuple(next(reader, ())) != COLUMNS:
            _fail(self.name, self.opening + 1, "not the columns of a mapping file", f"write {' '.join(COLUMNS)}")
        for cells in reader:
            line = self.opening + reader.line_num
            if not cells:
                continue
            if len(cells) != len(COLUMNS):
                _fail(self.name, line, f"{len(cells)} cells for {len(COLUMNS)} columns", "separate cells by tabs")
            yield line, self._row(line, dict(zip(COLUMNS, cells, strict=True)))

    def _header(self, lines: list[str]) -> MappingSet:
        settings: dict[str, str] = {}
        for number, line in enumerate(lines, start=1):
            found = _SETTING.fullmatch(line)
            if not found:
                _fail(self.name, number, "not a line of a header", "write #name: value")
            if found[1]:
                self.prefixes[found[2]] = _unquoted(found[3])
            else:
                settings[found[2]] = _unquoted(found[3])
        missing = [name for name in _HEADER if not settings.get(name)]
        if missing:
            _fail(self.name, 1, f"the header lacks {' and '.join(missing)}", "add it")
        return MappingSet(
            iri=settings["mapping_set_id"],
            version=settings["mapping_set_version"],
            title=settings["mapping_set_title"],
            licence=settings["license"],
            comment=settings["comment"],
        )

    def _row(self, line: int, cells: Mapping[str, str]) -> TermMapping:
        subject, target = (self._iri(line, cells[name]) for name in ("subject_id", "object_id"))
        predicate = self._iri(line, cells["predicate_id"])
        negated = cells["predicate_modifier"] == "Not"
        if subject not in self.terms:
            _fail(self.name, line, f"{cells['subject_id']} is no term of this knowledge", "correct it, or leave it out")
        if predicate not in set(Skos) or predicate == Skos.notation:
            _fail(self.name, line, f"{cells['predicate_id']} is no mapping relation", "take one of the five of SKOS")
        if cells["predicate_modifier"] not in ("", "Not"):
            _fail(self.name, line, f"the modifier {cells['predicate_modifier']!r} is not known", "write Not or nothing")
        if cells["object_label"].startswith("obsolete ") and not negated:
            _fail(
                self.name, line, f"{cells['object_id']} is obsolete", "map to what replaced it, or reject it with Not"
            )
        if target.startswith(SNOMED_IDS) and not is_snomed_id(target.removeprefix(SNOMED_IDS)):
            _fail(self.name, line, f"{cells['object_id']} has a wrong check digit", "read the id again in its source")
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
            _fail(self.name, line, f"{curie!r} cannot be expanded", "add its prefix to the curie_map")
        return self.prefixes[found[1]] + found[2]

    def _confidence(self, line: int, text: str) -> Decimal:
        if not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?", text, re.ASCII):
            _fail(self.name, line, f"the confidence {text!r} is no number from 0 to 1", "correct it")
        return Decimal(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _fail(file: str, line: int, fault: str, mend: str) -> NoReturn:
    raise KnowledgeError(fault, file=file, place=f"line {line}", mend=mend)
