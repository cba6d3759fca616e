"""The checks in columns give what the checks give graph by graph, and what pyshacl gives, for many graphs at once."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from tests.intake.support import INVALID, SHAPES, VALID, patient_checks
from tests.validation.test_oracle import EXTRA, damaged, example
from vhkg.intake import Blank, Iri, Literal, PatientGraph, Term
from vhkg.knowledge.graph import Graph
from vhkg.model.checks import NodeCheck, ValidationResult
from vhkg.validation import check, compile_checks
from vhkg.validation.columns import (
    BLANK,
    IRI,
    LITERAL,
    SHARED,
    TripleTable,
    check_columns,
    names_of,
    validation_results,
)
from vhkg.validation.oracle import validate


def table_of(graphs: Sequence[PatientGraph], checks: tuple[NodeCheck, ...], *, share: bool = False) -> TripleTable:
    """Each term once a graph; with `share`, IRIs that are no subject anywhere and literals once for all graphs."""
    subjects = {subject for graph in graphs for subject, _, _ in graph.triples}
    places: dict[tuple[int, Term], int] = {}
    rows: list[tuple[int, str, int]] = []
    for number, graph in enumerate(graphs):
        for subject, predicate, value in graph.triples:
            shared = share and value not in subjects and not isinstance(value, Blank)
            at = places.setdefault((number, subject), len(places))
            rows.append((at, predicate, places.setdefault((SHARED if shared else number, value), len(places))))
    predicates = tuple(sorted({predicate for _, predicate, _ in rows}))
    names = names_of(checks)
    terms = [term for _, term in places]
    return TripleTable(
        subject=np.array([at for at, _, _ in rows], np.int32),
        predicate=np.array([predicates.index(predicate) for _, predicate, _ in rows], np.int16),
        value=np.array([at for _, _, at in rows], np.int32),
        predicates=predicates,
        graph=np.array([number for number, _ in places], np.int32),
        kind=np.array([{Iri: IRI, Blank: BLANK, Literal: LITERAL}[type(term)] for term in terms], np.int8),
        named=np.array([names.index(str(term)) if _is_named(term, names) else -1 for term in terms], np.int32),
        graphs=len(graphs),
        terms=lambda chosen: [terms[at] for at in chosen.tolist()],
    )


def _is_named(term: Term, names: tuple[str, ...]) -> bool:
    return isinstance(term, Iri) and term.value in names


def found(table: TripleTable, checks: tuple[NodeCheck, ...]) -> list[tuple[ValidationResult, ...] | None]:
    """The results of each graph in the order of reports; None where nothing is said."""
    report = check_columns(table, checks)
    results: list[set[ValidationResult]] = [set() for _ in range(table.graphs)]
    for graph, result in validation_results(table, report, checks):
        results[graph].add(result)
    return [
        None if uncovered else tuple(sorted(each))
        for each, uncovered in zip(results, report.uncovered.tolist(), strict=True)
    ]


def random_graphs(seed: int, number: int) -> list[PatientGraph]:
    generator = random.Random(seed)
    sources = [example(path) for path in VALID if path.suffix == ".ttl"]
    return [
        damaged(graph, generator) if generator.random() < 0.8 else graph
        for graph in (generator.choice(sources) for _ in range(number))
    ]


def test_examples() -> None:
    graphs = [example(path) for path in (*VALID, *INVALID) if path.suffix != ".csv"]
    checks = patient_checks()
    assert found(table_of(graphs, checks), checks) == [validate(graph, SHAPES, checks).results for graph in graphs]


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_random_graphs(seed: int, share: bool) -> None:
    graphs, checks = random_graphs(seed, 60), patient_checks()
    assert found(table_of(graphs, checks, share=share), checks) == [check(graph, checks).results for graph in graphs]


def test_random_graphs_as_pyshacl_says() -> None:
    graphs, checks = random_graphs(101, 60), patient_checks()
    assert found(table_of(graphs, checks), checks) == [validate(graph, SHAPES, checks).results for graph in graphs]


def test_constructs_that_our_shapes_do_not_use() -> None:
    checks = compile_checks(Graph.parse({"patient.ttl": EXTRA}))
    graphs = random_graphs(99, 120)
    assert found(table_of(graphs, checks), checks) == [validate(graph, EXTRA, checks).results for graph in graphs]


def test_a_graph_whose_focus_node_is_shared_is_left_to_the_other_checks() -> None:
    checks = compile_checks(Graph.parse({"patient.ttl": EXTRA}))
    graphs = random_graphs(7, 120)
    said = found(table_of(graphs, checks, share=True), checks)
    assert None in said
    expected = [check(graph, checks).results for graph in graphs]
    assert all(mine in (None, theirs) for mine, theirs in zip(said, expected, strict=True))


def test_an_empty_graph_has_no_patient() -> None:
    checks = patient_checks()
    graphs = [PatientGraph(()), example(next(path for path in VALID if path.suffix == ".ttl"))]
    assert found(table_of(graphs, checks), checks) == [check(graph, checks).results for graph in graphs]
