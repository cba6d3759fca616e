"""The compiled checks on the graphs of many patients at once: what `run.check` says of each, as columns.

A triple is three numbers, so that a check is a few operations on arrays, however many patients there are. Literals are
looked at once for each that differs, by the very functions of `run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from vhkg.intake import Blank, Term
from vhkg.model.checks import NodeCheck, PropertyCheck, ValidationResult
from vhkg.namespaces import Rdf, Sh, Vhkg
from vhkg.validation.report import local, missing_patient, shown_term
from vhkg.validation.run import has_datatype, matches

Ints: TypeAlias = npt.NDArray[np.int32]
Places: TypeAlias = npt.NDArray[np.intp]
Bools: TypeAlias = npt.NDArray[np.bool_]

IRI, BLANK, LITERAL = 0, 1, 2
SHARED = -1
_KINDS: dict[str, tuple[int, ...]] = {
    Sh.IRI: (IRI,),
    Sh.BlankNode: (BLANK,),
    Sh.BlankNodeOrIRI: (IRI, BLANK),
    Sh.Literal: (LITERAL,),
}


class TripleTable(NamedTuple):
    """Triples of many graphs, none of them twice.

    `subject` and `value` are places among the terms, `predicate` in `predicates`. Of each term, `graph` is the graph
    that it stands in, or `SHARED` where it may stand in many, in none as a subject; `kind` is one of `IRI`, `BLANK`,
    `LITERAL`; `named` is its place among `names_of` the checks, or -1. `terms` gives those at some places in full.
    """

    subject: Ints
    predicate: npt.NDArray[np.int16]
    value: Ints
    predicates: tuple[str, ...]
    graph: Ints
    kind: npt.NDArray[np.int8]
    named: Ints
    graphs: int
    terms: Callable[[Places], Sequence[Term]]


class Results(NamedTuple):
    """The results of one constraint: focus nodes, and values where there are any (-1: none), as places of terms."""

    constraint: NodeCheck | PropertyCheck
    component: str
    path: str
    focus: Places
    value: Places


class ColumnReport(NamedTuple):
    """What the checks say of each graph. Nothing is said of graphs that are `uncovered`: `run.check` decides there."""

    results: tuple[Results, ...]
    without_patient: Bools
    uncovered: Bools


def names_of(checks: Iterable[NodeCheck]) -> tuple[str, ...]:
    """The IRIs that constraints compare terms with, sorted."""
    found: set[str] = set()
    for check in checks:
        found |= {*check.target_classes, check.class_}
        for part in check.properties:
            found |= {part.class_, *part.values}
    return tuple(sorted(found - {""}))


def check_columns(table: TripleTable, checks: tuple[NodeCheck, ...]) -> ColumnReport:
    run = _Run(table, names_of(checks))
    results = tuple(each for check in checks for each in run.results(check) if len(each.focus))
    return ColumnReport(results, ~run.patient_seen, run.uncovered)


def graphs_of(table: TripleTable, results: Results) -> Ints:
    """The graph of each result."""
    return table.graph[results.focus]


def validation_results(
    table: TripleTable, report: ColumnReport, checks: tuple[NodeCheck, ...]
) -> Iterator[tuple[int, ValidationResult]]:
    """Every result in full, with its graph."""
    for each in report.results:
        component, constraint = local(each.component), each.constraint
        valued = each.value >= 0
        shown = np.full(len(valued), "", object)
        shown[valued] = [shown_term(term) for term in table.terms(each.value[valued])]
        focus_nodes = map(shown_term, table.terms(each.focus))
        for graph, focus, value in zip(graphs_of(table, each).tolist(), focus_nodes, shown.tolist(), strict=True):
            yield (
                graph,
                ValidationResult(
                    focus_node=focus,
                    result_path=each.path,
                    severity=constraint.severity,
                    component=component,
                    value=value,
                    message=constraint.message,
                    shape=constraint.shape,
                ),
            )
    for graph in np.flatnonzero(report.without_patient).tolist():
        yield graph, missing_patient(checks)


class _Run:
    """The state of one call: masks over terms and rows of predicates, each computed once."""

    def __init__(self, table: TripleTable, names: tuple[str, ...]) -> None:
        self._table = table
        self._codes = {predicate: code for code, predicate in enumerate(table.predicates)}
        self._names = {name: place for place, name in enumerate(names)}
        self._rows: dict[str, Places] = {}
        self._typed: dict[str, Bools] = {}
        self._terms = len(table.graph)
        self.patient_seen = np.zeros(table.graphs, np.bool_)
        self.uncovered = np.zeros(table.graphs, np.bool_)

    def results(self, check: NodeCheck) -> Iterator[Results]:
        focus = self._focus(check)
        if Vhkg.Patient in check.target_classes:
            self.patient_seen[self._table.graph[focus]] = True
        yield from self._of_node(check, focus)
        for part in check.properties:
            yield from self._of_property(part, focus)

    def _focus(self, check: NodeCheck) -> Bools:
        table = self._table
        found = np.zeros(self._terms, np.bool_)
        for name in check.target_classes:
            found |= self._of_class(name)
        for predicate in check.target_subjects_of:
            found[table.subject[self._rows_of(predicate)]] = True
        for predicate in check.target_objects_of:
            rows = self._rows_of(predicate)
            found[table.value[rows]] = True
            shared = table.graph[table.value[rows]] == SHARED
            self.uncovered[table.graph[table.subject[rows[shared]]]] = True
        found &= table.graph != SHARED
        return found

    def _of_node(self, check: NodeCheck, focus: Bools) -> Iterator[Results]:
        table = self._table
        faults: list[tuple[str, Bools]] = []
        if check.class_:
            faults.append((Sh.ClassConstraint, focus & ~self._of_class(check.class_)))
        if check.node_kind:
            faults.append((Sh.NodeKindConstraint, focus & ~self._of_kind(check.node_kind)))
        for component, fault in faults:
            nodes = np.flatnonzero(fault)
            yield Results(check, component, "", nodes, nodes)
        if check.closed is not None:
            foreign = np.array([predicate not in check.closed for predicate in table.predicates], np.bool_)
            rows = np.flatnonzero(foreign[table.predicate] & focus[table.subject])
            for code in np.unique(table.predicate[rows]).tolist():
                own = rows[table.predicate[rows] == code]
                yield _results(check, Sh.ClosedConstraint, table.predicates[code], table.subject[own], table.value[own])

    def _of_property(self, part: PropertyCheck, focus: Bools) -> Iterator[Results]:
        table = self._table
        path = f"^{part.path}" if part.inverse else part.path
        rows = self._rows_of(part.path)
        ends = table.value[rows], table.subject[rows]
        nodes, values = ends if part.inverse else ends[::-1]
        if part.min_count is not None or part.max_count is not None:
            counts = np.bincount(nodes, minlength=self._terms)
            fewest = 0 if part.min_count is None else part.min_count
            most = len(rows) if part.max_count is None else part.max_count
            for count_component, fault in (
                (Sh.MinCountConstraint, counts < fewest),
                (Sh.MaxCountConstraint, counts > most),
            ):
                found = np.flatnonzero(fault & focus)
                yield _results(part, count_component, path, found, np.full(len(found), -1))
        own = focus[nodes]
        nodes, values = nodes[own], values[own]
        for component, fault in self._value_faults(part, values):
            yield _results(part, component, path, nodes[fault], values[fault])

    def _value_faults(self, part: PropertyCheck, values: Ints) -> Iterator[tuple[str, Bools]]:
        """For each constraint on values, which of them violate it."""
        if part.class_:
            yield Sh.ClassConstraint, ~self._of_class(part.class_)[values]
        if part.datatype:
            yield Sh.DatatypeConstraint, self._each(values, lambda term: not has_datatype(term, part.datatype))
        if part.node_kind:
            yield Sh.NodeKindConstraint, ~self._of_kind(part.node_kind)[values]
        if part.values:
            listed = [self._names[name] for name in part.values]
            yield Sh.InConstraint, ~np.isin(self._table.named[values], listed)
        if (most := part.max_length) is not None:
            yield Sh.MaxLengthConstraint, self._each(values, lambda term: isinstance(term, Blank) or _long(term, most))
        if part.pattern:
            yield (
                Sh.PatternConstraint,
                self._each(values, lambda term: isinstance(term, Blank) or not matches(str(term), part)),
            )

    def _each(self, values: Ints, faulty: Callable[[Term], bool]) -> Bools:
        """Ask of each term that differs."""
        seen = np.zeros(self._terms, np.bool_)
        seen[values] = True
        faults = np.zeros(self._terms, np.bool_)
        places = np.flatnonzero(seen)
        faults[places] = [faulty(term) for term in self._table.terms(places)]
        return faults[values]

    def _of_class(self, name: str) -> Bools:
        """Exactly typed, as in `run`."""
        if name not in self._typed:
            table = self._table
            rows = self._rows_of(Rdf.type)
            found = np.zeros(self._terms, np.bool_)
            found[table.subject[rows[table.named[table.value[rows]] == self._names[name]]]] = True
            self._typed[name] = found
        return self._typed[name]

    def _of_kind(self, kind: str) -> Bools:
        return np.isin(self._table.kind, _KINDS[kind])

    def _rows_of(self, predicate: str) -> Places:
        if predicate not in self._rows:
            self._rows[predicate] = np.flatnonzero(self._table.predicate == self._codes.get(predicate, -1))
        return self._rows[predicate]


def _results(
    constraint: NodeCheck | PropertyCheck, component: str, path: str, focus: npt.NDArray[np.integer], value: object
) -> Results:
    return Results(constraint, component, path, focus.astype(np.intp), np.asarray(value, np.intp))


def _long(term: Term, most: int) -> bool:
    return len(str(term)) > most
