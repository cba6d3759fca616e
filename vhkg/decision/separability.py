"""Whether findings and presentations may be decided apart.

The compiler's exactness rests on one argument. Findings of different roots and presentations share no letter but the
roots' own and Presentation, so any finding type goes with any presentation type, provided that a thing of each root,
and a presentation, can exist at all. Mixing axioms are refused elsewhere; the provision is checked here. Then a tree of
fillers below a presentation exists if and only if the clauses of the theory are satisfied, and the disjointness of
roots, presentations and upper classes can be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyoxigraph as ox

from vhkg.decision.axioms import Letter, Letters
from vhkg.decision.findings import Hierarchy
from vhkg.decision.fragment import memberships
from vhkg.decision.presentations import Presentations
from vhkg.decision.satisfiability import satisfiable
from vhkg.errors import KnowledgeError, OutsideFragment
from vhkg.knowledge.graph import Graph, local_name
from vhkg.model.formula import Clause
from vhkg.namespaces import Rdfs


class Parts(NamedTuple):
    """The axioms by what they are about. `role_of` gives the role of each finding's class letter."""

    letters: Letters
    hierarchies: Mapping[str, Hierarchy]
    presentations: Presentations
    role_clauses: tuple[Clause, ...]
    role_of: Mapping[int, str]


def check_separable(graph: Graph, roots: Mapping[str, str], parts: Parts) -> None:
    """Every kind of element that the theory speaks of must be able to exist beside the others."""
    letters, presentation = parts.letters, parts.presentations.presentation
    on_findings = [clause for hierarchy in parts.hierarchies.values() for clause in hierarchy.clauses]
    everything = [*on_findings, *parts.role_clauses, *parts.presentations.everywhere]
    with_domain = {
        role for role in roots if graph.has(ox.NamedNode(role), Rdfs.domain, ox.NamedNode(letters[presentation].iri))
    }
    everything += [(-n, presentation) for n, letter in enumerate(letters.all, 1) if letter.role in with_domain]
    if not satisfiable(everything):
        raise KnowledgeError("the ontology is inconsistent", mend="see its disjointness axioms")
    for hierarchy in parts.hierarchies.values():
        root = hierarchy.root
        if satisfiable(hierarchy.clauses, [root]) and not satisfiable(everything, [root]):
            raise OutsideFragment(
                f"no {letters.name(root)} can exist beside the other axioms",
                file=letters.origin(root).file,
                place=letters.name(root),
                mend="see its disjointness axioms",
            )
    if not satisfiable([*parts.presentations.aside, *on_findings], [presentation]):
        raise OutsideFragment(
            "no presentation can exist beside the other axioms",
            file=letters.origin(presentation).file,
            place=letters.name(presentation),
            mend="see its disjointness axioms",
        )
    _check_individuals(graph, roots, parts, everything)


def _check_individuals(graph: Graph, roots: Mapping[str, str], parts: Parts, everything: list[Clause]) -> None:
    """Individuals of upper classes are harmless if they can exist; those of findings and presentations are refused."""
    presentations = parts.presentations
    refused = {presentations.presentation, *presentations.relevant, *parts.role_of}
    types: dict[str, set[int]] = {}
    for individual, iri, file in memberships(graph, roots):
        number = parts.letters.find(Letter(iri))
        if number in refused:
            raise OutsideFragment(
                f"an individual of {local_name(iri)}",
                file=file,
                place=graph.name_of(individual),
                mend="keep patient data out of the knowledge",
            )
        if number is not None:
            types.setdefault(str(individual), set()).add(number)
    for combination in sorted({tuple(sorted(numbers)) for numbers in types.values()}):
        if not satisfiable(everything, combination):
            names = " and ".join(parts.letters.name(number) for number in combination)
            raise KnowledgeError(f"an individual cannot be in {names}", mend="see their disjointness axioms")
