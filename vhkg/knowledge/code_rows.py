"""Rows of code lists and their companion tables, gathered into one value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from vhkg.errors import near_matches
from vhkg.knowledge.checkdigit import is_snomed_id
from vhkg.knowledge.graph import local_name
from vhkg.knowledge.tables import Row, Table
from vhkg.model.coded import CodeTables, Meaning, Reading, Site, Unit
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import SNOMED_IDS

_CARRIES = {
    "skos:exactMatch": (True, True),
    "skos:closeMatch": (True, True),
    "skos:broadMatch": (True, False),
    "skos:narrowMatch": (False, True),
    "skos:relatedMatch": (False, False),
}
"""The subject is the code, so a broad match says that our term is broader: the code's presence carries over."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_KINDS = ("read", "patient", "container", "irrelevant")
_Value = TypeVar("_Value")


class CodeRows:
    """Tables while they grow. Rows of a later file stand in place of those of an earlier one."""

    def __init__(self, tables: CodeTables, vocabulary: Vocabulary, iris: Mapping[str, str]) -> None:
        self.tables: CodeTables = msgspec.structs.replace(
            tables, **{name: dict(getattr(tables, name)) for name in tables.__struct_fields__}
        )
        self._findings = vocabulary.findings
        self._statuses = vocabulary.statuses
        self._iris = {iri: name for name, iri in iris.items()}
        self._readers: tuple[tuple[tuple[str, ...], Callable[[Table], None]], ...] = (
            (("subject_id", "predicate_id", "object_id"), self._codes),
            (("element", "field", "code", "reading"), self._readings),
            (("site", "lesion", "kind"), self._sites),
            (("measure", "unit", "factor", "minimum", "maximum"), self._units),
            (("finding", "suspected_as"), self._suspected),
            (("system", "prefix", "iri_prefixes", "curie_prefixes", "read_from"), self._systems),
            (("format", "element", "reading"), self._elements),
        )

    def read(self, table: Table) -> None:
        """Add the rows of one file, whichever table it is."""
        for columns, reader in self._readers:
            if set(columns) <= set(table.columns):
                reader(table)
                return
        table.fail(1, "these are not the columns of a code list", "start from `vhkg template codes`")

    def mean(self, token: str, meaning: Meaning) -> None:
        """State what a code means. What it requires stays required."""
        others = self.tables.meanings.get(token, ())
        earlier = next((each for each in others if each.term == meaning.term), None)
        if earlier is not None and earlier.site_kind:
            meaning = msgspec.structs.replace(meaning, site_kind=earlier.site_kind)
        kept = [each for each in others if each.term != meaning.term]
        self.tables.meanings[token] = tuple(sorted((*kept, meaning), key=lambda each: each.term))

    def token_of_iri(self, iri: str) -> str:
        """The token of a code's IRI, by the longest known prefix; else its system precedes the last # or /."""
        known = [prefix for prefix in self.tables.systems if ":" in prefix and iri.startswith(prefix)]
        prefix = max(known, key=len, default=iri.removesuffix(local_name(iri)))
        return f"{self.tables.systems.get(prefix, prefix.rstrip('#/'))}|{iri.removeprefix(prefix).lstrip('#/')}"

    def _codes(self, table: Table) -> None:
        prefixes = self._prefixes(table)
        seen: set[tuple[str, str]] = set()
        for row in table.rows():
            token = self._token(table, row, row["subject_id"], prefixes)
            target = self._iri(table, row, row["object_id"], prefixes)
            if (token, target) in seen:
                table.fail(row.line, f"{row['subject_id']} is mapped to {row['object_id']} twice", "leave one row")
            seen.add((token, target))
            carries = _CARRIES.get(row["predicate_id"])
            if carries is None:
                table.fail(row.line, f"{row['predicate_id']} is no mapping relation", "take one of the five of SKOS")
            if self._one_of(table, row, "predicate_modifier", ("", "Not")):
                carries = (False, False)
                if row.get("finding_status"):
                    table.fail(row.line, "a row that says Not states no finding", "leave its finding_status empty")
            if target in self._statuses:
                self._answer(table, row, token, self._statuses[target] if all(carries) else "")
            else:
                self.mean(token, self._meaning(table, row, target, carries))

    def _answer(self, table: Table, row: Row, token: str, word: str) -> None:
        """State what an answer says. An answer is not turned around, since one of the two rows would be a mistake."""
        earlier = self.tables.answers.pop(token, word)
        if word and earlier != word:
            table.fail(row.line, f"{row['subject_id']} says {earlier} already, not {word}", "correct the answer")
        if word:
            self.tables.answers[token] = word

    def _meaning(self, table: Table, row: Row, target: str, carries: tuple[bool, bool]) -> Meaning:
        name = self._iris.get(target, "")
        if name not in self._findings and name not in self.tables.zero_denies:
            known = [*self._findings, *self.tables.zero_denies]
            near = near_matches(local_name(target), known)
            mend = f"did you mean {' or '.join(near)}" if near else "see `vhkg terms` for the names that exist"
            table.fail(row.line, f"{row['object_id']} is no finding, intervention, measure or answer", mend)
        required = row.get("requires_site", "")
        if required and carries == (False, True):
            carries = (True, True)
        return Meaning(
            term=name,
            if_present=carries[0],
            if_absent=carries[1],
            site_kind=required,
            status=self._one_of(table, row, "finding_status", ("", "present", "absent")),
        )

    def _readings(self, table: Table) -> None:
        words = {each.value: each for each in Reading}
        for row in table.rows():
            reading = words[self._one_of(table, row, "reading", tuple(words))]
            key = f"{row['element']}.{row['field']}|{row['code']}"
            earlier = self.tables.readings.setdefault(key, reading)
            if earlier in (Reading.DENIED, Reading.DROPPED) and reading is not earlier:
                table.fail(row.line, f"{row['code']} is read as {earlier}, which stays so", "remove the row")
            self.tables.readings[key] = reading

    def _sites(self, table: Table) -> None:
        prefixes = self._prefixes(table)
        for row in table.rows():
            token = self._token(table, row, row["site"], prefixes)
            self.tables.sites[token] = Site(lesion=row["lesion"], kind=row["kind"])

    def _units(self, table: Table) -> None:
        prefixes = self._prefixes(table)
        for row in table.rows():
            if row["measure"] not in self.tables.zero_denies:
                table.fail(row.line, f"{row['measure']} is no measure", "declare it, or correct the name")
            token = self._token(table, row, row["unit"], prefixes)
            factor, minimum, maximum = (self._number(table, row, name) for name in ("factor", "minimum", "maximum"))
            self.tables.units[f"{row['measure']}|{token}"] = Unit(factor=factor, minimum=minimum, maximum=maximum)

    def _suspected(self, table: Table) -> None:
        for row in table.rows():
            for name in (row["finding"], row["suspected_as"]):
                if name not in self._findings:
                    table.fail(row.line, f"{name} is no finding", "see `vhkg terms` for the names that exist")
            self.tables.suspected[row["finding"]] = row["suspected_as"]

    def _systems(self, table: Table) -> None:
        for row in table.rows():
            system = row["system"]
            spellings = (system, row["prefix"], *row["iri_prefixes"].split(), *row["curie_prefixes"].split())
            for spelling in filter(None, spellings):
                if self.tables.systems.setdefault(spelling, system) != system:
                    table.fail(row.line, f"{spelling} already stands for another system", "write it once")
            if row["prefix"]:
                self.tables.prefixes[system] = row["prefix"]
            if row["read_from"]:
                self.tables.read_from[system] = self._number(table, row, "read_from")

    def _elements(self, table: Table) -> None:
        for row in table.rows():
            kind = self._one_of(table, row, "reading", _KINDS)
            earlier = self.tables.elements.setdefault(f"{row['format']}|{row['element']}", kind)
            if earlier != kind:
                table.fail(row.line, f"{row['element']} is {earlier} already", "remove the row")

    def _prefixes(self, table: Table) -> dict[str, str]:
        """CURIE prefix to IRI prefix: those that the file declares, which become known, and those known already."""
        declared = table.metadata().get("curie_map", {})
        found: dict[str, str] = {}
        for prefix, iri in declared.items() if isinstance(declared, dict) else ():
            if not isinstance(iri, str) or not _IRI.fullmatch(iri):
                table.fail(1, f"the curie_map gives no IRI for {prefix}", 'write PREFIX: "IRI"')
            found[prefix] = iri
            system = self.tables.systems.get(iri, iri.rstrip("#/"))
            for spelling in (iri, system, prefix):
                other = self.tables.systems.setdefault(spelling, system)
                if other != system:
                    table.fail(1, f"the prefix {prefix} stands for {other} already", "take another prefix")
            self.tables.prefixes.setdefault(system, prefix)
        return found

    def _token(self, table: Table, row: Row, curie: str, prefixes: Mapping[str, str]) -> str:
        prefix, _, code = curie.partition(":")
        if code and prefix in prefixes:
            token = self.token_of_iri(prefixes[prefix] + code)
        elif code and prefix in self.tables.systems:
            token = self.tables.token(prefix, code)
        else:
            table.fail(row.line, f"{curie!r} cannot be expanded", "add its prefix to the curie_map")
        system, _, code = token.rpartition("|")
        if system == self.tables.systems.get(SNOMED_IDS) and not is_snomed_id(code):
            table.fail(row.line, f"{curie} has a wrong check digit", "read the id again in its source")
        return token

    def _iri(self, table: Table, row: Row, curie: str, prefixes: Mapping[str, str]) -> str:
        prefix, _, code = curie.partition(":")
        if not code or prefix not in prefixes:
            table.fail(row.line, f"{curie!r} cannot be expanded", "add its prefix to the curie_map")
        return prefixes[prefix] + code

    @staticmethod
    def _one_of(table: Table, row: Row, column: str, known: Sequence[str]) -> str:
        word = row.get(column, "")
        if word not in known:
            choice = ", ".join(each or "nothing" for each in known)
            table.fail(row.line, f"{word!r} is no {column.replace('_', ' ')}", f"write {choice}")
        return word

    @staticmethod
    def _number(table: Table, row: Row, column: str) -> float:
        try:
            number = float(row[column])
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            table.fail(row.line, f"{row[column]!r} is no number", f"correct the {column.replace('_', ' ')}")
        return number
