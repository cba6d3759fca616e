"""The figure: an SVG for each width, the legend, and the list to open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from vhkg.model.algorithm import Algorithm, Standings, State
from vhkg.rendering.cohort_page_words import text
from vhkg.rendering.site.map.drawing import Drawing
from vhkg.rendering.site.map.links import Links
from vhkg.rendering.site.map.outline import outline
from vhkg.rendering.site.map.svg import Area, element, frame, rectangle
from vhkg.rendering.site.map.ways import whole

if TYPE_CHECKING:
    from markupsafe import Markup

PHONE, COLUMN, PAGE = 340, 420, 1040
"""Widths at which the type has its own size; map.css shows each up to the next."""
_NAMES = {PHONE: "phone", COLUMN: "column", PAGE: "page"}
_EDGE = 4
"""Around everything, for the thickest lines."""
_STATES = (
    (State.TAKEN, "the patient’s way"),
    (State.OPEN, "open: a question"),
    (State.CLOSED, "closed, with the fact"),
    (State.NOT_REACHED, "not reached: unknown, not “no”"),
)


def picture(
    algorithm: Algorithm,
    standings: Standings,
    *,
    counts: Mapping[str, int] | None = None,
    links: Links | None = None,
    widths: Sequence[int] = (PHONE, COLUMN, PAGE),
    name: str = "map",
) -> Markup:
    """A figure for a template. `counts` are of presentations by recommendation; `name` begins every id."""
    from markupsafe import Markup

    given = links or Links()
    drawn = ""
    for width in widths:
        own = f"{name}-{_NAMES.get(width, width)}"
        drawing = Drawing(algorithm, standings, counts or {}, given, hatch=f"{own}-hatch")
        drawn += _svg(drawing, width, own, shown=width == widths[0])
    listed = outline(algorithm, standings, counts=counts, links=given)
    kind = "map" if standings.patient else "map map-blank"
    if algorithm.way.fork is None:
        kind += " map-single"
    return Markup(
        f'<div class="{kind}"><p class="map-skip"><a href="#{text(name)}-list">As a list</a></p>'
        f"{drawn}{_legend(algorithm, standings, name)}"
        f'<details class="map-outline"><summary>The same as a list</summary><div id="{text(name)}-list">{listed}</div>'
        "</details></div>"
    )


def _svg(drawing: Drawing, width: int, own: str, *, shown: bool) -> str:
    """Without a style sheet only one is `shown`."""
    algorithm = drawing.algorithm
    room = width if algorithm.way.fork is not None else min(width, COLUMN)
    block = whole(drawing, room - 2 * _EDGE)
    height = block.height + 2 * _EDGE
    described = (
        "From top to bottom: gates, then two arms, with a box for each recommendation and a hatched room where the "
        "article is silent. The list below says the same."
    )
    return element(
        "svg",
        {
            "class": f"map-picture map-{_NAMES.get(width, 'other')}",
            "viewBox": f"{-_EDGE} {-_EDGE} {room} {round(height, 1):g}",
            "width": room,
            "height": round(height),
            "display": None if shown else "none",
            "role": "group",
            "aria-labelledby": f"{own}-title",
            "aria-describedby": f"{own}-desc",
        },
        element("title", {"id": f"{own}-title"}, text(f"The algorithm of the article: {algorithm.title}")),
        element("desc", {"id": f"{own}-desc"}, text(described)),
        element("defs", {}, _pattern(f"{own}-hatch")),
        block.drawn,
    )


def _pattern(own: str) -> str:
    stroke = {"class": "map-hatch", "stroke": "currentColor", "stroke-width": 1.25}
    place = {"id": own, "width": 7, "height": 7, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    return element("pattern", place, element("path", {"d": "M0 0 V7", **stroke}))


def _legend(algorithm: Algorithm, standings: Standings, name: str) -> str:
    items = "".join(_sample(algorithm, standings, name))
    return f'<ul class="map-legend" aria-label="Legend">{items}</ul>'


def _sample(algorithm: Algorithm, standings: Standings, name: str) -> Iterator[str]:
    if not standings.patient:
        shape = frame(State.OPEN, Area(28, 14, 3, 3), "map-frame", round_=4)
        yield _item(f'<g class="is-open">{shape}</g>', "open: no patient is given")
    else:
        for state, words in _STATES:
            yield _item(
                f'<g class="is-{state.value}">{frame(state, Area(28, 14, 3, 3), "map-frame", round_=4)}</g>', words
            )
    own = f"{name}-legend-hatch"
    if algorithm.factors or any(True for _ in _rooms(algorithm)):
        room = rectangle("map-hatched", Area(30, 16, 2, 2), fill=f"url(#{own})")
        yield _item(element("defs", {}, _pattern(own)) + room, "the article is silent")
    if any(box.against for box in algorithm.way.boxes()):
        bars = "".join(rectangle("map-bar", Area(4, 16, x, 2), fill="currentColor") for x in (3, 27))
        shape = frame(State.CLOSED, Area(28, 16, 3, 2), "map-frame", round_=2)
        yield _item(f'<g class="map-against">{shape}{bars}</g>', "advised against")


def _rooms(algorithm: Algorithm) -> Iterator[object]:
    pending = [algorithm.way]
    while pending:
        way = pending.pop()
        pending += way.arms()
        yield from (*way.within.rooms, *way.beside.rooms)


def _item(drawn: str, words: str) -> str:
    shape = element("svg", {"viewBox": "0 0 34 20", "width": 34, "height": 20, "aria-hidden": "true"}, drawn)
    return f"<li>{shape} {text(words)}</li>"
