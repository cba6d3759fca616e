"""Parts of an SVG as text. Whatever a file or the knowledge chose is escaped here, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vhkg.model.algorithm import State
from vhkg.rendering.cohort_page_words import text

SIZE, LEADING = 13.0, 17.0
SMALL, SMALL_LEADING = 12.0, 16.0

_STROKES: Mapping[State, Mapping[str, object]] = {
    State.TAKEN: {"stroke-width": 3},
    State.CLOSED: {"stroke-width": 1},
    State.OPEN: {"stroke-width": 1.75, "stroke-dasharray": "6 4"},
    State.NOT_REACHED: {"stroke-width": 1.5, "stroke-dasharray": "1 4", "stroke-linecap": "round"},
    State.HERE: {"stroke-width": 3.5},
}
"""The line of each state, as attributes: it does not depend on the style sheet, as colours do."""


class Block(NamedTuple):
    """Something drawn from (0, 0) downwards, in a width that its maker was given."""

    height: float
    drawn: str


class Area(NamedTuple):
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


def element(name: str, attributes: Mapping[str, object], *content: str) -> str:
    """Content is markup; values of attributes are text, and left out if None."""
    given = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inner = "".join(content)
    return f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>"


def _value(value: object) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float) else text(str(value))


def moved(x: float, y: float, drawn: str) -> str:
    return element("g", {"transform": f"translate({round(x, 1):g} {round(y, 1):g})"}, drawn) if drawn else ""


def lines(found: Sequence[str], x: float, y: float, kind: str, *, leading: float = LEADING, anchor: str = "") -> str:
    """Lines of text from a first baseline. A space ends each, so that words do not run together when read aloud."""
    spans = [
        element("tspan", {"x": float(x), "dy": leading if place else None}, text(line + " "))
        for place, line in enumerate(found)
    ]
    return element("text", {"class": kind, "x": float(x), "y": float(y), "text-anchor": anchor or None}, *spans)


def rectangle(kind: str, area: Area, **attributes: object) -> str:
    place = {"x": area.x or None, "y": area.y or None, "width": float(area.width), "height": float(area.height)}
    return element("rect", {"class": kind, **place, "fill": "none", **attributes})


def frame(state: State, area: Area, kind: str, *, round_: float = 6.0) -> str:
    """The outline of an element, in the line of its state."""
    return rectangle(kind, area, rx=round_, stroke="currentColor", **_STROKES[state])


def line(state: State, path: str) -> str:
    """A way, in the line of the state of where it leads."""
    stroke = {"fill": "none", "stroke": "currentColor", "stroke-linejoin": "round", **_STROKES[state]}
    return element("path", {"class": f"map-line is-{state.value}", "d": path, **stroke})


def link(href: str, attributes: Mapping[str, object], *content: str) -> str:
    return element("a", {"href": href, **attributes}, *content)


def at(*numbers: float) -> str:
    """Coordinates of a path."""
    return " ".join(f"{round(number, 1):g}" for number in numbers)
