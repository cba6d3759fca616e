"""The article as a flowchart: gates, arms, doors, boxes and empty rooms, as values without a place on paper.

    Way     gates one after the other, then a fork into two arms or what stands at its end, and what stands beside it
    Gate    a condition that every treatment behind it needs; a gate of a scope limit holds nothing back
    Door    a condition of the boxes behind it; doors of one tier are parallel: any that hold
    Box     a recommendation                Room    a presentation on which the article is silent

Conditions are relative: they hold what the gates before do not ask already. Every element has a name of its own, by
which `Standings` says how it stands to a patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from vhkg.model.answer import FactShown


class State(StrEnum):
    """How an element stands to a patient. `closed` and `not reached` differ: only the first is refuted.

    A box is taken if and only if its recommendation applies or is advised against, and closed if and only if it does
    not apply. One that is held back by a scope limit is open: nothing in the article confirms it.
    """

    TAKEN = "taken"
    CLOSED = "closed"
    OPEN = "open"
    NOT_REACHED = "not-reached"
    HERE = "here"
    """The patient stands in this empty room."""


class GateKind(StrEnum):
    CONDITION = "condition"
    SUBJECT = "subject"
    """A condition of whatever the article is about: refuted, the article does not apply."""
    LIMIT = "limit"
    """A factor that the article does not address: present, it keeps what lies behind from being confirmed."""


class Literal(msgspec.Struct, frozen=True, kw_only=True):
    """A finding present or absent. `done`: it is an intervention. `undefined` names the silence on what it means.

    `question` is empty where people cannot be asked.
    """

    finding: str
    present: bool
    label: str
    done: bool
    question: str
    undefined: str

    def turned(self) -> Literal:
        """The same finding the other way."""
        return msgspec.structs.replace(self, present=not self.present)


class Condition(msgspec.Struct, frozen=True):
    """All of `literals` and, if there are alternatives, one of them. Without either it always holds."""

    literals: tuple[Literal, ...] = ()
    alternatives: tuple[tuple[Literal, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.literals or self.alternatives)

    def every_literal(self) -> Iterator[Literal]:
        """Those of the alternatives too, each once."""
        yield from dict.fromkeys((*self.literals, *(each for term in self.alternatives for each in term)))


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: GateKind
    condition: Condition

    @property
    def holding(self) -> bool:
        """Whether what stands behind needs the condition."""
        return self.kind is not GateKind.LIMIT


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A recommendation. `actions` are the statements that state what to do, `statements` all of them.

    `citations` are the markers that the actions cite.
    """

    name: str
    label: str
    kind: str
    line: str
    modality: str
    order: int
    first_line: bool
    against: bool
    actions: tuple[str, ...]
    statements: tuple[str, ...]
    citations: tuple[str, ...]


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Without a condition the boxes stand open on the way."""

    name: str
    condition: Condition
    boxes: tuple[Box, ...]


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """Doors under one line of the article. `ordered`: the article ranks some of its boxes among themselves."""

    name: str
    line: str
    kind: str
    ordered: bool
    doors: tuple[Door, ...]


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """`silence` is empty for a factor that no silence names. `nearest` is the statement that comes closest."""

    name: str
    label: str
    question: str
    nearest: str
    silence: str
    condition: Condition


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one place: tiers, what the article advises against there, and empty rooms."""

    tiers: tuple[Tier, ...] = ()
    barred: tuple[Door, ...] = ()
    rooms: tuple[Room, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tiers or self.barred or self.rooms)

    def doors(self) -> Iterator[Door]:
        for tier in self.tiers:
            yield from tier.doors
        yield from self.barred


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """`within` stands behind the gates, whatever the fork; `beside` does not need the gates."""

    name: str
    gates: tuple[Gate, ...]
    fork: Fork | None
    within: Stretch
    beside: Stretch

    def boxes(self) -> Iterator[Box]:
        """Every box, in the order of the picture."""
        for arm in self.arms():
            yield from arm.boxes()
        for stretch in (self.within, self.beside):
            for door in stretch.doors():
                yield from door.boxes

    def arms(self) -> tuple[Way, ...]:
        return (self.fork.absent, self.fork.present) if self.fork is not None else ()


class Fork(msgspec.Struct, frozen=True, kw_only=True):
    """Two arms, one for a finding absent and one for it present."""

    name: str
    literal: Literal
    absent: Way
    present: Way


class Algorithm(msgspec.Struct, frozen=True, kw_only=True):
    """`factors` are the empty rooms of factors that the article does not address, whatever the way.

    `readings` are the alternatives under which this is the article's algorithm. `findings` has every finding and
    intervention, present, for whatever words a fact needs.
    """

    title: str
    way: Way
    factors: tuple[Room, ...]
    readings: dict[str, str]
    findings: dict[str, Literal]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one element, and what makes it so.

    `facts` close it, or let the way through a gate or into an arm. `ask` are the findings to ask for, and
    `recorded` what is written of the first: nothing, unknown, conflict or unplaced. `pending` are the facts on which a
    provisional box hangs.
    """

    state: State
    facts: tuple[FactShown, ...] = ()
    ask: tuple[str, ...] = ()
    recorded: str = ""
    pending: tuple[FactShown, ...] = ()
    not_addressed: tuple[str, ...] = ()


class Standings(msgspec.Struct, frozen=True, kw_only=True):
    """Every element by its name, and the status of each finding by its own; `patient` is false where none is given.

    `asked` are the findings that the answer asks for, in its order.
    """

    patient: bool
    elements: dict[str, Standing]
    findings: dict[str, str]
    asked: tuple[str, ...] = ()

    def of(self, name: str) -> Standing:
        return self.elements[name]
