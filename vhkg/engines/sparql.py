"""The decision table for a triple store: one SPARQL update that reads patient graphs and writes answers.

The table goes in as data, and what decides by it, `decide.ru`, is the same for every table. So no query is put together
from strings, and a store that the update is sent to needs nothing else.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import TypeAlias

import pyoxigraph as ox

from vhkg.engines.chosen import ChosenTable, Literals
from vhkg.engines.provenance import Provenance, header
from vhkg.model.answer import Status
from vhkg.namespaces import ANSWERS, BASE, DECISIONS, Vhkg, Xsd

ANSWER_GRAPH = f"{DECISIONS}answers"
"""Where the update leaves the answers, in place of those that were there."""

_Value: TypeAlias = ox.NamedNode | ox.Literal


def update(
    table: ChosenTable, iris: Mapping[str, str], provenance: Provenance, *, as_of: datetime.date | None = None
) -> str:
    """The update (SPARQL 1.1 Update). `iris` are those of findings and recommendations, by name.

    It decides on the patients of the default graph, by default as of the latest day in each patient's record.
    """
    data = ox.serialize(_triples(table, iris, provenance, as_of), format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    generic = resources.files("vhkg.engines").joinpath("decide.ru").read_text(encoding="utf-8")
    about = "\n".join(f"# {line}" for line in header(table, provenance, as_of))
    return (
        f"{about}\n\nPREFIX vhkg: <{BASE}>\nPREFIX d: <{DECISIONS}>\n\nDROP SILENT GRAPH d:table ;\n"
        f"INSERT DATA {{ GRAPH d:table {{\n{data.decode()}}} }} ;\n\n{generic}"
    )


def _triples(
    table: ChosenTable, iris: Mapping[str, str], provenance: Provenance, as_of: datetime.date | None
) -> Iterator[ox.Triple]:
    yield from _run(table, provenance, as_of)
    yield from _findings(table, iris)
    for place, conflict in enumerate(table.conflicts):
        row = _own(f"row/conflict/{place}")
        yield _triple(row, "forbidden", ox.Literal(True))
        yield from _needs(row, conflict, table)
    for name, rows in table.goals.items():
        for decision, terms in (("entails", rows.yes), ("refutes", rows.no)):
            for place, term in enumerate(terms):
                row = _own(f"row/{name}/{decision}/{place}")
                yield _triple(row, decision, _goal(name))
                yield from _needs(row, term, table)
    yield from _limits(table, iris)
    yield from _recommendations(table, iris)


def _run(table: ChosenTable, provenance: Provenance, as_of: datetime.date | None) -> Iterator[ox.Triple]:
    run = _own("run")
    readings = "&".join(f"{name}={option}" for name, option in sorted(table.readings.items()))
    yield _triple(run, "digest", ox.Literal(provenance.digest))
    yield _triple(run, "readings", ox.Literal(readings))
    yield _triple(run, "answersUnder", ox.Literal(ANSWERS))
    for name, goal in (("subject", table.subject), ("scope", table.scope), ("branch", table.branch)):
        yield _triple(run, name, _goal(goal))
    yield ox.Triple(run, ox.NamedNode(Vhkg.knowledgeVersion), ox.Literal(provenance.version))
    for term, value in ((Vhkg.reviewStatus, provenance.review_status), (Vhkg.disclaimer, provenance.disclaimer)):
        yield ox.Triple(run, ox.NamedNode(term), ox.Literal(value, language="en"))
    if as_of is not None:
        yield _triple(run, "asOf", ox.Literal(as_of.isoformat(), datatype=ox.NamedNode(Xsd.date)))


def _findings(table: ChosenTable, iris: Mapping[str, str]) -> Iterator[ox.Triple]:
    for number, finding in enumerate(table.findings, 1):
        node = ox.NamedNode(iris[finding.name])
        if finding.by_patient:
            yield _triple(node, "bearer", _own("patient"))
        for literal, status in ((number, Vhkg.Present), (-number, Vhkg.Absent)):
            yield _triple(_literal(literal, table), "finding", node)
            yield _triple(_literal(literal, table), "status", ox.NamedNode(status))
        yield _triple(_literal(number, table), "opposite", _literal(-number, table))


def _needs(row: ox.NamedNode, term: Literals, table: ChosenTable) -> Iterator[ox.Triple]:
    yield _triple(row, "size", ox.Literal(len(term)))
    for literal in term:
        yield _triple(row, "needs", _literal(literal, table))


def _limits(table: ChosenTable, iris: Mapping[str, str]) -> Iterator[ox.Triple]:
    for limit in table.limits:
        node = _limit(limit.factor)
        yield _triple(node, "factor", ox.NamedNode(iris[limit.factor]))
        yield _triple(node, "raisedBy", _goal(limit.raised_by))
        yield _triple(node, "capsWithin", _goal(limit.caps_within))
        if not limit.limits:
            yield _triple(node, "ofEverything", ox.Literal(True))
        for other in table.limits:
            if limit.factor in other.broader:
                yield _triple(node, "unless", _limit(other.factor))


def _recommendations(table: ChosenTable, iris: Mapping[str, str]) -> Iterator[ox.Triple]:
    for ranked, rule in zip(table.recommendations, table.rules, strict=True):
        node = ox.NamedNode(iris[ranked.name])
        yield _triple(node, "name", ox.Literal(ranked.name))
        yield ox.Triple(node, ox.NamedNode(Vhkg.order), ox.Literal(ranked.order))
        yield _triple(node, "goal", _goal(rule.name))
        yield _triple(node, "condition", _goal(rule.condition))
        yield _triple(node, "holding", ox.Literal(Status.ADVISED_AGAINST if rule.against else Status.APPLIES))
        if ranked.treats:
            yield _triple(node, "treats", ox.Literal(True))
        if ranked.first_line:
            yield _triple(node, "first", ox.Literal(True))
        for limit in rule.limits:
            yield _triple(node, "limit", _limit(limit.factor))


def _own(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{DECISIONS}{name}")


def _goal(name: str) -> ox.NamedNode:
    return _own(f"goal/{name}")


def _limit(factor: str) -> ox.NamedNode:
    return _own(f"limit/{factor}")


def _literal(literal: int, table: ChosenTable) -> ox.NamedNode:
    return _own(f"{'present' if literal > 0 else 'absent'}/{table.findings[abs(literal) - 1].name}")


def _triple(subject: ox.NamedNode, name: str, value: _Value) -> ox.Triple:
    return ox.Triple(subject, _own(name), value)
