"""How a patient stands to every element of the algorithm.

A box follows the status of its recommendation (`vhkg.model.algorithm.State`), a door the status before scope limits;
gates, arms and rooms follow the findings. What is refuted is closed wherever it stands. What is neither refuted nor
met is open where the way to it is, and not reached elsewhere; a provisional recommendation is always open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vhkg.errors import UsageError
from vhkg.model.algorithm import (
    Algorithm,
    Box,
    Condition,
    Door,
    Literal,
    Room,
    Standing,
    Standings,
    State,
    Stretch,
    Way,
)
from vhkg.model.answer import Answer, FactShown, RecommendationAnswer, Status

_HOLDS = {"present": True, "absent": False}
_TAKEN = (Status.APPLIES, Status.ADVISED_AGAINST)


def standings(algorithm: Algorithm, answer: Answer | None = None) -> Standings:
    """The state of every element. Without an answer, or with one for a record that cannot be used, all are open.

    Raises UsageError if the answer was given under other readings than those of the algorithm.
    """
    if answer is None or not answer.conforms:
        return Standings(patient=False, elements=dict.fromkeys(_names(algorithm), _OPEN), findings={})
    if answer.readings != algorithm.readings:
        fault = "the answer was given under other readings than those of the algorithm"
        raise UsageError(fault, place="readings", mend="derive the algorithm with the readings of the answer")
    patient = _Patient(answer)
    patient.way(algorithm.way, _REACHED)
    for room in algorithm.factors:
        patient.room(room, _REACHED)
    return Standings(
        patient=True,
        elements=patient.elements,
        findings={name: state.status for name, state in answer.findings.items()},
        asked=tuple(question.finding for question in answer.ask),
    )


_OPEN = Standing(state=State.OPEN)
_REACHED = Standing(state=State.TAKEN)


class _Patient:
    """A path is the standing of the place where something stands: taken, closed by facts, or not reached."""

    def __init__(self, answer: Answer) -> None:
        self.elements: dict[str, Standing] = {}
        self._answer = answer
        self._given: Mapping[str, RecommendationAnswer] = {each.id: each for each in answer.recommendations}
        self._silent = {silence.id for silence in answer.silent}
        self._feared = {factor for each in answer.recommendations for factor in each.not_addressed}
        self._asked = {question.finding: place for place, question in enumerate(answer.ask)}
        self._written = {name: state.recorded for name, state in answer.findings.items()}
        self._written |= {question.finding: question.recorded for question in answer.ask}

    def way(self, way: Way, start: Standing) -> None:
        path = start
        for gate in way.gates:
            standing = self.elements[gate.name] = self._condition(gate.condition, path)
            if gate.holding:
                path = _behind(standing)
        if way.fork is not None:
            literal = way.fork.literal
            known = self._holds(literal)
            present, absent = (self._condition(Condition((each,)), path) for each in (literal, literal.turned()))
            self.elements[way.fork.name] = absent if known is False and path.state is State.TAKEN else present
            for arm, standing in ((way.fork.absent, absent), (way.fork.present, present)):
                self.elements[arm.name] = standing
                self.way(arm, _behind(standing))
        self._stretch(way.within, path)
        self._stretch(way.beside, start)

    def _stretch(self, stretch: Stretch, path: Standing) -> None:
        for door in stretch.doors():
            self._door(door, path)
        for room in stretch.rooms:
            self.room(room, path)

    # --- doors and boxes

    def _door(self, door: Door, path: Standing) -> None:
        """Its boxes have the same condition, so the first one speaks for it."""
        first = self._given[door.boxes[0].name]
        if first.base_status in _TAKEN:
            standing = Standing(state=State.TAKEN)
        elif first.base_status is Status.DOES_NOT_APPLY:
            standing = Standing(state=State.CLOSED, facts=_least(first))
        elif path.state is State.TAKEN or first.base_status is Status.PROVISIONAL:
            standing = self._open(door.condition.every_literal())
        else:
            standing = Standing(state=State.NOT_REACHED)
        self.elements[door.name] = standing
        for box in door.boxes:
            self.elements[box.name] = self._box(box, standing)

    def _box(self, box: Box, door: Standing) -> Standing:
        given = self._given[box.name]
        if given.status in _TAKEN:
            return Standing(state=State.TAKEN, not_addressed=given.not_addressed)
        if given.status is Status.DOES_NOT_APPLY:
            return Standing(state=State.CLOSED, facts=_least(given))
        if given.status is not given.base_status:
            return Standing(state=State.OPEN, not_addressed=given.not_addressed)
        pending = min(given.confirm, key=len, default=()) if given.status is Status.PROVISIONAL else ()
        state = State.OPEN if given.status is Status.PROVISIONAL else door.state
        return Standing(state=state, ask=door.ask, pending=pending, not_addressed=given.not_addressed)

    # --- rooms

    def room(self, room: Room, path: Standing) -> None:
        standing = self._condition(room.condition, path)
        factors = {literal.finding for literal in room.condition.literals} & self._feared
        if room.silence in self._silent or (factors and standing.state is not State.CLOSED):
            standing = Standing(state=State.HERE)
        elif standing.state is State.TAKEN:  # a broader factor than the one that is named, or none that is
            standing = Standing(state=State.OPEN if self._feared else State.HERE)
        self.elements[room.name] = standing

    # --- conditions

    def _condition(self, condition: Condition, path: Standing) -> Standing:
        if path.state is State.CLOSED:
            return path
        value = self._value(condition)
        if value is False:
            return Standing(state=State.CLOSED, facts=self._refuting(condition))
        if path.state is not State.TAKEN:
            return path
        if value:
            return Standing(state=State.TAKEN, facts=self._meeting(condition))
        return self._open(condition.every_literal())

    def _value(self, condition: Condition) -> bool | None:
        """Kleene's three values; exact for what holds, since terms are prime implicants and findings are closed."""
        values = [self._holds(each) for each in condition.literals]
        if condition.alternatives:
            any_of = [_all(map(self._holds, term)) for term in condition.alternatives]
            values.append(True if True in any_of else None if None in any_of else False)
        return _all(values)

    def _holds(self, literal: Literal) -> bool | None:
        found = self._answer.findings.get(literal.finding)
        known = _HOLDS.get(found.status) if found is not None else None
        return None if known is None else known is literal.present

    def _refuting(self, condition: Condition) -> tuple[FactShown, ...]:
        refuted = [each for each in condition.literals if self._holds(each) is False]
        if refuted:
            return (self._fact(refuted[0].finding),)
        found = [next(x for x in term if self._holds(x) is False) for term in condition.alternatives]
        return tuple(dict.fromkeys(self._fact(each.finding) for each in found))

    def _meeting(self, condition: Condition) -> tuple[FactShown, ...]:
        met = (term for term in condition.alternatives if _all(map(self._holds, term)))
        return tuple(self._fact(each.finding) for each in (*condition.literals, *next(met, ())))

    def _fact(self, finding: str) -> FactShown:
        found = self._answer.findings[finding]
        return FactShown(finding=finding, status=found.status, date=found.date)

    def _open(self, literals: Iterable[Literal]) -> Standing:
        """What to ask, in the order in which the answer asks; what it does not ask comes last."""
        names = dict.fromkeys(each.finding for each in literals if each.question and self._holds(each) is None)
        ask = tuple(sorted(names, key=lambda name: self._asked.get(name, len(self._asked))))
        return Standing(state=State.OPEN, ask=ask, recorded=self._written.get(ask[0], "") if ask else "")


def _behind(standing: Standing) -> Standing:
    """The path behind a gate or arm."""
    return Standing(state=State.NOT_REACHED) if standing.state is State.OPEN else standing


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True


def _least(given: RecommendationAnswer) -> tuple[FactShown, ...]:
    return min(given.because, key=len, default=())


def _names(algorithm: Algorithm) -> Iterable[str]:
    def of(way: Way) -> Iterable[str]:
        yield from (gate.name for gate in way.gates)
        if way.fork is not None:
            yield way.fork.name
        for arm in way.arms():
            yield arm.name
            yield from of(arm)
        for stretch in (way.within, way.beside):
            for door in stretch.doors():
                yield door.name
                yield from (box.name for box in door.boxes)
            yield from (room.name for room in stretch.rooms)

    yield from of(algorithm.way)
    yield from (room.name for room in algorithm.factors)
