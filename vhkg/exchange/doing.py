"""What a term does in the knowledge: what uses it, which sentences it stands in, which statuses hang on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from vhkg.exchange.expressions import words
from vhkg.exchange.uses import uses
from vhkg.knowledge.graph import Graph, local_name
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content, Outcome, Recommendation, Silence, Statement
from vhkg.model.description import Line, Part, PartKind
from vhkg.model.table import DecisionTable
from vhkg.namespaces import Owl, Prov, Vhkg

_Named = Callable[[str], Part]
"""A term, by its IRI, as a part of a line."""


class Doing:
    """Prepared once for a knowledge; then the lines of each of its terms."""

    def __init__(self, graph: Graph, compiled: CompiledKnowledge, named: _Named) -> None:
        content = compiled.content
        self._graph, self._content, self._named = graph, content, named
        self._used = uses(content)
        self._recommendations = {each.name: each for each in content.recommendations}
        self._silences = {each.name: each for each in content.silences}
        self._defining = _defining(graph)
        self._deciding = _deciding(compiled.table, content)

    def lines(self, iri: str) -> Iterator[Line]:
        name, content = local_name(iri), self._content
        for part, users in self._used.get(name, {}).items():
            yield self._listed(part, users)
        if classes := self._defining.get(iri):
            yield self._listed("used to define", map(local_name, classes))
        if decided := self._deciding.get(name):
            yield self._listed("decides the status of", decided)
        yield from self._derived(self._graph.names(iri, Prov.wasDerivedFrom))
        if (given := self._recommendations.get(name)) is not None:
            yield from self._recommendation(given)
        if (statement := content.statements.get(name)) is not None:
            yield from self._statement(statement)
        if (outcome := content.outcomes.get(name)) is not None:
            yield from self._outcome(outcome)
        if (silence := self._silences.get(name)) is not None:
            yield from self._silence(silence)
        if (reading := content.readings.get(name)) is not None:
            yield self._listed("taken", (reading.default,))
            others = [each.name for each in reading.alternatives if each.name != reading.default]
            yield self._listed("instead of", others)
        if marker := self._graph.text(iri, Vhkg.marker):
            citing = [each.name for each in content.statements.values() if marker in each.citations]
            if citing:
                yield self._listed("cited by", citing)

    def _derived(self, names: Iterable[str]) -> Iterator[Line]:
        """The sentences that a term comes from; those without a quotation by their names."""
        statements, others = self._content.statements, []
        for name in names:
            if name in statements and statements[name].quote:
                yield Line("stated in", self._quoted(name))
            else:
                others.append(name)
        if others:
            yield self._listed("derived from", others)

    def _recommendation(self, given: Recommendation) -> Iterator[Line]:
        verb = "recommends" if given.direction == "for" else "advises against"
        yield self._listed(verb, (given.target,))
        yield self._listed("where", (given.condition,))
        if given.exclusion:
            yield self._listed("unless", (given.exclusion,))
        yield Line("line", (Part(given.line),))
        for use in given.uses:
            yield Line(use.role, self._quoted(use.statement))

    def _statement(self, statement: Statement) -> Iterator[Line]:
        if statement.quote:
            yield Line("quotation", (*self._quoted(statement.name), Part(f" {statement.section}")))
        because = f", {statement.because}" if statement.because else ""
        yield Line("became", (Part(f"{statement.disposition}{because}"),))
        if statement.modelled_by:
            yield self._listed("modelled by", statement.modelled_by)

    def _outcome(self, outcome: Outcome) -> Iterator[Line]:
        number = " ".join(filter(None, (outcome.number, outcome.unit)))
        of = f", of what: {outcome.denominator}" if outcome.denominator else ""
        yield Line(outcome.kind, (Part(f"{number}{of}" if number else outcome.label),))
        for name in outcome.statements:
            yield Line("stated in", self._quoted(name))

    def _silence(self, silence: Silence) -> Iterator[Line]:
        if silence.raised_by:
            yield self._listed("raised by", silence.raised_by)
        if silence.nearest in self._content.statements:
            yield Line("nearest sentence", self._quoted(silence.nearest))

    def _quoted(self, name: str) -> tuple[Part, ...]:
        statement = self._content.statements[name]
        cites = f" cites {', '.join(statement.citations)}" if statement.citations else " no citation"
        words_of = Part(statement.quote, PartKind.QUOTE)
        return words_of, Part(" "), self._term(name), Part(f", {statement.start}-{statement.end},{cites}")

    def _listed(self, heading: str, names: Iterable[str]) -> Line:
        parts: list[Part] = []
        for name in names:
            parts += [Part(", "), self._term(name)]
        return Line(heading, tuple(parts[1:]))

    def _term(self, name: str) -> Part:
        return self._named(self._content.iris.get(name, name))


def _defining(graph: Graph) -> dict[str, tuple[str, ...]]:
    """For each class, those whose definition names it."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for subject, value in graph.pairs(Owl.equivalentClass):
        if isinstance(subject, ox.NamedNode) and not isinstance(value, ox.Literal):
            for word in words(graph, value):
                if word.named and graph.is_class(word.text):
                    found[word.text][subject.value] = None
    return {iri: tuple(classes) for iri, classes in found.items()}


def _deciding(table: DecisionTable, content: Content) -> dict[str, tuple[str, ...]]:
    """For each finding and alternative, the recommendations whose status it can decide: those with it in a row."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for recommendation in content.recommendations:
        goal = table.goals[recommendation.name]
        numbers = {abs(literal) for row in (*goal.yes, *goal.no) if row.general for literal in row.literals}
        for number in sorted(numbers):
            found[table.atoms[number - 1].name].append(recommendation.name)
    return {name: tuple(recommendations) for name, recommendations in found.items()}
