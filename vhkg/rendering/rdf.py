"""Answers as RDF, for the query store and as Turtle; the terms are declared in ontology/vhkg.ttl.

An answer's IRI is a hash of what makes it that answer: file, patient, presentation, as-of date, knowledge digest
and readings, so that two answers that may differ never share a node when their graphs are merged.

`vhkg:statusCode` is the capped status. `vhkg:baseStatusCode` is written only where no scope limit changed the
status: a query for "applies" over any property of this graph must not find a treatment under such a limit. What
the conditions alone would give is in JSON (`baseStatus`).
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from vhkg.model.answer import Answer, AnswerDocument, FactShown, FindingState, Question, RecommendationAnswer
from vhkg.model.content import Content
from vhkg.namespaces import ANSWERS, BASE, Rdf, Vhkg, Xsd
from vhkg.rendering.jsonout import without_surrogates
from vhkg.rendering.wording import is_capped

_XSD = Xsd.date.removesuffix("date")
_SPECIAL = re.compile(
    '["\\\\\\x00-\\x1f\\x7f-\\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]'
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_Node = tuple[str, list[tuple[str, str]]]


def answer_iri(answer: Answer, digest: str) -> str:
    """The IRI of an answer under the knowledge with this digest."""
    names = (answer.file, answer.patient, answer.presentation)
    return hashed_iri(ANSWERS, names, answer.as_of, digest, answer.readings)


def hashed_iri(
    base: str, names: Sequence[str], date: datetime.date | None, digest: str, readings: Mapping[str, str]
) -> str:
    """An IRI under `base` that differs where any of these does."""
    chosen = "&".join(f"{name}={option}" for name, option in sorted(readings.items()))
    parts = (*names, date.isoformat() if date else "", digest, chosen)
    key = "|".join(quote(without_surrogates(part), safe="") for part in parts)
    return f"{base}{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def answer_ntriples(document: AnswerDocument, content: Content) -> bytes:
    """The same graph as `render_turtle`, one triple a line."""
    return "".join(
        f"<{subject}> <{predicate}> {value} .\n"
        for subject, properties in _nodes(document, content)
        for predicate, value in properties
    ).encode()


def compared_ntriples(now: AnswerDocument, then: AnswerDocument) -> bytes:
    """Each answer with the one for the same presentation, as known on the same day, under the other knowledge."""
    others = {(a.file, a.patient, a.presentation, a.as_of): answer_iri(a, then.knowledge.digest) for a in then.answers}
    found = [
        (answer_iri(a, now.knowledge.digest), others.get((a.file, a.patient, a.presentation, a.as_of)))
        for a in now.answers
    ]
    return "".join(
        f"<{ours}> <{Vhkg.comparedWith}> <{theirs}> .\n" for ours, theirs in found if theirs and theirs != ours
    ).encode()


def render_turtle(document: AnswerDocument, content: Content) -> str:
    """Turtle in the order of the document, with terms of the ontology as ``vhkg:`` names."""
    blocks = [f"@prefix vhkg: <{BASE}> .\n@prefix xsd: <{_XSD}> .\n"]
    for subject, properties in _nodes(document, content):
        body = " ;\n    ".join(f"{_predicate(predicate)} {_object(value)}" for predicate, value in properties)
        blocks.append(f"<{subject}> {body} .\n")
    return "\n".join(blocks)


def _nodes(document: AnswerDocument, content: Content) -> Iterator[_Node]:
    """Subjects with their properties; objects are in N-Triples form."""
    knowledge = document.knowledge
    common = [
        (Vhkg.knowledgeVersion, literal(knowledge.version)),
        (Vhkg.knowledgeDigest, literal(knowledge.digest)),
        (Vhkg.reviewStatus, literal(knowledge.review_status) + "@en"),
        (Vhkg.disclaimer, literal(document.disclaimer) + "@en"),
    ]
    for answer in document.answers:
        iri = answer_iri(answer, knowledge.digest)
        statuses = [(f"{iri}/{_segment(given.id)}", given) for given in answer.recommendations]
        questions = [(f"{iri}/ask/{_segment(question.finding)}", question) for question in answer.ask]
        states = [
            (f"{iri}/finding/{_segment(name)}", name, state)
            for name, state in answer.findings.items()
            if state.status != "unknown" or state.recorded
        ]
        properties: list[tuple[str, str]] = [
            (Rdf.type, f"<{Vhkg.Answer}>"),
            (Vhkg.forPatient, literal(answer.patient)),
            (Vhkg.forPresentation, literal(answer.presentation)),
            (Vhkg.inFile, literal(answer.file)),
        ]
        if answer.as_of:
            properties.append((Vhkg.asOf, f'"{answer.as_of.isoformat()}"^^<{Xsd.date}>'))
        properties.append((Vhkg.verdict, literal(answer.verdict)))
        properties += common
        properties += [(Vhkg.flag, literal(flag)) for flag in answer.flags]
        properties += [(Vhkg.hasRecommendationStatus, f"<{subject}>") for subject, _ in statuses]
        properties += [(Vhkg.asks, f"<{subject}>") for subject, _ in questions]
        properties += [(Vhkg.hasFindingState, f"<{subject}>") for subject, _, _ in states]
        yield iri, properties
        for subject, given in statuses:
            yield from _status_nodes(subject, given, content)
        for order, (subject, question) in enumerate(questions, start=1):
            yield subject, _question(question, order, content)
        for subject, name, state in states:
            yield subject, _finding(name, state, content)


def _status_nodes(subject: str, given: RecommendationAnswer, content: Content) -> Iterator[_Node]:
    """The status, the readings it rests on, and the smallest changes of them that would change it.

    What a change would give is said in a text, as the effects of answers are: no filter for a status finds it.
    """
    readings = [(f"{subject}/reading/{_segment(reading.id)}", reading) for reading in given.readings]
    changes = [(f"{subject}/change/{number}", change) for number, change in enumerate(given.reading_changes, start=1)]
    properties = _status(given, content)
    properties += [(Vhkg.restsOn, f"<{node}>") for node, _ in readings]
    properties += [(Vhkg.hasReadingChange, f"<{node}>") for node, _ in changes]
    yield subject, properties
    for node, reading in readings:
        yield (
            node,
            [
                (Rdf.type, f"<{Vhkg.ReadingDependence}>"),
                (Vhkg.ofReading, _term(reading.id, content)),
                (Vhkg.takesAlternative, _term(reading.chosen, content)),
            ],
        )
    for number, (node, change) in enumerate(changes, start=1):
        taken = "; ".join(f"{name}={option}" for name, option in sorted(change.readings.items()))
        yield (
            node,
            [
                (Rdf.type, f"<{Vhkg.ReadingChange}>"),
                (Vhkg.order, f'"{number}"^^<{Xsd.integer}>'),
                *((Vhkg.changesReading, _term(name, content)) for name in sorted(change.readings)),
                (Vhkg.ifRead, literal(taken)),
                (Vhkg.effectOfChange, literal(f"{given.id}={change.status}")),
            ],
        )


def _status(given: RecommendationAnswer, content: Content) -> list[tuple[str, str]]:
    properties: list[tuple[str, str]] = [
        (Rdf.type, f"<{Vhkg.RecommendationStatus}>"),
        (Vhkg.ofRecommendation, _term(given.id, content)),
        (Vhkg.order, f'"{given.order}"^^<{Xsd.integer}>'),
        (Vhkg.statusCode, literal(given.status)),
    ]
    if not is_capped(given):
        properties.append((Vhkg.baseStatusCode, literal(given.base_status)))
    properties += [(Vhkg.becauseOf, literal(reason_code(reason))) for reason in dict.fromkeys(given.because)]
    properties += [(Vhkg.notAddressed, _term(name, content)) for name in given.not_addressed]
    properties += [(Vhkg.flag, literal(flag)) for flag in given.flags]
    return properties


def _question(question: Question, order: int, content: Content) -> list[tuple[str, str]]:
    return [
        (Rdf.type, f"<{Vhkg.QuestionToAsk}>"),
        (Vhkg.asksFor, _term(question.finding, content)),
        (Vhkg.order, f'"{order}"^^<{Xsd.integer}>'),
        (Vhkg.effectIfPresent, literal(effect_code(question, present=True))),
        (Vhkg.effectIfAbsent, literal(effect_code(question, present=False))),
    ]


def _finding(name: str, state: FindingState, content: Content) -> list[tuple[str, str]]:
    """What is known of a finding; what is not known and was not recorded has no node, so silence stays silence."""
    properties: list[tuple[str, str]] = [
        (Rdf.type, f"<{Vhkg.FindingState}>"),
        (Vhkg.ofFinding, _term(name, content)),
        (Vhkg.findingStatus, literal(state.status)),
    ]
    if state.recorded:
        properties.append((Vhkg.recordedAs, literal(state.recorded)))
    if state.date:
        properties.append((Vhkg.recordedOn, f'"{state.date.isoformat()}"^^<{Xsd.date}>'))
    return properties


def reason_code(reason: Sequence[FactShown]) -> str:
    """``Finding=present@2026-11-20; …``, the form of the tables as well; without a date, without the ``@``."""
    return "; ".join(
        f"{fact.finding}={fact.status}" + (f"@{fact.date.isoformat()}" if fact.date else "") for fact in reason
    )


def effect_code(question: Question, *, present: bool) -> str:
    """``Recommendation=status; …`` for each status that an answer changes."""
    effect = question.if_present if present else question.if_absent
    changes = {change.recommendation: change for change in (*effect.gained, *effect.lost)}
    return "; ".join(f"{name}={change.after}" for name, change in changes.items()) or "no change"


def _term(name: str, content: Content) -> str:
    return f"<{content.iris.get(name) or BASE + _segment(name)}>"


def _segment(name: str) -> str:
    return quote(without_surrogates(name), safe="")


def literal(value: str) -> str:
    """A string as an N-Triples literal in which nothing is left that a terminal would obey."""
    return f'"{_SPECIAL.sub(_escape, without_surrogates(value))}"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    number = ord(character)
    return _SHORT.get(character) or (f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}")


def _predicate(iri: str) -> str:
    return "a" if iri == Rdf.type else _short(iri)


def _object(value: str) -> str:
    if value.startswith("<"):
        return _short(value[1:-1])
    literal, mark, datatype = value.rpartition("^^<")
    return f"{literal}^^{_short(datatype[:-1])}" if mark and value.endswith(">") else value


def _short(iri: str) -> str:
    for prefix, namespace in (("vhkg", BASE), ("xsd", _XSD)):
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z]\w*", local, re.ASCII):
            return f"{prefix}:{local}"
    return f"<{iri}>"
