"""Ways from top to bottom: gates on a trunk, two arms of equal width, and what stands whatever the arm."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from vhkg.model.algorithm import Fork, State, Stretch, Way
from vhkg.rendering.site.map.drawing import Drawing, Facts
from vhkg.rendering.site.map.gates import DOWN, answers, fork, gate, head
from vhkg.rendering.site.map.measure import wrap
from vhkg.rendering.site.map.nodes import factors
from vhkg.rendering.site.map.svg import SMALL, SMALL_LEADING, Block, at, line, lines, moved
from vhkg.rendering.site.map.tiers import RAIL, barred, grid, rooms, stretch, tier
from vhkg.rendering.site.map.words import FACTORS
from vhkg.rendering.wording import capital

_GATE = 320.0
_BESIDE = 200.0
"""The least width of what stands beside the trunk."""
_ARMS = 26.0
"""Between two arms; the trunk goes on in the middle."""
_NARROWEST = 185.0
"""The least width of an arm beside the other."""
_INDENT = 21.0
_SPACE = 22.0
_EMPHASIS = (State.NOT_REACHED, State.CLOSED, State.OPEN, State.TAKEN)
"""Lines that share a piece are drawn in this order."""


def whole(drawing: Drawing, room: float) -> Block:
    """The picture in a width, with what stands beside the trunk and the factors that are not addressed."""
    way = drawing.algorithm.way
    centred = way.fork is not None and (room - _ARMS) / 2 >= _NARROWEST
    x = room / 2 if centred else RAIL
    beside = _beside(drawing)
    side = (room - _GATE) / 2 - 36
    gates = _gates(drawing, way, room - side - 12 if side >= _BESIDE else room, x)
    parts = [gates.drawn]
    y = gates.height
    if centred and side >= _BESIDE:
        height = 0.0
        for place, make in enumerate(beside):
            block = make(side) if make else Block(0.0, "")
            parts.append(moved(0 if not place else room - side, 0, block.drawn))
            height = max(height, block.height)
        if height + _SPACE > y:
            parts.append(_onward(drawing, way, x, y, height + _SPACE))
            y = height + _SPACE
    elif centred:
        wide = (room - _ARMS) / 2
        blocks = [make(wide) if make else Block(0.0, "") for make in beside]
        height = max(block.height for block in blocks)
        parts += [moved(place * (wide + _ARMS), y + 4, block.drawn) for place, block in enumerate(blocks)]
        if height:
            parts.append(_onward(drawing, way, x, y, y + height + _SPACE))
            y += height + _SPACE
    after = [] if centred else [make for make in beside if make]
    if after and way.fork is not None and drawing.algorithm.factors:  # nobody should have to look for their own room
        block = after.pop()(room - _INDENT)
        parts += [_onward(drawing, way, x, y, y + block.height + _SPACE), moved(_INDENT, y + 4, block.drawn)]
        y += block.height + _SPACE
    tail = _end(drawing, way, room, centred=centred, path=_path(drawing, way))
    parts.append(moved(0, y, tail.drawn))
    y += tail.height
    for make in after:
        block = make(room)
        parts.append(moved(0, y + _SPACE, block.drawn))
        y += _SPACE + block.height
    return Block(y, "".join(parts))


def _beside(drawing: Drawing) -> list[Callable[[float], Block] | None]:
    """What does not need the gates, and the factors; each in its own place, even if the other is not there."""
    given = drawing.algorithm.way.beside
    heading = f"Whatever the way, {FACTORS}"
    known = drawing.algorithm.factors
    return [
        partial(_standing, drawing, given) if given else None,
        partial(factors, drawing, known, heading) if known else None,
    ]


def _following(drawing: Drawing, way: Way, place: int) -> State:
    """The state of what comes after a gate: the next one that holds back, the fork, or what stands at the end."""
    holding = next((each for each in way.gates[place + 1 :] if each.holding), None)
    if holding is not None:
        return drawing.of(holding.name).state
    if way.fork is not None:
        return drawing.of(way.fork.name).state
    return _path(drawing, way)


def _path(drawing: Drawing, way: Way, start: State = State.TAKEN) -> State:
    """The state of the place behind the gates, from that of the place before them."""
    if not drawing.patient:
        return State.OPEN
    states = [start, *(drawing.of(each.name).state for each in way.gates if each.holding)]
    if State.CLOSED in states:
        return State.CLOSED
    return State.TAKEN if all(each is State.TAKEN for each in states) else State.NOT_REACHED


def _onward(drawing: Drawing, way: Way, x: float, start: float, end: float) -> str:
    return line(_following(drawing, way, len(way.gates)), f"M{at(x, start)} V{at(end)}")


def _gates(drawing: Drawing, way: Way, room: float, x: float) -> Block:
    """On a trunk at `x`, around it or to its right. `room` is where the words beside it must end."""
    wide = room if x == RAIL else min(room, _GATE)
    left = max(x - wide / 2, 0.0)
    parts, y = [], 0.0
    for place, each in enumerate(way.gates):
        block = gate(drawing, each, wide)
        parts.append(moved(left, y, block.drawn))
        y += block.height
        parts.append(moved(0, y, answers(drawing, each, x, room, _following(drawing, way, place))))
        y += DOWN
    return Block(y, "".join(parts))


def _end(drawing: Drawing, way: Way, room: float, *, centred: bool, path: State, shut: Facts = ()) -> Block:
    """The fork with its arms and what stands whatever the arm, or the tiers. `path` is the state of what leads here."""
    x = room / 2 if centred else RAIL
    if way.fork is None:
        drawn = stretch(drawing, way.within, room, path, shut)
        return _then(drawn, rooms(drawing, way.within, room, shut))
    wide = min(room, _GATE) if centred else room
    asked = fork(drawing, way.fork, wide)
    arms = _beside_each_other(drawing, way.fork, room, x) if centred else _below_each_other(drawing, way.fork, room)
    y = asked.height + arms.height
    parts = [moved(x - wide / 2 if centred else 0, 0, asked.drawn)]
    if way.within:
        y += _SPACE
        through = line(path, f"M{at(x, asked.height)} V{at(y)} M0 {at(y)} H{at(room)}")
        band = _standing(drawing, way.within, room, capital(f"with or without {way.fork.literal.label}"), shut)
        parts = [through, *parts, moved(0, y + 10, band.drawn)]
        y += 10 + band.height
    return Block(y, "".join((parts[0], moved(0, asked.height, arms.drawn), *parts[1:])))


def _beside_each_other(drawing: Drawing, given: Fork, room: float, x: float) -> Block:
    wide = (room - _ARMS) / 2
    ways, parts, height = [], [], 0.0
    for place, arm in enumerate((given.absent, given.present)):
        left = place * (wide + _ARMS)
        state = drawing.of(arm.name).state
        middle = left + wide / 2
        ways.append((state, line(state, f"M{at(x, 0)} V14 H{at(middle)} V30")))
        block = _arm(drawing, given, arm, wide)
        parts.append(moved(left, 30, block.drawn))
        height = max(height, block.height)
    ways.sort(key=lambda each: _EMPHASIS.index(each[0]))
    return Block(30 + height, "".join((*(drawn for _, drawn in ways), *parts)))


def _below_each_other(drawing: Drawing, given: Fork, room: float) -> Block:
    ways, parts, y = [], [], 18.0
    for arm in (given.absent, given.present):
        state = drawing.of(arm.name).state
        ways.append((state, line(state, f"M{at(RAIL, 0)} V{at(y + 18)} H{_INDENT:g}")))
        block = _arm(drawing, given, arm, room - _INDENT)
        parts.append(moved(_INDENT, y, block.drawn))
        y += block.height + _SPACE
    ways.sort(key=lambda each: _EMPHASIS.index(each[0]))
    return Block(y - _SPACE, "".join((*(drawn for _, drawn in ways), *parts)))


def _arm(drawing: Drawing, given: Fork, arm: Way, room: float) -> Block:
    """An arm has its head for a gate, and may fork again."""
    literal = given.literal if arm is given.present else given.literal.turned()
    asked = head(drawing, arm, literal, room)
    standing = drawing.of(arm.name)
    shut: Facts = standing.facts if standing.state is State.CLOSED else ()
    parts, y = [asked.drawn], asked.height
    centred = arm.fork is not None and (room - _ARMS) / 2 >= _NARROWEST
    x = room / 2 if centred else RAIL
    if arm.gates or arm.fork is not None:
        parts.append(line(_following(drawing, arm, -1), f"M{at(x, y)} v14"))
        y += 14
        for place, each in enumerate(arm.gates):
            block = gate(drawing, each, room, shut)
            parts.append(moved(0, y, block.drawn))
            y += block.height
            if place + 1 < len(arm.gates) or arm.fork is not None:
                parts.append(moved(0, y, answers(drawing, each, x, room, _following(drawing, arm, place))))
                y += DOWN
    path = _path(drawing, arm, standing.state)
    block = _end(drawing, arm, room, centred=centred, path=path, shut=shut)
    parts.append(moved(0, y, block.drawn))
    return _then(Block(y + block.height, "".join(parts)), _standing(drawing, arm.beside, room, shut=shut))


def _standing(drawing: Drawing, given: Stretch, room: float, heading: str = "", shut: Facts = ()) -> Block:
    """What hangs from no rail: tiers in columns, then empty rooms."""
    parts, y = [], 0.0
    if heading:
        title = wrap(heading, room, SMALL, bold=True)
        parts.append(lines(title, 0, 12, "map-head map-strong", leading=SMALL_LEADING))
        y = SMALL_LEADING * len(title) + 8
    makers: list[Callable[[float], Block]] = [
        *(partial(tier, drawing, each, shut=shut) for each in given.tiers),
        *(partial(barred, drawing, each, shut=shut) for each in given.barred),
    ]
    placed = grid(makers, room)
    parts.append(moved(0, y, placed.drawn))
    empty = rooms(drawing, given, room, shut)
    space = 16.0 if placed.height and empty.height else 0.0
    parts.append(moved(0, y + placed.height + space, empty.drawn))
    return Block(y + placed.height + space + empty.height, "".join(parts))


def _then(first: Block, second: Block) -> Block:
    if not second.height:
        return first
    return Block(first.height + _SPACE + second.height, first.drawn + moved(0, first.height + _SPACE, second.drawn))
