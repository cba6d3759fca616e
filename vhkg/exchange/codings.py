"""Our terms in the codes of others: verified exact matches, as far as mappings/systems.tsv lets them be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from vhkg.knowledge.graph import local_name
from vhkg.knowledge.mappings import TermMapping
from vhkg.model.coded import CodeTables
from vhkg.namespaces import OBO, Skos


def exact_matches(rows: Iterable[TermMapping], tables: CodeTables) -> dict[str, tuple[TermMapping, ...]]:
    """By local name of our term, the rows by which a record may say it in another terminology, in a fixed order.

    What is written by them is read by them again: the least confidence is that of the readers.
    """
    found: defaultdict[str, list[TermMapping]] = defaultdict(list)
    for row in rows:
        least = tables.read_from.get(system_of(row, tables))
        exact = row.predicate == Skos.exactMatch and row.verified and row.found and not row.negated
        if exact and least is not None and float(row.confidence) >= least:
            found[local_name(row.subject)].append(row)
    return {name: tuple(sorted(each, key=lambda row: row.curie)) for name, each in found.items()}


def system_of(row: TermMapping, tables: CodeTables) -> str:
    """The uri that FHIR gives the terminology, or the empty string."""
    return tables.systems.get(row.curie.partition(":")[0], "")


def fhir_coding(row: TermMapping, tables: CodeTables) -> dict[str, object]:
    """A Coding, with the label only where its licence lets it be carried.

    Ids of the OBO that are numbers alone keep their prefix, as those of HPO do in
    https://build.fhir.org/ig/HL7/phenomics-exchange-ig/ValueSet-PhenotypicModifierValueSet.json.html.
    """
    code = row.curie.partition(":")[2]
    coding: dict[str, object] = {
        "system": system_of(row, tables),
        "code": row.curie if row.object.startswith(OBO) and code.isdecimal() else code,
    }
    return coding | ({"display": row.label} if row.label else {})


def our_coding(name: str, iris: Mapping[str, str], label: str) -> dict[str, object]:
    return {"system": iris[name].removesuffix(name).rstrip("#/"), "code": name, "display": label}
