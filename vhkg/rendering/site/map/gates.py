"""Gates, forks and the heads of arms: what is asked on the way, and where each answer leads."""

from __future__ import annotations

from typing import NamedTuple

from vhkg.model.algorithm import Fork, Gate, Literal, Standing, State, Way
from vhkg.rendering.site.map.drawing import STATE_MARKS, Drawing, Facts, names
from vhkg.rendering.site.map.measure import width, wrap
from vhkg.rendering.site.map.nodes import PAD, literal_row
from vhkg.rendering.site.map.svg import (
    LEADING,
    SIZE,
    SMALL,
    SMALL_LEADING,
    Area,
    Block,
    at,
    element,
    frame,
    line,
    lines,
    link,
    moved,
)
from vhkg.rendering.site.map.words import (
    gate_question,
    literal_words,
    met_words,
    question,
    state_words,
    status_words,
    way_out,
)
from vhkg.rendering.wording import capital

DOWN = 40.0
"""Between a gate and what follows; the words of both answers stand there."""


def gate(drawing: Drawing, given: Gate, room: float, shut: Facts = ()) -> Block:
    """`shut` are facts that close all around it, which are not said again."""
    every = list(given.condition.every_literal())
    standing = drawing.of(given.name)
    if len(every) == 1:
        return _asked(drawing, _Asked(gate_question(given), every[0], standing, "map-gate"), room, shut)
    y, rows = 6.0, []
    for place, term in enumerate(given.condition.alternatives):
        for nth, literal in enumerate(term):
            row = literal_row(drawing, literal, "and " if nth else "or " if place else "", room - 16)
            rows.append(moved(8, y, row.drawn))
            y += row.height
    said = _said(drawing, standing, room, shut)
    rows.append(moved(0, y, said.drawn))
    height = y + said.height + 6
    shape = frame(standing.state, Area(room, height), "map-frame map-asking", round_=9)
    return Block(height, element("g", drawing.node("map-gate", standing), shape, *rows))


def fork(drawing: Drawing, given: Fork, room: float) -> Block:
    literal = given.literal
    return _asked(drawing, _Asked(question(literal), literal, drawing.of(given.name), "map-gate map-fork"), room)


def head(drawing: Drawing, arm: Way, literal: Literal, room: float) -> Block:
    """The head of an arm, which sets its fact."""
    words = capital(literal_words(literal))
    return _asked(drawing, _Asked(words, literal, drawing.of(arm.name), "map-arm", names(arm.boxes())), room)


class _Asked(NamedTuple):
    words: str
    literal: Literal
    standing: Standing
    kind: str
    boxes: tuple[str, ...] = ()


def _asked(drawing: Drawing, given: _Asked, room: float, shut: Facts = ()) -> Block:
    standing, literal = given.standing, given.literal
    asked = wrap(given.words, room - 2 * PAD - 8, SIZE, bold=True)
    y = PAD + 11
    parts = [lines(asked, room / 2, y, "map-label", anchor="middle")]
    y += LEADING * (len(asked) - 1) + 7
    said = _said(drawing, standing, room, shut)
    height = y + said.height + 5
    shape = frame(standing.state, Area(room, height), "map-frame map-asking", round_=9)
    drawn = shape + "".join(parts) + moved(0, y, said.drawn)
    if literal.question:
        drawn = link(drawing.links.fact(literal.finding), drawing.sets(literal), drawn)
    return Block(height, element("g", drawing.node(given.kind, standing, given.boxes), drawn))


def _said(drawing: Drawing, standing: Standing, room: float, shut: Facts) -> Block:
    """The state of what is asked, in words with its mark, centred."""
    if not drawing.patient:
        return Block(0.0, "")
    if standing.state is State.TAKEN:
        said = met_words(standing, drawing.algorithm)
    else:
        said = capital(state_words(standing, drawing.algorithm, facts=standing.facts != shut))
    words = wrap(said, room - 2 * PAD - 16, SMALL)
    marked = standing.state in STATE_MARKS
    middle = room / 2 + 7 * marked
    parts = [lines(words, middle, 12, "map-quiet", leading=SMALL_LEADING, anchor="middle")]
    if marked:
        start = middle - width(words[0], SMALL) / 2 - 16
        parts.append(drawing.mark(STATE_MARKS[standing.state], max(start, 4.0), 12))
    return Block(SMALL_LEADING * len(words), "".join(parts))


def answers(drawing: Drawing, given: Gate, x: float, room: float, following: State) -> str:
    """The way on from a gate at `x`, `DOWN` long, with the words of both answers beside it."""
    standing = drawing.of(given.name)
    every = list(given.condition.every_literal())
    onward = line(following, f"M{at(x, 0)} V{DOWN:g}")
    if len(every) > 1:
        return onward
    passing, other = every[0], every[0].turned()
    words = status_words(passing)
    left = width(words, SMALL) + 12 < x
    place = (x - 8, "end") if left else (x + 8, "")
    onward += _answer(drawing, passing, lines([words], place[0], 24, "map-answer", anchor=place[1]))
    out = way_out(given)
    if not out:
        return onward
    start = x + 22 if left else x + 30 + width(words, SMALL)
    turned = {State.TAKEN: State.CLOSED, State.CLOSED: State.TAKEN}.get(standing.state, standing.state)
    branch = line(turned, f"M{at(start, 0)} V20 H{at(start + 14)} M{at(start + 14, 13)} V27")
    room_left = room - start - 22
    found = wrap(f"{status_words(other)}: {out}", room_left, SMALL)
    said = lines(found, start + 20, 24 - 8 * (len(found) - 1), "map-answer", leading=SMALL_LEADING)
    return onward + branch + _answer(drawing, other, said)


def _answer(drawing: Drawing, literal: Literal, drawn: str) -> str:
    if not literal.question:
        return drawn
    label = f"{capital(literal.label)}: {status_words(literal)}"
    return link(drawing.links.fact(literal.finding), drawing.sets(literal, label=label), drawn)
