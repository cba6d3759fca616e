"""The names that blank nodes have in the graph of their patient, as `vhkg.intake.canonical` gives them.

Only for groups that are trees under a patient with an IRI, blank nodes two deep at most: a lesion and its assessments.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from vhkg.intake.canonical import borne, said, signature
from vhkg.validation.columns import BLANK, Bools, Ints, TripleTable


def blank_names(table: TripleTable, wanted: Bools) -> dict[int, str]:
    """The labels (b0, b1, …) of all blank nodes of the groups that are wanted, by their places among the terms."""
    blank = table.kind == BLANK
    own: dict[int, list[str]] = defaultdict(list)
    children: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = np.flatnonzero(wanted[table.graph[table.subject]] & (blank[table.subject] | blank[table.value]))
    subject, value = table.subject[rows], table.value[rows]
    texts = _Texts(table, np.concatenate([subject[~blank[subject]], value[~blank[value]]]))
    columns = (column.tolist() for column in (subject, table.predicate[rows], value, blank[subject], blank[value]))
    for node, code, other, from_blank, to_blank in zip(*columns, strict=True):
        if not to_blank:
            own[node].append(texts.said(code, other))
        elif from_blank:
            children[node].append((table.predicates[code], other))
        else:
            own[other].append(texts.borne(node, code))
    leaves = {node: signature(said_of, ()) for node, said_of in own.items() if node not in children}
    borne_by_blank = {child for below in children.values() for _, child in below}
    heads: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for node in own.keys() - borne_by_blank:
        below = [(predicate, leaves[child]) for predicate, child in children.get(node, ())]
        known_by = signature(own[node], below) if below else leaves[node]
        heads[int(table.graph[node])].append((known_by, node))
    names: dict[int, str] = {}
    for of_group in heads.values():
        number = 0
        for _, head in sorted(of_group):
            below_head = sorted((predicate, leaves[child], child) for predicate, child in children.get(head, ()))
            for node in (head, *(child for _, _, child in below_head)):
                names[node] = f"b{number}"
                number += 1
    return names


class _Texts:
    """What statements add to what nodes are known by, each different one made once. `places` are all that are asked."""

    def __init__(self, table: TripleTable, places: Ints) -> None:
        asked = np.unique(places).astype(np.intp)
        self._terms = dict(zip(asked.tolist(), table.terms(asked), strict=True))
        self._predicates = table.predicates
        self._said: dict[tuple[int, int], str] = {}
        self._borne: dict[tuple[int, int], str] = {}

    def said(self, code: int, value: int) -> str:
        found = self._said.get((code, value))
        if found is None:
            found = self._said[code, value] = said(self._predicates[code], self._terms[value])
        return found

    def borne(self, subject: int, code: int) -> str:
        found = self._borne.get((subject, code))
        if found is None:
            found = self._borne[subject, code] = borne(self._terms[subject], self._predicates[code])
        return found
