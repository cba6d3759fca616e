"""Whatever a recommendation says is watched: change its condition, exclusion, line, citation or quotation, and one of
the checks that the other tests run notices. The meaning of a condition is watched by the decisions of the whole cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pyoxigraph as ox
import pytest

from tests.mapping.support import held_with_invented
from tests.mutants import Mutant, Ontology, Triple, classes_behind, of_class, of_recommendation
from tests.queries import expected_rows
from tests.support import SOURCE, shipped
from tests.whole_cases import differences, read_cases
from vhkg.answering.compiled import compile_knowledge, targets
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.published import DERIVED
from vhkg.assurance.coverage import check_source
from vhkg.assurance.report import KNOWLEDGE_SHAPES
from vhkg.assurance.wellformed import ontology_files
from vhkg.decision.compilation import compile_table
from vhkg.decision.theory import read_theory
from vhkg.errors import EngineError, KnowledgeError
from vhkg.knowledge.content import read_content
from vhkg.knowledge.graph import Graph
from vhkg.model.table import DecisionTable
from vhkg.stores import Catalogue, EmbeddedStore, Rows, run
from vhkg.validation.oracle import validate_knowledge

CONTENT = shipped().content
CASES = read_cases()
RECOMMENDATIONS = [recommendation.name for recommendation in CONTENT.recommendations]


@cache
def ontology() -> Ontology:
    return Ontology(shipped().files)


def _classes() -> list[str]:
    used = [name for r in CONTENT.recommendations for name in (r.condition, r.exclusion)]
    return classes_behind(ontology(), CONTENT, used)


@cache
def _derived() -> dict[str, bytes]:
    """What is derived from the shipped knowledge, a bridge too, so that only the mutated statements differ."""
    return {name: text for name, text in held_with_invented().items() if name.startswith(DERIVED)}


class _Changeable:
    """The knowledge as an engine for queries, in which a change is made and taken back."""

    def __init__(self) -> None:
        self._engine = EmbeddedStore({**ontology().changed([], []).ontology, **_derived()})
        self._store = self._engine._store
        self._count = len(self._store)

    @contextmanager
    def changed(self, drop: list[Triple], add: list[Triple]) -> Iterator[EmbeddedStore]:
        """With a change that names no blank node: here they have other names."""
        gone, new = ({_quad(each) for each in triples} for triples in (drop, add))
        assert all(quad in self._store for quad in gone)
        new = {quad for quad in new if quad not in self._store}
        for quad in gone:
            self._store.remove(quad)
        self._store.extend(new)
        try:
            yield self._engine
        finally:
            for quad in new:
                self._store.remove(quad)
            self._store.extend(gone)
            assert len(self._store) == self._count


def _quad(triple: Triple) -> ox.Quad:
    subject, predicate, value = triple
    return ox.Quad(subject, ox.NamedNode(predicate), value)


@cache
def _changeable() -> _Changeable:
    return _Changeable()


_QUERIES = [query for query in Catalogue(shipped().files.queries) if query.kind == "knowledge"]
"""The questions about the knowledge; the one that noticed a change last is asked first."""


def _rows_differ(mutant: Mutant) -> bool:
    """Some question about the knowledge gives other rows than those kept as files."""
    blank = any(isinstance(term, ox.BlankNode) for triple in (*mutant.drop, *mutant.add) for term in triple)
    if blank or not (mutant.drop or mutant.add):
        return _rows_of_differ(EmbeddedStore({**mutant.files.ontology, **_derived()}))
    with _changeable().changed(mutant.drop, mutant.add) as store:
        return _rows_of_differ(store)


def _rows_of_differ(store: EmbeddedStore) -> bool:
    for place, query in enumerate(_QUERIES):
        try:
            differ = run(query, store) != _expected(query.name)
        except EngineError:
            differ = True
        if differ:
            _QUERIES.insert(0, _QUERIES.pop(place))
            return True
    return False


@cache
def _expected(name: str) -> Rows:
    return expected_rows.read(name)


def _cases_differ(mutant: Mutant) -> bool:
    """Some whole case is decided otherwise, or the knowledge is refused."""
    try:
        files = mutant.files
        knowledge = Knowledge(files, compile_knowledge(files))
    except KnowledgeError:
        return True
    return any(differences(case, knowledge) for case in CASES)


def _shapes_fail(mutant: Mutant) -> bool:
    files = mutant.files.ontology
    return not validate_knowledge(ontology_files(files), files[KNOWLEDGE_SHAPES]).conforms


def _quotations_differ(mutant: Mutant) -> bool:
    try:
        content = read_content(Graph.parse(ontology_files(mutant.files.ontology)))
    except KnowledgeError:
        return True
    return bool(check_source(content, SOURCE.read_bytes()))


_SEEN: dict[tuple[str, tuple[Triple, ...], tuple[Triple, ...]], bool] = {}
"""Several recommendations rest on one statement, whose changes are the same ones then."""


def _noticed(mutant: Mutant) -> bool:
    change = mutant.kind, tuple(mutant.drop), tuple(mutant.add)
    if change not in _SEEN:
        _SEEN[change] = any(differ(mutant) for differ in _checks(mutant))
    return _SEEN[change]


def _checks(mutant: Mutant) -> Iterator[Callable[[Mutant], bool]]:
    """All of them; first the one that is meant for such a change, since one that notices it is enough."""
    if mutant.kind == "quotation":
        yield from (_quotations_differ, _rows_differ, _cases_differ, _shapes_fail)
    else:
        yield from (_rows_differ, _quotations_differ, _cases_differ, _shapes_fail)


@pytest.mark.source
@pytest.mark.parametrize("name", RECOMMENDATIONS)
def test_every_change_of_a_recommendation_is_noticed(name: str) -> None:
    (given,) = (r for r in CONTENT.recommendations if r.name == name)
    mutants = list(of_recommendation(ontology(), CONTENT, given))
    assert {"condition", "exclusion", "line", "action", "citation", "quotation"} <= {m.kind for m in mutants}
    unnoticed = [str(mutant) for mutant in mutants if not _noticed(mutant)]
    assert unnoticed == []


@pytest.mark.parametrize("name", _classes())
def test_every_change_of_a_condition_changes_a_decision(name: str) -> None:
    unnoticed = []
    for mutant in of_class(ontology(), CONTENT, name):
        if not _cases_differ(mutant) and _table(mutant) != shipped().compiled.table:
            unnoticed.append(str(mutant))
    assert unnoticed == []


def _table(mutant: Mutant) -> DecisionTable:
    """Prime implicants are canonical: two ontologies decide alike if and only if their tables are equal."""
    return compile_table(read_theory(Graph.parse(ontology_files(mutant.files.ontology))), targets(CONTENT))


def test_the_knowledge_without_a_change_is_not_noticed() -> None:
    same = Mutant("nothing", "none", "none", ontology(), [], [])
    assert _table(same) == shipped().compiled.table
    assert not any(differ(same) for differ in _checks(same))
    with _changeable().changed([], []) as store:
        assert not _rows_of_differ(store)
