"""Whatever a recommendation says is watched: change its condition, exclusion, line, citation or quotation, and one of
the checks that the other tests run notices. The meaning of a condition is watched by the decisions of the whole cases.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.mapping.support import held_with_invented
from tests.mutants import Mutant, Ontology, classes_behind, of_class, of_recommendation
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
from vhkg.stores import Catalogue, EmbeddedStore, run
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


def _rows_differ(mutant: Mutant) -> bool:
    """Some question about the knowledge gives other rows than those kept as files."""
    store = EmbeddedStore({**mutant.files.ontology, **_derived()})
    for query in Catalogue(mutant.files.queries):
        if query.kind == "knowledge":
            try:
                if run(query, store) != expected_rows.read(query.name):
                    return True
            except EngineError:
                return True
    return False


def _cases_differ(mutant: Mutant) -> bool:
    """Some whole case is decided otherwise, or the knowledge is refused."""
    try:
        knowledge = Knowledge(mutant.files, compile_knowledge(mutant.files))
    except KnowledgeError:
        return True
    return any(differences(case, knowledge) for case in CASES)


def _shapes_fail(mutant: Mutant) -> bool:
    return not validate_knowledge(
        ontology_files(mutant.files.ontology), mutant.files.ontology[KNOWLEDGE_SHAPES]
    ).conforms


def _quotations_differ(mutant: Mutant) -> bool:
    try:
        content = read_content(Graph.parse(ontology_files(mutant.files.ontology)))
    except KnowledgeError:
        return True
    return bool(check_source(content, SOURCE.read_bytes()))


@pytest.mark.source
@pytest.mark.parametrize("name", RECOMMENDATIONS)
def test_every_change_of_a_recommendation_is_noticed(name: str) -> None:
    (given,) = (r for r in CONTENT.recommendations if r.name == name)
    mutants = list(of_recommendation(ontology(), CONTENT, given))
    assert {"condition", "exclusion", "line", "action", "citation", "quotation"} <= {m.kind for m in mutants}
    unnoticed = [
        str(mutant)
        for mutant in mutants
        if not any(differ(mutant) for differ in (_quotations_differ, _rows_differ, _cases_differ, _shapes_fail))
    ]
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
    same = Mutant("nothing", "none", "none", ontology().changed([], []))
    assert _table(same) == shipped().compiled.table
    assert not any(differ(same) for differ in (_quotations_differ, _rows_differ, _cases_differ, _shapes_fail))
