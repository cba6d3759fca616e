"""Which groups of nodes are one patient that is understood in whole, and what the checks say of it.

Of all other groups nothing is taken from here: they go to the exact path. So a group is let through only where all of
this holds: each of its lines and tokens is plain, none is written twice; one node is a patient; every other node is
the value of exactly one link, so that the group is a tree under the patient; lesions are borne by the patient,
assessments by it or a lesion; no line leads into another group; a violation rejects it, or there is nothing worse than
an info, and each assessment has what a record needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from vhkg.cohort.rdf.blanks import blank_names
from vhkg.cohort.rdf.lexicon import NONE, Lexicon
from vhkg.cohort.rdf.lines import Longs
from vhkg.cohort.rdf.statements import Statements
from vhkg.cohort.rdf.table import table_of
from vhkg.intake import PATIENT_FILE_LIMIT, Blank, Term
from vhkg.intake.rdf import MAX_TRIPLES
from vhkg.model.checks import NodeCheck, ValidationResult
from vhkg.namespaces import Rdf, Rdfs, Vhkg, Xsd
from vhkg.validation.columns import (
    BLANK,
    Bools,
    ColumnReport,
    Ints,
    Places,
    TripleTable,
    check_columns,
    graphs_of,
    validation_results,
)


class Groups(NamedTuple):
    """Of each group, whether it is `understood` and conforms, or is understood and is `rejected` for a violation.

    Of these, `patient` is the patient, and `results` are what the checks say, by group. `names` are those of blank
    nodes, by node, where a name is needed and there is a choice; else they are b0.
    """

    patient: Ints
    understood: Bools
    rejected: Bools
    results: tuple[tuple[int, ValidationResult], ...]
    names: dict[int, str]


def patient_of_groups(statements: Statements, lexicon: Lexicon) -> tuple[Ints, Ints]:
    """For each group the number of statements that type a node as a patient, and the node of one of them, or `NONE`."""
    rows = _rows(statements, lexicon, Rdf.type) & (statements.iri == lexicon.iri(Vhkg.Patient))
    nodes = statements.subject[rows]
    patient = np.full(statements.groups, NONE, np.int32)
    patient[statements.group[nodes]] = nodes
    return np.bincount(statements.group[nodes], minlength=statements.groups).astype(np.int32), patient


def check_groups(statements: Statements, lexicon: Lexicon, checks: tuple[NodeCheck, ...], size: Longs) -> Groups:
    """`size` is the number of bytes of each group, since a patient may be too large."""
    count, patient = patient_of_groups(statements, lexicon)
    table = table_of(statements, lexicon)
    sound = (count == 1) & (size <= PATIENT_FILE_LIMIT)
    nodes_from = len(table.kind) - len(statements.tokens)
    faults = _Faults(statements, lexicon, patient, table.kind[nodes_from:] == BLANK)
    _unset(sound, [*faults.of_form(), _repeated(table)])
    sound &= np.bincount(table.graph[table.subject], minlength=len(sound)) <= MAX_TRIPLES
    report = check_columns(table, checks)
    sound &= ~report.uncovered & ~report.without_patient
    by_severity = {each: np.zeros(len(sound), np.bool_) for each in ("Violation", "Warning", "Info")}
    unnamed = faults.with_several_blanks()
    for results in report.results:
        graphs = graphs_of(table, results)
        by_severity[results.constraint.severity][graphs] = True
        to_blank = (results.value >= 0) & (table.kind[results.value] == BLANK)
        unnamed[graphs[to_blank | (table.kind[results.focus] == BLANK)]] = True
    rejected = sound & by_severity["Violation"]
    understood = sound & ~by_severity["Violation"] & ~by_severity["Warning"]
    _unset(understood, faults.of_records())
    names = blank_names(table, unnamed & (understood | rejected))
    of_nodes = {place - nodes_from: f"_:{label}" for place, label in names.items()}
    found = _results(table._replace(terms=partial(_terms, table, names)), report, checks, understood | rejected)
    return Groups(patient, understood, rejected, found, of_nodes)


def _unset(mask: Bools, faults: Iterable[Ints]) -> None:
    """`NONE` among the groups of a fault is no group."""
    for groups in faults:
        mask[groups[groups >= 0]] = False


def _results(
    table: TripleTable, report: ColumnReport, checks: tuple[NodeCheck, ...], wanted: Bools
) -> tuple[tuple[int, ValidationResult], ...]:
    """The results of some groups, which have a patient each."""
    kept = []
    for each in report.results:
        mask = wanted[graphs_of(table, each)]
        kept.append(each._replace(focus=each.focus[mask], value=each.value[mask]))
    nothing = np.zeros(len(wanted), np.bool_)
    return tuple(validation_results(table, report._replace(results=tuple(kept), without_patient=nothing), checks))


def _terms(table: TripleTable, names: dict[int, str], chosen: Places) -> Sequence[Term]:
    """Terms with the names that blank nodes have in the graph of their patient."""
    terms = list(table.terms(chosen))
    for at, place in enumerate(chosen.tolist()):
        if place in names:
            terms[at] = Blank(names[place])
    return terms


class _Faults:
    """The groups that have to be read by the exact path, fault by fault; `NONE` among them is of no group."""

    def __init__(self, statements: Statements, lexicon: Lexicon, patient: Ints, blank: Bools) -> None:
        self._statements = statements
        self._lexicon = lexicon
        self._patient = patient
        self._blank = blank

    def of_form(self) -> Iterator[Ints]:
        """Where it is not certain what the graph is, or that it is a tree of a patient, its lesions and assessments."""
        said = self._statements
        yield from self._of_lines()
        yield said.group[said.is_subject & ~said.clean]
        yield said.group[said.is_subject & (self._counted(self._of(Rdf.type)) != 1)]
        linked = said.read & self._lexicon.links[said.predicate]
        bearers = np.bincount(said.node[linked & (said.node >= 0)], minlength=len(said.tokens))
        expected = said.is_subject.astype(np.int32)
        expected[self._patient[self._patient >= 0]] = 0
        yield said.group[said.is_subject & (bearers != expected)]
        is_patient, bearer, _ = self._roles()
        yield said.group[said.subject[self._of(Vhkg.hasPresentation) & ~is_patient[said.subject]]]
        yield said.group[said.subject[self._of(Vhkg.hasAssessment) & ~bearer[said.subject]]]
        to_blank = said.read & (said.node >= 0) & self._blank[said.node]
        yield said.line_group[to_blank & ~linked]

    def _of_lines(self) -> Iterator[Ints]:
        said = self._statements
        group = said.line_group
        led_to = np.where(said.node >= 0, said.group[said.node], NONE)
        unread = ~said.read
        yield group[unread]
        yield led_to[unread]
        yield group[said.read & (said.node >= 0) & ~said.clean[said.node]]
        elsewhere = (led_to >= 0) & (led_to != group)
        yield group[elsewhere]
        yield led_to[elsewhere]
        yield group[said.read & self._lexicon.links[said.predicate] & (led_to < 0)]

    def of_records(self) -> Iterator[Ints]:
        """Where a record would need a choice among statements, or none could be made."""
        said, group = self._statements, self._statements.group
        _, _, is_assessment = self._roles()
        for predicate in (Vhkg.ofFinding.value, Vhkg.status.value):
            rows = self._of(predicate)
            yield group[is_assessment & (self._counted(rows) != 1)]
            yield group[said.subject[rows & (said.iri < 0)]]
        for predicate in (Vhkg.assessedOn.value, Rdfs.label.value):
            yield group[self._counted(self._of(predicate)) > 1]
        is_date = np.array([each.datatype == Xsd.date for each in said.literals] or [False], np.bool_)
        dated = self._of(Vhkg.assessedOn)
        yield group[said.subject[dated & ~((said.literal >= 0) & is_date[said.literal])]]

    def _roles(self) -> tuple[Bools, Bools, Bools]:
        """Which nodes are patients, which may bear assessments, which are assessments."""
        said = self._statements
        is_patient = self._mask(self._patient[self._patient >= 0])
        there = said.node >= 0
        bearer = is_patient | self._mask(said.node[self._of(Vhkg.hasPresentation) & there])
        return is_patient, bearer, self._mask(said.node[self._of(Vhkg.hasAssessment) & there])

    def with_several_blanks(self) -> Bools:
        """The groups in which a lesion has no name, and blank nodes beside it have to be told apart."""
        said, blank = self._statements, self._blank
        to_blank = said.read & (said.node >= 0) & blank[said.node]
        heads = said.group[said.node[to_blank & ~blank[said.subject]]]
        several = np.bincount(heads[heads >= 0], minlength=said.groups) > 1
        lesions = said.group[said.node[to_blank & self._of(Vhkg.hasPresentation)]]
        found = np.zeros(said.groups, np.bool_)
        found[lesions[lesions >= 0]] = True
        return found & several

    def _of(self, predicate: str) -> Bools:
        return _rows(self._statements, self._lexicon, predicate)

    def _mask(self, nodes: Ints) -> Bools:
        found = np.zeros(len(self._statements.tokens), np.bool_)
        found[nodes] = True
        return found

    def _counted(self, rows: Bools) -> Ints:
        """How many of the lines are about each node."""
        said = self._statements
        return np.bincount(said.subject[rows], minlength=len(said.tokens)).astype(np.int32)


def _rows(statements: Statements, lexicon: Lexicon, predicate: str) -> Bools:
    found: Bools = statements.read & (statements.predicate == lexicon.predicate(predicate))
    return found


def _repeated(table: TripleTable) -> Ints:
    """The groups in which a triple is written twice: a graph holds it once, whatever is counted here."""
    key = table.subject.astype(np.int64) * len(table.predicates) + table.predicate
    key = key * len(table.graph) + table.value
    order = np.sort(key)
    twice = order[1:][order[1:] == order[:-1]]
    found: Ints = table.graph[twice // len(table.graph) // len(table.predicates)]
    return found
