"""When a recommendation applies, as conditions of an action.

FHIR's own languages cannot say what a presentation class says without logic that we do not ship. So the expression is
the class's definition in OWL, in the Manchester syntax, and every minimal set of recorded facts that suffices at the
default readings stands beside it: a condition is met if all facts of one set are recorded, with no reasoning.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from vhkg.exchange.codings import fhir_coding, our_coding
from vhkg.exchange.expressions import expression
from vhkg.exchange.plandefinition.elements import Json, extension, fhir_id, filled, part
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.mappings import TermMapping
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Recommendation
from vhkg.model.formula import absorbed
from vhkg.model.table import Row
from vhkg.namespaces import Owl

REASON = "sufficient-reason"
LANGUAGE = "text/owl-manchester"
"""The media type of https://www.w3.org/TR/owl2-manchester-syntax/; Expression.language can be extended."""

_Reason = tuple[int, ...]


class Conditions:
    """`matches` are the exact matches of our terms in other terminologies."""

    def __init__(self, graph: Graph, compiled: CompiledKnowledge, matches: dict[str, tuple[TermMapping, ...]]) -> None:
        self._graph, self._compiled, self._matches = graph, compiled, matches
        content = compiled.content
        numbers = {atom.name: number for number, atom in enumerate(compiled.table.atoms, start=1)}
        self._chosen = frozenset(
            numbers[option.name] if option.name == reading.default else -numbers[option.name]
            for reading in content.readings.values()
            for option in reading.alternatives
            if option.name in numbers
        )
        order = {name: place for place, name in enumerate(content.findings)}
        self._place = {number: (order.get(name, len(order)), name) for name, number in numbers.items()}

    def of(self, recommendation: Recommendation) -> list[Json]:
        """The condition, and the exclusion as a second one that says that it is not so: both have to be met."""
        found = [self._condition(recommendation.condition, True)]
        if recommendation.exclusion:
            found.append(self._condition(recommendation.exclusion, False))
        return found

    def _condition(self, name: str, holds: bool) -> Json:
        goal = self._compiled.table.goals[name]
        rows = goal.yes if holds else goal.no
        reasons = self._reasons(rows)
        least = self._reasons(row for row in rows if row.general)
        presentation = self._compiled.content.classes[name]
        heading = presentation.label if holds else f"not: {presentation.label}"
        sets = "; or ".join(f"({number}) {self._words(reason)}" for number, reason in enumerate(least, start=1))
        iri = self._compiled.content.iris[name]
        return filled(
            extension=[self._reason(reason) for reason in reasons],
            kind="applicability",
            expression=filled(
                description=f"Of one lesion of the patient: {heading}. {presentation.definition} "
                f"At the default readings this is established by: {sets or 'no recorded facts'}. "
                "What is not recorded is unknown, and never absent.",
                name=fhir_id(name if holds else f"Not{name}"),
                language=LANGUAGE,
                expression=self._definition(iri) if holds else f"not <{iri}>",
                reference=iri if holds else None,
            ),
        )

    def _definition(self, iri: str) -> str:
        """The definition as it stands in the ontology; a class without one stands for itself."""
        for node in self._graph.values(iri, Owl.equivalentClass):
            if not isinstance(node, ox.Literal):
                return expression(self._graph, node, lambda each: f"<{each}>")
        return f"<{iri}>"

    def _reasons(self, rows: Iterable[Row]) -> list[_Reason]:
        """The rows at the default readings, without what those settle, and without what is not minimal then."""
        settled = {-literal for literal in self._chosen}
        left = (frozenset(row.literals) for row in rows)
        kept = absorbed(row - self._chosen for row in left if not row & settled)
        ordered = (tuple(sorted(row, key=lambda literal: self._place[abs(literal)])) for row in kept)
        return sorted(ordered, key=lambda row: (len(row), [(self._place[abs(x)], x < 0) for x in row]))

    def _words(self, reason: _Reason) -> str:
        return ", ".join(f"{self._label(self._name(x))} {'present' if x > 0 else 'absent'}" for x in reason)

    def _reason(self, reason: _Reason) -> Json:
        return extension(
            REASON,
            *(part("present" if x > 0 else "absent", "CodeableConcept", self.concept(self._name(x))) for x in reason),
        )

    def concept(self, name: str) -> Json:
        """Our own code, those of exact matches, and the label."""
        content, codes = self._compiled.content, self._compiled.codes
        codings = [our_coding(name, content.iris, self._label(name))]
        codings += [fhir_coding(row, codes) for row in self._matches.get(name, ())]
        return {"coding": codings, "text": self._label(name)}

    def _name(self, literal: int) -> str:
        return self._compiled.table.atoms[abs(literal) - 1].name

    def _label(self, name: str) -> str:
        content = self._compiled.content
        known = content.findings.get(name) or content.classes.get(name)
        return known.label if known else name
