"""What several tests of the algorithm share: three knowledges, and walks over a picture."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.model.algorithm import Algorithm, Box, Condition, Door, Gate, Literal, Room, Stretch, Way

FOLDERS = {
    "article": "",
    "kettle": str(ROOT / "docs" / "examples" / "kettle"),
    "clocks": str(ROOT / "tests" / "data" / "articles" / "tide-clocks"),
}


@functools.cache
def knowledge(name: str) -> Knowledge:
    return Knowledge.load(FOLDERS[name]) if FOLDERS[name] else shipped()


class Placed(NamedTuple):
    """A door or room with all that stands before it: conditions, and the names of gates and arms."""

    what: Door | Room
    before: tuple[Condition, ...]
    gates: tuple[Gate, ...]
    arms: tuple[str, ...]


def placed(algorithm: Algorithm) -> Iterator[Placed]:
    yield from _placed(algorithm.way, (), (), ())
    for room in algorithm.factors:
        yield Placed(room, (), (), ())


def _placed(
    way: Way, before: tuple[Condition, ...], gates: tuple[Gate, ...], arms: tuple[str, ...]
) -> Iterator[Placed]:
    held = [gate for gate in way.gates if gate.holding]
    within = (*before, *(gate.condition for gate in held))
    behind = (*gates, *held)
    if way.fork is not None:
        for arm, literal in zip(way.arms(), (way.fork.literal.turned(), way.fork.literal), strict=True):
            yield from _placed(arm, (*within, Condition((literal,))), behind, (*arms, arm.name))
    yield from (Placed(what, within, behind, arms) for what in _what(way.within))
    yield from (Placed(what, before, gates, arms) for what in _what(way.beside))


def _what(stretch: Stretch) -> Iterator[Door | Room]:
    yield from stretch.doors()
    yield from stretch.rooms


def terms(conditions: tuple[Condition, ...]) -> set[frozenset[tuple[str, bool]]]:
    """What conditions ask together, as a disjunction of sets of findings with present or absent."""
    found: set[frozenset[tuple[str, bool]]] = {frozenset()}
    for condition in conditions:
        fixed = {_signed(each) for each in condition.literals}
        choices = [frozenset(map(_signed, term)) for term in condition.alternatives] or [frozenset()]
        found = {term | fixed | choice for term in found for choice in choices}
    return found


def _signed(literal: Literal) -> tuple[str, bool]:
    return literal.finding, literal.present


def boxes(algorithm: Algorithm) -> list[Box]:
    return list(algorithm.way.boxes())
