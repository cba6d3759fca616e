"""What codes of patient records mean, read from ontology/mappings/ and from files that users add.

Verified mappings (*.sssom.tsv) are read as far as their relation carries: an exact match both ways, a narrower code
when it is present, a broader one when it is absent; close and related ones never, and none below the confidence that
mappings/systems.tsv sets. Code lists add to them and take their place code by code, but what a code requires is never
lifted. Every table is told by its columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vhkg.errors import InputError, KnowledgeError
from vhkg.knowledge.code_rows import CodeRows
from vhkg.knowledge.graph import Graph, local_name
from vhkg.knowledge.mappings import SUFFIX, TermMapping, read_mappings
from vhkg.knowledge.tables import Table
from vhkg.model.coded import CodeTables, Meaning
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import BASE, Skos, Vhkg
from vhkg.resources import FORMAT_TABLES

FOLDER = "mappings/"

_CARRIES = {
    Skos.exactMatch.value: (True, True),
    Skos.broadMatch.value: (False, True),
    Skos.narrowMatch.value: (True, False),
}
"""Of a mapping of our term to a code: whether the code's presence, and its absence, is that of our term."""


def code_tables(
    files: Mapping[str, bytes], graph: Graph, vocabulary: Vocabulary, iris: Mapping[str, str]
) -> CodeTables:
    """The tables of a knowledge; `iris` are all its terms by local name.

    Raises KnowledgeError naming file, line and mend.
    """
    denied = {local_name(iri): graph.names(iri, Vhkg.zeroDenies) for iri in graph.instances(Vhkg.Measure)}
    rows = CodeRows(_own_terms(denied, vocabulary), vocabulary, iris)
    found = sorted(
        (name for name in files if name.startswith(FOLDER) and name.endswith(".tsv") and not name.endswith(SUFFIX)),
        key=lambda name: (FORMAT_TABLES.index(name) if name in FORMAT_TABLES else len(FORMAT_TABLES), name),
    )
    first = [name for name in found if name in FORMAT_TABLES]
    for name in first:
        rows.read(Table(name, files[name], KnowledgeError))
    for row in read_mappings({name: text for name, text in files.items() if name.endswith(SUFFIX)}, iris):
        _mapped(row, rows, vocabulary)
    for name in found[len(first) :]:
        rows.read(Table(name, files[name], KnowledgeError))
    return rows.tables


def with_codes(
    tables: CodeTables, given: Sequence[tuple[str, bytes]], vocabulary: Vocabulary, iris: Mapping[str, str]
) -> CodeTables:
    """The tables with the rows of users' files, named as messages call them, added in their order.

    Raises InputError naming file, line and mend.
    """
    rows = CodeRows(tables, vocabulary, iris)
    for name, content in given:
        rows.read(Table(name, content, InputError))
    return rows.tables


def _own_terms(denied: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> CodeTables:
    """Our own terms are codes too: a record may name them."""
    spaces = {term.iri.removesuffix(name) for name, term in vocabulary.findings.items()} | {BASE}
    systems = {space: space.rstrip("#/") for space in spaces}
    systems |= {system: system for system in systems.values()} | {"vhkg": BASE.rstrip("#")}
    return CodeTables(
        systems=systems,
        prefixes={BASE.rstrip("#"): "vhkg"},
        meanings={
            f"{term.iri.removesuffix(name).rstrip('#/')}|{name}": (Meaning(term=name),)
            for name, term in vocabulary.findings.items()
        },
        answers={
            f"{iri.removesuffix(local_name(iri)).rstrip('#/')}|{local_name(iri)}": word
            for iri, word in vocabulary.statuses.items()
        },
        zero_denies=dict(denied),
    )


def _mapped(row: TermMapping, rows: CodeRows, vocabulary: Vocabulary) -> None:
    carries = _CARRIES.get(row.predicate)
    name = local_name(row.subject)
    if carries is None or not row.verified or row.negated or not row.found or name not in vocabulary.findings:
        return
    token = rows.token_of_iri(row.object)
    least = rows.tables.read_from.get(token.rpartition("|")[0])
    if least is not None and float(row.confidence) >= least:
        rows.mean(token, Meaning(term=name, if_present=carries[0], if_absent=carries[1]))
