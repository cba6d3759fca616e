"""Boxes, doors and rooms: each drawn in a width, as high as its words need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vhkg.model.algorithm import Box, Condition, Door, Literal, Room, State
from vhkg.rendering.cohort_page_words import number, text
from vhkg.rendering.site.map.drawing import Drawing, Facts, names
from vhkg.rendering.site.map.measure import width, wrap
from vhkg.rendering.site.map.svg import (
    LEADING,
    SIZE,
    SMALL,
    SMALL_LEADING,
    Area,
    Block,
    element,
    frame,
    lines,
    link,
    moved,
    rectangle,
)
from vhkg.rendering.site.map.words import box_words, citations, literal_words, question, state_words
from vhkg.rendering.wording import capital, quoted

PAD = 10.0
_MARK = 15.0
_PLATE = 7.0
_DOT = " · "


class _Token(NamedTuple):
    """A piece of a line that is not broken; a link if it leads anywhere."""

    words: str
    href: str = ""
    label: str = ""
    bold: bool = False


def box(drawing: Drawing, given: Box, room: float, shut: Facts = ()) -> Block:
    """A recommendation. `shut` are facts that close all around it, which are not said again."""
    standing = drawing.of(given.name)
    inner = room - 2 * PAD
    label = wrap(capital(given.label), inner, SIZE, bold=True)
    y = PAD + 11
    parts = [lines(label, PAD, y, "map-label")]
    y += LEADING * (len(label) - 1)
    said = ""
    if drawing.patient:
        said = capital(box_words(given, standing, drawing.algorithm, facts=standing.facts != shut))
    elif given.against:
        said = "Advised against"
    tokens = [_Token(said, bold=True)] if said else []
    tokens += [_Token(quoted(given.modality))] if given.modality and not _same(given.modality, given.line) else []
    tokens += [_Token(n, drawing.links.statement(n), f"Sentence {n} in the article") for n in given.actions]
    tokens.append(_Token(citations(given)))
    rows = _flow(tokens, inner)
    over = "".join(_line(row, PAD, y + LEADING + place * SMALL_LEADING) for place, row in enumerate(rows))
    y += LEADING + SMALL_LEADING * (len(rows) - 1)
    if given.name in drawing.counts:
        y += 8
        over += _count(drawing, given.name, y, inner)
        y += 24
    height = y + PAD - 1
    shape = frame(standing.state, Area(room, height), "map-frame")
    bars = _bars(room, height) if given.against else ""
    full = box_words(given, standing, drawing.algorithm) if drawing.patient else ""
    name = f"{capital(given.label)}{f': {full}' if full else ', advised against' if given.against else ''}"
    opened = link(drawing.links.recommendation(given.name), {"class": "map-open", "aria-label": name}, shape, *parts)
    kind = "map-box map-against" if given.against else "map-box"
    return Block(height, element("g", drawing.node(kind, standing, [given.name]), opened, bars, over))


def _same(modality: str, line: str) -> bool:
    return modality.replace("-", " ").lower() == line.replace("-", " ").lower()


def _bars(room: float, height: float) -> str:
    """What is advised against is barred on both sides."""
    return "".join(rectangle("map-bar", Area(5.0, height, x), fill="currentColor") for x in (0.0, room - 5))


def _count(drawing: Drawing, name: str, y: float, inner: float) -> str:
    found = drawing.counts[name]
    share = inner * found / drawing.most if drawing.most else 0.0
    return (
        rectangle("map-track", Area(inner, 5.0, PAD, y), rx=2.5, stroke="currentColor")
        + (rectangle("map-amount", Area(max(share, 2.0), 5.0, PAD, y), rx=2.5, fill="currentColor") if found else "")
        + lines([f"{number(found)} in the cohort"], PAD, y + 20, "map-count")
    )


def door(drawing: Drawing, given: Door, room: float, shut: Facts = ()) -> Block:
    """The condition of a door, one literal to a line, each a link that sets the fact."""
    standing = drawing.of(given.name)
    y, parts = 4.0, []
    for joint, literal in _joined(given.condition):
        row = literal_row(drawing, literal, joint, room - 12)
        parts.append(moved(6, y, row.drawn))
        y += row.height
    said = ""
    if drawing.patient and standing.state in (State.CLOSED, State.NOT_REACHED):
        said = capital(state_words(standing, drawing.algorithm, facts=standing.facts != shut))
    words = wrap(said, room - 2 * PAD, SMALL) if said else []
    if words:
        parts.append(lines(words, PAD, y + 13, "map-quiet", leading=SMALL_LEADING))
        y += SMALL_LEADING * len(words) + 2
    height = y + 4
    shape = frame(standing.state, Area(room, height), "map-frame map-sill", round_=3)
    return Block(height, element("g", drawing.node("map-door", standing, names(given.boxes)), shape, *parts))


def _joined(condition: Condition) -> Iterator[tuple[str, Literal]]:
    """The literals of a condition with the word before each."""
    joint = ""
    for literal in condition.literals:
        yield joint, literal
        joint = "and "
    for place, term in enumerate(condition.alternatives):
        joint = "or " if place else joint
        for literal in term:
            yield joint, literal
            joint = "and "


def literal_row(drawing: Drawing, literal: Literal, joint: str, room: float) -> Block:
    start = 5 + (_MARK if drawing.patient else 0)
    end = 18.0 if literal.undefined else 4.0
    words = wrap(joint + literal_words(literal), room - start - end, SMALL)
    height = SMALL_LEADING * len(words) + 6
    mark = drawing.mark(drawing.holds(literal), 4, 15) if drawing.patient else ""
    shape = rectangle("map-pill", Area(room, height - 2, 0, 1), rx=5)
    label = lines(words, start, 15.5, "map-text", leading=SMALL_LEADING)
    drawn = shape + mark + label
    if literal.question:
        drawn = link(drawing.links.fact(literal.finding), drawing.sets(literal), drawn)
    return Block(height, drawn + (_undefined(drawing, literal, room - 16) if literal.undefined else ""))


def _undefined(drawing: Drawing, literal: Literal, x: float) -> str:
    """An empty set, where the article does not say what a finding means."""
    href = drawing.links.silence(literal.undefined)
    ring = element("circle", {"cx": x + 7, "cy": 11.5, "r": 4.5, "fill": "none", "stroke": "currentColor"})
    stroke = element("path", {"d": f"M{x + 2:g} 16.5 L{x + 12:g} 6.5", "stroke": "currentColor"})
    ground = rectangle("map-pill", Area(14, 15, x, 4), rx=3)
    label = f"The article does not define: {literal.label}"
    return link(
        href, {"class": "map-undefined", "aria-label": label}, element("title", {}, text(label)), ground, ring, stroke
    )


def empty_room(drawing: Drawing, given: Room, room: float, shut: Facts = ()) -> Block:
    """Hatched; the patient who stands in it sees that."""
    standing = drawing.of(given.name)
    inner = room - 2 * (_PLATE + 6)
    x = _PLATE + 6
    label = wrap(capital(given.label), inner, SMALL, bold=True)
    y = _PLATE + 15
    parts = [lines(label, x, y, "map-label map-fine", leading=SMALL_LEADING)]
    y += SMALL_LEADING * (len(label) - 1)
    if drawing.patient:
        said = capital(state_words(standing, drawing.algorithm, facts=standing.facts != shut))
        shift = 16.0 if standing.state is State.HERE else 0.0
        words = wrap(said, inner - shift, SMALL, bold=True)
        parts.append(_stander(x, y + SMALL_LEADING) if shift else "")
        parts.append(lines(words, x + shift, y + SMALL_LEADING, "map-said", leading=SMALL_LEADING))
        y += SMALL_LEADING * len(words)
    asked = _ask(drawing, given, inner)
    over = moved(x, y, asked.drawn)
    height = y + asked.height + 8 + _PLATE
    opened = link(
        drawing.links.room(given),
        {"class": "map-open", "aria-label": f"{capital(given.label)}: the article is silent; the nearest sentences"},
        _hatched(drawing, standing.state, room, height),
        *parts,
    )
    return Block(height, element("g", drawing.node("map-room", standing, silence=given.silence), opened, over))


def _ask(drawing: Drawing, given: Room, room: float) -> Block:
    """The question that decides whether the patient stands in a room."""
    ask = drawing.of(given.name).ask
    literal = next((each for each in given.condition.every_literal() if ask and each.finding == ask[0]), None)
    if literal is None:
        return Block(0.0, "")
    words = wrap(question(literal), room, SMALL)
    drawn = lines(words, 0, SMALL_LEADING, "map-answer", leading=SMALL_LEADING)
    return Block(SMALL_LEADING * len(words), link(drawing.links.fact(literal.finding), drawing.sets(literal), drawn))


def _hatched(drawing: Drawing, state: State, room: float, height: float) -> str:
    return (
        rectangle("map-hatched", Area(room, height), rx=2, fill=f"url(#{drawing.hatch})")
        + frame(state, Area(room, height), "map-frame map-bare", round_=2)
        + rectangle("map-plate", Area(room - 2 * _PLATE, height - 2 * _PLATE, _PLATE, _PLATE))
    )


def _stander(x: float, y: float) -> str:
    """Somebody who stands there."""
    head = element("circle", {"cx": x + 5, "cy": y - 10, "r": 3.2})
    body = element("path", {"d": f"M{x + 0.5:g} {y + 1:g} q0 -7 4.5 -7 q4.5 0 4.5 7 z"})
    return element("g", {"class": "map-stander"}, head, body)


def factors(drawing: Drawing, given: tuple[Room, ...], heading: str, room: float) -> Block:
    """One hatched room for all factors, a line for each."""
    x, inner = _PLATE + 6, room - 2 * (_PLATE + 6)
    title = wrap(heading, inner, SMALL, bold=True)
    y = _PLATE + 15
    parts = [lines(title, x, y, "map-label map-fine", leading=SMALL_LEADING)]
    y += SMALL_LEADING * (len(title) - 1) + 8
    for each in given:
        row = _factor(drawing, each, inner)
        parts.append(moved(x, y, row.drawn))
        y += row.height
    height = y + 4 + _PLATE
    here = any(drawing.of(each.name).state is State.HERE for each in given)
    ground = _hatched(drawing, State.HERE if here else State.CLOSED, room, height)
    kind = "map-factors is-here" if here else "map-factors"
    return Block(height, element("g", {"class": kind}, ground, *parts))


def _factor(drawing: Drawing, given: Room, room: float) -> Block:
    standing = drawing.of(given.name)
    said = _factor_words(drawing, given) if drawing.patient else ""
    here = standing.state is State.HERE
    words = wrap(capital(given.label) + (f": {said}" if said else ""), room - 18, SMALL, bold=here)
    height = SMALL_LEADING * len(words) + 5
    start = _stander(1, 14) if here else drawing.mark(False, 1, 14) if standing.state is State.CLOSED else ""
    dot = element("circle", {"class": "map-dot", "cx": 5.5, "cy": 10.0, "r": 2.2}) if not start else ""
    shape = rectangle("map-pill", Area(room + 6, height - 1, -3), rx=4)
    label = f"{capital(given.label)}: the article is silent{f'; {said}' if said else ''}"
    kind = "map-said" if here else "map-text"
    drawn = link(
        drawing.links.room(given),
        {"class": "map-open", "aria-label": label},
        shape,
        start or dot,
        lines(words, 18, 14, kind, leading=SMALL_LEADING),
    )
    return Block(height, element("g", drawing.node("map-factor", standing, silence=given.silence), drawn))


def _factor_words(drawing: Drawing, given: Room) -> str:
    """What is recorded; nothing where nothing is, since that is so for most factors of most patients."""
    standing = drawing.of(given.name)
    return state_words(standing, drawing.algorithm) if standing.state in (State.HERE, State.CLOSED) else ""


# --- lines of links


def _flow(tokens: list[_Token], room: float) -> list[list[_Token]]:
    rows: list[list[_Token]] = [[]]
    used = 0.0
    for token in tokens:
        wide = width(token.words, SMALL, bold=token.bold)
        if rows[-1] and used + width(_DOT, SMALL) + wide > room:
            rows.append([])
            used = 0.0
        used += (width(_DOT, SMALL) if rows[-1] else 0.0) + wide
        for place, words in enumerate(wrap(token.words, room, SMALL, bold=token.bold)):
            if place:
                rows.append([])
                used = width(words, SMALL, bold=token.bold)
            rows[-1].append(token._replace(words=words))
    return rows


def _line(row: list[_Token], x: float, y: float) -> str:
    """One line of text whose links follow each other, wherever the font makes them end."""
    parts = []
    for place, token in enumerate(row):
        parts.append(_DOT if place else "")
        words = text(token.words)
        if token.href:
            words = link(token.href, {"class": "map-sentence", "aria-label": token.label}, words)
        parts.append(element("tspan", {"class": "map-said"}, words) if token.bold else words)
    return element("text", {"class": "map-quiet", "x": x, "y": y}, "".join(parts))
