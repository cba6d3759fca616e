"""No slim, nor all of them, changes a status: HermiT decides as the table does, with their axioms and the bridge."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from tests.evidence import record
from tests.mapping.support import ALL, bridge, hierarchy, rows, slim
from tests.support import shipped
from vhkg.answering.compiled import targets
from vhkg.assurance.agreement import Subject, atoms_of, check_rows
from vhkg.assurance.certificate import Remembering, certify_goal
from vhkg.decision.theory import read_theory
from vhkg.knowledge.graph import Graph
from vhkg.namespaces import OBO, Owl, Rdfs, Skos
from vhkg.reasoner.hermit import HermitReference
from vhkg.reasoner.ntriples import class_axioms
from vhkg.reasoner.query import Query, QueryLiteral

KNOWLEDGE = shipped()
FILES = {name: text for name, text in KNOWLEDGE.files.ontology.items() if name.endswith(".ttl")}
TARGETS = targets(KNOWLEDGE.content)
TABLE = KNOWLEDGE.compiled.table
SUBJECT = Subject(read_theory(Graph.parse(FILES)), TARGETS, TABLE)
# Goals that ask the same questions are put to one reference, which asks each once.
GROUPS: dict[tuple[int, ...], list[str]] = {}
for _target in TARGETS:
    GROUPS.setdefault(tuple(atoms_of(TABLE, _target.name)), []).append(_target.name)
COMMAND = "pytest tests/mapping/test_conservative.py"


def slims() -> dict[str, bytes]:
    return {f"{name}-slim.ttl": slim(name).read_bytes() for name in ALL}


def linked() -> dict[str, bytes]:
    """More axioms entail more, so that what all slims together leave open or possible, each alone does too."""
    return {**FILES, **slims(), "bridge.nt.ttl": bridge().ntriples}


@pytest.fixture(scope="module")
def hermit() -> Iterator[Remembering]:
    with HermitReference(linked(), bridge="jpype") as reference:
        yield Remembering(reference)


def test_the_axioms_reach_the_reasoner() -> None:
    """Every subclass axiom of the slims and of the bridge, and the restrictions of UBERON, part-of among them."""
    written = set(class_axioms(linked()).splitlines())
    edges = {(term.iri, above) for name in ALL for term in hierarchy(name).terms.values() for above in term.parents}
    edges |= {
        (t.subject.value, t.object.value)
        for t in bridge().triples
        if t.predicate.value == Rdfs.subClassOf
        and isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
    }
    assert (f"{OBO}MAXO_0001045", f"{OBO}MAXO_0001061") in edges, "corpectomy under laminectomy, the trap"
    assert {f"<{below}> <{Rdfs.subClassOf}> <{above}> ." for below, above in edges} <= written
    restrictions = [line for line in written if Owl.someValuesFrom in line]
    assert len(restrictions) > sum(Owl.someValuesFrom in line for line in class_axioms(FILES).splitlines())


@pytest.mark.hermit
def test_every_row_and_every_conflict(hermit: Remembering) -> None:
    found = check_rows(SUBJECT, hermit)
    record("rows-linked", "all", cases=found.cases, disagreements=found.disagreements, command=COMMAND)
    assert found.complete


@pytest.mark.hermit
@pytest.mark.parametrize("goals", GROUPS.values(), ids=lambda goals: goals[0])
def test_every_goal(hermit: Remembering, goals: list[str]) -> None:
    for goal in goals:
        found = certify_goal(SUBJECT, goal, hermit)
        agreement = found.agreement
        record("linked", goal, cases=agreement.cases, disagreements=agreement.disagreements, command=COMMAND, seed=0)
        assert found.holds


@pytest.mark.hermit
def test_matches_read_as_equivalences_are_caught() -> None:
    """The trap: with matches as owl:equivalentClass a corpectomy is a laminectomy, and statuses change."""
    equal = [
        ox.Triple(ox.NamedNode(row.subject), ox.NamedNode(Owl.equivalentClass), ox.NamedNode(row.object))
        for row in rows()
        if row.verified and not row.negated and row.predicate in (Skos.exactMatch, Skos.closeMatch)
    ]
    written = ox.serialize(equal, format=ox.RdfFormat.N_TRIPLES) or b""
    with HermitReference({**FILES, **slims(), "equivalences.ttl": written}, bridge="jpype") as reference:
        assert reference.satisfiable([corpectomy_without_laminectomy()]) == [False]
        assert check_rows(SUBJECT, reference).disagreements


@pytest.mark.hermit
def test_a_corpectomy_without_laminectomy_stays_possible(hermit: Remembering) -> None:
    assert hermit.satisfiable([corpectomy_without_laminectomy()]) == [True]


def corpectomy_without_laminectomy() -> Query:
    theory, wanted = SUBJECT.theory, {"Vertebrectomy": True, "Laminectomy": False}
    found = [(atom, iri) for atom, iri in zip(theory.atoms, theory.iris, strict=True) if atom.name in wanted]
    assert len(found) == len(wanted)
    return Query(tuple(QueryLiteral(iri, theory.roles[atom.role], wanted[atom.name]) for atom, iri in found))
