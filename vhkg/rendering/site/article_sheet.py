"""One sentence with all that was made of it: the side sheet of the Article page, and a page of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import msgspec

from vhkg.model.content import Content, ModellingDecision, Recommendation, Statement
from vhkg.model.description import Part
from vhkg.model.terms import kind_of
from vhkg.rendering.site.article_values import (
    Gathered,
    Link,
    Words,
    is_passage,
    state_link,
    tensions,
    words,
)
from vhkg.rendering.wording import cited, day

MOST_STATES = 3


class Named(msgspec.Struct, frozen=True):
    """A term with its label, and what the sentence is to it."""

    role: str
    name: str
    label: str
    text: str = ""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A recommendation in the article's terms: condition, action, modality; `states` are the smallest records."""

    name: str
    label: str
    roles: tuple[str, ...]
    condition: Named
    exclusion: Named | None
    expression: tuple[Part, ...]
    excluding: tuple[Part, ...]
    verb: str
    action: Named
    steps: tuple[str, ...]
    modality: str
    line: str
    states: tuple[Link, ...]
    more: int


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A claim within the passage, or the passage around a claim."""

    name: str
    words: Words
    became: str
    because: str
    modelled_by: tuple[Named, ...]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A reading that was chosen, with those rejected, each with its definition; or a decision that was taken."""

    name: str
    label: str
    tension: str
    chosen: str
    why: str
    rejected: tuple[Named, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """`before` and `after` are the neighbours in the text; empty at its ends and for claims.

    `report` is the address of a letter about the sentence, with nothing of any patient in it.
    """

    statement: Statement
    words: Words
    made: tuple[Made, ...]
    evidence: tuple[Named, ...]
    definitions: tuple[Named, ...]
    pieces: tuple[Piece, ...]
    part_of: tuple[str, ...]
    others: tuple[Named, ...]
    chosen: tuple[Chosen, ...]
    silences: tuple[Named, ...]
    citation: str
    report: str
    before: str
    after: str


def sheet(content: Content, gathered: Gathered, name: str) -> Sheet:
    """The sheet of a statement that exists."""
    return _Making(content, gathered, content.statements[name]).sheet()


class _Making:
    def __init__(self, content: Content, gathered: Gathered, statement: Statement) -> None:
        self._content, self._gathered, self._statement = content, gathered, statement
        self._parts = [each for each in content.statements.values() if statement.name in each.part_of]
        self._near = {statement.name, *statement.part_of, *(each.name for each in self._parts)}

    def sheet(self) -> Sheet:
        content, statement = self._content, self._statement
        said = words(statement, self._gathered.text)
        ordered = sorted(filter(is_passage, content.statements.values()), key=lambda each: each.order)
        place = next((n for n, each in enumerate(ordered) if each.name == statement.name), -1)
        before = ordered[place - 1].name if place > 0 else ""
        after = ordered[place + 1].name if 0 <= place < len(ordered) - 1 else ""
        citation = self._citation(said)
        return Sheet(
            statement=statement,
            words=said,
            made=tuple(self._made()),
            evidence=tuple(self._evidence()),
            definitions=tuple(self._definitions()),
            pieces=tuple(map(self._piece, self._parts)),
            part_of=statement.part_of,
            others=tuple(self._others()),
            chosen=tuple(self._chosen()),
            silences=tuple(self._silences()),
            citation=citation,
            report=self._report(citation),
            before=before,
            after=after,
        )

    def _made(self) -> Iterator[Made]:
        gathered = self._gathered
        for each in self._content.recommendations:
            roles = tuple(dict.fromkeys(use.role for use in each.uses if use.statement in self._near))
            if not roles:
                continue
            states = gathered.states.get(each.name, ())
            yield Made(
                name=each.name,
                label=each.label,
                roles=roles,
                condition=self._class("condition", each.condition),
                exclusion=self._class("exclusion", each.exclusion) if each.exclusion else None,
                expression=gathered.expressions.get(each.condition, ()),
                excluding=gathered.expressions.get(each.exclusion, ()),
                verb="advises against" if each.direction == "against" else "recommends",
                action=self._target(each),
                steps=self._steps(each),
                modality=each.modality,
                line=each.line,
                states=tuple(state_link(state, self._content, gathered.digest) for state in states[:MOST_STATES]),
                more=max(0, len(states) - MOST_STATES),
            )

    def _class(self, role: str, name: str) -> Named:
        known = self._content.classes.get(name)
        return Named(role, name, known.label if known else name, known.definition if known else "")

    def _target(self, each: Recommendation) -> Named:
        plan, intervention = self._content.plans.get(each.target), self._content.findings.get(each.target)
        label = plan.label if plan else intervention.label if intervention else each.target
        return Named("action", each.target, label)

    def _steps(self, each: Recommendation) -> tuple[str, ...]:
        """What is done in turn; steps of one order are done together or stand for one another."""
        plan = self._content.plans.get(each.target)
        turns: defaultdict[int, list[str]] = defaultdict(list)
        for step in plan.steps if plan else ():
            known = self._content.findings.get(step.intervention)
            label = known.label if known else step.intervention
            kept = f"{label} (optional)" if step.optional else label
            turns[step.order].append(f"or {kept}" if step.alternative_to else kept)
        return tuple(_together(turns[order]) for order in sorted(turns))

    def _evidence(self) -> Iterator[Named]:
        for outcome in self._content.outcomes.values():
            if self._near.isdisjoint(outcome.statements):
                continue
            number = " ".join(filter(None, (outcome.number, outcome.unit)))
            of = f"of what: {outcome.denominator}" if outcome.denominator else ""
            yield Named(outcome.kind, outcome.id, outcome.label, "; ".join(filter(None, (number, of))))

    def _definitions(self) -> Iterator[Named]:
        content = self._content
        for finding in content.findings.values():
            if not self._near.isdisjoint(finding.derived_from):
                undefined = "The article does not define it." if finding.undefined_in else ""
                text = " ".join(filter(None, (finding.definition, undefined)))
                yield Named(kind_of(finding), finding.name, finding.label, text)
        modelled = {name for each in (self._statement, *self._parts) for name in each.modelled_by}
        for name in sorted(modelled & set(content.classes)):
            known = content.classes[name]
            yield Named("kind of presentation", name, known.label, known.definition)

    def _piece(self, part: Statement) -> Piece:
        return Piece(
            name=part.name,
            words=words(part, self._gathered.text),
            became=part.disposition,
            because=part.because,
            modelled_by=tuple(Named("", name, self._label(name)) for name in part.modelled_by),
        )

    def _others(self) -> Iterator[Named]:
        """Who else uses the sentence: plans, and terms that name it and stand nowhere else on the sheet."""
        content = self._content
        for plan in content.plans.values():
            if any(not self._near.isdisjoint(step.statements) for step in plan.steps):
                yield Named("step of the plan", plan.name, plan.label)
        for limit in content.limits:
            if limit.nearest in self._near:
                yield Named("nearest to the scope limit", limit.name, limit.label)
        if content.article.name in self._statement.modelled_by:
            yield Named("describes the article", content.article.name, content.article.title)

    def _chosen(self) -> Iterator[Chosen]:
        readings = self._content.readings
        for each in tensions(self._content):
            if self._near.isdisjoint(each.concerns):
                continue
            reading = readings.get(each.name)
            default = [option for option in reading.alternatives if option.name == reading.default] if reading else []
            yield Chosen(
                name=each.name,
                label=each.label,
                tension=each.tension,
                chosen=default[0].label if default else each.decision if isinstance(each, ModellingDecision) else "",
                why=default[0].definition if default else "",
                rejected=tuple(
                    Named("rejected", option.name, option.label, option.definition)
                    for option in (reading.alternatives if reading else ())
                    if option not in default
                ),
            )

    def _silences(self) -> Iterator[Named]:
        for silence in self._content.silences:
            if silence.nearest in self._near:
                yield Named("nearest sentence", silence.name, silence.label, silence.question)

    def _label(self, name: str) -> str:
        content = self._content
        named = {each.name: each.label for each in content.recommendations}
        named |= {each.name: each.label for each in content.silences}
        for terms in (content.findings, content.classes, content.plans, content.readings, content.decisions):
            named |= {known.name: known.label for known in terms.values()}
        named |= {known.id: known.label for known in content.outcomes.values()}
        return named.get(name) or name

    def _citation(self, said: Words) -> str:
        article, statement = self._content.article, self._statement
        quoted = f"[{said.text}]" if said.ours else f'"{said.text}"'
        issued = f", {day(article.issued)}" if article.issued else ""
        return (
            f"{quoted} {article.title}{issued}; {article.review_status}. Sentence {statement.name}, "
            f"characters {statement.start}-{statement.end} of the text with sha256 {article.sha256}; "
            f"{cited(statement.citations)}. "
            f"Knowledge {self._content.version}, digest {self._gathered.digest}."
        )

    def _report(self, citation: str) -> str:
        subject = f"Sentence {self._statement.name}, knowledge {self._gathered.digest[:12]}"
        letter = f"{citation}\n\nWhat is wrong with it, and what should stand there:\n"
        return "mailto:?" + urlencode({"subject": subject, "body": letter}, quote_via=quote)


def _together(steps: list[str]) -> str:
    """Steps of one turn.

    >>> _together(["a", "b"]), _together(["a", "or b"])
    ('a and b', 'a or b')
    """
    return " ".join([steps[0], *(step if step.startswith("or ") else f"and {step}" for step in steps[1:])])
