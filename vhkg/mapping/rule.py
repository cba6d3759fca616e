"""Which mappings become axioms: a rule that the knowledge states (vhkg:LinkRule), and what it leaves out, and why."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, iris, local_name
from vhkg.knowledge.mappings import TermMapping
from vhkg.namespaces import Skos, Vhkg

_UPWARD = (Skos.exactMatch, Skos.broadMatch)
"""The relations of SKOS whose object is not narrower than the subject; of no other does a subclass axiom follow."""


class LinkRule(msgspec.Struct, frozen=True):
    """A row that is verified, not rejected, of one of the relations and of the least confidence is promoted."""

    relations: frozenset[str]
    least: Decimal

    def refusal(self, row: TermMapping) -> str:
        """Why a row is not promoted, in a word or two; empty if it is."""
        if not row.verified:
            return "lead"
        if row.negated:
            return "rejected"
        if row.predicate not in self.relations:
            return local_name(row.predicate)
        return f"confidence below {self.least}" if row.confidence < self.least else ""


def read_rule(graph: Graph) -> LinkRule:
    """The one rule of a knowledge. Raises KnowledgeError if there is none, or if it would promote downwards."""
    stated = graph.instances(Vhkg.LinkRule)
    if len(stated) != 1:
        raise KnowledgeError(f"{len(stated)} rules say which mappings become axioms", mend="state one vhkg:LinkRule")
    rule = stated[0]
    relations = frozenset(iris(graph.values(rule, Vhkg.promotesRelation)))
    file, place = graph.file_of(rule), local_name(rule)
    wrong = sorted(local_name(relation) for relation in relations - set(_UPWARD))
    if wrong or not relations:
        fault = f"it promotes {' and '.join(wrong) or 'nothing'}"
        mend = f"choose among {' and '.join(local_name(relation) for relation in _UPWARD)}"
        raise KnowledgeError(fault, file=file, place=place, mend=mend)
    try:
        least = Decimal(graph.text(rule, Vhkg.leastConfidence))
    except InvalidOperation as error:
        raise KnowledgeError("it states no least confidence", file=file, place=place, mend="give a decimal") from error
    return LinkRule(relations, least)
