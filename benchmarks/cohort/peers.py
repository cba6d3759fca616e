"""Peers: what others have for a part of the work, each given what suits it best.

``python -m benchmarks.cohort.peers NAME FILE [NUMBER]``. Phases leave out what starting costs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.cohort.outcome import Action, Outcome, main
from benchmarks.cohort.prepared import Lesion, graphs, read_lesions
from vhkg.model.content import Recommendation
from vhkg.reasoner.query import Query
from vhkg.resources import knowledge_files

_QUERY = Path(__file__).parent / "treatments.rq"
_SQL = Path(__file__).parent / "treatments.sql"
SHAPES = "shapes/patient.ttl"


def pyshacl(file: Path, patients: int, outcome: Outcome) -> None:
    """The patient shapes by pyshacl, in graphs of so many patients; nothing is inferred."""
    import pyshacl as validator
    import rdflib

    shapes = rdflib.Graph().parse(data=knowledge_files().ontology[SHAPES], format="turtle")
    validation_result = rdflib.URIRef("http://www.w3.org/ns/shacl#ValidationResult")
    outcome.counts["results"] = 0
    for text in graphs(file, patients):
        with outcome.phase("load"):
            data = rdflib.Graph(bind_namespaces="none").parse(data=text, format="nt11")
        with outcome.phase("validate"):
            _, report, _ = validator.validate(
                data, shacl_graph=shapes, inference="none", do_owl_imports=False, inplace=True
            )
        outcome.counts["results"] += sum(1 for _ in report.subjects(rdflib.RDF.type, validation_result))


def shacl(file: Path, patients: int, outcome: Outcome) -> None:
    """The same by the package `shacl`, which is written in Rust; it reads the text itself, and frees Python's lock."""
    import shacl as validator

    shapes = validator.Shapes.from_text(knowledge_files().ontology[SHAPES].decode(), format="turtle")
    texts = list(graphs(file, patients))
    with ThreadPoolExecutor(os.cpu_count()) as pool, outcome.phase("load and validate"):
        found = pool.map(lambda text: len(shapes.validate_text(text, format="ntriples")), texts)
        outcome.counts["results"] = sum(found)


def hermit(file: Path, lesions: int, outcome: Outcome) -> None:
    """For so many lesions at a time: which recommendations apply and, of the others, which can never apply.

    From the facts that count, in a warm Java; `classify` is what a reasoner is asked that says only which classes are
    entailed, `refute` is the rest of what is needed to tell "no" from "unknown".
    """
    import vhkg
    from vhkg.decision.theory import read_theory
    from vhkg.knowledge.graph import Graph
    from vhkg.reasoner.hermit import HermitReference

    knowledge = vhkg.load()
    files = {name: text for name, text in knowledge.files.ontology.items() if name.endswith(".ttl")}
    classes = read_theory(Graph.parse(files)).classes
    goals = [_goal(each, classes) for each in knowledge.content.recommendations]
    asked = list(dict.fromkeys(goals))
    given = read_lesions(file)
    with HermitReference(files, time_limit=600) as reasoner:
        entailed = refuted = 0
        for start in range(0, len(given), lesions or len(given)):
            some = given[start : start + (lesions or len(given))]
            wanted = [(lesion, goal) for lesion in some for goal in asked]
            with outcome.phase("classify"):
                open_ = dict(zip(wanted, reasoner.satisfiable([_query(*each, False) for each in wanted]), strict=True))
            left = [each for each in wanted if open_[each]]
            with outcome.phase("refute"):
                possible = dict(zip(left, reasoner.satisfiable([_query(*each, True) for each in left]), strict=True))
            for lesion in some:
                entailed += sum(not open_[lesion, goal] for goal in goals)
                refuted += sum(open_[lesion, goal] and not possible[lesion, goal] for goal in goals)
    outcome.counts |= {"lesions": len(given), "entailed": entailed, "refuted": refuted}


def _goal(recommendation: Recommendation, classes: dict[str, str]) -> tuple[str, str]:
    return classes[recommendation.condition], classes.get(recommendation.exclusion, "")


def _query(lesion: Lesion, goal: tuple[str, str], value: bool) -> Query:
    return Query(lesion.literals, *goal, value)


def rdflib(file: Path, _: int, outcome: Outcome) -> None:
    """Which recommendations concern whom, by SPARQL over the classes of each lesion, in rdflib."""
    import rdflib as library

    graph = library.Graph(bind_namespaces="none")
    for text in _ontology():
        graph.parse(data=text, format="turtle")
    with outcome.phase("load"):
        graph.parse(file, format="nt11")
    with outcome.phase("query"):
        outcome.counts["rows"] = sum(1 for _ in graph.query(_QUERY.read_text()))


def pyoxigraph(file: Path, _: int, outcome: Outcome) -> None:
    """The same in pyoxigraph's store in memory."""
    import pyoxigraph as library

    store = library.Store()
    for text in _ontology():
        store.load(text, format=library.RdfFormat.TURTLE)
    with outcome.phase("load"):
        store.bulk_load(path=file, lenient=True)
    with outcome.phase("query"):
        found = store.query(_QUERY.read_text())
        assert isinstance(found, library.QuerySolutions)
        outcome.counts["rows"] = sum(1 for _ in found)


def duckdb(file: Path, _: int, outcome: Outcome) -> None:
    """The same as a join in DuckDB, the classes in Parquet."""
    import duckdb as library

    import vhkg

    rows = [[each.name, each.condition, each.exclusion or None] for each in vhkg.load().content.recommendations]
    with library.connect() as connection:
        connection.execute("CREATE TABLE recommendations (item VARCHAR, condition VARCHAR, exclusion VARCHAR)")
        connection.executemany("INSERT INTO recommendations VALUES (?, ?, ?)", rows)
        with outcome.phase("load"):
            connection.execute(f"CREATE TABLE types AS FROM '{file}'")
        with outcome.phase("query"):
            outcome.counts["rows"] = len(connection.sql(_SQL.read_text()).fetchall())


def _ontology() -> Iterator[bytes]:
    for name, text in sorted(knowledge_files().ontology.items()):
        if name.endswith(".ttl") and "/" not in name:
            yield text


PEERS: dict[str, Action] = {
    "pyshacl": pyshacl,
    "shacl": shacl,
    "hermit": hermit,
    "rdflib": rdflib,
    "pyoxigraph": pyoxigraph,
    "duckdb": duckdb,
}


if __name__ == "__main__":
    main(PEERS)
