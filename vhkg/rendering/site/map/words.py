"""The words of the picture: conditions, facts and states. What they say of medicine comes from the knowledge.

The state of an element is always a word too; a word never stands for more than the state (`Status` in words:
applies, advised against, if, not confirmed).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vhkg.model.algorithm import Algorithm, Box, Condition, Gate, GateKind, Literal, Standing, State
from vhkg.model.answer import FactShown
from vhkg.rendering.wording import capital, cited, day, joined

_ARTICLE = re.compile("^an? ")
ANY = "any that hold; the article gives no order"
ORDERED = "any that hold; the article ranks them"
HERE = "this patient is here"
_RECORDED = {
    "": "not recorded",
    "unknown": "recorded as unknown",
    "conflict": "recorded in contradiction",
    "unplaced": "recorded without a lesion",
}
SILENT = "the article is silent"
FACTORS = "the article does not address"


def literal_words(literal: Literal) -> str:
    """What must hold."""
    if literal.done:
        return f"{literal.label} done" if literal.present else f"{literal.label} not done"
    return literal.label if literal.present else f"no {_ARTICLE.sub('', literal.label)}"


def condition_words(condition: Condition) -> str:
    """A condition in one line."""
    parts = list(map(literal_words, condition.literals))
    if condition.alternatives:
        any_of = joined([joined(list(map(literal_words, term))) for term in condition.alternatives], last="or")
        parts.append(f"either {any_of}" if parts else any_of)
    return joined(parts)


def question(literal: Literal) -> str:
    """The question of a finding; of an intervention, whether it was done."""
    return literal.question or capital(f"{literal_words(literal)}?")


def gate_question(gate: Gate) -> str:
    asked = list(gate.condition.every_literal())
    return question(asked[0]) if len(asked) == 1 else capital(f"{condition_words(gate.condition)}?")


def way_out(gate: Gate) -> str:
    """What becomes of who does not pass; empty where the gate's closing says it all."""
    return {GateKind.SUBJECT: "the article does not apply", GateKind.LIMIT: "nothing is confirmed"}.get(gate.kind, "")


def fact_words(fact: FactShown, algorithm: Algorithm) -> str:
    """A recorded fact with its day."""
    known = algorithm.findings.get(fact.finding)
    label = known.label if known is not None else fact.finding
    if known is not None and known.done:
        status = {"present": "done", "absent": "not done"}.get(fact.status, fact.status)
    else:
        status = fact.status
    return f"{label} {status}" + (f", {day(fact.date)}" if fact.date else "")


def status_words(literal: Literal) -> str:
    """The answer to the question of a finding."""
    if literal.done:
        return "done" if literal.present else "not done"
    return "present" if literal.present else "absent"


def met_words(standing: Standing, algorithm: Algorithm) -> str:
    """What lets a patient through a gate: the answer alone where there is one fact."""
    if len(standing.facts) != 1:
        return facts_words(standing.facts, algorithm) or "taken"
    (fact,) = standing.facts
    return capital(fact_words(fact, algorithm).removeprefix(algorithm.findings[fact.finding].label).strip())


def facts_words(facts: Iterable[FactShown], algorithm: Algorithm) -> str:
    return joined([fact_words(fact, algorithm) for fact in facts])


def labels(names: Iterable[str], algorithm: Algorithm) -> str:
    return joined([algorithm.findings[name].label if name in algorithm.findings else name for name in names])


def state_words(standing: Standing, algorithm: Algorithm, *, facts: bool = True) -> str:
    """The state of a gate, arm, door or room. `facts` false: without what closes it."""
    if standing.state is State.CLOSED:
        closing = facts_words(standing.facts, algorithm) if facts else ""
        return f"closed: {closing}" if closing else "closed"
    if standing.state is State.OPEN and standing.ask:
        return f"open: {_RECORDED[standing.recorded]}"
    return {State.TAKEN: "taken", State.OPEN: "open", State.NOT_REACHED: "not reached", State.HERE: HERE}[
        standing.state
    ]


def box_words(box: Box, standing: Standing, algorithm: Algorithm, *, facts: bool = True) -> str:
    """The status of a recommendation as far as its box goes; the capped status, never the one without the cap."""
    factors = labels(standing.not_addressed, algorithm)
    if standing.state is State.TAKEN:
        if box.against:
            return "advised against"
        return f"applies, {factors} not considered" if factors else "applies"
    if standing.state is State.CLOSED or standing.state is State.NOT_REACHED:
        return state_words(standing, algorithm, facts=facts)
    pending = joined([fact_words(fact, algorithm).removesuffix(" present") for fact in standing.pending])
    found = [f"if {pending}"] if pending else ["open"] if standing.ask or not factors else []
    found += [f"not confirmed: {factors}"] if factors else []
    return "; ".join(found)


def citations(box: Box) -> str:
    return cited(box.citations)
