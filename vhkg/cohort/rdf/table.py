"""Statements as the table of triples that the checks run on."""

from __future__ import annotations

import numpy as np

from vhkg.cohort.rdf.lexicon import NONE, Lexicon
from vhkg.cohort.rdf.statements import Statements
from vhkg.intake import Blank, Iri, Term
from vhkg.validation.columns import BLANK, IRI, LITERAL, SHARED, Places, TripleTable


def table_of(statements: Statements, lexicon: Lexicon) -> TripleTable:
    """The lines that are read. Terms are the IRIs of the lexicon, then texts, then nodes, in their order."""
    rows = statements.read
    literals_from = len(lexicon.iris)
    nodes_from = literals_from + len(statements.literals)
    terms = nodes_from + len(statements.tokens)
    value = statements.iri.copy()
    for column, start in ((statements.literal, literals_from), (statements.node, nodes_from)):
        value = np.where(column >= 0, column + start, value)
    graph = np.full(terms, SHARED, np.int32)
    graph[nodes_from:] = statements.group
    kind = np.full(terms, IRI, np.int8)
    kind[literals_from:nodes_from] = LITERAL
    kind[nodes_from:][statements.tokens.str.starts_with("_").to_numpy()] = BLANK
    named = np.full(terms, NONE, np.int32)
    named[:literals_from] = lexicon.named

    def terms_at(chosen: Places) -> list[Term]:
        nodes = statements.tokens.gather(chosen[chosen >= nodes_from] - nodes_from).to_list()
        tokens = iter(nodes)
        return [
            Iri(lexicon.iris[place])
            if place < literals_from
            else statements.literals[place - literals_from]
            if place < nodes_from
            else _node(next(tokens))
            for place in chosen.tolist()
        ]

    return TripleTable(
        subject=statements.subject[rows] + np.int32(nodes_from),
        predicate=statements.predicate[rows].astype(np.int16),
        value=value[rows].astype(np.int32),
        predicates=lexicon.predicates,
        graph=graph,
        kind=kind,
        named=named,
        graphs=statements.groups,
        terms=terms_at,
    )


def _node(token: str) -> Term:
    return Blank(token[2:]) if token.startswith("_") else Iri(token[1:-1])
