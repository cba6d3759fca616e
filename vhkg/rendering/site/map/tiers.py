"""What stands at the end of a way: tiers of doors and boxes, what is advised against, empty rooms.

Everything hangs from a rail on the left, so that no line crosses another. Doors of one tier are parallel: on a bar of
their own, side by side where there is room, else one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from vhkg.model.algorithm import Door, State, Stretch, Tier
from vhkg.rendering.site.map.drawing import Drawing, Facts
from vhkg.rendering.site.map.measure import wrap
from vhkg.rendering.site.map.nodes import box, door, empty_room
from vhkg.rendering.site.map.svg import SMALL, SMALL_LEADING, Block, at, line, lines, moved
from vhkg.rendering.site.map.words import ANY, ORDERED, SILENT
from vhkg.rendering.wording import capital

RAIL = 9.0
_INDENT = 21.0
_GAP = 14.0
_BETWEEN = 9.0
_NARROWEST = 145.0
"""The least width of a door beside others."""
_WIDEST = 400.0
_STUB = 20.0
"""How far below its top a node is reached from the side."""


def stretch(drawing: Drawing, given: Stretch, room: float, path: State, shut: Facts = ()) -> Block:
    """`path` is the state of the way that leads here."""
    parts: list[str] = []
    y, last = _GAP, 0.0
    for group in _groups(given.tiers, room - _INDENT):
        if len(group) > 1:
            drawn, reach = _side_by_side(drawing, group, room - _INDENT, path, shut)
        else:
            drawn, reach = _tier(drawing, group[0], room - _INDENT, path, shut)
        parts.append(moved(_INDENT, y, drawn.drawn))
        last = y + reach
        y += drawn.height + _GAP
    for barred in given.barred:
        y += 2
        drawn = _behind(drawing, barred, room - _INDENT, shut)
        middle = y + _STUB
        parts.append(line(path, f"M{at(RAIL, middle)} H{_INDENT - 7:g} M{at(_INDENT - 7, middle - 8)} V{middle + 8:g}"))
        parts.append(moved(_INDENT, y, drawn.drawn))
        last = middle
        y += drawn.height + _GAP
    rail = line(path, f"M{at(RAIL, 0)} V{at(last)}") if last else ""
    return Block(y - _GAP if parts else 0.0, rail + "".join(parts))


def _groups(tiers: Sequence[Tier], room: float) -> list[list[Tier]]:
    """Neighbours of one kind with one door each stand side by side where there is room."""
    found: list[list[Tier]] = []
    for (_, alone), same in groupby(tiers, key=lambda each: (each.kind, _alone(each))):
        every = list(same)
        most = 1 if alone else max(1, int((room + _GAP) // (_NARROWEST + _GAP)))
        rows = -(-len(every) // most)
        size = -(-len(every) // rows)
        found += [every[start : start + size] for start in range(0, len(every), size)]
    return found


def _alone(tier: Tier) -> bool:
    """Parallel doors need a bar of their own, and a first line stands before the others."""
    return len(tier.doors) > 1 or any(box.first_line for box in tier.doors[0].boxes)


def _side_by_side(
    drawing: Drawing, group: Sequence[Tier], room: float, path: State, shut: Facts
) -> tuple[Block, float]:
    """Tiers under a bar of their own."""
    wide = (room - _GAP * (len(group) - 1)) / len(group)
    parts, highest, x = [], 0.0, 0.0
    for place, each in enumerate(group):
        x = place * (wide + _GAP)
        drawn = tier(drawing, each, wide, shut)
        parts.append(line(path, f"M{at(x + 3, 4)} V12"))
        parts.append(moved(x, 14, drawn.drawn))
        highest = max(highest, drawn.height)
    parts.insert(0, line(path, f"M{at(RAIL - _INDENT, 4)} H{at(x + 3)}"))
    return Block(14 + highest, "".join(parts)), 4.0


def rooms(drawing: Drawing, given: Stretch, room: float, shut: Facts = ()) -> Block:
    """Empty rooms stand by the way; no line leads into them."""
    if not given.rooms:
        return Block(0.0, "")
    title = wrap(f"Empty rooms: {SILENT}", room, SMALL, bold=True)
    parts = [lines(title, 0, 12, "map-head", leading=SMALL_LEADING)]
    y = SMALL_LEADING * len(title) + 4
    drawn = grid([partial(empty_room, drawing, each, shut=shut) for each in given.rooms], room)
    parts.append(moved(0, y, drawn.drawn))
    return Block(y + drawn.height, "".join(parts))


def grid(makers: list[Callable[[float], Block]], room: float, least: float = 190.0, gap: float = 16.0) -> Block:
    """As many columns as fit, filled row by row."""
    columns = max(1, min(len(makers), int((room + gap) // (least + gap))))
    wide = min((room - gap * (columns - 1)) / columns, _WIDEST)
    parts, y = [], 0.0
    for start in range(0, len(makers), columns):
        blocks = [make(wide) for make in makers[start : start + columns]]
        parts += [moved(place * (wide + gap), y, each.drawn) for place, each in enumerate(blocks)]
        y += max(each.height for each in blocks) + 10
    return Block(y - 10 if parts else 0.0, "".join(parts))


def tier(drawing: Drawing, given: Tier, room: float, shut: Facts = ()) -> Block:
    """A tier that hangs from no rail."""
    head = wrap(capital(given.line), room, SMALL, bold=True)
    parts = [lines(head, 0, 12, "map-head", leading=SMALL_LEADING)]
    y = SMALL_LEADING * len(head) + 4
    for each in given.doors:
        drawn = _behind(drawing, each, room, shut)
        parts.append(moved(0, y, drawn.drawn))
        y += drawn.height + _BETWEEN
    return Block(y - _BETWEEN, "".join(parts))


def barred(drawing: Drawing, given: Door, room: float, shut: Facts = ()) -> Block:
    """What is advised against and hangs from no rail."""
    return _behind(drawing, given, room, shut)


def _tier(drawing: Drawing, tier: Tier, room: float, path: State, shut: Facts) -> tuple[Block, float]:
    """The tier, and how far down the rail must come."""
    head = wrap(capital(tier.line), room, SMALL, bold=True)
    parts = [lines(head, 0, 12, "map-head", leading=SMALL_LEADING)]
    y = SMALL_LEADING * len(head)
    parallel = len(tier.doors) > 1
    if parallel:
        note = wrap(ORDERED if tier.ordered else ANY, room, SMALL)
        parts.append(lines(note, 0, y + 12, "map-quiet", leading=SMALL_LEADING))
        y += SMALL_LEADING * len(note)
    y += 4
    if not parallel:
        drawn = _behind(drawing, tier.doors[0], room, shut)
        middle = y + _STUB
        parts.append(line(path, f"M{at(RAIL - _INDENT, middle)} H0"))
        parts.append(moved(0, y, drawn.drawn))
        return Block(y + drawn.height, "".join(parts)), middle
    columns = len(tier.doors)
    wide = (room - _GAP * (columns - 1)) / columns
    drawn, reach = (_row if wide >= _NARROWEST else _comb)(drawing, tier, room, path, shut)
    parts.append(moved(0, y, drawn.drawn))
    return Block(y + drawn.height, "".join(parts)), y + reach


def _row(drawing: Drawing, tier: Tier, room: float, path: State, shut: Facts) -> tuple[Block, float]:
    """Side by side under a bar."""
    wide = (room - _GAP * (len(tier.doors) - 1)) / len(tier.doors)
    bar, top = 4.0, 16.0
    parts, highest = [], 0.0
    middle = 0.0
    for place, each in enumerate(tier.doors):
        x = place * (wide + _GAP)
        middle = x + wide / 2
        parts.append(line(drawing.of(each.name).state, f"M{at(middle, bar)} V{top:g}"))
        drawn = _behind(drawing, each, wide, shut)
        parts.append(moved(x, top, drawn.drawn))
        highest = max(highest, drawn.height)
    parts.insert(0, line(path, f"M{at(RAIL - _INDENT, bar)} H{at(middle)}"))
    return Block(top + highest, "".join(parts)), bar


def _comb(drawing: Drawing, tier: Tier, room: float, path: State, shut: Facts) -> tuple[Block, float]:
    """One below the other beside a bar."""
    indent, parts, y = 13.0, [], 8.0
    last = 0.0
    for each in tier.doors:
        drawn = _behind(drawing, each, room - indent, shut)
        last = y + _STUB
        parts.append(line(drawing.of(each.name).state, f"M{at(2, last)} H{indent:g}"))
        parts.append(moved(indent, y, drawn.drawn))
        y += drawn.height + _GAP
    parts.insert(0, line(path, f"M{at(RAIL - _INDENT, 1)} H2 V{at(last)}"))
    return Block(y - _GAP, "".join(parts)), 1.0


def _behind(drawing: Drawing, given: Door, room: float, shut: Facts) -> Block:
    """A door with its boxes below it, or the boxes alone."""
    parts, ways, y = [], [], 0.0
    if given.condition:
        head = door(drawing, given, room, shut)
        parts.append(head.drawn)
        y = head.height
    for each in given.boxes:
        gap = _BETWEEN if y else 0.0
        if given.condition or y:
            ways.append(line(drawing.of(each.name).state, f"M{at(14, y)} V{at(y + gap)}") if given.condition else "")
        drawn = box(drawing, each, room, shut)
        parts.append(moved(0, y + gap, drawn.drawn))
        y += gap + drawn.height
    return Block(y, "".join((*ways, *parts)))
